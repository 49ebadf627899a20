"""What the commission decides about time: extensions, days of the calendar, dated versions of a rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken

from .extensions import followers
from .models import CalendarDay, DeadlineRule, Extension
from .month import Month, midnight
from .rules import Cycle
from .selectors import DeadlineBook


def _require_commission(by: Actor) -> None:
    if not by.has(Duty.DISPATCH):
        raise NotAllowed(_("Only the municipal commission decides on deadlines and the calendar."))


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

    Raises NotAllowed, RuleBroken (no reason, nobody named, not later than it was, already past).
    """
    _require_commission(by)
    book = DeadlineBook()
    until = midnight(last_day + timedelta(days=1))
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    if not organisations:
        raise RuleBroken(_("Name at least one organisation."), field="organisations")
    if book.spec(code, month).cycle is Cycle.PER_ITEM:
        raise RuleBroken(_("This deadline runs per item; stop the item's clock instead."), field="code")
    if until <= book.deadline(code, month):
        raise RuleBroken(_("The new day has to lie after the deadline that holds now."), field="last_day")
    if until <= at:
        raise RuleBroken(_("The new day lies in the past."), field="last_day")
    with transaction.atomic():
        extension = Extension.objects.create(
            code=code, month=month, until=until, reason=reason.strip(), decided_by=by.user, decided_at=at
        )
        extension.organisations.set(organisations)
        moved = sum(follow(extension) for follow in followers())
        record("period", "extend_deadline", by=by, at=at, obj=extension, reason=reason, data={
            "rule": code, "month": str(month), "until": until.isoformat(), "rows": moved,
            "organisations": [o.name for o in organisations]})  # fmt: skip
    return extension


def enter_day(day: date, is_workday: bool, note: str, *, by: Actor, at: datetime) -> CalendarDay:
    """Say that a day is a working day or a day off, over the published calendar. Deadlines of items follow."""
    _require_commission(by)
    if not note.strip():
        raise RuleBroken(_("Say which notice or holiday moved the day."), field="note")
    with transaction.atomic():
        row, created = CalendarDay.objects.select_for_update().get_or_create(
            day=day, defaults={"is_workday": is_workday, "note": note.strip()}
        )
        before = None if created else {"is_workday": row.is_workday, "note": row.note}
        row.is_workday, row.note, row.version = is_workday, note.strip(), row.version + (not created)
        row.save()
        record("period", "enter_day", by=by, at=at, obj=row, text=str(day),
               data={"before": before, "after": {"is_workday": is_workday, "note": row.note}})  # fmt: skip
    return row


def remove_day(row: CalendarDay, *, by: Actor, at: datetime) -> None:
    """Go back to the published calendar for a day."""
    _require_commission(by)
    with transaction.atomic():
        record("period", "remove_day", by=by, at=at, obj=row, text=str(row.day),
               data={"before": {"is_workday": row.is_workday, "note": row.note}})  # fmt: skip
        row.delete()


def new_rule(
    code: str, valid_from: Month, *, day: int, workdays: int, moves: bool, reminder_days: Sequence[int], reason: str,
    by: Actor, at: datetime,
) -> DeadlineRule:  # fmt: skip
    """A dated version of a row of the table; months before it are still judged by the old one (point 10)."""
    _require_commission(by)
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    if valid_from < Month.at(at).previous:
        raise RuleBroken(_("A rule cannot be changed for months that are over."), field="valid_from")
    if DeadlineRule.objects.filter(code=code, valid_from=valid_from).exists():
        raise RuleBroken(
            _("There is a version from this period already; choose another one."), field="valid_from"
        )
    with transaction.atomic():
        DeadlineRule.objects.filter(code=code, valid_to__isnull=True, valid_from__lt=valid_from).update(
            valid_to=valid_from.previous
        )
        row = DeadlineRule.objects.create(
            code=code, valid_from=valid_from, day=day, workdays=workdays, moves_for_holidays=moves,
            reminder_days=sorted(set(reminder_days), reverse=True), reason=reason.strip(),
        )  # fmt: skip
        record("period", "new_rule", by=by, at=at, obj=row, reason=reason,
               data={"rule": code, "from": str(valid_from), "day": day, "workdays": workdays, "moves": moves,
                     "reminders": row.reminder_days})  # fmt: skip
    return row
