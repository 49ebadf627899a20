"""An office's desk for 3+N opinions: queue, reading pane, signature; and what the convener does with an opinion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell.flow import Step, StepState
from ningde_projects.shell.formats import short_stamp
from ningde_projects.workflow.acting import (
    ReasonForm,
    button_act,
    dialog_act,
    posted,
    posted_version,
    refused_page,
    show,
)
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import Refusal

from ..forms.cases import AskAgainForm, OpinionForm, ReleaseForm
from ..models import CaseOpinion
from ..policies.offices import asked_offices_of, conveners_of, handling_offices, is_asked
from ..selectors import cases as read
from ..selectors.case_files import files_of
from ..services import case_opinions as write
from ..services.case_binding import convener_verb, office_verb
from ..services.case_limits import renewed_day
from ..services.case_offices import askable
from ..workflow.cases import CASE_OPINION, CaseStatus

_RELATED = ("case__project__owner", "case__project__place", "case__project__industry", "case__place", "case__filer",
            "case__convener", "department", "signed_by", "submitted_by")  # fmt: skip


def _mine(request: OfficeRequest, public_id: UUID) -> CaseOpinion:
    """An opinion asked of this person's office."""
    rows = read.own_opinions(request.actor).select_related(*_RELATED)
    found: CaseOpinion = get_object_or_404(rows, public_id=public_id)
    return found


def _convened(request: OfficeRequest, public_id: UUID) -> CaseOpinion:
    """An opinion of a case that this person convenes."""
    rows = CaseOpinion.objects.filter(case__convener__in=conveners_of(request.actor)).select_related(
        *_RELATED
    )
    found: CaseOpinion = get_object_or_404(rows, public_id=public_id)
    return found


@require_safe
def desk(request: OfficeRequest) -> HttpResponse:
    """The queue with the first item opened, as screen 04."""
    if not is_asked(request.actor):
        raise Http404
    default = "todo" if handling_offices(request.actor) else "signing"
    tab = request.GET.get("tab", default)
    tab = tab if tab in read.TABS else default
    rows = read.queue(request.actor, tab)
    first = _mine(request, rows[0].public_id) if rows else None
    return _page(request, tab, rows, first)


@require_http_methods(["GET", "POST"])
@once
def opinion(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """One item: read, write, save as a draft or send to the leader."""
    item = _mine(request, public_id)
    tab = next(t for t, statuses in read.TABS.items() if item.status in statuses)
    rows = read.queue(request.actor, tab)
    if request.method != "POST":
        return _page(request, tab, rows, item)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _page(request, tab, rows, item, form=form, status=422)
    sending = "send_to_sign" in request.POST
    values = {name: form.cleaned_data[name] for name in write.FIELDS}
    try:
        act = write.send_to_sign if sending else write.save_draft
        act(item, values, by=request.actor, at=request.now, version=posted_version(request))
    except Refusal as refused:
        show(form, refused)
        return _page(request, tab, rows, item, form=form, status=refused.status_code)
    messages.success(request, _("Sent to the leader for signature.") if sending else _("Draft saved."))
    following = next((row for row in rows if row.pk != item.pk), None) if sending else item
    return (
        redirect("reserve:case_opinion", following.public_id)
        if following
        else redirect("reserve:case_opinions")
    )


def _page(
    request: OfficeRequest, tab: str, rows: list[CaseOpinion], item: CaseOpinion | None, *,
    form: OpinionForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor = request.actor
    mine = asked_offices_of(actor)
    names = dict.fromkeys(h.organisation.short_name for h in actor.held if h.organisation.pk in mine)
    context: dict[str, Any] = {
        "tab": tab, "rows": rows, "counts": read.tab_counts(actor), "item": item, "offices": "、".join(names),
    }  # fmt: skip
    if item is not None:
        position = next((n for n, row in enumerate(rows) if row.pk == item.pk), None)
        context |= _item_context(request, item, form) | {
            "position": None if position is None else position + 1,
            "previous": rows[position - 1] if position else None,
            "next": rows[position + 1] if position is not None and position + 1 < len(rows) else None,
        }
    return render(request, "reserve/cases/desk.html", context, status=status)


def _item_context(request: OfficeRequest, item: CaseOpinion, form: OpinionForm | None) -> dict[str, Any]:
    actor = request.actor
    is_open = item.case.status == CaseStatus.CONSULTING

    def may(name: str) -> bool:
        return is_open and refusal(item, office_verb(name, item), actor) is None

    initial = {
        "version": item.version, "verdict": item.verdict, "text": item.text,
        "section": item.section or actor.user.section, "handler": item.handler or actor.user.name,
    }  # fmt: skip
    return {
        "form": form or OpinionForm(initial=initial), "editable": may("send_to_sign"),
        "locked": None if is_open else item.case.get_status_display(), "can_sign": may("sign"),
        "sign_refusal": refusal(item, office_verb("sign", item), actor) if item.status == "reviewing" else None,
        "can_return": may("return_to_section"), "can_take_back": may("take_back"),
        "sources": read.sources_of(item.case), "files": files_of(actor, item.case), "steps": _steps(item),
        "editions": item.editions.order_by("-round"), "others": _others(item, actor),
    }  # fmt: skip


def _others(item: CaseOpinion, actor: Any) -> list[CaseOpinion]:
    """What the other offices have said, as far as it is signed."""
    rows = CaseOpinion.objects.visible_to(actor).filter(case=item.case, status="given").exclude(pk=item.pk)
    return list(rows.select_related("department", "signed_by").order_by("pk"))


def _steps(item: CaseOpinion) -> list[Step]:
    order = ["waiting", "drafting", "reviewing", "given"]
    at = order.index(item.status)

    def state(first: int, last: int) -> StepState:
        return "done" if at > last else "now" if at >= first else "later"

    signed = (
        f"{item.signed_by.name} {short_stamp(item.signed_at)}" if item.signed_by and item.signed_at else ""
    )
    back = bool(item.return_reason) and item.status == "drafting"
    return [
        Step(_("Section drafts"), item.handler, "back" if back else state(0, 1)),
        Step(_("Leader signs"), signed, "done" if item.status == "given" else state(2, 2)),
        Step(_("Convener concludes"), "", "done" if item.case.concluded_at else "later"),
    ]


# ---- the office's acts -------------------------------------------------------------------------------------------


@require_POST
@once
def sign(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = _mine(request, public_id)
    return button_act(
        request, lambda: write.sign(item, by=request.actor, at=request.now, version=posted_version(request)),
        done=f"{reverse('reserve:case_opinions')}?tab=signing", back=reverse("reserve:case_opinion", args=[public_id]),
        success=_("Signed; the convener and the filing office have been told."),
    )  # fmt: skip


@require_POST
@once
def take_back(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = _mine(request, public_id)
    return button_act(
        request, lambda: write.take_back(item, by=request.actor, at=request.now, version=posted_version(request)),
        done=reverse("reserve:case_opinion", args=[public_id]), success=_("Taken back; it can be changed again."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def return_to_section(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = _mine(request, public_id)
    data = posted(request)
    return dialog_act(
        request,
        lambda cleaned: write.return_to_section(item, reason=cleaned["reason"], by=request.actor, at=request.now,
                                                version=cleaned["version"]),
        form=ReasonForm(data, initial={"version": item.version}), done=f"{reverse('reserve:case_opinions')}?tab=signing",
        success=_("Returned to the section."), cancel_url=reverse("reserve:case_opinion", args=[public_id]),
        title=_("Return to the section"), object=item.case.project.name, button=_("Return to the section"),
        consequence=_("The section is told and can change the opinion."), button_icon="arrow-back-up", danger=True,
    )  # fmt: skip


# ---- the convener's acts ---------------------------------------------------------------------------------------


@require_POST
@once
def chase(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = _convened(request, public_id)
    return button_act(
        request, lambda: write.chase(item, by=request.actor, at=request.now),
        done=reverse("reserve:case", args=[item.case.public_id]),
        success=_("{office} has been chased.").format(office=item.department.short_name),
    )  # fmt: skip


def _locked(request: OfficeRequest, item: CaseOpinion, verb: str, back: str) -> HttpResponse | None:
    refused = refusal(item, convener_verb(verb, item.case.level), request.actor)
    return refused_page(request, refused, back=back) if refused else None


@require_http_methods(["GET", "POST"])
@once
def ask_again(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = _convened(request, public_id)
    back = reverse("reserve:case", args=[item.case.public_id])
    if locked := _locked(request, item, "ask_again", back):
        return locked
    initial = {"version": item.version, "last_day": renewed_day(request.now)}
    title = CASE_OPINION.by_name["ask_again"].label

    def act(data: Mapping[str, Any]) -> None:
        write.ask_again(item, reason=data["reason"], last_day=data["last_day"], by=request.actor, at=request.now,
                        version=data["version"])  # fmt: skip

    return dialog_act(
        request, act, form=AskAgainForm(posted(request), initial=initial), done=back,
        success=_("{office} has been asked again.").format(office=item.department.short_name), title=title,
        object=f"{item.department.short_name} · {item.case.project.name}", button=title, button_icon="refresh",
        consequence=_("The opinion that was given stays readable; the case waits for the new one."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def release(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = _convened(request, public_id)
    back = reverse("reserve:case", args=[item.case.public_id])
    if locked := _locked(request, item, "release", back):
        return locked
    title = CASE_OPINION.by_name["release"].label
    offices = [office for office in askable(item.case) if office.pk != item.department_id]
    data = posted(request)

    def act(cleaned: Mapping[str, Any]) -> None:
        write.release(item, reason=cleaned["reason"], instead=cleaned["instead"], by=request.actor, at=request.now,
                      version=cleaned["version"])  # fmt: skip

    return dialog_act(
        request, act, form=ReleaseForm(data, initial={"version": item.version}, offices=offices), done=back,
        success=_("{office} is no longer asked.").format(office=item.department.short_name), title=title,
        object=f"{item.department.short_name} · {item.case.project.name}", button=title, button_icon="x", danger=True,
        consequence=_("One of the three leading offices is only replaced, never left out."),
    )  # fmt: skip
