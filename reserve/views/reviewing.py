"""A side's word: pass or return; the applicant's: take back or give up (M1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.workflow.acting import ReasonForm, VersionForm, dialog_act, posted, refused_page
from ningde_projects.workflow.door import perform, refusal
from ningde_projects.workflow.idempotency import once

from ..forms.applications import field_labels
from ..forms.exits import PassForm, ReturnForm
from ..models import Application, Side
from ..policies.applications import verb
from ..selectors import applications as read
from ..services import reviewing
from .access import reader


def _found(request: OfficeRequest, public_id: UUID, side: str = "") -> Application:
    reader(request.actor)
    if side and side not in Side.values:
        raise Http404
    return read.application_of(request.actor, public_id)


def _url(found: Application) -> str:
    return reverse("reserve:application", args=[found.public_id])


@require_http_methods(["GET", "POST"])
@once
def pass_side(request: OfficeRequest, public_id: UUID, side: str) -> HttpResponse:
    found = _found(request, public_id, side)
    name = reviewing.verb_of(found, request.actor, reviewing.PASSES, side)
    if locked := refusal(found, name, request.actor):
        return refused_page(request, locked, back=_url(found))
    other = Side.INDUSTRY if side == "county" else Side.COUNTY
    last = bool(getattr(found, f"{other}_passed_at"))

    def act(cleaned: Mapping[str, Any]) -> None:
        reviewing.pass_side(
            found, name, by=request.actor, at=request.now, text=cleaned["text"], version=cleaned["version"]
        )

    return dialog_act(
        request, act, form=PassForm(posted(request), initial={"version": found.version}), done=_url(found),
        success=_("Passed; the project is in the reserve pool.") if last else _("Passed for your side."),
        title=_("Pass the application"), object=found.name, button=_("Pass"), button_icon="check", tone="sea",
        consequence=_("The other side has passed it: with your pass the project enters the reserve pool.")
        if last else _("The project enters the pool as soon as the other side has passed it too."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def return_side(request: OfficeRequest, public_id: UUID, side: str) -> HttpResponse:
    found = _found(request, public_id, side)
    name = reviewing.verb_of(found, request.actor, reviewing.RETURNS, side)
    if locked := refusal(found, name, request.actor):
        return refused_page(request, locked, back=_url(found))
    choices = list(field_labels().items())

    def act(cleaned: Mapping[str, Any]) -> None:
        reviewing.return_side(
            found, name, cleaned["fields_named"], cleaned["reason"], by=request.actor, at=request.now,
            version=cleaned["version"],
        )  # fmt: skip

    return dialog_act(
        request, act, done=_url(found), success=_("Returned to the applicant."), danger=True,
        form=ReturnForm(posted(request), choices=choices, initial={"version": found.version}),
        title=_("Return the application"), object=found.name, button=_("Return to the applicant"),
        button_icon="arrow-back-up", template="reserve/applications/return.html",
        consequence=_("{office} is told at once. When it is filed again your side reviews anew; the other side keeps its "
                      "pass, unless money or scale has changed.").format(office=found.applicant.short_name),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def recall(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = _found(request, public_id)
    name = verb(found, "recall")
    if locked := refusal(found, name, request.actor):
        return refused_page(request, locked, back=_url(found))

    def act(cleaned: Mapping[str, Any]) -> None:
        perform(found, name, by=request.actor, at=request.now, version=cleaned["version"])

    return dialog_act(
        request, act, form=VersionForm(posted(request), initial={"version": found.version}), done=_url(found),
        success=_("Taken back; it can be changed and filed again."), title=_("Take the application back"),
        object=found.name, button=_("Take back"), button_icon="arrow-back-up",
        consequence=_("Possible as long as neither side has reviewed it. It becomes a draft again."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def withdraw(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = _found(request, public_id)
    name = verb(found, "withdraw")
    if locked := refusal(found, name, request.actor):
        return refused_page(request, locked, back=_url(found))

    def act(cleaned: Mapping[str, Any]) -> None:
        perform(
            found,
            name,
            by=request.actor,
            at=request.now,
            reason=cleaned["reason"],
            version=cleaned["version"],
        )

    return dialog_act(
        request, act, form=ReasonForm(posted(request), initial={"version": found.version}),
        done=reverse("reserve:applications"), success=_("Given up; it stays readable."), danger=True,
        title=_("Give up the application"), object=str(found), button=_("Give up"), button_icon="x",
        cancel_url=_url(found),
        consequence=_("It is closed and stays readable. The project can be applied for anew at any time."),
    )  # fmt: skip
