"""储备项目库: the filters and columns that live in the address, with their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.organizations.models import Industry, Organisation, Place
from ningde_projects.projects.lists import LONGEST_SEARCH, Option
from ningde_projects.projects.models import Stage

from ..models import Direction, Maturity
from ..querysets.records import POOL_STAGES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Parameter of the address -> what it filters on.
FACETS: dict[str, str] = {
    "stage": "stage",
    "maturity": "reserve_record__maturity",
    "place": "place__code",
    "industry": "industry__code",
    "department": "municipal_department__public_id",
    "direction": "reserve_record__directions",
    "stale": "is_stale",
    "lapsing": "is_lapsing",
    "proposed": "is_proposed",
}
FACET_TITLES: dict[str, StrOrPromise] = {
    "stage": gettext_lazy("Stage"),
    "maturity": gettext_lazy("Maturity"),
    "place": gettext_lazy("County"),
    "industry": gettext_lazy("Industry"),
    "department": gettext_lazy("Municipal industry department"),
    "direction": gettext_lazy("Policy directions"),
    "stale": pgettext_lazy("reserve", "Not updated for long"),
    "lapsing": pgettext_lazy("reserve", "Approvals about to lapse"),
    "proposed": pgettext_lazy("reserve", "Exit proposed"),
}
FLAGS = ("stale", "lapsing", "proposed")
#: Which part of the register: what is in the pool, what left it, what was merged.
PARTS: dict[str, Q] = {
    "in": Q(stage__in=POOL_STAGES),
    "exited": Q(stage=Stage.EXITED, reserve_record__status="exited"),
    "merged": Q(reserve_record__status="merged"),
}
SORTS: dict[str, str] = {
    "name": "name",
    "total": "total_investment",
    "start": "reserve_record__planned_start",
    "updated": "reserve_record__last_updated_at",
    "items": "items_done",
}
#: Columns that can be chosen, in the order shown; those of DEFAULT_COLUMNS stand there unasked.
COLUMNS: dict[str, StrOrPromise] = {
    "place": gettext_lazy("County"),
    "industry": gettext_lazy("Industry"),
    "level": gettext_lazy("Level"),
    "stage": gettext_lazy("Stage"),
    "maturity": gettext_lazy("Maturity"),
    "items": gettext_lazy("Preliminary items"),
    "total": gettext_lazy("Total investment"),
    "start": gettext_lazy("Planned start"),
    "directions": gettext_lazy("Policy directions"),
    "department": gettext_lazy("Municipal industry department"),
    "county_department": gettext_lazy("County industry department"),
    "since": pgettext_lazy("reserve", "In the pool since"),
    "updated": gettext_lazy("Updated"),
}
DEFAULT_COLUMNS = ("place", "industry", "stage", "maturity", "items", "total", "start", "updated")


@dataclass(frozen=True)
class Filters:
    """What the address asks for; what it asks wrongly is left out and named in `unknown`."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    part: str = "in"
    text: str = ""
    sort: str = ""
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    unknown: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_set(self) -> bool:
        return bool(self.chosen or self.text)


@dataclass(frozen=True)
class Facet:
    name: str
    title: StrOrPromise
    options: list[Option]
    total: int

    def label(self, value: str) -> str:
        return next((option.label for option in self.options if option.value == value), value)


def read_filters(query: Mapping[str, str], columns: Sequence[str] = ()) -> Filters:
    """From the address; never raises. `columns`: every value of `col`."""
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
    text = " ".join(query.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]
    part = query.get("part", "in")
    shown = tuple(name for name in COLUMNS if name in columns) or DEFAULT_COLUMNS
    return Filters(chosen, part if part in PARTS else "in", text, sort, shown, tuple(unknown), labels)


def facet_labels() -> dict[str, dict[str, str]]:
    """Every value of every facet with its word (three queries)."""
    yes = {"yes": _("Yes")}
    departments = Organisation.objects.filter(led_projects_municipal__isnull=False).distinct()
    return {
        "stage": {str(s.value): str(s.label) for s in (Stage.RESERVE, Stage.PRELIMINARY)},
        "maturity": {str(code): str(word) for code, word in Maturity.choices},
        "place": dict(Place.objects.values_list("code", "name")),
        "industry": dict(Industry.objects.values_list("code", "name")),
        "department": {str(key): name for key, name in departments.values_list("public_id", "short_name")},
        "direction": {str(code): str(word) for code, word in Direction.choices},
        "stale": yes,
        "lapsing": yes,
        "proposed": yes,
    }


def in_words(filters: Filters, found: list[Facet]) -> str:
    """The filters as a line for the head of an export."""
    by_name = {facet.name: facet for facet in found}
    parts = [f"{by_name[name].title}：{by_name[name].label(value)}" for name, value in filters.chosen.items()]
    if filters.text:
        parts.append(_("Contains: {text}").format(text=filters.text))
    return "；".join(parts)
