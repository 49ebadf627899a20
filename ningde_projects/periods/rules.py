"""The one table of deadlines (measures.md §0, D1–D16) as dated data, and the formula that gives each its instant.

The rows below are what a new installation starts with; the commission's own rows live in `DeadlineRule` and win.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .month import Month, midnight
from .workdays import next_workday


class Cycle(Enum):
    MONTHLY = "monthly"
    BIMONTHLY = "bimonthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    PER_ITEM = "per_item"


LAST_DAY = 31


@dataclass(frozen=True)
class RuleSpec:
    """One row: in the month `offset` after the period, by 24:00 of `day` (or at 00:00 for an opening)."""

    code: str
    cycle: Cycle
    day: int
    offset: int
    who: str | Promise
    what: str | Promise
    consequence: str | Promise
    measure: str
    #: Months of the year (as periods) for which the rule runs; empty = every month.
    months: tuple[int, ...] = ()
    #: The rule happens at 00:00 of the day rather than at its end.
    opens: bool = False
    workdays: int = 0
    moves_for_holidays: bool = False
    reminder_days: tuple[int, ...] = ()
    #: Rules whose work this one builds on: while they fail it waits, else it would find nothing to do.
    after: tuple[str, ...] = ()


REMIND = (3, 1, 0)

DEFAULT_RULES: tuple[RuleSpec, ...] = (
    RuleSpec("D1", Cycle.MONTHLY, 1, 1, _("The system"), _("The month just ended is opened"),
             _("One expected report for every key project under way; open problems are carried forward"),
             "M5.1", opens=True),
    RuleSpec("D2", Cycle.MONTHLY, 7, 1, _("Owner"), _("Monthly report filed, nil reports included"),
             _("Missing reports are marked overdue; owner, county bureau and direct persons are told"),
             "M5.1", reminder_days=REMIND, after=("D1",)),
    RuleSpec("D3", Cycle.MONTHLY, 10, 1, _("County bureau"),
             _("Problem summary approved by the county government and forwarded"),
             _("The county is marked late; county government and commission are told"), "M6.1",
             reminder_days=REMIND, after=("D1",)),
    RuleSpec("D4", Cycle.MONTHLY, 10, 1, _("Commission"), _("Municipal problem list compiled"),
             _("The commission is reminded; the list can be drawn from what has come"), "M8.1",
             reminder_days=REMIND, after=("D1",)),
    RuleSpec("D5", Cycle.MONTHLY, 15, 1, _("Municipal department"),
             _("Opinion given on every problem addressed to it"),
             _("Missing opinions are marked late; department leader and commission are told"), "M6.2",
             reminder_days=REMIND, after=("D1",)),
    RuleSpec("D6", Cycle.PER_ITEM, 0, 0, _("Direct responsible person"),
             _("Problem solved or passed up within 3 working days"),
             _("The problem is passed up to the responsible leader, and all concerned are told"), "M4.1",
             workdays=3, reminder_days=(1,)),
    RuleSpec("D7", Cycle.MONTHLY, LAST_DAY, 0, _("County-side responsible leader"),
             _("At least one dispatch meeting for the project this month"),
             _("Projects without one are listed"), "M4.2", reminder_days=REMIND),
    RuleSpec("D8", Cycle.QUARTERLY, LAST_DAY, 0, _("Municipal industry and factor-supply departments"),
             _("At least one on-site session this quarter"),
             _("Departments and projects without one are listed"), "M4.2", months=(3, 6, 9, 12),
             reminder_days=REMIND),
    RuleSpec("D9", Cycle.QUARTERLY, LAST_DAY, 0, _("Vice-mayor in charge"), _("One dispatch meeting"),
             _("A reminder is sent"), "M8.4", months=(3, 6, 9, 12), reminder_days=REMIND),
    RuleSpec("D10", Cycle.BIMONTHLY, LAST_DAY, 0, _("Commission"), _("Category list of what is unsettled"),
             _("The list is drafted"), "M9.1", months=(2, 4, 6, 8, 10, 12), reminder_days=REMIND),
    RuleSpec("D11", Cycle.HALF_YEARLY, LAST_DAY, 0, _("Municipal industry department"),
             _("Planning guidance catalogue and planning tasks"), _("Reminded and marked late"), "M1.5",
             months=(1, 7), reminder_days=REMIND),
    RuleSpec("D12", Cycle.YEARLY, LAST_DAY, 0, _("Counties, departments, municipal enterprises"),
             _("Hookup leader list filed"), _("Missing ones are marked; projects without leaders are listed"),
             "M3.4", months=(3,), reminder_days=REMIND),
    RuleSpec("D13", Cycle.YEARLY, LAST_DAY, 0, _("Commission"), _("Next year's reserve targets"),
             _("A reminder is sent"), "M1.1", months=(12,), reminder_days=REMIND),
    RuleSpec("D14", Cycle.QUARTERLY, 20, 1, _("Commission"), _("Quarterly assessment scored and published"),
             _("The round is opened and computed; a reminder is sent"), "M15.1", months=(3, 6, 9, 12),
             reminder_days=REMIND),
    RuleSpec("D15", Cycle.MONTHLY, 20, 1, _("Five industry departments"), _("Investment analysis"),
             _("Reminded and marked missing"), "M12.2", reminder_days=REMIND),
    RuleSpec("D16", Cycle.MONTHLY, 20, 1, _("Commission"), _("Monthly bulletin"),
             _("The bulletin is drafted"),
             "M18.1", reminder_days=REMIND),
)  # fmt: skip


def applies_to(spec: RuleSpec, month: Month) -> bool:
    """Does a periodic rule run for this period?"""
    return spec.cycle is not Cycle.PER_ITEM and (not spec.months or month.number in spec.months)


def deadline_day(spec: RuleSpec, month: Month, entered: Mapping[date, bool]) -> date:
    """The calendar day on which the rule falls for a period."""
    day = month.plus(spec.offset).day(spec.day)
    return next_workday(day, entered) if spec.moves_for_holidays else day


def deadline_instant(spec: RuleSpec, month: Month, entered: Mapping[date, bool]) -> datetime:
    """The first instant that is too late: 24:00 of the day, so 00:00:00 of the next; an opening is at 00:00."""
    day = deadline_day(spec, month, entered)
    return midnight(day if spec.opens else day + timedelta(days=1))


def reminder_instants(spec: RuleSpec, deadline: datetime, hour: int = 8) -> list[tuple[int, datetime]]:
    """When to remind: at `hour` o'clock `n` days before the day of the deadline, earliest first."""
    last_day_start = deadline - timedelta(days=1)
    return [
        (days, last_day_start - timedelta(days=days) + timedelta(hours=hour))
        for days in sorted(spec.reminder_days, reverse=True)
    ]
