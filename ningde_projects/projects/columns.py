"""The columns of the list of projects as a registry: page and export read the same value of the same column.

    columns.register(ListColumn("problems", _("Open problems"), "count", lambda row: row.loaded(open_problems), order=90))

Later rooms compute in sets: a loader answers for all projects asked for at once, never for one row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from ningde_projects.documents.values import Kind
from ningde_projects.organizations.actor import Actor
from ningde_projects.shell.together import Rows, rows_together

from .models import Project

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Values by project for this person at this instant; ids None asks for every project that he sees.
Loader = Callable[[Actor, datetime, "Collection[int] | None"], Mapping[int, Any]]
#: How a cell is drawn; the export writes the value as `kind` says.
Look = Literal[
    "text", "short", "mute", "wan", "percent", "rate", "light", "count", "hot", "day", "level", "stage"
]


@dataclass(frozen=True, eq=False)
class RowLoader:
    """A loader that says which rows it needs, so that one statement reads those of many loaders.

    `read` makes its answer of them; it may ask `loaded` for what the loaders in `needs` answer.
    """

    rows: Callable[[Actor, datetime, Collection[int] | None], Mapping[str, QuerySet[Any, Any]]]
    read: Callable[[Loaded, Mapping[str, Rows]], Mapping[int, Any]]
    needs: tuple[RowLoader, ...] = ()

    def __call__(self, actor: Actor, at: datetime, ids: Collection[int] | None) -> Mapping[int, Any]:
        return Loaded(actor, at, ids).of(self)


class Loaded:
    """What loaders have answered, once each. `ids` None: for the whole list, so that it can be sorted by it."""

    def __init__(self, actor: Actor, at: datetime, ids: Collection[int] | None = None) -> None:
        self.actor, self.at, self.ids = actor, at, ids
        self._rows: dict[RowLoader, dict[str, Rows]] = {}
        self._answers: dict[Loader, Mapping[int, Any]] = {}
        self._whole: Loaded | None = None

    def together(self, loaders: Iterable[Loader], beside: QuerySet[Any, Any] | None = None) -> Rows:
        """Read the rows of all these loaders in one statement; each makes its answer when it is first asked for.

        Answers the rows of `beside`, which the same statement reads.
        """
        wanted: dict[RowLoader, None] = {}
        for loader in loaders:
            if isinstance(loader, RowLoader):
                wanted |= dict.fromkeys((*loader.needs, loader))
        asked: dict[tuple[RowLoader | None, str], QuerySet[Any, Any]] = {
            (loader, name): rows
            for loader in wanted
            if not self._knows(loader)
            for name, rows in loader.rows(self.actor, self.at, self.ids).items()
        }
        if beside is not None:
            asked[None, ""] = beside
        found = rows_together(asked)
        others = found.pop((None, ""), [])
        for (reader, name), rows in found.items():
            if reader is not None:
                self._rows.setdefault(reader, {})[name] = rows
        return others

    def of(self, loader: Loader) -> Mapping[int, Any]:
        if self._whole is not None and self._whole._knows(loader):
            return self._whole.of(loader)
        if loader not in self._answers:
            self._answers[loader] = self._read(loader)
        return self._answers[loader]

    def _read(self, loader: Loader) -> Mapping[int, Any]:
        if not isinstance(loader, RowLoader):
            return loader(self.actor, self.at, self.ids)
        self.together([loader])
        return loader.read(self, self._rows.get(loader, {}))

    def _knows(self, loader: Loader) -> bool:
        return loader in self._answers or loader in self._rows

    def for_page(self, ids: Collection[int]) -> Loaded:
        """The same answers where there are any, others asked for these rows only."""
        page = Loaded(self.actor, self.at, ids)
        page._whole = self
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
    #: What `value` looks at beside the project itself, its place, industry and owner.
    relations: tuple[str, ...] = ()
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
    value: Any
    drawn: SafeString


@dataclass(frozen=True)
class FacetKind:
    """One filter of the list. `column` is read with the rows; else `load` answers, `missing` where it has nothing."""

    name: str
    title: StrOrPromise
    #: Every value with its word; of a table: the rows (value, word) in their order.
    labels: Callable[[], Mapping[str, str | Promise] | QuerySet[Any, Any]]
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
