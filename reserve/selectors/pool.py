"""储备项目库: the rows, and the counts of the filters. Page and file ask the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.lists import Option
from ningde_projects.projects.models import Project
from ningde_projects.projects.querysets import ProjectQuerySet
from ningde_projects.projects.selectors import Thresholds

from ..models import ItemKind, ItemState, ProjectItem
from ..rules.stale import stale_before
from .pool_filters import FACET_TITLES, FACETS, FLAGS, PARTS, SORTS, Facet, Filters


def base(actor: Actor, filters: Filters, at: datetime) -> ProjectQuerySet:
    """The projects of the part, as far as this person sees them, with what the facets ask for."""
    limits = Thresholds(Month.at(at))
    rows: ProjectQuerySet = Project.objects.visible_to(actor).filter(PARTS[filters.part])
    lapsing = ProjectItem.objects.filter(project=OuterRef("pk"), state=ItemState.APPROVED).filter(
        valid_until__lte=_in_days(at, int(limits["item_warn_first_days"]))
    )
    updated = Coalesce("reserve_record__last_updated_at", "updated_at")
    rows = rows.annotate(
        last_news=updated,
        is_stale=_flag(Q(last_news__lt=stale_before(at, int(limits["stale_months"])))),
        is_lapsing=Exists(lapsing),
        is_proposed=_flag(Q(reserve_record__exit_proposed_at__isnull=False)),
    )
    return rows.search(filters.text) if filters.text else rows


def _in_days(at: datetime, days: int) -> date:
    return local_date(at) + timedelta(days=days)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _condition(chosen: Mapping[str, str]) -> Q:
    rule = Q()
    for name, value in chosen.items():
        if name in FLAGS:
            rule &= Q(**{FACETS[name]: True})
        elif name == "direction":
            rule &= Q(reserve_record__directions__contains=[value])
        else:
            rule &= Q(**{FACETS[name]: value})
    return rule


def listed(actor: Actor, filters: Filters, at: datetime) -> ProjectQuerySet:
    """The rows, in order, with everything that a row shows (one query)."""
    rows: ProjectQuerySet = (
        base(actor, filters, at)
        .filter(_condition(filters.chosen))
        .select_related(
            "place", "industry", "owner", "municipal_department", "county_department",
            "reserve_record__merged_into",
        )
        .annotate(**_item_counts(at))
    )  # fmt: skip
    if not filters.sort:
        return rows.order_by("place__order", "pk")
    column = F(SORTS[filters.sort.removeprefix("-")])
    order = column.desc(nulls_last=True) if filters.sort.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(order, "pk")


def _item_counts(at: datetime) -> dict[str, Any]:
    """`items_done` of `items_needed`: the required items, as the maturity counts them (one query for the catalogue)."""
    month, today = Month.at(at), local_date(at)
    kinds = ItemKind.objects.filter(required=True, valid_from__lte=month)
    required = list(kinds.filter(Q(valid_to=None) | Q(valid_to__gte=month)).values_list("pk", "applies_to"))
    whens = [
        When(investment_kind=code, then=Value(sum(1 for _pk, applies in required if applies in ("", code))))
        for code in ("government", "enterprise")
    ]
    everywhere = Value(sum(1 for _pk, applies in required if not applies))
    rows = (
        ProjectItem.objects.filter(project=OuterRef("pk"), kind__in=[pk for pk, _applies in required])
        .filter(Q(kind__applies_to="") | Q(kind__applies_to=OuterRef("investment_kind")))
        .order_by()
        .values("project")
    )
    in_force = Q(state=ItemState.APPROVED) & (Q(valid_until=None) | Q(valid_until__gte=today))
    done = rows.filter(in_force).annotate(n=Count("pk")).values("n")
    spared = rows.filter(state=ItemState.NOT_NEEDED).annotate(n=Count("pk")).values("n")
    needed = Case(*whens, default=everywhere, output_field=IntegerField())
    return {
        "items_done": Coalesce(Subquery(done), 0),
        "items_needed": needed - Coalesce(Subquery(spared), 0),
    }


def facets(actor: Actor, filters: Filters, at: datetime) -> tuple[list[Facet], int]:
    """Counts for every filter and the number of rows, from one grouped query.

    A facet's own counts leave its own choice out: they say what choosing another value would give.
    """
    groups = list(base(actor, filters, at).order_by().values(*FACETS.values()).annotate(number=Count("pk")))
    found = []
    for name in FACETS:
        others = {n: value for n, value in filters.chosen.items() if n != name}
        counts: dict[str, int] = {}
        total = 0
        for group in groups:
            if not _fits(group, others):
                continue
            total += group["number"]
            for value in _values(group, name):
                counts[value] = counts.get(value, 0) + group["number"]
        options = [
            Option(value, label, counts.get(value, 0))
            for value, label in filters.labels[name].items()
            if counts.get(value) or filters.chosen.get(name) == value
        ]
        found.append(Facet(name, FACET_TITLES[name], options, total))
    return found, sum(g["number"] for g in groups if _fits(g, filters.chosen))


def _values(group: Mapping[str, Any], name: str) -> list[str]:
    value = group[FACETS[name]]
    if name == "direction":
        return list(value or ())
    if name in FLAGS:
        return ["yes"] if value else []
    return [str(value)]


def _fits(group: Mapping[str, Any], chosen: Mapping[str, str]) -> bool:
    return all(value in _values(group, name) for name, value in chosen.items())


def part_counts(actor: Actor) -> dict[str, int]:
    """Number of projects in each part; one query."""
    return Project.objects.visible_to(actor).aggregate(
        **{f"part_{name}": Count("pk", filter=rule) for name, rule in PARTS.items()}
    )


def in_pool(actor: Actor) -> QuerySet[Project]:
    found: QuerySet[Project] = Project.objects.visible_to(actor).filter(PARTS["in"])
    return found
