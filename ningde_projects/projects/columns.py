"""The columns of the list of projects as a registry: page and export read the same value of the same column.

    columns.register(ListColumn("problems", _("Open problems"), "count", lambda row: row.loaded(open_problems), order=90))

Later rooms compute in sets: a loader answers for all projects asked for at once, never for one row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.utils.functional import Promise

from ningde_projects.documents.values import Kind
from ningde_projects.organizations.actor import Actor

from .models import Project

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Values by project for this person at this instant; ids None asks for every project that he sees.
Loader = Callable[[Actor, datetime, "Collection[int] | None"], Mapping[int, Any]]
#: How a cell is drawn; the export writes the value as `kind` says.
Look = Literal[
    "text", "short", "mute", "wan", "percent", "rate", "light", "count", "hot", "day", "level", "stage"
]


class Loaded:
    """What loaders have answered, once each. `ids` None: for the whole list, so that it can be sorted by it."""

    def __init__(self, actor: Actor, at: datetime, ids: Collection[int] | None = None) -> None:
        self.actor, self.at, self.ids = actor, at, ids
        self._answers: dict[Loader, Mapping[int, Any]] = {}

    def of(self, loader: Loader) -> Mapping[int, Any]:
        if loader not in self._answers:
            self._answers[loader] = loader(self.actor, self.at, self.ids)
        return self._answers[loader]

    def for_page(self, ids: Collection[int]) -> Loaded:
        """The same answers where there are any, others asked for these rows only."""
        page = Loaded(self.actor, self.at, ids)
        page._answers = dict(self._answers)
        return page


@dataclass(frozen=True)
class Row:
    """One project of the list with what was loaded for it."""

    project: Project
    answers: Loaded

    def loaded(self, loader: Loader) -> Any:
        return self.answers.of(loader).get(self.project.pk)


@dataclass(frozen=True)
class ListColumn:
    """One column. `sort` names a column of the table; `sort_by` sorts by what a loader answers, None last."""

    key: str
    title: StrOrPromise
    look: Look
    value: Callable[[Row], Any]
    order: int
    kind: Kind = "text"
    usual: bool = True
    sort: str = ""
    sort_by: tuple[Loader, Callable[[Any], Any]] | None = None
    width: float = 14
    #: On a phone the row is a card; what is not needed there is left out.
    on_phone: bool = True
    #: What the export writes, when it is not what the page draws.
    written: Callable[[Row], Any] | None = None
    #: A title that names the year.
    by_year: bool = False

    @property
    def is_numeric(self) -> bool:
        return self.look in ("wan", "percent", "count", "hot", "day")

    @property
    def sorts(self) -> bool:
        return bool(self.sort or self.sort_by)

    def heading(self, year: int) -> str:
        title = str(self.title)
        return title.format(year=year) if self.by_year else title

    def writing(self, row: Row) -> Any:
        return (self.written or self.value)(row)


@dataclass(frozen=True)
class Cell:
    """What one row shows in one column."""

    column: ListColumn
    heading: str
    value: Any


@dataclass(frozen=True)
class FacetKind:
    """One filter of the list. `column` is read with the rows; else `load` answers, `missing` where it has nothing."""

    name: str
    title: StrOrPromise
    labels: Callable[[], Mapping[str, str | Promise]]
    order: int
    column: str = ""
    load: Loader | None = None
    read: Callable[[Any], str] = str
    missing: str = ""
    #: Stands under “more filters”.
    more: bool = False


_columns: dict[str, ListColumn] = {}
_facets: dict[str, FacetKind] = {}


def register(*columns: ListColumn) -> None:
    for column in columns:
        if column.key in _columns:
            raise ValueError(f"column {column.key} is registered twice")
        _columns[column.key] = column


def register_facet(*facets: FacetKind) -> None:
    for facet in facets:
        if facet.name in _facets:
            raise ValueError(f"filter {facet.name} is registered twice")
        _facets[facet.name] = facet


def all_columns() -> list[ListColumn]:
    return sorted(_columns.values(), key=lambda c: (c.order, c.key))


def all_facets() -> list[FacetKind]:
    return sorted(_facets.values(), key=lambda f: (f.order, f.name))


def usual_columns() -> list[str]:
    return [column.key for column in all_columns() if column.usual]
