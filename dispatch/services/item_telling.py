"""Whom the acts on lists and items tell, and in which words; each unit of a list is told once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify, notify_each
from ningde_projects.organizations.actor import Actor, holders, in_force
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Delegation, Organisation, User
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.models import Act

from ..models import Item, TierList
from ..workflow.items import ITEM_WORKER_DUTIES
from .item_binding import item_binding, list_binding, offices_of_kind

register(
    NoticeKind("tier_list_to_review", _("Three-tier list of %(month)s to be reviewed"),
               _("%(by)s has sent it to the commission's leader: %(count)s items."), icon="send", tone="sea"),
    NoticeKind("tier_list_to_approve", _("Three-tier list of %(month)s awaits approval"),
               _("The commission submits %(count)s items for approval."), icon="send", tone="sea"),
    NoticeKind("tier_list_returned", _("Three-tier list of %(month)s returned"), _("To be corrected: %(reason)s"),
               icon="arrow-back-up", tone="red"),
    NoticeKind("tier_list_approved", _("Three-tier list of %(month)s approved"),
               _("The municipal government has approved it; it can be issued."), icon="checks", tone="green"),
    NoticeKind("items_issued", _("%(count)s items of the three-tier list of %(month)s to be signed for"),
               _("%(unit)s is responsible for: %(projects)s. The earliest is due on %(due)s."), icon="list-details",
               tone="sea"),
    NoticeKind("item_signed_for", _("Signed for: %(project)s"), _("%(unit)s has signed for item %(number)s."),
               icon="check", outgoing=False),
    NoticeKind("item_done", _("To be struck off: %(project)s"),
               _("%(unit)s: %(reason)s. Verify it, or send it back."), icon="check", tone="sea"),
    NoticeKind("item_closed", _("Struck off: %(project)s"), _("The commission has verified it: %(reason)s"),
               icon="checks", tone="green", outgoing=False),
    NoticeKind("item_sent_back", _("Not struck off: %(project)s"), _("Sent back: %(reason)s"),
               icon="arrow-back-up", tone="red"),
    NoticeKind("item_chased", _("Chased: %(project)s"),
               _("The commission asks how far item %(number)s is; due on %(due)s. %(reason)s"), icon="bell-ringing",
               tone="amber"),
    NoticeKind("item_amended", _("Changed: %(project)s"),
               _("Item %(number)s was changed, now due on %(due)s. Reason: %(reason)s"), icon="pencil", tone="amber"),
    NoticeKind("item_reopened", _("Taken up again: %(project)s"),
               _("Item %(number)s has to be rectified again: %(reason)s"), icon="refresh", tone="amber"),
)  # fmt: skip

Message = tuple[User, dict[str, Any], str]
_NAMED = 5


def people_of_units(units: Iterable[Organisation | None], at: datetime) -> dict[int, list[User]]:
    """Unit -> who works on its items, acting persons included; a county government's bureau with it. Three queries."""
    wanted = {u.pk: u for u in units if u is not None}
    places = {u.place_id: u.pk for u in wanted.values() if u.kind == OrgKind.COUNTY_GOVERNMENT}
    bureaus = Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place__in=places)
    serves = {pk: pk for pk in wanted} | {o: places[p] for o, p in bureaus.values_list("pk", "place")}
    condition = Q(organisation__in=serves, duty__in=list(ITEM_WORKER_DUTIES))
    found: dict[int, dict[int, User]] = {pk: {} for pk in wanted}
    for a in Assignment.objects.filter(condition, in_force(at), user__is_active=True).select_related("user"):
        found[serves[a.organisation_id]][a.user_id] = a.user
    acting = Delegation.objects.filter(condition, in_force(at), delegate__is_active=True)
    for d in acting.select_related("delegate"):
        found[serves[d.organisation_id]][d.delegate_id] = d.delegate
    return {unit: list(people.values()) for unit, people in found.items()}


def of_item(item: Item, at: datetime) -> list[User]:
    """The unit's people, and the leader who is named."""
    people = people_of_units([item.unit], at).get(item.unit_id or 0, [])
    return [*people, *([item.leader] if item.leader else [])]


def dispatchers(at: datetime) -> list[User]:
    return holders(Duty.DISPATCH, offices_of_kind(OrgKind.COMMISSION), at)


def list_url(tier_list: TierList) -> str:
    return f"{reverse('dispatch:list')}?month={tier_list.month}"


def item_url(item: Item) -> str:
    return reverse("dispatch:item", args=[item.public_id])


# ---- the list --------------------------------------------------------------------------------------------------


def _tell_of_list(tier_list: TierList, step: Step, act: Act, people: Iterable[User]) -> None:
    mine = step.person.user
    params = {
        "month": str(tier_list.month), "by": mine.name, "reason": step.reason or "—",
        "count": tier_list.listings.exclude(item__status="removed").count(),
    }  # fmt: skip
    notify(step.transition.notifies[0], [p for p in people if p.pk != mine.pk], at=step.at, dedupe=f"act:{act.pk}",
           params=params, url=list_url(tier_list))  # fmt: skip


@list_binding.audience
def tier_list_to_review(tier_list: TierList, step: Step, act: Act) -> None:
    people = holders(Duty.SIGN, offices_of_kind(OrgKind.COMMISSION), step.at)
    _tell_of_list(tier_list, step, act, people)


@list_binding.audience
def tier_list_to_approve(tier_list: TierList, step: Step, act: Act) -> None:
    people = holders(Duty.APPROVE, offices_of_kind(OrgKind.MUNICIPAL_GOVERNMENT), step.at)
    _tell_of_list(tier_list, step, act, people)


@list_binding.audience
def tier_list_returned(tier_list: TierList, step: Step, act: Act) -> None:
    _tell_of_list(tier_list, step, act, dispatchers(step.at))


@list_binding.audience
def tier_list_approved(tier_list: TierList, step: Step, act: Act) -> None:
    _tell_of_list(tier_list, step, act, dispatchers(step.at))


@list_binding.audience
def items_issued(tier_list: TierList, step: Step, act: Act) -> None:
    """One notice for each unit and person, naming what is theirs."""
    items: Sequence[Item] = step.found["issued"]
    people = people_of_units({item.unit_id: item.unit for item in items}.values(), step.at)
    mine: dict[int, tuple[User, list[Item]]] = {}
    for item in items:
        told = {
            u.pk: u for u in [*people.get(item.unit_id or 0, []), *([item.leader] if item.leader else [])]
        }
        for user in told.values():
            mine.setdefault(user.pk, (user, []))[1].append(item)
    notify_each("items_issued", digests(mine, str(tier_list.month)), at=step.at, dedupe=f"act:{act.pk}")


def digests(mine: dict[int, tuple[User, list[Item]]], month: str = "") -> list[Message]:
    """One message for each person about all his items."""
    return [
        (user, _digest(rows, month), f"{reverse('dispatch:items')}?mine=1") for user, rows in mine.values()
    ]


def _digest(rows: list[Item], month: str) -> dict[str, Any]:
    names = list(dict.fromkeys(row.project.name for row in rows))
    due = min((row.due_on for row in rows if row.due_on), default=None)
    return {
        "count": len(rows), "month": month, "unit": rows[0].unit.short_name if rows[0].unit else "—",
        "projects": "、".join(names[:_NAMED]) + ("……" if len(names) > _NAMED else ""),
        "due": due.isoformat() if due else "—",
    }  # fmt: skip


# ---- one item --------------------------------------------------------------------------------------------------


def _tell(item: Item, step: Step, act: Act, people: Iterable[User]) -> None:
    mine = step.actor.user.pk if isinstance(step.actor, Actor) else None
    params = {
        "project": item.project.name, "number": item.number, "unit": item.unit.short_name if item.unit else "—",
        "due": item.due_on.isoformat() if item.due_on else "—", "reason": step.reason or "—",
    }  # fmt: skip
    notify(step.transition.notifies[0], [p for p in people if p.pk != mine], at=step.at, dedupe=f"act:{act.pk}",
           params=params, url=item_url(item))  # fmt: skip


def _tell_unit(item: Item, step: Step, act: Act) -> None:
    _tell(item, step, act, of_item(item, step.at))


def _tell_commission(item: Item, step: Step, act: Act) -> None:
    _tell(item, step, act, dispatchers(step.at))


for _name, _audience in (
    ("item_signed_for", _tell_commission), ("item_done", _tell_commission), ("item_closed", _tell_unit),
    ("item_sent_back", _tell_unit), ("item_chased", _tell_unit), ("item_amended", _tell_unit),
    ("item_reopened", _tell_unit),
):  # fmt: skip
    item_binding.audiences[_name] = _audience
