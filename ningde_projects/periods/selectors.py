"""Reads: the rule in force for a period, the instant of a deadline, extensions, the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cached_property

from .models import CalendarDay, DeadlineRule, Enforcement, Extension
from .month import Month
from .rules import DEFAULT_RULES, RuleSpec, deadline_instant

_DEFAULTS = {spec.code: spec for spec in DEFAULT_RULES}


def entered_days() -> dict[date, bool]:
    """The commission's own calendar entries."""
    return dict(CalendarDay.objects.values_list("day", "is_workday"))


def ended_before_us(month: Month) -> bool:
    """A period that was over when the system was put to use: nobody could record anything in it, so nobody is late."""
    return Enforcement.objects.filter(since__gte=month.end).exists()


class DeadlineBook:
    """All rules and entries read once (two queries), the extensions when one organisation is first asked for (two
    more); then every answer is arithmetic.
    """

    def __init__(self) -> None:
        self.entered = entered_days()
        self._rows = list(DeadlineRule.objects.order_by("code", "-valid_from"))

    @cached_property
    def _extensions(self) -> dict[tuple[str, Month], list[tuple[datetime, frozenset[int], int]]]:
        found: dict[tuple[str, Month], list[tuple[datetime, frozenset[int], int]]] = {}
        for extension in Extension.objects.prefetch_related("organisations"):
            named = frozenset(o.pk for o in extension.organisations.all())
            found.setdefault((extension.code, extension.month), []).append(
                (extension.until, named, extension.pk)
            )
        return found

    def spec(self, code: str, month: Month) -> RuleSpec:
        """The rule as it stood for this period; KeyError for an unknown code."""
        default = _DEFAULTS[code]
        for row in self._rows:
            if _holds(row, code, month):
                return replace(
                    default,
                    day=row.day,
                    workdays=row.workdays,
                    moves_for_holidays=row.moves_for_holidays,
                    reminder_days=tuple(row.reminder_days),
                )
        return default

    def deadline(self, code: str, month: Month, organisation_id: int | None = None) -> datetime:
        """The first instant that is too late, for one organisation its latest extension included."""
        general = deadline_instant(self.spec(code, month), month, self.entered)
        if organisation_id is None:
            return general
        extended = [
            until for until, named, _ in self._extensions.get((code, month), []) if organisation_id in named
        ]
        return max([general, *extended])

    @staticmethod
    def title(code: str) -> str:
        """What must have happened; "" for a code that is none."""
        return str(_DEFAULTS[code].what) if code in _DEFAULTS else ""

    def version_from(self, code: str, month: Month) -> Month | None:
        """The period from which the version in force holds; None for what the installation began with."""
        return next((row.valid_from for row in self._rows if _holds(row, code, month)), None)

    def extensions(self, code: str, month: Month) -> list[tuple[datetime, frozenset[int], int]]:
        """(until, organisation ids, extension id) of one deadline."""
        return self._extensions.get((code, month), [])


def _holds(row: DeadlineRule, code: str, month: Month) -> bool:
    return row.code == code and row.valid_from <= month and (row.valid_to is None or month <= row.valid_to)


def spec_codes() -> list[str]:
    return list(_DEFAULTS)
