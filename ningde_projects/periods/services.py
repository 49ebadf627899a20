"""What the commission decides about time: extensions, days of the calendar, dated versions of a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import Actor, Held, holders
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken

from .extensions import addressees, followers
from .models import CalendarDay, DeadlineRule, Extension
from .month import Month, midnight
from .rules import Cycle, applies_to
from .selectors import DeadlineBook

MACHINE = "period"
#: Who hears of more time: whoever files, reviews, approves or writes there.
_CONCERNED = (Duty.REPORT, Duty.REVIEW, Duty.APPROVE, Duty.HANDLE, Duty.SIGN)
#: A year's notice has some forty days; more is a slip.
MOST_DAYS = 120

register(
    NoticeKind(
        "deadline_extended", gettext_lazy("More time: %(what)s, %(month)s"),
        gettext_lazy("The commission has extended it to the end of %(last_day)s for your organisation: %(reason)s"),
        icon="calendar-plus", tone="green",
    ),
)  # fmt: skip


def _commission(by: Actor) -> Held:
    held = by.as_holder(Duty.DISPATCH)
    if held is None:
        raise NotAllowed(_("Only the municipal commission decides on deadlines and the calendar."))
    return held


def _required(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise RuleBroken(_("A reason is required."), field="reason")
    return reason


# ---- extensions -----------------------------------------------------------------------------------------------


@transaction.atomic
def extend_deadline(
    code: str,
    month: Month,
    last_day: date,
    organisations: Sequence[Organisation],
    *,
    by: Actor,
    at: datetime,
    reason: str,
) -> Extension:
    """Move one deadline of one period for named organisations, to 24:00 of `last_day` (measures.md §0 Time).

    Due dates that other apps hold follow in the same transaction. Raises NotAllowed, RuleBroken (no reason, nobody
    named, a rule that is not theirs, not later than it was, already past).
    """
    holder = _commission(by)
    reason = _required(reason)
    book = DeadlineBook()
    until = midnight(last_day + timedelta(days=1))
    _require_extendable(book, code, month, organisations)
    late = [o.short_name for o in organisations if until <= book.deadline(code, month, o.pk)]
    if late:
        raise RuleBroken(
            _("The new day has to lie after the deadline that holds now for: %(names)s.")
            % {"names": "、".join(late)},
            field="last_day",
        )
    if until <= at:
        raise RuleBroken(_("The new day lies in the past."), field="last_day")
    extension = Extension.objects.create(
        code=code, month=month, until=until, reason=reason, decided_by=by.user, decided_at=at
    )
    extension.organisations.set(organisations)
    moved = sum(follow(extension) for follow in followers())
    record(MACHINE, "extend_deadline", by=by, at=at, obj=extension, holder=holder, reason=reason,
           text=f"{code} {month}", data={
               "rule": code, "month": str(month), "before": book.deadline(code, month).isoformat(),
               "until": until.isoformat(), "rows": moved, "organisations": [o.name for o in organisations]})  # fmt: skip
    _tell(book, extension, organisations, last_day, at)
    return extension


def _require_extendable(
    book: DeadlineBook, code: str, month: Month, organisations: Sequence[Organisation]
) -> None:
    kinds = addressees(code)
    if not kinds:
        raise RuleBroken(_("Nobody can be given more time for this rule."), field="code")
    spec = book.spec(code, month)
    if spec.cycle is Cycle.PER_ITEM:
        raise RuleBroken(_("This deadline runs per item; stop the item's clock instead."), field="code")
    if not applies_to(spec, month):
        raise RuleBroken(_("This rule does not run in this period."), field="month")
    if not organisations:
        raise RuleBroken(_("Name at least one organisation."), field="organisations")
    strange = [o.short_name for o in organisations if o.kind not in kinds or not o.is_active]
    if strange:
        raise RuleBroken(
            _("This rule is not addressed to: %(names)s.") % {"names": "、".join(strange)},
            field="organisations",
        )


def _tell(
    book: DeadlineBook,
    extension: Extension,
    organisations: Sequence[Organisation],
    last_day: date,
    at: datetime,
) -> None:
    offices = [o.pk for o in organisations]
    people = [person for duty in _CONCERNED for person in holders(duty, offices, at)]
    params = {
        "what": str(book.spec(extension.code, extension.month).what), "month": str(extension.month),
        "last_day": last_day.isoformat(), "reason": extension.reason,
    }  # fmt: skip
    notify("deadline_extended", people, at=at, dedupe=f"deadline_extended:{extension.pk}", params=params,
           url=f"/deadlines/?month={extension.month}")  # fmt: skip


# ---- the calendar ---------------------------------------------------------------------------------------------


def enter_day(day: date, is_workday: bool, note: str, *, by: Actor, at: datetime) -> CalendarDay:
    """Say that a day is a working day or a day off, over the published calendar.

    Spans counted from now on follow; clocks that run already keep their day.
    """
    if not note.strip():
        raise RuleBroken(_("Say which notice or holiday moved the day."), field="note")
    enter_days({day: (is_workday, note)}, by=by, at=at)
    return CalendarDay.objects.get(day=day)


@transaction.atomic
def enter_days(days: Mapping[date, tuple[bool, str]], *, by: Actor, at: datetime, source: str = "") -> int:
    """Enter many days at once, as a yearly notice gives them; answers how many were new or different.

    One act holds them all, each with what it was before.
    """
    holder = _commission(by)
    if not days:
        raise RuleBroken(_("There is no day in it."), field="text")
    if len(days) > MOST_DAYS:
        raise RuleBroken(_("%(n)s days are too many for one notice.") % {"n": len(days)}, field="text")
    known = {row.day: row for row in CalendarDay.objects.select_for_update().filter(day__in=days)}
    changes: dict[str, list[Any]] = {}
    for day, (is_workday, note) in sorted(days.items()):
        row = known.get(day)
        before = None if row is None else _said(row)
        if row is None:
            row = CalendarDay(day=day)
        elif (row.is_workday, row.note) == (is_workday, note.strip()):
            continue
        else:
            row.version += 1
        row.is_workday, row.note = is_workday, note.strip()
        row.save()
        changes[day.isoformat()] = [before, _said(row)]
    if changes:
        first, last = min(changes), max(changes)
        text = first if first == last else f"{first}—{last}"
        record(MACHINE, "enter_days", by=by, at=at, holder=holder, text=text,
               data={"changes": changes, **({"source": source[:200]} if source else {})})  # fmt: skip
    return len(changes)


def _said(row: CalendarDay) -> str:
    word = _("working day") if row.is_workday else _("day off")
    return f"{word} {row.note}".strip()


@transaction.atomic
def remove_day(row: CalendarDay, *, by: Actor, at: datetime) -> None:
    """Go back to the published calendar for a day."""
    holder = _commission(by)
    record(MACHINE, "remove_day", by=by, at=at, obj=row, holder=holder, text=str(row.day),
           data={"changes": {row.day.isoformat(): [_said(row), None]}})  # fmt: skip
    row.delete()


# ---- rules ----------------------------------------------------------------------------------------------------


@transaction.atomic
def new_rule(
    code: str, valid_from: Month, *, day: int, workdays: int, moves: bool, reminder_days: Sequence[int], reason: str,
    by: Actor, at: datetime,
) -> DeadlineRule:  # fmt: skip
    """A dated version of a row of the table; months before it are still judged by the old one (point 10).

    It begins with the month that now runs at the earliest: the one before is being reported by the rule that its
    owners were told.
    """
    holder = _commission(by)
    reason = _required(reason)
    if valid_from < Month.at(at):
        raise RuleBroken(
            _("%(month)s is over and reported by the rule that held; the earliest period is %(first)s.")
            % {"month": valid_from, "first": Month.at(at)},
            field="valid_from",
        )
    if DeadlineRule.objects.filter(code=code, valid_from=valid_from).exists():
        raise RuleBroken(
            _("There is a version from this period already; choose another one."), field="valid_from"
        )
    before = DeadlineBook().spec(code, valid_from)
    later = DeadlineRule.objects.filter(code=code, valid_from__gt=valid_from).order_by("valid_from").first()
    DeadlineRule.objects.filter(code=code, valid_from__lt=valid_from).exclude(valid_to__lt=valid_from).update(
        valid_to=valid_from.previous
    )
    row = DeadlineRule.objects.create(
        code=code, valid_from=valid_from, valid_to=later.valid_from.previous if later else None, day=day,
        workdays=workdays, moves_for_holidays=moves, reminder_days=sorted(set(reminder_days), reverse=True),
        reason=reason,
    )  # fmt: skip
    changes: dict[str, list[Any]] = {
        "day": [before.day, day], "workdays": [before.workdays, workdays], "moves": [before.moves_for_holidays, moves],
        "reminders": [list(before.reminder_days), row.reminder_days],
    }  # fmt: skip
    record(MACHINE, "new_rule", by=by, at=at, obj=row, holder=holder, reason=reason, text=f"{code} {valid_from}",
           data={"rule": code, "from": str(valid_from),
                 "changes": {name: pair for name, pair in changes.items() if pair[0] != pair[1]}})  # fmt: skip
    return row
