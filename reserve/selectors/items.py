"""Reads of preliminary items: one project's list, the ones about to lapse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Project
from ningde_projects.projects.selectors import Thresholds

from ..models import ItemKind, ItemState, ProjectItem
from ..querysets.items import ProjectItemQuerySet
from ..rules.items import is_lapsed


@dataclass(frozen=True)
class ItemLine:
    """One item of the catalogue with the project's row, when there is one."""

    kind: ItemKind
    item: ProjectItem | None
    #: "red" lapsed or within the last warning, "amber" within the first, "" otherwise.
    tone: str
    is_lapsed: bool
    #: Planned for a day that is over, and not approved.
    is_late: bool

    @property
    def state(self) -> str:
        return str(self.item.state) if self.item else ItemState.NOT_STARTED

    @property
    def chip(self) -> str:
        return f"item_{self.state}"


def items_of(project: Project, at: datetime) -> list[ItemLine]:
    """What the catalogue asks of this project, and what it has beyond that; three queries."""
    today, month = local_date(at), Month.at(at)
    limits = Thresholds(month)
    rows = {i.kind_id: i for i in ProjectItem.objects.filter(project=project).select_related("kind")}
    kinds = ItemKind.objects.filter(
        Q(valid_from__lte=month) & (Q(valid_to=None) | Q(valid_to__gte=month)) | Q(pk__in=list(rows))
    )
    fitting = [k for k in kinds if k.applies_to in ("", project.investment_kind) or k.pk in rows]
    return [
        _line(
            kind,
            rows.get(kind.pk),
            today,
            int(limits["item_warn_first_days"]),
            int(limits["item_warn_last_days"]),
        )
        for kind in fitting
    ]


def _line(kind: ItemKind, item: ProjectItem | None, today: date, first: int, last: int) -> ItemLine:
    if item is None:
        return ItemLine(kind, None, "", False, False)
    tone = ""
    if item.state == ItemState.APPROVED and item.valid_until:
        left = (item.valid_until - today).days
        tone = "red" if left <= last else "amber" if left <= first else ""
    pending = item.state not in (ItemState.APPROVED, ItemState.NOT_NEEDED)
    late = bool(pending and item.planned_on and item.planned_on < today)
    return ItemLine(kind, item, tone, is_lapsed(item.state, item.valid_until, today), late)


def lapsing_rows(actor: Actor, at: datetime) -> ProjectItemQuerySet:
    """Approvals that lapse within the first warning's days, or have lapsed; the nearest end first."""
    days = int(Thresholds(Month.at(at))["item_warn_first_days"])
    rows: ProjectItemQuerySet = (
        ProjectItem.objects.visible_to(actor)
        .lapsing(local_date(at), days)
        .select_related("kind", "project__place", "project__owner")
        .order_by("valid_until", "pk")
    )
    return rows


def lapsing_count(actor: Actor, at: datetime) -> int:
    return lapsing_rows(actor, at).count()
