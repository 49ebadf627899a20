"""An item after it is issued: signed for, worked on, followed up, verified, changed (M8.3, M11.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month, local_date
from ningde_projects.workflow.door import Step, perform, person_refusal
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import RuleBroken

from ..models import FollowUp, FollowUpKind, Item, Pace
from ..workflow.items import ITEM, ITEM_WORKERS, ItemStatus
from .item_binding import item_binding
from .tier_lists import account_of, may_draft, missing_of

#: What may be changed after issue, always with a reason.
AMENDABLE = ("tier", "requirement", "unit", "leader_text", "due_on", "pace")
_WEEK = timedelta(days=7)
#: Days that every month has.
_LAST_SAFE_DAY = 28


def unit_act(item: Item, verb: str, by: Actor) -> str:
    """The row by which this person of the responsible unit does it; the first one for those who may not."""
    names = [f"{verb}_{suffix}" for suffix, _duty in ITEM_WORKERS]
    return next((n for n in names if person_refusal(item, ITEM.by_name[n], by) is None), names[0])


def sign_for(item: Item, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    return perform(item, unit_act(item, "sign_for", by), by=by, at=at, version=version)


def progress(item: Item, *, by: Actor, at: datetime, text: str, version: int | None = None) -> Act:
    """The unit says how far it is."""
    return perform(item, unit_act(item, "progress", by), by=by, at=at, reason=text, version=version)


def finish(item: Item, *, by: Actor, at: datetime, text: str, version: int | None = None) -> Act:
    """申请销号: the unit says that it is done, and how; files hang on the item."""
    return perform(item, unit_act(item, "finish", by), by=by, at=at, reason=text, version=version)


def amend(
    item: Item, values: Mapping[str, Any], *, by: Actor, at: datetime, reason: str, version: int | None = None
) -> Act:
    """Change what was issued; another unit signs for it anew, another day is reminded of anew."""
    changed = {
        name: values[name] for name in AMENDABLE if name in values and getattr(item, name) != values[name]
    }
    return perform(item, "amend", by=by, at=at, reason=reason, version=version, data={"changed": changed})


def chase_overdue(rows: Iterable[Item], *, by: Actor, at: datetime, text: str = "") -> int:
    """催办 all that are overdue at once; how many."""
    may_draft(by)
    chased = 0
    with transaction.atomic():
        for item in rows:
            if item.is_overdue(at):
                perform(item, "chase", by=by, at=at, reason=text)
                chased += 1
    return chased


def next_follow_up(pace: str, today: date) -> date:
    """A week on, or the same day of the next month."""
    if pace == Pace.WEEKLY:
        return today + _WEEK
    return Month.of(today).next.day(min(today.day, _LAST_SAFE_DAY))


def _say(item: Item, step: Step, kind: FollowUpKind, text: str) -> None:
    """Put it into the follow-ups, and on the item as the latest."""
    office = step.holder.organisation if step.holder else None
    FollowUp.objects.create(item=item, kind=kind, at=step.at, by=step.person.user, office=office, text=text)
    item.note, item.noted_at = text, step.at


# ---- guards and effects ----------------------------------------------------------------------------------------


@item_binding.guard
def item_is_complete(item: Item, step: Step) -> None:
    """The list was checked when it was sent; a day that has passed since does not stop its issue."""
    if item.unit_id is None or item.due_on is None or not item.requirement.strip():
        raise RuleBroken(" ".join(missing_of(item, step.at)))


@item_binding.effect
def take_off(item: Item, step: Step) -> None:
    item.return_reason = step.reason


@item_binding.effect
def put_back(item: Item, step: Step) -> None:
    item.return_reason = ""


@item_binding.effect
def start_item(item: Item, step: Step) -> None:
    item.issued_at = step.at
    item.next_on = next_follow_up(item.pace, local_date(step.at))


@item_binding.effect
def mark_signed_for(item: Item, step: Step) -> None:
    item.signed_for_at = step.at


@item_binding.effect
def note_progress(item: Item, step: Step) -> None:
    _say(item, step, FollowUpKind.PROGRESS, step.reason)
    item.return_reason = ""


@item_binding.effect
def mark_done(item: Item, step: Step) -> None:
    _say(item, step, FollowUpKind.FINISH, step.reason)
    item.finished_at, item.return_reason = step.at, ""
    step.record["late"] = bool(item.due_at and step.at >= item.due_at)


@item_binding.effect
def mark_closed(item: Item, step: Step) -> None:
    _say(item, step, FollowUpKind.CLOSE, step.reason)
    item.closed_at, item.next_on = step.at, None


@item_binding.effect
def mark_sent_back(item: Item, step: Step) -> None:
    _say(item, step, FollowUpKind.SEND_BACK, step.reason)
    item.return_reason, item.finished_at = step.reason, None
    item.next_on = next_follow_up(item.pace, local_date(step.at))


@item_binding.effect
def note_check(item: Item, step: Step) -> None:
    _say(item, step, FollowUpKind.CHECK, step.reason)
    item.next_on = next_follow_up(item.pace, local_date(step.at))


@item_binding.effect
def note_chase(item: Item, step: Step) -> None:
    """Chasing is following up: the next one is counted from today."""
    _say(item, step, FollowUpKind.CHASE, step.reason or _("Chased."))
    item.next_on = next_follow_up(item.pace, local_date(step.at))


@item_binding.effect
def take_up_again(item: Item, step: Step) -> None:
    _say(item, step, FollowUpKind.CHECK, step.reason)
    item.return_reason, item.finished_at, item.closed_at = step.reason, None, None
    item.next_on = next_follow_up(item.pace, local_date(step.at))


@item_binding.effect
def change_item(item: Item, step: Step) -> None:
    changed: Mapping[str, Any] = step.data["changed"]
    if not changed:
        raise RuleBroken(_("Nothing is different from what was issued."))
    _check_change(changed, step.at)
    for name, value in changed.items():
        step.record[name] = [_kept(getattr(item, name)), _kept(value)]
        setattr(item, name, value)
    if "unit" in changed or "leader_text" in changed:
        _name_leader(item)
    if "unit" in changed:
        item.status, item.signed_for_at = ItemStatus.ISSUED, None
    if "due_on" in changed:
        item.reminded_on = item.overdue_told_at = None
    if "pace" in changed:
        item.next_on = next_follow_up(item.pace, local_date(step.at))
    if "tier" in changed:
        item.tier_reason = step.reason[:300]


def _check_change(changed: Mapping[str, Any], at: datetime) -> None:
    wrong: dict[str, list[str]] = {}
    if "due_on" in changed and (changed["due_on"] is None or changed["due_on"] < local_date(at)):
        wrong["due_on"] = [_("Name a day that has not passed.")]
    if "unit" in changed and changed["unit"] is None:
        wrong["unit"] = [_("An issued item has a responsible unit.")]
    if "requirement" in changed and not str(changed["requirement"]).strip():
        wrong["requirement"] = [_("An issued item says what is required.")]
    if wrong:
        raise RuleBroken(" ".join(text for texts in wrong.values() for text in texts), errors=wrong)


def _name_leader(item: Item) -> None:
    item.leader = account_of(item.unit, item.leader_text)
    item.leader_text = "" if item.leader else item.leader_text


def _kept(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, Organisation):
        return value.name
    return value.isoformat() if isinstance(value, date) else str(value)
