"""Handing over what lies with oneself, and the sheets of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.workflow.acting import show
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal

from .. import handover as registry
from .. import selectors
from ..forms import HandOverForm
from ..middleware import OfficeRequest
from ..services import handovers


@once
@require_http_methods(["GET", "POST"])
def handover(request: OfficeRequest) -> HttpResponse:
    """What lies with me, and to whom I hand it over; also the sheets that concern me."""
    actor = request.actor
    successors = selectors.colleagues(actor.user)
    form = HandOverForm(request.POST if request.method == "POST" else None, successors=successors)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        try:
            act = handovers.hand_over(
                actor.user, data["successor"], by=actor, at=request.now, reason=data["reason"]
            )
        except NotAllowed:
            raise
        except Refusal as refused:
            show(form, refused)
        else:
            messages.success(
                request, _("Handed over; {name} has been told.").format(name=data["successor"].name)
            )
            assert act is not None  # noqa: S101 - hand_over refuses when there is nothing
            return HttpResponseRedirect(reverse("organizations:handover_sheet", args=[act.public_id]))
    return render(
        request,
        "organizations/handover.html",
        {
            "form": form,
            "groups": registry.open_items(actor.user, request.now),
            "sheets": handovers.sheets(actor),
            "has_colleagues": successors.exists(),
        },
        status=422 if form.is_bound else 200,
    )


@require_safe
def sheet(request: OfficeRequest, sheet: UUID) -> HttpResponse:
    """The printable sheet: what was handed over, with the names of that day and lines to sign."""
    act = get_object_or_404(Act.objects.filter(handovers.sheets_visible_to(request.actor)), public_id=sheet)
    return render(request, "organizations/handover_sheet.html", {"act": act, "sheet": act.data})
