"""Batches of preliminary funds: compiled by the convener, decided by the government."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Organisation
from ningde_projects.shell.flow import Step, StepState
from ningde_projects.shell.formats import short_stamp
from ningde_projects.workflow.acting import ReasonForm, VersionForm, dialog_act, posted, refused_page, show
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed, Refusal

from ..forms.funding import ApprovalForm, BatchForm, TakeInForm
from ..models import FundingBatch, FundingRequest
from ..policies.cases import convening_right
from ..policies.offices import approves, is_convener
from ..selectors import funding as read
from ..services import funding_batches as write
from ..services.case_binding import convener_verb
from ..services.case_offices import usual_finance
from ..workflow.funding import BATCH, BatchStatus
from .funding_acts import asked_act

ROWS = 50


def seen_batch(request: OfficeRequest, public_id: UUID) -> FundingBatch:
    rows = FundingBatch.objects.visible_to(request.actor).select_related(
        "place", "convener", "government", "finance", "created_by", "sent_by", "approved_by"
    )
    found: FundingBatch = get_object_or_404(rows, public_id=public_id)
    return found


def _own_office(request: OfficeRequest) -> Organisation:
    right = convening_right(request.actor)
    if isinstance(right, NotAllowed):
        raise right
    return right.organisation


@require_safe
def batch_list(request: OfficeRequest) -> HttpResponse:
    """The convener's batches, and the requests that wait for one."""
    if not is_convener(request.actor):
        raise Http404
    office = _own_office(request)
    page = Paginator(read.batches(request.actor), ROWS).get_page(request.GET.get("page"))
    return render(request, "reserve/funding/batches.html", {"page": page, "free": read.free_lines([office])})


@require_http_methods(["GET", "POST"])
@once
def create(request: OfficeRequest) -> HttpResponse:
    """A new batch from the requests that are ticked."""
    if not is_convener(request.actor):
        raise Http404
    office = _own_office(request)
    finance = usual_finance(office)
    lines = read.free_lines([office])
    form = BatchForm(
        posted(request), lines=lines, offices=read.finance_offices(office),
        initial={"finance": finance.public_id if finance else "", "lines": [str(line.public_id) for line in lines]},
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                batch = write.open_batch(data["lines"], finance=data["finance"], note=data["note"], by=request.actor,
                                         at=request.now)  # fmt: skip
            except Refusal as refused:
                show(form, refused)
                status = refused.status_code
            else:
                messages.success(request, _("The batch has been opened; it is not yet with the government."))
                return redirect("reserve:funding_batch", batch.public_id)
    return render(
        request, "reserve/funding/batch_form.html", {"form": form, "has_lines": lines.exists()}, status=status
    )


def _lines(batch: FundingBatch) -> list[FundingRequest]:
    rows = batch.lines.select_related(
        "case__project__place", "case__project__owner", "case__convener", "case__filer"
    )
    return list(rows.order_by("case__project__place__order", "pk"))


@require_safe
def batch(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """One batch: its lines, its sums, where it stands; the government's first look is noted."""
    item = seen_batch(request, public_id)
    write.look_at(item, request.actor, request.now)
    actor = request.actor
    names = ("send", "withdraw", "discard")
    can = {name: refusal(item, convener_verb(name, item.level), actor) is None for name in names}
    lines = _lines(item)
    return render(request, "reserve/funding/batch.html", {
        "item": item, "lines": lines, "can": can, "steps": _steps(item),
        "approve_refusal": refusal(item, "approve", actor) if item.status == BatchStatus.APPROVING else None,
        "can_approve": refusal(item, "approve", actor) is None, "can_return": refusal(item, "return", actor) is None,
        "sums": {
            "requested": sum(line.amount for line in lines), "approved": sum(line.approved or 0 for line in lines),
            "paid": sum(line.paid for line in lines),
        },
    })  # fmt: skip


def _steps(item: FundingBatch) -> list[Step]:
    at = {"building": 0, "returned": 0, "discarded": 0, "approving": 1, "approved": 2}[item.status]

    def state(number: int) -> StepState:
        return "done" if at > number else "now" if at == number else "later"

    def told(who: Any, when: Any) -> str:
        return f"{who.name} {short_stamp(when)}" if who and when else ""

    first: StepState = "back" if item.status == BatchStatus.RETURNED else state(0)
    return [
        Step(_("Bundled by the convener"), told(item.sent_by, item.sent_at) or item.convener.short_name, first),
        Step(_("Approved by the government"), told(item.approved_by, item.approved_at) or item.government.short_name,
             state(1)),
        Step(_("Disbursed by finance"), item.finance.short_name, state(2)),
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def take_in(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """More requests into a batch that is still open."""
    item = seen_batch(request, public_id)
    back = reverse("reserve:funding_batch", args=[public_id])
    if locked := refusal(item, convener_verb("send", item.level), request.actor):
        return refused_page(request, locked, back=back)

    def act(data: Mapping[str, Any]) -> None:
        for line in data["lines"]:
            write.take_in(item, line, by=request.actor, at=request.now)

    form = TakeInForm(posted(request), lines=read.free_lines([item.convener]))
    return dialog_act(
        request, act, form=form, done=back, success=_("Taken into the batch."), title=_("Take requests into the batch"),
        object=str(item), button=_("Take in"), button_icon="plus",
    )  # fmt: skip


def _convener_act(
    request: OfficeRequest, public_id: UUID, verb: str, form: Any, act: Any, success: str, **words: Any
) -> HttpResponse:
    item = seen_batch(request, public_id)
    back = reverse("reserve:funding_batch", args=[public_id])
    done = reverse("reserve:funding_batches") if verb == "discard" else back
    return asked_act(
        request, item, BATCH, convener_verb(verb, item.level), lambda cleaned: act(item, cleaned), success, form=form,
        object=str(item), back=back, done=done, **words,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def send(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    return _convener_act(
        request, public_id, "send", VersionForm,
        lambda item, data: write.send(item, by=request.actor, at=request.now, version=data["version"]),
        _("Sent to the government for approval."), button_icon="send",
        consequence=_("The government is told; the batch is locked until it decides."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def withdraw(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    return _convener_act(
        request, public_id, "withdraw", VersionForm,
        lambda item, data: write.withdraw(item, by=request.actor, at=request.now, version=data["version"]),
        _("Withdrawn; the batch can be changed again."), button_icon="arrow-back-up",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def discard(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    return _convener_act(
        request, public_id, "discard", ReasonForm,
        lambda item, data: write.discard(item, reason=data["reason"], by=request.actor, at=request.now,
                                         version=data["version"]),
        _("The batch has been discarded."), danger=True, button_icon="trash",
        consequence=_("Its requests wait for another batch."),
    )  # fmt: skip


# ---- the government --------------------------------------------------------------------------------------------


@require_safe
def approvals(request: OfficeRequest) -> HttpResponse:
    """待审定: batches that wait for this person's government, and those decided."""
    if not approves(request.actor):
        raise Http404
    tab = "done" if request.GET.get("tab") == "done" else "waiting"
    waiting, done = read.waiting_batches(request.actor), read.decided_batches(request.actor)
    page = Paginator(waiting if tab == "waiting" else done, ROWS).get_page(request.GET.get("page"))
    return render(request, "reserve/funding/approvals.html", {
        "page": page, "tab": tab, "waiting": waiting.count(), "done": done.count(),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def approve(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """审定 with an amount for every line."""
    item = seen_batch(request, public_id)
    back = reverse("reserve:funding_batch", args=[public_id])
    if locked := refusal(item, "approve", request.actor):
        return refused_page(request, locked, back=back)
    form = ApprovalForm(
        posted(request),
        lines=_lines(item),
        initial={"version": item.version},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                write.approve(item, form.amounts(), text=form.cleaned_data["reason"], by=request.actor,
                              at=request.now, version=form.cleaned_data["version"])  # fmt: skip
            except Refusal as refused:
                show(form, refused)
                status = refused.status_code
            else:
                messages.success(request, _("Approved; the finance office has been told."))
                return redirect(back)
    return render(request, "reserve/funding/approve.html", {
        "item": item, "form": form, "cancel_url": back, "total": sum(line.amount for line in form.lines),
    }, status=status)  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def send_back(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = seen_batch(request, public_id)
    return asked_act(
        request, item, BATCH, "return",
        lambda data: write.send_back(item, reason=data["reason"], by=request.actor, at=request.now,
                                     version=data["version"]),
        _("Returned to the convener."), form=ReasonForm, object=str(item),
        back=reverse("reserve:funding_batch", args=[public_id]), done=reverse("reserve:funding_approvals"),
        button_icon="arrow-back-up", danger=True,
        consequence=_("The convener is told the reason, corrects the batch and sends it again."),
    )  # fmt: skip
