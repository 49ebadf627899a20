"""Acting for one another: what I gave, what I hold, and for the administrators what there is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.periods.month import local_date
from ningde_projects.workflow.acting import ReasonForm, dialog_act, show
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed, Refusal

from .. import policies, selectors
from ..duties import Duty
from ..forms import DelegationForm
from ..middleware import OfficeRequest
from ..models import User
from ..services import delegations
from .base import allowed, page_of
from .people import person_of


@require_safe
def delegation_list(request: OfficeRequest) -> HttpResponse:
    actor, at = request.actor, request.now
    mine = Q(principal=actor.user) | Q(delegate=actor.user)
    rows = selectors.delegations_visible_to(actor)
    own = list(rows.filter(mine).order_by("-valid_to", "-pk")[:50])
    over = [row for row in own if row.revoked_at is not None or row.valid_to <= at]
    running = [row for row in own if row not in over]
    return render(
        request,
        "organizations/delegations.html",
        {
            "given": [row for row in running if row.principal_id == actor.user.pk],
            "held": [row for row in running if row.delegate_id == actor.user.pk],
            "over": over,
            "now": at,
            "me": actor.user,
            "can_delegate": selectors.delegable(actor.user, at).exists(),
            "all": page_of(request, rows.exclude(mine).order_by("-valid_to", "-pk"))
            if actor.is_administrator
            else None,
            "may_end_all": actor.has(Duty.ADMIN_SECURITY),
        },
    )


@once
@require_http_methods(["GET", "POST"])
def create(request: OfficeRequest) -> HttpResponse:
    """For oneself."""
    return _create(request, request.actor.user)


@once
@require_http_methods(["GET", "POST"])
def create_for(request: OfficeRequest, person: UUID) -> HttpResponse:
    """For somebody who cannot do it himself any more, by the security administrator."""
    row = person_of(request, person)
    allowed(policies.delegation_right(request.actor, row))
    return _create(request, row)


def _create(request: OfficeRequest, principal: User) -> HttpResponse:
    form = DelegationForm(
        request.POST if request.method == "POST" else None,
        duties=selectors.delegable(principal, request.now),
        deputies=selectors.deputies(principal),
        today=local_date(request.now),
    )
    done = reverse("organizations:delegations")
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        try:
            delegations.delegate(
                data["assignment"], data["deputy"], data["first_day"], data["last_day"], data["reason"],
                by=request.actor, at=request.now,
            )  # fmt: skip
        except NotAllowed:
            raise
        except Refusal as refused:
            show(form, refused)
        else:
            messages.success(
                request,
                _("{name} acts for you then.").format(name=data["deputy"].name)
                if principal.pk == request.actor.user.pk
                else _("The delegation is entered; both have been told."),
            )
            return HttpResponseRedirect(done)
    return render(
        request,
        "organizations/delegation_form.html",
        {
            "form": form, "principal": principal, "for_myself": principal.pk == request.actor.user.pk,
            "nothing": not selectors.delegable(principal, request.now).exists(),
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@once
@require_http_methods(["GET", "POST"])
def revoke(request: OfficeRequest, delegation: UUID) -> HttpResponse:
    row = get_object_or_404(selectors.delegations_visible_to(request.actor), public_id=delegation)
    allowed(policies.delegation_right(request.actor, row.principal))
    return dialog_act(
        request,
        lambda data: delegations.revoke_delegation(row, data["reason"], by=request.actor, at=request.now),
        form=ReasonForm(request.POST if request.method == "POST" else None),
        done=reverse("organizations:delegations"), success=_("The delegation has ended."),
        title=_("End the delegation"), button=_("End the delegation"), button_icon="x",
        object=_("{delegate} for {principal} · {duty}").format(
            delegate=row.delegate.name, principal=row.principal.name, duty=Duty(row.duty).label
        ),
        consequence=_("Holds at once. What {name} has done until now stays as it is.").format(name=row.delegate.name),
    )  # fmt: skip
