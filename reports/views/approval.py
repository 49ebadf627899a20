"""县政府审定: what awaits approval, read on a phone as well; 同意 or 退回修改 and nothing else (M6.1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.workflow.acting import ReasonForm, VersionForm, dialog_act, refused_page
from ningde_projects.workflow.door import perform, refusal
from ningde_projects.workflow.idempotency import once

from ..forms.fields import CleanText
from ..models import Summary
from ..selectors import approval as read
from ..selectors import summary as summary_read
from ..selectors.months import month_bar, not_filed
from ..services import summaries
from ..templatetags.reporting import monthname


class ApprovalForm(forms.Form):
    """同意, with words if the approver has some."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    opinion = CleanText(label=gettext_lazy("Opinion"), max_length=500, rows=2, required=False)


def _require(request: OfficeRequest) -> None:
    held = request.actor.held_of(Duty.APPROVE, Duty.VIEW)
    if not any(h.organisation.kind == OrgKind.COUNTY_GOVERNMENT for h in held):
        raise PermissionDenied(_("This page is for those who approve for a county government."))


def _visible(request: OfficeRequest, public_id: UUID) -> Summary:
    _require(request)
    rows = Summary.objects.visible_to(request.actor).filter(government__in=read.governments_of(request.actor))
    found: Summary = get_object_or_404(
        rows.select_related("place", "bureau", "government", "sent_by", "approved_by"), public_id=public_id
    )
    return found


@require_safe
def approvals(request: OfficeRequest) -> HttpResponse:
    """待审定 first, then 已审定."""
    _require(request)
    tab = "done" if request.GET.get("tab") == "done" else "waiting"
    waiting, done = read.waiting_for(request.actor), read.decided_by(request.actor)
    return render(request, "reports/summary/approvals.html", {
        "tab": tab, "rows": done if tab == "done" else waiting, "waiting": len(waiting), "done": len(done),
        "next_month": read.next_expected(request.actor, request.now),
    })  # fmt: skip


@require_safe
def approval(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The summary, read-only. The first look is kept: from then on the bureau cannot withdraw."""
    found = _visible(request, public_id)
    summaries.look_at(found, request.actor, request.now)
    found.refresh_from_db(fields=["opened_at"])
    refused = refusal(found, "approve", request.actor)
    sheet = read.sheet_for_government(found)
    holder = request.actor.as_holder(Duty.APPROVE, [found.government_id])
    return render(request, "reports/summary/approval.html", {
        "summary": found, "month": found.month, "sheet": sheet, "figures": found.counts,
        "missing": summary_read.missing_of(sheet) if sheet else [], "refused": refused,
        "return_refused": refusal(found, "return_by_government", request.actor),
        "acts_for": holder.principal if holder else None, "history": summary_read.history_of(found),
        "steps": summary_read.steps_of(
            found, summary_read.holders_of(Duty.APPROVE, [found.government_id], request.now), ""),
        "bar": month_bar(found.month, request.now, "D3", filed=not_filed(found.counts.get("missing", 0))),
        "late": found.is_late(request.now),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def approve(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = _visible(request, public_id)
    back = reverse("reports:approval", args=[public_id])
    locked = refusal(found, "approve", request.actor)
    if locked is not None:
        return refused_page(request, locked, back=back)
    form = ApprovalForm(
        request.POST if request.method == "POST" else None, initial={"version": found.version}
    )
    return dialog_act(
        request,
        lambda data: summaries.approve(
            found, by=request.actor, at=request.now, version=data["version"], opinion=data["opinion"]
        ),
        form=form, done=reverse("reports:approvals"), cancel_url=back,
        success=_("Approved: %(what)s. The bureau has been told to forward it.") % {"what": _object(found)},
        title=_("Approve the problem summary"), object=_object(found), text=_acting(request, found),
        consequence=_("%(n)s problems are sealed as approved and may be forwarded to the commission.") % {
            "n": found.counts.get("problems", 0)},
        button=_("Agree"), button_icon="rubber-stamp",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def return_summary(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """退回修改, with a reason."""
    found = _visible(request, public_id)
    back = reverse("reports:approval", args=[public_id])
    locked = refusal(found, "return_by_government", request.actor)
    if locked is not None:
        return refused_page(request, locked, back=back)
    return dialog_act(
        request, lambda data: _return(request, found, "return_by_government", data),
        form=reason_form(request, found), done=reverse("reports:approvals"), cancel_url=back,
        success=_("Returned to the bureau."), title=_("Return for correction"), object=_object(found),
        text=_acting(request, found),
        consequence=_("The bureau is told and can change the summary; the day of the first asking stays."),
        button=_("Return for correction"), button_icon="arrow-back-up", danger=True,
    )  # fmt: skip


def reason_form(request: OfficeRequest, found: Summary) -> ReasonForm:
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    form.fields["reason"].label = _("What has to be changed")
    return form


def _return(request: OfficeRequest, found: Summary, name: str, data: Any) -> None:
    perform(found, name, by=request.actor, at=request.now, reason=data["reason"], version=data["version"])


def _acting(request: OfficeRequest, found: Summary) -> str:
    """Both names go into the record (settled point 14)."""
    holder = request.actor.as_holder(Duty.APPROVE, [found.government_id])
    if holder is None or holder.principal is None:
        return ""
    return _("You act for %(name)s; both names go into the record.") % {"name": holder.principal.name}


def _object(found: Summary) -> str:
    return f"{found.place.name} · {monthname(found.month)}"


# ---- the commission --------------------------------------------------------------------------------------------


def _dispatches(request: OfficeRequest) -> bool:
    kinds = {h.organisation.kind for h in request.actor.held_of(Duty.DISPATCH, Duty.VIEW)}
    return OrgKind.COMMISSION in kinds


@require_safe
def received(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """A forwarded summary before the commission: as sealed, never what the county is writing now."""
    found = _forwarded(request, public_id)
    edition = read.forwarded_edition(found)
    return render(request, "reports/summary/received.html", {
        "summary": found, "month": found.month, "edition": edition,
        "sheet": edition.content if edition else None,
        "figures": edition.content["counts"] if edition else {},
        "missing": summary_read.missing_of(edition.content) if edition else [],
        "receive_refused": refusal(found, "receive", request.actor),
        "return_refused": refusal(found, "return_by_commission", request.actor),
        "late": summary_read.was_late(found),
    })  # fmt: skip


def _forwarded(request: OfficeRequest, public_id: UUID) -> Summary:
    if not _dispatches(request):
        raise PermissionDenied(_("Only the municipal commission receives the counties' summaries."))
    rows = Summary.objects.visible_to(request.actor).select_related("place", "bureau", "government")
    found: Summary = get_object_or_404(rows, public_id=public_id, first_forwarded_at__isnull=False)
    return found


@require_http_methods(["GET", "POST"])
@once
def receive(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = _forwarded(request, public_id)
    back = reverse("reports:summary_received", args=[public_id])
    locked = refusal(found, "receive", request.actor)
    if locked is not None:
        return refused_page(request, locked, back=back)
    return dialog_act(
        request, lambda data: perform(found, "receive", by=request.actor, at=request.now, version=data["version"]),
        form=_versioned(request, found), done=f"{reverse('reports:summaries')}?month={found.month}", cancel_url=back,
        success=_("Receipt signed: %(what)s.") % {"what": _object(found)},
        title=_("Sign for receipt"), object=_object(found), consequence=_("The county is told."),
        button=_("Sign for receipt"), button_icon="checks",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def return_to_county(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = _forwarded(request, public_id)
    back = reverse("reports:summary_received", args=[public_id])
    locked = refusal(found, "return_by_commission", request.actor)
    if locked is not None:
        return refused_page(request, locked, back=back)
    return dialog_act(
        request, lambda data: _return(request, found, "return_by_commission", data),
        form=reason_form(request, found), done=f"{reverse('reports:summaries')}?month={found.month}",
        cancel_url=back, success=_("Returned to the county."), title=_("Return to the county"), object=_object(found),
        consequence=_("The bureau corrects it, its government approves it again; both editions are kept."),
        button=_("Return to the county"), button_icon="arrow-back-up", danger=True,
    )  # fmt: skip


def _versioned(request: OfficeRequest, found: Summary) -> forms.Form:
    return VersionForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
