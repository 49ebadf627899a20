"""Requests for preliminary funds: the list and its totals, one request, its payments."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ningde_projects.organizations.actor import Held
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import local_date
from ningde_projects.projects.panels import acts_visible_to, described
from ningde_projects.shell.formats import money
from ningde_projects.workflow.acting import (
    ReasonForm,
    VersionForm,
    button_act,
    dialog_act,
    posted,
    refused_page,
    show,
)
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import Refusal

from ..exports.funding import may_read
from ..forms.funding import PaymentForm, RequestForm
from ..models import FundingRequest, Payment
from ..policies.cases import filing_right, paying_right
from ..policies.offices import is_convener
from ..selectors import funding as read
from ..services import funding as write
from ..services.case_binding import convener_verb
from ..workflow.funding import FUNDING, FundingStatus
from .cases import seen
from .funding_acts import asked_act

ROWS = 50


def seen_line(request: OfficeRequest, public_id: UUID) -> FundingRequest:
    rows = FundingRequest.objects.visible_to(request.actor).select_related(
        "case__project__owner", "case__project__place", "case__convener", "case__filer", "batch__place",
        "batch__finance", "batch__government", "requested_by",
    )  # fmt: skip
    found: FundingRequest = get_object_or_404(rows, public_id=public_id)
    return found


@require_safe
def line_list(request: OfficeRequest) -> HttpResponse:
    """Every request that this person sees; the totals above the list are those of its filters."""
    if not may_read(request.actor):
        raise Http404
    filters = read.read_filters(request.GET, request.actor)
    counts = read.by_status(read.lines_of(request.actor, filters, with_status=False))
    page = Paginator(read.listed(request.actor, filters), ROWS).get_page(request.GET.get("page"))
    year = local_date(request.now).year
    return render(request, "reserve/funding/list.html", {
        "page": page, "filters": filters, "all": sum(counts.values()), "years": [year, year - 1, year - 2],
        "statuses": [(s.value, s.label, counts.get(s.value, 0)) for s in FundingStatus if counts.get(s.value)],
        "totals": read.totals(read.lines_of(request.actor, filters)), "can_bundle": is_convener(request.actor),
    })  # fmt: skip


@require_safe
def totals(request: OfficeRequest) -> HttpResponse:
    """By year, by batch and by project; each figure opens its list."""
    if not may_read(request.actor):
        raise Http404
    rows = FundingRequest.objects.visible_to(request.actor)
    everything, bundled = read.totals(rows), read.totals(rows.filter(batch__isnull=False))
    return render(request, "reserve/funding/totals.html", {
        "tables": [
            (_("By year"), read.by_year(rows), everything), (_("By batch"), read.by_batch(rows), bundled),
            (_("By project"), read.by_project(rows), everything),
        ],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def request_funds(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Ask for funds for a case that has passed."""
    case = seen(request, public_id)
    right = filing_right(request.actor, case.project)
    if not isinstance(right, Held):
        raise right
    back = reverse("reserve:case", args=[public_id])
    form = RequestForm(posted(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                write.request_funds(case, data["amount"], data["purpose"], confirmed=data["confirmed"],
                                    by=request.actor, at=request.now)  # fmt: skip
            except Refusal as refused:
                show(form, refused)
                status = refused.status_code
            else:
                messages.success(
                    request, _("Requested; {office} has been told.").format(office=case.convener.short_name)
                )
                return redirect(back)
    return render(request, "reserve/funding/request.html", {
        "case": case, "form": form, "cancel_url": back, "asks_unit": bool(form.errors.get("confirmed")),
        "locked": "" if case.status == "passed" else case.get_status_display(),
    }, status=status)  # fmt: skip


@require_safe
def line(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """One request: asked, bundled, approved, paid — with every payment and its document."""
    item = seen_line(request, public_id)
    actor = request.actor
    acts = Act.objects.filter(acts_visible_to(actor), machine="funding", object_id=item.pk).order_by("-id")[
        :20
    ]
    finance = item.batch.finance_id if item.batch else 0
    return render(request, "reserve/funding/line.html", {
        "item": item, "payments": item.payments.select_related("by", "voided_by").order_by("paid_on", "pk"),
        "acts": [described(act) for act in acts],
        "can_pay": item.status == FundingStatus.APPROVED and isinstance(paying_right(actor, finance), Held),
        "can_void": isinstance(paying_right(actor, finance), Held),
        "can_withdraw": refusal(item, _withdraw_verb(item, request), actor) is None,
        "can_return": refusal(item, convener_verb("return", item.case.level), actor) is None,
        "can_take_out": refusal(item, convener_verb("take_out", item.case.level), actor) is None
        and item.batch is not None and item.batch.status in ("building", "returned"),
    })  # fmt: skip


def _withdraw_verb(item: FundingRequest, request: OfficeRequest) -> str:
    owner = request.actor.has(Duty.REPORT, [item.case.project.owner_id])
    return "withdraw_owner" if owner else "withdraw"


@require_http_methods(["GET", "POST"])
@once
def withdraw(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = seen_line(request, public_id)
    return asked_act(
        request, item, FUNDING, _withdraw_verb(item, request),
        lambda data: write.withdraw(item, by=request.actor, at=request.now, version=data["version"]),
        _("The request has been withdrawn."), form=VersionForm, object=item.case.project.name, back=_line_url(item),
        button_icon="arrow-back-up", danger=True,
        consequence=_("It no longer counts; a new request can be made at any time."),
    )  # fmt: skip


def _line_url(item: FundingRequest) -> str:
    return reverse("reserve:funding_line", args=[item.public_id])


@require_http_methods(["GET", "POST"])
@once
def send_back(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = seen_line(request, public_id)
    return asked_act(
        request, item, FUNDING, convener_verb("return", item.case.level),
        lambda data: write.send_back(item, reason=data["reason"], by=request.actor, at=request.now,
                                     version=data["version"]),
        _("The request has been returned."), form=ReasonForm, object=item.case.project.name, back=_line_url(item),
        button_icon="arrow-back-up", danger=True,
        consequence=_("Whoever asked is told the reason and can make a new request."),
    )  # fmt: skip


@require_POST
@once
def take_out(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = seen_line(request, public_id)
    back = (
        reverse("reserve:funding_batch", args=[item.batch.public_id])
        if item.batch
        else reverse("reserve:funding")
    )
    return button_act(
        request, lambda: write.take_out(item, by=request.actor, at=request.now), done=back,
        success=_("Taken out of the batch; it waits for another."),
    )  # fmt: skip


# ---- payments --------------------------------------------------------------------------------------------------


@require_safe
def payments(request: OfficeRequest) -> HttpResponse:
    """待拨付: what the finance office still has to pay."""
    if not read.pays(request.actor):
        raise Http404
    rows = read.to_pay(request.actor)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "reserve/funding/payments.html", {"page": page, "totals": read.totals(rows)})


@require_http_methods(["GET", "POST"])
@once
def pay(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Enter one disbursement with its day and document."""
    item = seen_line(request, public_id)
    back = reverse("reserve:funding_line", args=[public_id])
    if locked := refusal(item, "pay", request.actor):
        return refused_page(request, locked, back=back)
    initial = {"version": item.version, "amount": item.open_amount, "paid_on": local_date(request.now)}

    def act(data: Mapping[str, Any]) -> None:
        write.pay(item, data["amount"], data["paid_on"], data["document"], by=request.actor, at=request.now,
                  version=data["version"])  # fmt: skip

    return dialog_act(
        request, act, form=PaymentForm(posted(request), initial=initial), done=back,
        success=_("The payment has been entered."), title=FUNDING.by_name["pay"].label, object=item.case.project.name,
        button=FUNDING.by_name["pay"].label, button_icon="cash",
        consequence=_("Approved {approved}, disbursed {paid}, left {left} (10,000 yuan).").format(
            approved=money(item.approved), paid=money(item.paid), left=money(item.open_amount)
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def void(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Cancel a payment that was entered wrongly."""
    payment: Payment = get_object_or_404(
        Payment.objects.visible_to(request.actor).select_related("line"), public_id=public_id
    )
    item = seen_line(request, payment.line.public_id)
    back = reverse("reserve:funding_line", args=[item.public_id])
    if locked := refusal(item, "void", request.actor):
        return refused_page(request, locked, back=back)
    return dialog_act(
        request,
        lambda data: write.void(item, payment.public_id, reason=data["reason"], by=request.actor, at=request.now),
        form=ReasonForm(posted(request)), done=back,
        success=_("The payment has been cancelled."), title=FUNDING.by_name["void"].label,
        object=f"{item.case.project.name} · {money(payment.amount)} · {payment.document}",
        button=FUNDING.by_name["void"].label, button_icon="x", danger=True,
        consequence=_("It stays readable as cancelled; its amount is to be disbursed again."),
    )  # fmt: skip
