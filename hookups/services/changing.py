"""Changes in the year (M3.4): a list of its own with a day and a reason, filed and received like the first one."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import User
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from ..models import HookupLine, HookupList
from ..policies import lists as policies
from ..selectors.checks import picked
from ..selectors.on_file import since_filing
from ..selectors.people import candidates_of
from ..selectors.slots import Slot, answering, slots_of
from ..workflow.lists import ListStatus
from .lists import effective_error, lock, need, note, touch


def open_change(annual: HookupList) -> HookupList | None:
    """The change that the office is still drawing up; one at a time."""
    rows = HookupList.objects.filter(office=annual.office_id, year=annual.year, number__gt=0).owed()
    found: HookupList | None = rows.select_related("office__place").order_by("-number").first()
    return found


def change_post(
    annual: HookupList, slot: Slot, user: User, *, effective_on: date, reason: str, by: Actor, at: datetime
) -> HookupLine:
    """Name another person for a post of a list on file; goes into the change being drawn up, or begins one."""
    holder = need(policies.filing_right(by, annual.office))
    reason = reason.strip()
    with transaction.atomic():
        lock(annual, None)
        _check(annual, slot, user, effective_on, reason, at)
        change = open_change(annual) or _begin(annual, effective_on, reason, at)
        if change.effective_on != effective_on or change.reason != reason:
            change.effective_on, change.reason = effective_on, reason
            change.save(update_fields=["effective_on", "reason"])
        line, _made = HookupLine.objects.update_or_create(
            list=change, project=slot.project, place=slot.place, post=slot.post,
            defaults={"user": user, "is_major": slot.project.pk in picked(annual.year),
                      "order": change.lines.count() + 1},
        )  # fmt: skip
        touch(change)
        note("change", change, by=by, at=at, holder=holder, reason=reason, project=slot.project, post=slot.post,
             place=slot.place.name if slot.place else "", after=user.name,
             since=effective_on.isoformat())  # fmt: skip
    return line


def drop_line(line: HookupLine, *, by: Actor, at: datetime) -> HookupList | None:
    """Take a line out of a change; the last one takes the change with it, since nothing was filed. None then."""
    change = line.list
    holder = need(policies.filing_right(by, change.office))
    with transaction.atomic():
        lock(change, None)
        if not change.is_change or not change.is_editable:
            raise WrongState(_("Only a change that is still being drawn up can lose a line."))
        note("drop_line", change, by=by, at=at, holder=holder, project=line.project, post=line.post)
        line.delete()
        if not change.lines.exists() and change.first_filed_at is None:
            change.delete()
            return None
        touch(change)
    return change


def slot_of(annual: HookupList, line: HookupLine) -> Slot | None:
    """The post of a line as it has to be filled today; None when it is no longer the office's."""
    key = (line.project_id, line.place_id, line.post)
    slots = slots_of([annual.office]).get(annual.office_id, [])
    return next((slot for slot in slots if slot.key == key), None)


def _check(
    annual: HookupList, slot: Slot, user: User, effective_on: date, reason: str, at: datetime
) -> None:  # fmt: skip
    if annual.is_change or annual.status != ListStatus.RECEIVED:
        raise WrongState(_("Changes are filed once the list of the year is on file; change the list itself."))
    if not reason:
        raise RuleBroken(_("A reason is required."), field="reason")
    if wrong := effective_error(effective_on, at):
        raise RuleBroken(wrong, field="effective_on")
    if user.pk not in {u.pk for u in candidates_of(annual.office, at).get(str(slot.post), [])}:
        raise RuleBroken(
            _("{name} has no such duty in an office of this side.").format(name=user.name), field="user"
        )
    now = answering([slot.project.pk]).get(slot.key)
    # Whoever was named before his post was in any list is put on file as he is.
    if now is not None and now.user_id == user.pk and slot.key not in {s.key for s in since_filing(annual)}:
        raise RuleBroken(_("{name} holds this post already.").format(name=user.name), field="user")
    if now is not None and effective_on < now.valid_from:
        raise RuleBroken(
            _("{name} has held the post only since {day}.").format(name=now.user.name, day=now.valid_from),
            field="effective_on",
        )


def _begin(annual: HookupList, effective_on: date, reason: str, at: datetime) -> HookupList:
    last = HookupList.objects.filter(office=annual.office_id, year=annual.year).aggregate(n=Max("number"))[
        "n"
    ]
    return HookupList.objects.create(
        office=annual.office, year=annual.year, number=last + 1, side=annual.side, effective_on=effective_on,
        reason=reason, created_at=at,
    )  # fmt: skip
