"""The list of projects: filters that live in the address, their counts, the order. Page and export ask the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Industry, Organisation, Place

from .models import Level, Management, Project, Stage
from .querysets import ProjectQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Parameter of the address -> column that it filters.
FACETS: dict[str, str] = {
    "stage": "stage",
    "level": "level",
    "place": "place__code",
    "industry": "industry__code",
    "management": "management",
}
FACET_TITLES: dict[str, StrOrPromise] = {
    "stage": gettext_lazy("Stage"),
    "level": gettext_lazy("Level"),
    "place": gettext_lazy("County"),
    "industry": gettext_lazy("Industry"),
    "management": gettext_lazy("Management"),
}
SORTS: dict[str, str] = {
    "name": "name",
    "total": "total_investment",
    "plan": "year_plan",
    "updated": "updated_at",
}
LONGEST_SEARCH = 60


@dataclass(frozen=True)
class Filters:
    """What the address asks for; what it asks wrongly is left out and named in `unknown`."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    owner: Organisation | None = None
    text: str = ""
    sort: str = ""
    unknown: tuple[str, ...] = ()
    #: Every value of every facet with its word; read with the address, used again for the counts.
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_set(self) -> bool:
        return bool(self.chosen or self.owner or self.text)

    def condition(self, *, without: str = "") -> Q:
        """All facets as one condition, or all but one (for that one's counts)."""
        rule = Q()
        for name, value in self.chosen.items():
            if name != without:
                rule &= Q(**{FACETS[name]: value})
        return rule


@dataclass(frozen=True)
class Option:
    """One value of a filter, with how many projects it would leave."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    name: str
    title: StrOrPromise
    options: list[Option]
    total: int

    def label(self, value: str) -> str:
        return next((option.label for option in self.options if option.value == value), value)


def read_filters(query: Mapping[str, str]) -> Filters:
    """From the address; never raises."""
    labels = facet_labels()
    chosen, unknown = {}, []
    for name in FACETS:
        value = query.get(name, "")
        if value and value in labels[name]:
            chosen[name] = value
        elif value:
            unknown.append(str(FACET_TITLES[name]))
    sort = query.get("sort", "")
    if sort.removeprefix("-") not in SORTS:
        unknown += [_("Order")] if sort else []
        sort = ""
    owner = None
    if query.get("owner"):
        owner = _owner(query["owner"])
        unknown += [] if owner else [_("Owner")]
    text = " ".join(query.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]
    return Filters(chosen, owner, text, sort, tuple(unknown), labels)


def _owner(public_id: str) -> Organisation | None:
    try:
        key = UUID(public_id)
    except ValueError:
        return None
    return Organisation.objects.filter(public_id=key, kind=OrgKind.OWNER).first()


def facet_labels() -> dict[str, dict[str, str]]:
    """Every value of every facet with its word, in the order shown (two queries)."""
    return {
        "stage": {str(code): str(word) for code, word in Stage.choices},
        "level": {str(code): str(word) for code, word in Level.choices},
        "place": dict(Place.objects.values_list("code", "name")),
        "industry": dict(Industry.objects.values_list("code", "name")),
        "management": {str(code): str(word) for code, word in Management.choices},
    }


def listed(actor: Actor, filters: Filters, year: int) -> ProjectQuerySet:
    """The rows, in order, with everything that a row shows (one query)."""
    rows: ProjectQuerySet = (
        _searched(actor, filters)
        .filter(filters.condition())
        .select_related("place", "industry", "owner", "municipal_department", "county_department")
        .with_year_plan(year)
    )
    if not filters.sort:
        return rows.order_by("place__order", "pk")
    column = F(SORTS[filters.sort.removeprefix("-")])
    order = column.desc(nulls_last=True) if filters.sort.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(order, "pk")


def facets(actor: Actor, filters: Filters) -> tuple[list[Facet], int]:
    """Counts for every filter and the number of rows, from one grouped query.

    A facet's own counts leave its own choice out: they say what choosing another value would give.
    """
    groups = list(_searched(actor, filters).order_by().values(*FACETS.values()).annotate(number=Count("pk")))
    found = []
    for name, column in FACETS.items():
        counts: dict[str, int] = {}
        others = {FACETS[n]: value for n, value in filters.chosen.items() if n != name}
        for group in groups:
            if all(group[c] == value for c, value in others.items()):
                counts[group[column]] = counts.get(group[column], 0) + group["number"]
        options = [
            Option(value, label, counts.get(value, 0))
            for value, label in filters.labels[name].items()
            if counts.get(value) or filters.chosen.get(name) == value
        ]
        found.append(Facet(name, FACET_TITLES[name], options, sum(counts.values())))
    chosen = {FACETS[n]: value for n, value in filters.chosen.items()}
    total = sum(g["number"] for g in groups if all(g[c] == value for c, value in chosen.items()))
    return found, total


def _searched(actor: Actor, filters: Filters) -> ProjectQuerySet:
    rows: ProjectQuerySet = Project.objects.visible_to(actor)
    if filters.owner:
        rows = rows.filter(owner=filters.owner)
    return rows.search(filters.text) if filters.text else rows


def in_words(filters: Filters, found: list[Facet]) -> str:
    """The filters as a line for the head of an export."""
    by_name = {facet.name: facet for facet in found}
    parts = [f"{by_name[name].title}：{by_name[name].label(value)}" for name, value in filters.chosen.items()]
    if filters.owner:
        parts.append(_("Owner: {name}").format(name=filters.owner.name))
    if filters.text:
        parts.append(_("Contains: {text}").format(text=filters.text))
    return "；".join(parts)
