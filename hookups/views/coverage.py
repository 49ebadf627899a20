"""Who has filed and which posts are empty, for the commission and for each office its own part (M3.4, D12)."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.offices import is_commission
from ningde_projects.projects.models import Post

from ..models.lists import ListSide
from ..selectors.coverage import OfficeRow, Uncovered, rows_for, uncovered
from .access import concerned, year_asked, years_of

ROWS = 50


@require_safe
def coverage(request: OfficeRequest) -> HttpResponse:
    """Per place, per department and per enterprise; every figure opens its projects."""
    concerned(request.actor)
    year, at = year_asked(request), request.now
    rows = rows_for(request.actor, year)
    side = request.GET.get("side", "")
    side = side if side in ListSide.values else ""
    shown = [row for row in rows if not side or row.side == side]
    return render(request, "hookups/lists/coverage.html", {
        "year": year, "years": years_of(request), "side": side, "sides": ListSide.choices,
        "counts": {value: sum(1 for row in rows if row.side == value) for value in ListSide.values},
        "total": len(rows), "before_us": any(row.before_us for row in rows),
        "rows": [(row, row.state(at), row.is_late(at)) for row in shown],
        "figures": figures_of(shown, at), "is_dispatcher": is_commission(request.actor),
    })  # fmt: skip


def figures_of(rows: list[OfficeRow], at: datetime) -> dict[str, int]:
    gaps = [gap for row in rows for gap in row.gaps]
    return {
        "offices": len(rows),
        "on_time": sum(1 for row in rows if row.is_filed and not row.is_late(at)),
        "late": sum(1 for row in rows if row.is_late(at)),
        "missing": sum(1 for row in rows if row.is_missing(at)),
        "projects": len({gap.slot.project.pk for gap in gaps}),
        "posts": len(gaps),
        "filled": sum(1 for gap in gaps if gap.now is not None),
        "lacking": len({gap.slot.project.pk for gap in gaps if gap.now is None}),
    }


def uncovered_rows(actor: Actor, year: int, office: str, post: str, place: str) -> list[Uncovered]:
    """The rows of the page and of its export alike."""
    rows = [row for row in rows_for(actor, year) if not office or str(row.office.public_id) == office]
    return [gap for gap in uncovered(rows, post) if not place or gap.place.code == place]


@require_safe
def projects(request: OfficeRequest) -> HttpResponse:
    """Projects with a post that nobody holds now."""
    concerned(request.actor)
    year = year_asked(request)
    every = rows_for(request.actor, year)
    office = request.GET.get("office", "")
    chosen = next((row.office for row in every if str(row.office.public_id) == office), None)
    post = request.GET.get("post", "")
    post = post if post in Post.values else ""
    place = request.GET.get("place", "")
    rows = uncovered_rows(request.actor, year, office if chosen else "", post, place)
    all_gaps = list(uncovered(every))
    places = {gap.place.code: gap.place for gap in all_gaps}
    return render(request, "hookups/lists/uncovered.html", {
        "year": year, "page": Paginator(rows, ROWS).get_page(request.GET.get("page")), "number": len(rows),
        "office": chosen, "post": post, "place": place if place in places else "",
        "posts": [(value, label, sum(1 for gap in all_gaps if value in gap.posts)) for value, label in Post.choices],
        "places": sorted(places.values(), key=lambda p: p.order), "total": len(all_gaps),
    })  # fmt: skip
