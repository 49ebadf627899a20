"""The cockpit (screen 05): everything on it opens its list and equals it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Level
from ningde_projects.projects.selectors import Thresholds
from ningde_projects.shell.tile_map import Tile
from reports.selectors.months import known_months, month_bar

from ..policies.cockpit import may_read
from ..selectors import cockpit as read
from ..services import totals

#: The columns of the table that count reports, with the heat scale of each.
_REPORT_COLUMNS = (("missing", "r"), ("late", "a"), ("returned", "a"), ("waiting", "s"))
_LIGHT_COLUMNS = (("red", "r", "r"), ("amber", "y", "a"), ("green", "g", "s"))
#: Lower ends of the steps of the tile map, per cent of a place's projects that lag.
_STEPS = (8, 11, 14, 17)


@require_safe
def cockpit(request: OfficeRequest) -> HttpResponse:
    """The month at a glance; it keeps itself fresh and says up to when it was counted."""
    if not may_read(request.actor):
        raise Http404
    scope = read.Scope.read(request.GET.dict(), request.now)
    totals.refresh(scope.month, request.now)
    view = read.cockpit(scope, request.now)
    counts, said = view.total.counts, view.total.said
    bar = month_bar(
        scope.month, request.now, "D4",
        filed={"done": counts["filed"], "total": counts["due"]},
        forwarded={"done": view.forwarded, "total": view.counties},
        opinions={"done": said["sent"], "total": said["asked"]},
    )  # fmt: skip
    return render(request, "dispatch/cockpit/cockpit.html", {
        "view": view, "scope": scope, "bar": bar, "months": known_months(), "levels": Level.choices[:2],
        "target": Thresholds(scope.month)["on_time_target"], "table": [_row(scope, row) for row in view.rows],
        "totals": _row(scope, view.total), "tiles": [_tile(scope, row) for row in view.rows],
        "largest": _largest(view), "steps": _STEPS, "bars": _bars(view), "trend": _trend(view),
        "change": _change(view), "listed": sum(number for _value, _word, number in view.tiers),
        "tiers": [
            (word, number, "" if scope.is_narrowed
             else f"{reverse('dispatch:list')}?{urlencode({'month': str(scope.month), 'tier': value})}", css)
            for (value, word, number), css in zip(view.tiers, ("k-county", "k-dept", "k-city"), strict=True)
        ],
        "oldest": [(item, (local_date(request.now) - local_date(item.issued_at)).days if item.issued_at else 0)
                   for item in view.oldest],
        "urls": {
            "filed": scope.reports_url("filed"), "nil": scope.reports_url("nil"), "red": scope.lag_url("r"),
            "amber": scope.lag_url("y"), "green": scope.lag_url("g"), "all_lights": scope.lag_url(""),
            **{name: scope.problems_url(name) for name in read.SAID},
        },
    })  # fmt: skip


def _row(scope: read.Scope, row: read.PlaceRow) -> dict[str, Any]:
    """The cells of one place, or of the whole city: number, list behind it, heat scale."""
    place = row.place.code if row.place else ""
    return {
        "row": row, "name": row.place.name if row.place else "",
        "due": (row.counts["due"], scope.reports_url("due", place)),
        "reports": [(s, row.counts[s], scope.reports_url(s, place), heat) for s, heat in _REPORT_COLUMNS],
        "to_forward": (row.to_forward, scope.reports_url("accepted", place)),
        "lights": [(s, row.counts[s], scope.lag_url(code, place), heat) for s, code, heat in _LIGHT_COLUMNS],
    }  # fmt: skip


def _largest(view: read.Cockpit) -> dict[str, int]:
    names = [name for name, *_rest in (*_REPORT_COLUMNS, *_LIGHT_COLUMNS)]
    found = {name: max((row.counts[name] for row in view.rows), default=1) for name in names}
    return found | {"to_forward": max((row.to_forward for row in view.rows), default=1)}


def _tile(scope: read.Scope, row: read.PlaceRow) -> Tile:
    share = row.red_percent
    name = row.place.short_name if row.place else ""
    if share is None:
        return Tile(name, "—", 0)
    level = 0 if not row.counts["red"] else 1 + sum(1 for step in _STEPS if share >= step)
    return Tile(
        name,
        f"{row.counts['red']} · {share:.1f}%",
        level,
        scope.lag_url("r", row.place.code if row.place else ""),
    )


def _bars(view: read.Cockpit) -> list[dict[str, Any]]:
    """Problems of each place by category, the most first: (number, colour, words, list behind it)."""
    rows = sorted((row for row in view.rows if row.problems), key=lambda row: -row.problems)
    return [
        {
            "name": row.place.name if row.place else "", "total": row.problems,
            "url": view.scope.problems_url(place=row.place.code if row.place else ""),
            "parts": [(row.categories.get(code, 0), f"k-{n}") for n, (code, _name) in _coloured(view)],
            "words": "，".join(f"{name} {row.categories[code]}" for code, name in view.categories
                              if row.categories.get(code)),
            "cells": [(row.categories.get(code, 0),
                       view.scope.problems_url(place=row.place.code if row.place else "", category=code))
                      for code, _name in view.categories],
        }
        for row in rows
    ]  # fmt: skip


def _coloured(view: read.Cockpit) -> list[tuple[int, tuple[str, str]]]:
    return [(1 + n % 7, category) for n, category in enumerate(view.categories)]


def _trend(view: read.Cockpit) -> dict[str, Any]:
    rows = view.months
    return {
        "rows": rows,
        "problems": max((sums.said["unsettled"] for _m, sums in rows), default=1) or 1,
        "red": max((sums.counts["red"] for _m, sums in rows), default=1) or 1,
    }


def _change(view: read.Cockpit) -> Any:
    """Points gained or lost in the on-time rate against the month before; None without one of the two."""
    now, before = view.total.on_time_percent, view.before.on_time_percent
    return None if now is None or before is None else now - before
