"""Who has met his duty to meet this month or quarter, and who has not (M4.2, D7, D8)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month

from ..models.meetings import SessionKind
from ..policies.meetings import desks
from ..selectors import gaps as read
from .access import at_work
from .meetings import periods

ROWS = 50


@require_safe
def gaps(request: OfficeRequest) -> HttpResponse:
    at_work(request.actor)
    found = read.read_gaps(request.actor, request.GET, request.now)
    if found is None:
        raise PermissionDenied(
            _(
                "This page is for counties, municipal departments and the commission: who has held the meetings that are "
                "due."
            )
        )
    words = {
        "": _("All"), "gap": pgettext("duty", "Not held"), "met": pgettext("duty", "Held"),
        "late": _("Recorded late"),
    }  # fmt: skip
    counts = {"": sum(found.states.values()), **found.states}
    filters = found.filters
    last = filters.period if isinstance(filters.period, Month) else filters.period.last_month
    context = {
        "gaps": found, "filters": filters, "page": Paginator(found.shown, ROWS).get_page(request.GET.get("page")),
        "states": [(state, words[state], counts[state]) for state in ("", "gap", "met", "late")],
        "kinds": [(k.value, k.label) for k in SessionKind if k in read.scopes(request.actor)],
        "periods": periods(Month.at(request.now), filters.kind), "ends": last.end, "is_over": request.now >= last.end,
        "leds": found.led, "desks": desks(request.actor),
        "leader": next((row.leader for row in found.shown if filters.leader), None),
        "places": len(found.tallies) > 1 or bool(filters.place),
    }  # fmt: skip
    return render(request, "hookups/meetings/gaps.html", context)
