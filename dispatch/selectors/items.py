"""Items as those who have to do with them read them: the list, one of them, on the page of a project (M8.3, M11.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Project

from ..models import FollowUp, Item, Tier
from ..workflow.items import ITEM_OWED, ITEM_UNSETTLED, ITEM_WORKER_DUTIES, ItemStatus
from .tier_lists import Row, latest_of

#: Filters of the state: what is unsettled first, since that is the work.
STATES = ("unsettled", "overdue", "issued", "working", "done", "closed", "all")
_DRAFTS = (ItemStatus.PROPOSED, ItemStatus.REMOVED)
_PANEL = 8


def given_to(actor: Actor) -> Q:
    """Items whose unit this person works for; a bureau works for its county's government."""
    offices = {h.organisation.pk for h in actor.held if h.duty in ITEM_WORKER_DUTIES}
    places = {
        h.organisation.place_id for h in actor.held
        if h.duty in ITEM_WORKER_DUTIES and h.organisation.kind == OrgKind.COUNTY_BUREAU
    }  # fmt: skip
    return Q(unit__in=offices) | Q(unit__kind=OrgKind.COUNTY_GOVERNMENT, unit__place__in=places)


@dataclass(frozen=True)
class ItemFilters:
    """What the address asks for; unknown values are left out."""

    state: str = "unsettled"
    tier: str = ""
    mine: bool = False
    words: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str]) -> ItemFilters:
        state, tier = params.get("state", ""), params.get("tier", "")
        return cls(
            state if state in STATES else "unsettled", tier if tier in Tier.values else "", params.get("mine") == "1",
            " ".join(params.get("q", "").replace("\x00", "").split())[:60],
        )  # fmt: skip

    @property
    def is_set(self) -> bool:
        return bool(self.state != "unsettled" or self.tier or self.words)

    def condition(self, today: date, *, without: str = "") -> Q:
        found = ~Q(status__in=_DRAFTS)
        if without != "state":
            found &= state_condition(self.state, today)
        if self.tier and without != "tier":
            found &= Q(tier=self.tier)
        for word in self.words.split():
            found &= (
                Q(project__name__icontains=word) | Q(number__icontains=word) | Q(requirement__icontains=word)
            )
        return found

    def in_words(self) -> str:
        found = [state_word(self.state)]
        found += [str(Tier(self.tier).label)] if self.tier else []
        found += [_("Given to my office")] if self.mine else []
        return " · ".join([*found, *([self.words] if self.words else [])])


def state_condition(state: str, today: date) -> Q:
    return {
        "all": Q(), "unsettled": Q(status__in=ITEM_UNSETTLED), "overdue": Q(status__in=ITEM_OWED, due_on__lt=today),
    }.get(state, Q(status=state))  # fmt: skip


def state_word(state: str) -> str:
    words = {"unsettled": _("Unsettled"), "overdue": _("Overdue"), "all": _("All")}
    return words.get(state) or str(ItemStatus(state).label)


def _asked(actor: Actor, filters: ItemFilters, today: date, *, without: str = "") -> QuerySet[Item]:
    rows: QuerySet[Item] = Item.objects.visible_to(actor).filter(filters.condition(today, without=without))
    return rows.filter(given_to(actor)) if filters.mine else rows


def listed(actor: Actor, filters: ItemFilters, at: datetime) -> QuerySet[Item]:
    rows = _asked(actor, filters, local_date(at)).order_by("due_on", "pk")
    return rows.select_related("project__place", "place", "unit", "leader").prefetch_related("co_units")


def rows_of(items: Iterable[Item], at: datetime) -> list[Row]:
    found = list(items)
    latest, today = latest_of([item.pk for item in found]), local_date(at)
    now = Month.at(at).previous
    return [
        Row(item, 0, False, max(now - item.first_month, 0) + 1, None, "", 0, today, latest.get(item.pk))
        for item in found
    ]


def rows(actor: Actor, filters: ItemFilters, at: datetime) -> list[Row]:
    return rows_of(listed(actor, filters, at), at)


def state_counts(actor: Actor, filters: ItemFilters, at: datetime) -> dict[str, int]:
    """Each number counts what its chip opens; one query."""
    today = local_date(at)
    found: dict[str, int] = _asked(actor, filters, today, without="state").aggregate(
        **{
            state: Count("pk", filter=state_condition(state, today) or Q(pk__isnull=False))
            for state in STATES
        }
    )
    return found


def tier_counts(actor: Actor, filters: ItemFilters, at: datetime) -> dict[str, int]:
    rows = (
        _asked(actor, filters, local_date(at), without="tier")
        .order_by()
        .values_list("tier")
        .annotate(n=Count("pk"))
    )
    return dict(rows)


# ---- one of them -----------------------------------------------------------------------------------------------


def item_of(actor: Actor, public_id: UUID) -> Item:
    """Hidden is not found."""
    rows = Item.objects.visible_to(actor).select_related(
        "project__place", "project__owner", "part__place", "place", "unit", "leader"
    )
    found: Item = get_object_or_404(rows, public_id=public_id)
    return found


def follow_ups_of(item: Item) -> list[FollowUp]:
    return list(item.follow_ups.select_related("by", "office")[:40])


def panel(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """What the project has on the list, unsettled first; left out when there is nothing that this person sees."""
    items = list(
        Item.objects.visible_to(actor).filter(project=project).exclude(status__in=_DRAFTS)
        .select_related("project", "unit", "leader", "place").order_by("-first_month", "-pk")[:_PANEL]
    )  # fmt: skip
    if not items:
        return None
    items.sort(key=lambda item: item.status not in ITEM_UNSETTLED)
    return {"rows": rows_of(items, at), "unsettled": sum(item.status in ITEM_UNSETTLED for item in items)}
