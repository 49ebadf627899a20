"""滞后分析 (M8.2): which key projects lag, why, and for how long."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.projects.lights import Lag
from ningde_projects.projects.models import Level
from reports.selectors.months import known_months

from ..policies.lag import may_read
from ..selectors import lag as read
from ..services.standing import is_kept

ROWS = 50


@require_safe
def lag(request: OfficeRequest) -> HttpResponse:
    """The list of a month; the numbers on the filters count what they open."""
    actor = request.actor
    if not may_read(actor):
        raise Http404
    filters = read.LagFilters.read(request.GET.dict(), request.now)
    counts = read.counts(actor, filters)
    page = Paginator(read.listed(actor, filters), ROWS).get_page(request.GET.get("page"))
    return render(request, "dispatch/lag/list.html", {
        "filters": filters, "page": page, "rows": read.rows_of(actor, page.object_list, filters.month),
        "counts": counts, "lights": [(light.value, read.light_word(light.value), counts.lights[light.value])
                                     for light in read.LIGHTS],
        "lags": [(kind.value, kind.label, counts.lags[kind.value]) for kind in Lag],
        "places": read.places_of(actor, filters.month), "levels": Level.choices[:2],
        "judged_at": read.judged_at(filters.month), "kept": is_kept(filters.month), "months": known_months(),
    })  # fmt: skip
