"""What is done with a case: begun, accepted, sent back, supplemented, concluded. Each act asks first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.projects.models import Project
from ningde_projects.workflow.acting import (
    ReasonForm,
    VersionForm,
    button_act,
    dialog_act,
    posted,
    refused_page,
)
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed

from ..forms.cases import AcceptForm, ConclusionForm, InviteForm
from ..models import Case
from ..policies.cases import filing_right
from ..policies.offices import is_convener
from ..selectors.cases import year_of
from ..services import cases as write
from ..services.case_binding import convener_verb, filer_verb
from ..services.case_filing import chase_filing as chase_project
from ..services.case_guards import standing_opinions
from ..services.case_limits import opinion_day
from ..services.case_offices import askable, usual_leads
from ..workflow.cases import CASE
from .cases import seen


@require_http_methods(["GET", "POST"])
@once
def start(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Begin the case of a project for the year in the address; goes on in the form."""
    project: Project = get_object_or_404(
        Project.objects.visible_to(request.actor).select_related("place", "owner"), public_id=public_id
    )
    right = filing_right(request.actor, project)
    if isinstance(right, NotAllowed):
        raise right
    year = year_of(request.GET.get("year", ""), request.now)
    begun: list[Case] = []

    def act(_data: Mapping[str, Any]) -> None:
        begun.append(write.start(project, year, by=request.actor, at=request.now))

    return dialog_act(
        request, act, done=lambda: reverse("reserve:case_edit", args=[begun[0].public_id]), success="",
        cancel_url=reverse("reserve:cases_missing"), title=_("Begin the 3+N case"),
        object=f"{project.name} · {year}", action=f"{request.path}?year={year}",
        consequence=_("A draft is opened for your office; nobody else sees it until it is filed."),
        button=_("Begin the case"), button_icon="pencil",
    )  # fmt: skip


@require_POST
@once
def chase_filing(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """催报: ask department and owner for the case."""
    if not is_convener(request.actor):
        raise Http404
    project: Project = get_object_or_404(Project.objects.visible_to(request.actor), public_id=public_id)
    year = year_of(request.POST.get("year", ""), request.now)
    back = f"{reverse('reserve:cases_missing')}?year={year}"
    return button_act(
        request, lambda: chase_project(project, year, by=request.actor, at=request.now), done=back,
        success=_("The department and the owner have been asked for the case."),
    )  # fmt: skip


def _asked(
    request: OfficeRequest, public_id: UUID, verb: str, form: Callable[[Case], forms.BaseForm],
    act: Callable[[Case, Mapping[str, Any]], Any], success: str, **words: Any,
) -> HttpResponse:  # fmt: skip
    """One act on one case, asked for first: hidden is 404, locked says why."""
    case = seen(request, public_id)
    back = reverse("reserve:case", args=[public_id])
    by_filer = f"{verb}_owner" in CASE.by_name
    row = filer_verb(verb, case) if by_filer else convener_verb(verb, case.level)
    locked = refusal(case, row, request.actor)
    if locked is not None:
        return refused_page(request, locked, back=back)
    words.setdefault("title", CASE.by_name[row].label)
    words.setdefault("button", words["title"])
    return dialog_act(
        request,
        lambda data: act(case, data),
        form=form(case),
        done=back,
        success=success,
        object=str(case),
        **words,
    )


def _plain(request: OfficeRequest, kind: type[forms.Form]) -> Callable[[Case], forms.BaseForm]:
    data = posted(request)
    return lambda case: kind(data, initial={"version": case.version})


@require_http_methods(["GET", "POST"])
@once
def withdraw(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    return _asked(
        request, public_id, "withdraw", _plain(request, VersionForm),
        lambda case, data: write.withdraw(case, by=request.actor, at=request.now, version=data["version"]),
        _("Taken back; it is a draft again."), consequence=_("The convener no longer sees it until it is filed again."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def accept(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """受理: the three by name (as last time), any number of others, one day for all."""

    def form(case: Case) -> AcceptForm:
        leads = {role: str(office.public_id) for role, office in usual_leads(case).items()}
        initial = {"version": case.version, "last_day": opinion_day(request.now), **leads}
        return AcceptForm(posted(request), initial=initial, offices=list(askable(case)))

    def act(case: Case, data: Mapping[str, Any]) -> None:
        leads = {role: data[role] for role in ("approval", "finance", "land")}
        write.accept(case, leads=leads, others=list(data["others"]), last_day=data["last_day"],
                     question=data["question"], by=request.actor, at=request.now, version=data["version"])  # fmt: skip

    return _asked(
        request, public_id, "accept", form, act, _("Accepted; the offices have been asked."), button_icon="users-group",
        consequence=_("Every office named here is asked for its opinion at once; the filing office is told."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def invite(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    def form(case: Case) -> InviteForm:
        asked = {o.department_id for o in standing_opinions(case)}
        offices = [office for office in askable(case) if office.pk not in asked]
        initial = {"version": case.version, "last_day": opinion_day(request.now)}
        return InviteForm(posted(request), initial=initial, offices=offices)

    def act(case: Case, data: Mapping[str, Any]) -> None:
        write.invite(case, list(data["others"]), data["last_day"], question=data["question"], by=request.actor,
                     at=request.now, version=data["version"])  # fmt: skip

    return _asked(
        request, public_id, "invite", form, act, _("The offices have been asked."), button_icon="plus",
        consequence=_("The case can be concluded only when their opinions are in too."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def send_back(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    return _asked(
        request, public_id, "return", _plain(request, ReasonForm),
        lambda case, data: write.send_back(case, reason=data["reason"], by=request.actor, at=request.now,
                                           version=data["version"]),
        _("Sent back to the filing office."), danger=True, button_icon="arrow-back-up",
        consequence=_("The filing office is told the reason and files again."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def ask_supplement(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    return _asked(
        request, public_id, "ask_supplement", _plain(request, ReasonForm),
        lambda case, data: write.ask_supplement(case, reason=data["reason"], by=request.actor, at=request.now,
                                                version=data["version"]),
        _("The filing office has been asked for the supplement."), button_icon="edit",
        consequence=_(
            "After the supplement the offices that did not agree are asked again; what they said before stays readable."
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def pass_case(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    return _asked(
        request, public_id, "pass", _plain(request, ConclusionForm),
        lambda case, data: write.conclude(case, True, text=data["reason"], by=request.actor, at=request.now,
                                          version=data["version"]),
        _("Concluded: passed."), button_icon="rubber-stamp",
        consequence=_("From now on preliminary funds can be requested; all offices concerned are told."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def reject(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    return _asked(
        request, public_id, "reject", _plain(request, ConclusionForm),
        lambda case, data: write.conclude(case, False, text=data["reason"], by=request.actor, at=request.now,
                                          version=data["version"]),
        _("Concluded: not passed."), danger=True, button_icon="circle-x",
        consequence=_("No preliminary funds can be requested; all offices concerned are told."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def reopen(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    return _asked(
        request, public_id, "reopen", _plain(request, ReasonForm),
        lambda case, data: write.reopen(case, reason=data["reason"], by=request.actor, at=request.now,
                                        version=data["version"]),
        _("The case is in consultation again."), danger=True, button_icon="refresh",
        consequence=_("The conclusion no longer counts; who made it and when stays in the record."),
    )  # fmt: skip
