"""The record, read by the audit administrator, who changes nothing (security.md, three administrators)."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest

from . import acts, row_changes
from .models import Act
from .selectors import Filters
from .shown import shown

ROWS = 50
#: Of the same request and of the same object, on the page of one act.
NEIGHBOURS = 20


def _auditor(request: OfficeRequest) -> None:
    if not request.actor.has(Duty.ADMIN_AUDIT):
        raise Http404


@require_safe
def records(request: OfficeRequest) -> HttpResponse:
    """Acts, newest first; of the last thirty days unless other days are asked for."""
    _auditor(request)
    filters = Filters.read(request.GET, request.now)
    page = Paginator(filters.rows(), ROWS).get_page(request.GET.get("page"))
    known = sorted(acts.kinds().values(), key=lambda kind: str(kind.title))
    context = {
        "page": page,
        "rows": shown(page),
        "filters": filters,
        "kinds": [(kind.machine, kind.title) for kind in known],
        "names": sorted(((k, str(v)) for k, v in _names(filters.machine).items()), key=lambda pair: pair[1]),
    }
    return render(request, "workflow/records.html", context)


def _names(machine: str) -> dict[str, str]:
    kind = acts.kinds().get(machine)
    return {name: str(title) for name, title in kind.acts.items()} if kind else {}


@require_safe
def record_page(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """One act: who, when, from where, why, and every row that it changed, before and after."""
    _auditor(request)
    act = get_object_or_404(
        Act.objects.select_related("user", "principal", "organisation"), public_id=public_id
    )
    rows, total = row_changes.changes_of(act)
    same_request = (
        Act.objects.filter(at=act.at, request_id=act.request_id).exclude(pk=act.pk).exclude(request_id="")
    )
    same_object = Act.objects.none()
    if act.object_id is not None:
        same_object = Act.objects.filter(machine=act.machine, object_id=act.object_id).exclude(pk=act.pk)
    context = {
        "shown": shown([act])[0],
        "act": act,
        "rows": rows,
        "left_out": total - len(rows),
        "same_request": shown(same_request.order_by("id")[:NEIGHBOURS]),
        "same_object": shown(same_object.order_by("-id")[:NEIGHBOURS]),
    }
    return render(request, "workflow/record.html", context)
