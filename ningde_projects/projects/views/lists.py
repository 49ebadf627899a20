"""The list of projects and the same rows as a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell.queries import changed_query

from .. import policies
from ..cells import Drawer
from ..columns import ListColumn, Row, all_columns, usual_columns
from ..kept import Kept, kept_by
from ..lists import NAME, Facet, Filters, Listing, cells_of, known_columns, read_filters, sortable
from ..models import Project
from ..policies import reading_refusal
from ..registration import kind_shown
from ..titles import list_title

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ROWS = 50


def readable(actor: Actor) -> None:
    """The 403 page with its reason for those who have no list of projects at all."""
    if reason := reading_refusal(actor):
        raise PermissionDenied(reason)


class ListedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages over the keys; only the rows of the page asked for are read."""

    def __init__(self, listing: Listing, columns: list[ListColumn]) -> None:
        super().__init__(listing.ids, ROWS)
        self._listing, self._columns = listing, columns
        self._drawers = [Drawer(column, listing.year) for column in columns]

    @cached_property
    def count(self) -> int:
        return len(self._listing.ids)

    def page(self, number: int | str) -> Page[Project]:
        page = super().page(number)
        rows = self._listing.rows(list(page.object_list), self._columns)
        page.object_list = [self._drawn(row) for row in rows]
        return page

    def _drawn(self, row: Row) -> Project:
        row.project.cells = cells_of(row, self._drawers)  # type: ignore[attr-defined]
        return row.project


@dataclass(frozen=True)
class SortLink:
    """A column heading that sorts: first falling for sums and times, rising for names, then the other way."""

    href: str
    direction: str


def sort_links(request: HttpRequest, chosen: str) -> dict[str, SortLink]:
    links = {}
    for name in sortable():
        falling = f"-{name}"
        rises_first = name in (NAME, "place", "light")
        first, second = (name, falling) if rises_first else (falling, name)
        target = {first: second, second: ""}.get(chosen, first)
        direction = {name: "ascending", falling: "descending"}.get(chosen, "")
        links[name] = SortLink(changed_query(request.GET, {"sort": target}), direction)
    return links


@dataclass(frozen=True)
class Head:
    """One column heading; `sort` is None where nothing sorts."""

    key: str
    label: str
    is_numeric: bool
    sort: SortLink | None


@dataclass(frozen=True)
class Menu:
    """A filter with many values, as a menu of links."""

    title: StrOrPromise
    options: list[tuple[str, int, str, bool]]
    more: bool = False


def menus(request: HttpRequest, filters: Filters, found: list[Facet]) -> list[Menu]:
    """(words, count, address, chosen) per value; the chosen one takes itself away. One value alone is no choice."""
    shown = []
    for facet in found:
        chosen = filters.chosen.get(facet.name)
        if facet.name == "stage" or (len(facet.options) < 2 and not chosen):
            continue
        options = [
            (
                option.label,
                option.count,
                changed_query(
                    request.GET, {facet.name: None if option.value == chosen else option.value, "view": None}
                ),
                option.value == chosen,
            )
            for option in facet.options
        ]
        shown.append(Menu(facet.title, options, facet.kind.more))
    return shown


@dataclass(frozen=True)
class Columns:
    """Those shown, with where the choice comes from."""

    shown: list[ListColumn]
    own: bool
    choice: list[tuple[ListColumn, str, bool]] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.shown]


def columns_of(kept: Kept, filters: Filters, year: int) -> Columns:
    """From the address, else as kept for the person, else the usual ones."""
    keys = filters.columns or known_columns(kept.columns)
    own = bool(keys)
    wanted = set(keys or usual_columns())
    every = all_columns()
    return Columns(
        [column for column in every if column.key in wanted], own,
        [(column, column.heading(year), column.key in wanted) for column in every],
    )  # fmt: skip


def heads(columns: Columns, sorts: dict[str, SortLink], year: int) -> list[Head]:
    return [Head(c.key, c.heading(year), c.is_numeric, sorts.get(c.key)) for c in columns.shown]


@require_safe
def project_list(request: OfficeRequest) -> HttpResponse:
    """All projects that this person sees; every filter stands in the address."""
    actor = request.actor
    readable(actor)
    kept = kept_by(actor.user)
    first = next((view for view in kept.views if view.is_default), None)
    if first is not None and not request.GET:
        return HttpResponseRedirect(f"{request.path}?{first.query or 'view=all'}")
    filters = read_filters({name: str(value) for name, value in request.GET.items()})
    listing = Listing(actor, request.now, filters)
    found, columns = listing.facets(), columns_of(kept, filters, listing.year)
    page = ListedPaginator(listing, columns.shown).get_page(request.GET.get("page", 1))
    sorts, address = sort_links(request, filters.sort), filters.address()
    shown = menus(request, filters, found)
    return render(
        request,
        "projects/list.html",
        {
            "title": list_title(kind_shown(actor)),
            "page": page,
            "number": len(listing.ids),
            "year": listing.year,
            "filters": filters,
            "stages": next(facet for facet in found if facet.name == "stage"),
            "menus": shown,
            "first_menus": [menu for menu in shown if not menu.more],
            "more_menus": [menu for menu in shown if menu.more],
            "chosen": chosen_chips(filters, found),
            "sorts": sorts,
            "heads": heads(columns, sorts, listing.year),
            "columns": columns,
            "export_columns": ",".join(columns.keys),
            "views": [(view, view.query == address) for view in kept.views],
            "view": next((view for view in kept.views if view.query == address), None),
            "address": address,
            "county": actor.organisation.place.name,
            "can_create": isinstance(policies.creating_right(actor), Held),
            "clear_url": f"{request.path}?view=all",
        },
    )


def chosen_chips(filters: Filters, found: list[Facet]) -> list[tuple[str, str, str, int | None]]:
    """(parameter, value, words, rows with it) of every filter that is on, each removable."""
    chips: list[tuple[str, str, str, int | None]] = []
    for facet in found:
        if facet.name in filters.chosen:
            value = filters.chosen[facet.name]
            count = next((option.count for option in facet.options if option.value == value), 0)
            chips.append((facet.name, value, f"{facet.title}：{facet.label(value)}", count))
    if filters.owner:
        chips.append(("owner", str(filters.owner.public_id), filters.owner.name, None))
    if filters.text:
        chips.append(("q", filters.text, _("Contains “{text}”").format(text=filters.text), None))
    return chips
