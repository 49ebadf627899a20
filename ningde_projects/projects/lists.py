"""The list of projects: filters that live in the address, their counts, the order. Page and export ask the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import reporting_month
from ningde_projects.shell.together import rows_together

from .cells import Drawer
from .columns import Cell, FacetKind, ListColumn, Loaded, Loader, Row, all_columns, all_facets
from .list_columns import year_plans
from .models import Project
from .querysets import ProjectQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_SEARCH = 60
#: The column that stands first whatever is chosen; it sorts by name.
NAME = "name"
_CHUNK = 500
_DEPARTMENTS = frozenset({"municipal_department", "county_department"})


@dataclass(frozen=True)
class Filters:
    """What the address asks for; what it asks wrongly is left out and named in `unknown`."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    owner: Organisation | None = None
    text: str = ""
    sort: str = ""
    #: Keys of the columns asked for; empty: the person's own choice, else the usual ones.
    columns: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    #: Every value of every filter with its word; read with the address, used again for the counts.
    labels: Mapping[str, Mapping[str, str | Promise]] = field(default_factory=dict)

    @property
    def is_set(self) -> bool:
        return bool(self.chosen or self.owner or self.text)

    def address(self, columns: Iterable[str] = ()) -> str:
        """The same as a query, in one order, so that two views can be compared."""
        pairs = sorted(self.chosen.items())
        if self.owner:
            pairs.append(("owner", str(self.owner.public_id)))
        pairs += [(name, value) for name, value in (("q", self.text), ("sort", self.sort)) if value]
        wanted = ",".join(columns or self.columns)
        return urlencode([*pairs, ("cols", wanted)] if wanted else pairs)


@dataclass(frozen=True)
class Option:
    """One value of a filter, with how many projects it would leave."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    kind: FacetKind
    options: list[Option]
    total: int

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def title(self) -> StrOrPromise:
        return self.kind.title

    def label(self, value: str) -> str:
        return next((option.label for option in self.options if option.value == value), value)


def read_filters(query: Mapping[str, str]) -> Filters:
    """From the address; never raises."""
    labels = _labels()
    chosen, unknown = {}, []
    for facet in all_facets():
        value = query.get(facet.name, "")
        if value and value in labels[facet.name]:
            chosen[facet.name] = value
        elif value:
            unknown.append(str(facet.title))
    sort = query.get("sort", "")
    if sort and sort.removeprefix("-") not in sortable():
        unknown.append(_("Order"))
        sort = ""
    owner = None
    if query.get("owner"):
        owner = _owner(query["owner"])
        unknown += [] if owner else [_("Owner")]
    columns = _columns(query.get("cols", ""))
    if columns is None:
        unknown.append(_("Columns"))
    text = " ".join(query.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]
    return Filters(chosen, owner, text, sort, columns or (), tuple(unknown), labels)


def _labels() -> dict[str, Mapping[str, str | Promise]]:
    """The words of every filter; those that stand in tables are read together."""
    found = {facet.name: facet.labels() for facet in all_facets()}
    rows = rows_together({name: words for name, words in found.items() if isinstance(words, QuerySet)})
    return {name: dict(rows[name]) if isinstance(words, QuerySet) else words for name, words in found.items()}


def _columns(text: str) -> tuple[str, ...] | None:
    """The known keys in the order of the list; None when something else was asked for."""
    wanted = [key for key in text.split(",") if key]
    known = known_columns(wanted)
    return known if len(known) == len(set(wanted)) else None


def known_columns(keys: Iterable[str]) -> tuple[str, ...]:
    wanted = set(keys)
    return tuple(column.key for column in all_columns() if column.key in wanted)


def sortable() -> dict[str, ListColumn | None]:
    return {NAME: None} | {column.key: column for column in all_columns() if column.sorts}


def _owner(public_id: str) -> Organisation | None:
    try:
        key = UUID(public_id)
    except ValueError:
        return None
    return Organisation.objects.filter(public_id=key, kind=OrgKind.OWNER).first()


class Listing:
    """One reading of the list: every visible project once with its filter values, then only the rows of a page.

    The number of queries is fixed; counts of filters are taken over values already read.
    """

    def __init__(self, actor: Actor, at: datetime, filters: Filters) -> None:
        self.actor, self.filters = actor, filters
        self.year = reporting_month(at).year
        self.loaded = Loaded(actor, at)
        self.kinds = all_facets()
        self._chosen = [
            (n, filters.chosen[k.name]) for n, k in enumerate(self.kinds) if k.name in filters.chosen
        ]
        self._values = self._read()
        self.ids = self._sorted([pk for pk, values in self._values.items() if not self._misses(values)])

    def _read(self) -> dict[int, tuple[str, ...]]:
        """By project, in the order asked for: its value of every filter."""
        own = [kind.column for kind in self.kinds if kind.column]
        listed = _searched(self.actor, self.filters).order_by(*self._order()).values_list("pk", *own)
        rows = self.loaded.together(self._loaders(), listed)
        ids = [row[0] for row in rows]
        values: list[list[str]] = []
        for kind in self.kinds:
            if kind.load:
                answers, read, missing = self.loaded.of(kind.load), kind.read, kind.missing
                values.append([read(answers[pk]) if pk in answers else missing for pk in ids])
            else:
                place = 1 + own.index(kind.column)
                values.append([row[place] or kind.missing for row in rows])
        return dict(zip(ids, zip(*values, strict=True), strict=True))

    def _loaders(self) -> Iterator[Loader]:
        """What the filters and the order need of every project."""
        for kind in self.kinds:
            if kind.load:
                yield kind.load
        column = sortable().get(self.filters.sort.removeprefix("-"))
        if column is not None and column.sort_by is not None:
            yield column.sort_by[0]

    def _order(self) -> list[Any]:
        name = self.filters.sort.removeprefix("-")
        column = sortable().get(name)
        source = NAME if name == NAME else column.sort if column else ""
        if not source:
            return ["place__order", "pk"]
        falling = self.filters.sort.startswith("-")
        return [F(source).desc(nulls_last=True) if falling else F(source).asc(nulls_last=True), "pk"]

    def _sorted(self, ids: list[int]) -> list[int]:
        column = sortable().get(self.filters.sort.removeprefix("-"))
        if column is None or column.sort_by is None:
            return ids
        loader, key = column.sort_by
        answers = self.loaded.of(loader)
        keys: dict[int, Any] = {pk: key(answers[pk]) if pk in answers else None for pk in ids}
        stated = [pk for pk in ids if keys[pk] is not None]
        stated.sort(key=keys.__getitem__, reverse=self.filters.sort.startswith("-"))
        return [*stated, *(pk for pk in ids if keys[pk] is None)]

    def _misses(self, values: tuple[str, ...]) -> list[int]:
        """The filters that this project does not pass, by their place."""
        return [number for number, value in self._chosen if values[number] != value]

    def facets(self) -> list[Facet]:
        """A filter's own counts leave its own choice out: they say what choosing another value would give."""
        counts: list[dict[str, int]] = [{} for _kind in self.kinds]
        for values, times in Counter(self._values.values()).items():
            misses = self._misses(values)
            for number, count in enumerate(counts):
                if not misses or misses == [number]:
                    count[values[number]] = count.get(values[number], 0) + times
        return [self._facet(kind, count) for kind, count in zip(self.kinds, counts, strict=True)]

    def _facet(self, kind: FacetKind, counts: Mapping[str, int]) -> Facet:
        chosen = self.filters.chosen.get(kind.name)
        options = [
            Option(value, str(label), counts.get(value, 0))
            for value, label in self.filters.labels[kind.name].items()
            if counts.get(value) or chosen == value
        ]
        return Facet(kind, options, sum(counts.values()))

    def rows(self, ids: list[int], columns: Iterable[ListColumn] | None = None) -> list[Row]:
        """These projects in this order, with everything that these columns show (every fact, without any)."""
        relations = (
            {name for column in columns for name in column.relations} if columns is not None else _DEPARTMENTS
        )
        found: ProjectQuerySet = (
            Project.objects.visible_to(self.actor)
            .filter(pk__in=ids)
            .select_related("place", "industry", "owner", *relations)
            .order_by()
        )
        answers, by_pk = self.loaded.for_page(ids), {project.pk: project for project in found}
        plans = answers.of(year_plans)
        for pk, project in by_pk.items():
            project.year_plan = plans.get(pk)
        return [Row(by_pk[pk], answers) for pk in ids if pk in by_pk]

    def all_rows(self) -> Iterator[Row]:
        """For the export: a few hundred at a time."""
        for start in range(0, len(self.ids), _CHUNK):
            yield from self.rows(self.ids[start : start + _CHUNK])


def cells_of(row: Row, drawers: Iterable[Drawer]) -> list[Cell]:
    values = ((drawer, drawer.column.value(row)) for drawer in drawers)
    return [Cell(drawer.column, value, drawer.cell(value)) for drawer, value in values]


def _searched(actor: Actor, filters: Filters) -> ProjectQuerySet:
    rows: ProjectQuerySet = Project.objects.visible_to(actor)
    if filters.owner:
        rows = rows.filter(owner=filters.owner)
    return rows.search(filters.text) if filters.text else rows


def in_words(filters: Filters) -> str:
    """The filters as a line for the head of an export."""
    titles = {kind.name: kind.title for kind in all_facets()}
    parts = [f"{titles[name]}：{filters.labels[name][value]}" for name, value in filters.chosen.items()]
    if filters.owner:
        parts.append(_("Owner: {name}").format(name=filters.owner.name))
    if filters.text:
        parts.append(_("Contains: {text}").format(text=filters.text))
    return "；".join(parts)
