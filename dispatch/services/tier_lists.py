"""The list of a month: begun, drawn, written by the commission, and its way to the units (M8.2, M8.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held, SystemActor
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Project, ProjectPart
from ningde_projects.workflow.door import Step, perform, record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState

from ..models import Item, Listing, Origin, TierList
from ..policies.items import drafting_right
from ..workflow.items import ITEM_UNSETTLED, LIST_EDITABLE, ItemStatus
from . import drawing, sealing, standing
from .item_binding import list_binding

MACHINE = "tier_list"
#: What the commission writes of a proposed item.
FIELDS = (
    "tier", "tier_reason", "problem_text", "requirement", "unit", "leader_text", "due_on", "pace",
)  # fmt: skip


def may_draft(by: Actor) -> Held:
    right = drafting_right(by)
    if isinstance(right, NotAllowed):
        raise right
    return right


@transaction.atomic
def begin_list(month: Month, *, by: Actor, at: datetime) -> TierList:
    """The month's list with everything that can be drawn in; the one that is there already when it is."""
    holder = may_draft(by)
    if month >= Month.at(at):
        raise RuleBroken(_("The month is not over yet; its list is drawn up once it is."))
    standing.assess(month, at)
    found, made = TierList.objects.get_or_create(month=month, defaults={"begun_at": at})
    if made:
        record(MACHINE, "begin", by=by, at=at, obj=found, holder=holder)
        draw(found, by=by, at=at)
    return found


def draw(tier_list: TierList, *, by: Actor, at: datetime) -> Act:
    """Carry on and propose what is new; what the commission has written stays."""
    return perform(tier_list, "draw", by=by, at=at)


def send(tier_list: TierList, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    return perform(tier_list, "send_to_leader", by=by, at=at, version=version)


def pass_on(tier_list: TierList, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    return perform(tier_list, "pass_on", by=by, at=at, version=version)


def approve(
    tier_list: TierList, *, by: Actor, at: datetime, version: int | None = None, opinion: str = ""
) -> Act:
    """审定; seals what was approved."""
    return perform(tier_list, "approve", by=by, at=at, version=version, reason=opinion)


def issue(tier_list: TierList, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    """All items in one transaction; each unit is told once."""
    return perform(tier_list, "issue", by=by, at=at, version=version)


# ---- what the commission writes --------------------------------------------------------------------------------


def draft_of(item: Item) -> TierList:
    """The list in which a proposed item stands."""
    found: TierList = TierList.objects.get(listings__item=item, month=item.first_month)
    return found


def _open_list(tier_list: TierList) -> None:
    """Take the list's row, so that nothing on it changes while it is sent."""
    tier_list.refresh_from_db(from_queryset=TierList.objects.select_for_update())
    if tier_list.status not in LIST_EDITABLE:
        raise WrongState(_("The list has been sent; withdraw it first if something has to change."))


@transaction.atomic
def edit_item(
    item: Item,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None,
    co_units: Iterable[Organisation] | None = None,
) -> Item:
    """Write a proposed item; saved as typed, what is still missing is asked for when the list is sent."""
    holder = may_draft(by)
    _open_list(draft_of(item))
    item.refresh_from_db(from_queryset=Item.objects.select_for_update())
    if version is not None and version != item.version:
        raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
    if item.status != ItemStatus.PROPOSED:
        raise WrongState(_("This has been issued; change it with a reason."))
    changed = _apply(item, values)
    if co_units is not None:
        changed |= _set_co_units(item, co_units)
    if changed:
        item.version += 1
        item.save()
        record("dispatch_item", "edit", by=by, at=at, obj=item, holder=holder, project_id=item.project_id,
               place_id=item.place_id, data=changed)  # fmt: skip
    return item


def _apply(item: Item, values: Mapping[str, Any]) -> dict[str, list[str]]:
    changed: dict[str, list[str]] = {}
    for name in FIELDS:
        if name not in values:
            continue
        before, after = getattr(item, name), values[name]
        after = after.strip() if isinstance(after, str) else after
        if before != after:
            changed[name] = [str(before or ""), str(after or "")]
            setattr(item, name, after)
    if "leader_text" in values or "unit" in changed:
        item.leader = account_of(item.unit, item.leader_text or item.leader_name)
        item.leader_text = "" if item.leader else item.leader_text
    return changed


def account_of(unit: Organisation | None, name: str) -> User | None:
    """The one account with this name in the unit; one that fits two, or none, stays as written."""
    if unit is None or not name:
        return None
    found = list(User.objects.filter(organisation=unit, name=name, is_active=True)[:2])
    return found[0] if len(found) == 1 else None


def _set_co_units(item: Item, wanted: Iterable[Organisation]) -> dict[str, list[str]]:
    before = {o.pk: o.short_name for o in item.co_units.all()}
    after = {o.pk: o.short_name for o in wanted if o.pk != item.unit_id}
    if before.keys() == after.keys():
        return {}
    item.co_units.set(after)
    return {"co_units": ["、".join(before.values()), "、".join(after.values())]}


@transaction.atomic
def add_item(
    tier_list: TierList,
    project: Project,
    *,
    by: Actor,
    at: datetime,
    part: ProjectPart | None = None,
    tier: str = "",
) -> Item:
    """Put any key project on the list by hand; its open problems are joined like those that are drawn."""
    holder = may_draft(by)
    _open_list(tier_list)
    if project.level not in drawing.KEY_LEVELS:
        raise RuleBroken(_("Only key projects come on this list."), field="project")
    candidate = drawing.candidate_of(tier_list, project, part)
    [item] = drawing.create(tier_list, [candidate], at, Origin.ADDED)
    if tier and tier != item.tier:
        item.tier = tier
        item.save(update_fields=["tier"])
    _touch(tier_list)
    record("dispatch_item", "add", by=by, at=at, obj=item, holder=holder, project_id=item.project_id,
           place_id=item.place_id)  # fmt: skip
    return item


def take_off(item: Item, *, by: Actor, at: datetime, reason: str, version: int | None = None) -> Act:
    with transaction.atomic():
        _open_list(draft_of(item))
        return perform(item, "remove", by=by, at=at, reason=reason, version=version)


def put_back(item: Item, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    with transaction.atomic():
        _open_list(draft_of(item))
        return perform(item, "restore", by=by, at=at, version=version)


@transaction.atomic
def move(tier_list: TierList, item: Item, *, up: bool, by: Actor, at: datetime) -> None:
    """One place up or down among the items of its level."""
    holder = may_draft(by)
    _open_list(tier_list)
    rows = list(
        tier_list.listings.filter(item__tier=item.tier).exclude(item__status=ItemStatus.REMOVED)
        .order_by("order", "pk")
    )  # fmt: skip
    here = next((n for n, row in enumerate(rows) if row.item_id == item.pk), None)
    there = None if here is None else here - 1 if up else here + 1
    if here is None or there is None or not 0 <= there < len(rows):
        return
    orders = [row.order for row in rows]
    rows[here], rows[there] = rows[there], rows[here]
    for row, order in zip(rows, orders, strict=True):
        row.order = order
    Listing.objects.bulk_update(rows, ["order"])
    _touch(tier_list)
    record("dispatch_item", "move", by=by, at=at, obj=item, holder=holder, project_id=item.project_id,
           place_id=item.place_id)  # fmt: skip


def _touch(tier_list: TierList) -> None:
    tier_list.version += 1
    tier_list.save(update_fields=["version"])


# ---- guards and effects ----------------------------------------------------------------------------------------


@list_binding.guard
def lines_are_complete(tier_list: TierList, step: Step) -> None:
    """Every new item has what its unit needs, and a reason where the level is not the proposed one."""
    rows = Item.objects.filter(listings__list=tier_list, status=ItemStatus.PROPOSED).select_related("project")
    if not tier_list.listings.exclude(item__status=ItemStatus.REMOVED).exists():
        raise RuleBroken(_("There is nothing on the list."))
    wrong = [text for item in rows for text in missing_of(item, step.at)]
    if wrong:
        more = len(wrong) - 8
        tail = [_("and {n} more").format(n=more)] if more > 0 else []
        raise RuleBroken(" ".join([*wrong[:8], *tail]))


def missing_of(item: Item, at: datetime) -> list[str]:
    """What still stands in the way of this item, in words."""
    lacks = []
    if not item.requirement.strip():
        lacks.append(_("what is required"))
    if item.unit_id is None:
        lacks.append(_("the responsible unit"))
    if item.due_on is None:
        lacks.append(_("the day by which it is to be rectified"))
    elif item.due_on < local_date(at):
        lacks.append(_("a day that has not passed"))
    if item.tier != item.proposed_tier and not item.tier_reason.strip():
        lacks.append(_("why another level than the proposed one"))
    if not lacks:
        return []
    return [_("{project}: {fields}.").format(project=item.project.name, fields="、".join(lacks))]


@list_binding.effect
def draw_lines(tier_list: TierList, step: Step) -> None:
    standing.assess(tier_list.month, step.at)
    carried, proposed = drawing.draw(tier_list, step.at)
    tier_list.rule = sealing.rule_of(tier_list)
    step.record |= {"carried": carried, "proposed": proposed}


@list_binding.effect
def mark_sent(tier_list: TierList, step: Step) -> None:
    tier_list.sent_at, tier_list.sent_by, tier_list.return_reason = step.at, step.person.user, ""


@list_binding.effect
def clear_sending(tier_list: TierList, step: Step) -> None:
    tier_list.sent_at = tier_list.submitted_at = None
    tier_list.sent_by = None


@list_binding.effect
def mark_submitted(tier_list: TierList, step: Step) -> None:
    tier_list.submitted_at = step.at


@list_binding.effect
def mark_returned(tier_list: TierList, step: Step) -> None:
    tier_list.return_reason, tier_list.submitted_at = step.reason, None


@list_binding.effect
def seal_edition(tier_list: TierList, step: Step) -> None:
    tier_list.approved_at, tier_list.approved_by = step.at, step.person.user
    edition = sealing.seal(tier_list, step)
    step.record |= {"edition": edition.number, "sha256": edition.digest}


@list_binding.effect
def issue_items(tier_list: TierList, step: Step) -> None:
    """The new ones begin; those carried on are at work already."""
    tier_list.issued_at = step.at
    rows = (
        Item.objects.filter(listings__list=tier_list, status=ItemStatus.PROPOSED)
        .select_related("project", "unit", "leader")
        .order_by("listings__order")
    )
    issued = list(rows)
    system = SystemActor(step.at, ip=step.person.ip, request_id=step.person.request_id)
    for item in issued:
        perform(item, "issue", by=system, at=step.at)
    step.found["issued"] = issued
    step.record["items"] = len(issued)
    step.record["carried"] = tier_list.listings.filter(
        item__status__in=ITEM_UNSETTLED, is_carried=True
    ).count()
