"""The list of projects and the same rows as a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ningde_projects.organizations.actor import Held
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import reporting_month
from ningde_projects.shell.queries import changed_query

from .. import policies
from ..lists import SORTS, Facet, Filters, facets, listed, read_filters
from ..policies import reading_refusal
from ..querysets import ProjectQuerySet
from ..registration import kind_shown
from ..titles import list_title

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ROWS = 50


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """The number of rows is known from the counts of the filters."""

    def __init__(self, rows: ProjectQuerySet, per_page: int, number: int) -> None:
        super().__init__(rows, per_page)
        self._number = number

    @cached_property
    def count(self) -> int:
        return self._number


@dataclass(frozen=True)
class SortLink:
    """A column heading that sorts: first falling for sums and times, rising for names, then the other way."""

    href: str
    direction: str


def sort_links(request: HttpRequest, chosen: str) -> dict[str, SortLink]:
    links = {}
    for name in SORTS:
        falling = f"-{name}"
        first = name if name == "name" else falling
        second = falling if first == name else name
        target = {first: second, second: ""}.get(chosen, first)
        direction = {name: "ascending", falling: "descending"}.get(chosen, "")
        links[name] = SortLink(changed_query(request.GET, {"sort": target}), direction)
    return links


@dataclass(frozen=True)
class Menu:
    """A filter with many values, as a menu of links."""

    title: StrOrPromise
    options: list[tuple[str, int, str, bool]]


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
                changed_query(request.GET, {facet.name: None if option.value == chosen else option.value}),
                option.value == chosen,
            )
            for option in facet.options
        ]
        shown.append(Menu(facet.title, options))
    return shown


@require_safe
def project_list(request: OfficeRequest) -> HttpResponse:
    """All projects that this person sees; every filter stands in the address."""
    actor = request.actor
    if reason := reading_refusal(actor):
        raise PermissionDenied(reason)
    filters = read_filters(request.GET)
    year = reporting_month(request.now).year
    found, number = facets(actor, filters)
    pages = CountedPaginator(listed(actor, filters, year), ROWS, number)
    try:
        page = pages.page(request.GET.get("page", 1))
    except PageNotAnInteger:
        page = pages.page(1)
    except EmptyPage:
        page = pages.page(pages.num_pages)
    return render(
        request,
        "projects/list.html",
        {
            "title": list_title(kind_shown(actor)),
            "page": page,
            "number": number,
            "year": year,
            "filters": filters,
            "stages": next(facet for facet in found if facet.name == "stage"),
            "menus": menus(request, filters, found),
            "chosen": chosen_chips(filters, found),
            "sorts": sort_links(request, filters.sort),
            "county": actor.organisation.place.name,
            "can_create": isinstance(policies.creating_right(actor), Held),
            "clear_url": request.path,
        },
    )


def chosen_chips(filters: Filters, found: list[Facet]) -> list[tuple[str, str, str]]:
    """(parameter, value, words) of every filter that is on, each removable."""
    chips = [
        (facet.name, filters.chosen[facet.name], facet.label(filters.chosen[facet.name]))
        for facet in found
        if facet.name in filters.chosen
    ]
    if filters.owner:
        chips.append(("owner", str(filters.owner.public_id), filters.owner.name))
    if filters.text:
        chips.append(("q", filters.text, _("Contains “{text}”").format(text=filters.text)))
    return chips
