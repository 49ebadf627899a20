"""Who holds which duty, from when, given by whom; granting and revoking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.workflow.acting import ReasonForm, dialog_act
from ningde_projects.workflow.idempotency import once

from .. import policies, selectors
from ..duties import ADMIN_DUTIES, Duty
from ..forms import GrantForm
from ..lists import hidden_fields
from ..middleware import OfficeRequest
from ..models import Assignment
from ..services import duties
from .base import allowed, may_read, page_of
from .people import person_of


@require_safe
def duty_list(request: OfficeRequest) -> HttpResponse:
    may_read(policies.duties_reading_refusal(request.actor))
    listing = selectors.duty_list(request.actor, request.GET, request.now)
    return render(
        request,
        "organizations/duties.html",
        {
            "listing": listing,
            "menus": listing.menus(request.GET),
            "page": page_of(request, selectors.for_duty_table(listing.rows())),
            "kept": hidden_fields(request.GET),
            "may_grant": request.actor.has(Duty.ADMIN_SECURITY),
            "without": selectors.people_list(request.actor, {"holding": "none"}, request.now)
            .rows()
            .exclude(is_active=False)
            .count(),
        },
    )


@once
@require_http_methods(["GET", "POST"])
def grant(request: OfficeRequest, person: UUID) -> HttpResponse:
    row = person_of(request, person)
    allowed(policies.duty_right(request.actor, row))

    def act(data: Mapping[str, Any]) -> None:
        duties.grant_duty(
            row,
            data["duty"],
            by=request.actor,
            at=request.now,
            reason=data["reason"],
            last_day=data["last_day"],
        )

    return dialog_act(
        request, act,
        form=GrantForm(request.POST if request.method == "POST" else None, duties=selectors.grantable(row)),
        done=reverse("organizations:person", args=[person]), success=_("The duty has been granted."),
        title=_("Grant a duty"), object=f"{row.name} · {row.organisation.name}", button=_("Grant the duty"),
        button_icon="key",
        consequence=_("Holds at once; the person is told, and signs in again with the new duty."),
    )  # fmt: skip


@once
@require_http_methods(["GET", "POST"])
def revoke(request: OfficeRequest, assignment: UUID) -> HttpResponse:
    may_read(policies.duties_reading_refusal(request.actor))
    row = get_object_or_404(
        selectors.assignments_visible_to(request.actor).select_related("user__organisation", "organisation"),
        public_id=assignment,
    )
    allowed(policies.duty_right(request.actor, row.user))

    def act(data: Mapping[str, Any]) -> None:
        duties.revoke_duty(
            row, by=request.actor, at=request.now, reason=data["reason"], version=data["version"]
        )

    return dialog_act(
        request, act,
        form=ReasonForm(request.POST if request.method == "POST" else None, initial={"version": row.version}),
        done=reverse("organizations:person", args=[row.user.public_id]), success=_("The duty has been revoked."),
        title=_("Revoke the duty"), object=f"{row.user.name} · {Duty(row.duty).label} · {row.organisation.name}",
        button=_("Revoke the duty"), button_icon="key-off", danger=True, consequence=_consequence(row),
    )  # fmt: skip


def _consequence(row: Assignment) -> str:
    if row.duty in ADMIN_DUTIES:
        return _("Holds at once: the person's sessions end.")
    return _(
        "Holds at once: the person's sessions end, and whoever acts for the person in this duty no longer does. "
        "Matters in hand stay with the person until they are handed over."
    )
