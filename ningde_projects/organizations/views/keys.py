"""What the keepers do when somebody cannot sign in: a new link, unlocking, a new second factor."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ningde_projects.signin.services.factors import reset_factor
from ningde_projects.signin.services.passwords import issue_reset_link
from ningde_projects.signin.services.signing import unlock
from ningde_projects.workflow.acting import VersionForm, dialog_act
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed

from .. import policies
from ..duties import Duty
from ..middleware import OfficeRequest
from .base import allowed
from .people import person_of


@never_cache
@require_http_methods(["GET", "POST"])
def reset_link(request: OfficeRequest, person: UUID) -> HttpResponse:
    """Asks first; the link itself stands in the answer to the POST only, once, and is kept nowhere.

    Without an idempotency key: its answer could not be given a second time.
    """
    row = person_of(request, person)
    allowed(policies.link_right(request.actor, row))
    back = reverse("organizations:person", args=[person])
    if request.method == "POST":
        link = issue_reset_link(row, by=request.actor, at=request.now)
        return render(request, "organizations/reset_link.html", {"row": row, "link": link, "back": back})
    return render(request, "organizations/reset_link.html", {"row": row, "link": "", "back": back})


@once
@require_http_methods(["GET", "POST"])
def unlock_account(request: OfficeRequest, person: UUID) -> HttpResponse:
    row = person_of(request, person)
    _security_only(request)
    return dialog_act(
        request, lambda data: unlock(row, by=request.actor, at=request.now),
        form=VersionForm(request.POST if request.method == "POST" else None),
        done=reverse("organizations:person", args=[person]), success=_("The account is unlocked."),
        title=_("Unlock the account"), object=f"{row.name} · {row.username}", button=_("Unlock the account"),
        button_icon="lock-open",
        consequence=_(
            "The failed attempts are forgotten. Make sure first that it was this person who mistyped the password."
        ),
    )  # fmt: skip


@once
@require_http_methods(["GET", "POST"])
def factor_reset(request: OfficeRequest, person: UUID) -> HttpResponse:
    row = person_of(request, person)
    _security_only(request)
    return dialog_act(
        request, lambda data: reset_factor(row, by=request.actor, at=request.now),
        form=VersionForm(request.POST if request.method == "POST" else None),
        done=reverse("organizations:person", args=[person]), success=_("The second factor has been taken away."),
        title=_("Reset the second factor"), object=f"{row.name} · {row.username}", button=_("Reset the second factor"),
        button_icon="device-mobile-off", danger=True,
        consequence=_(
            "All sessions of this person end; at the next sign-in a new second factor is set up. Make sure by "
            "telephone or in person who asks."
        ),
    )  # fmt: skip


def _security_only(request: OfficeRequest) -> None:
    if not request.actor.has(Duty.ADMIN_SECURITY):
        allowed(NotAllowed(_("Only the security administrator may do this.")))
