"""One report before its receiver: reading pane and page, and every act on it (M5.4, M6.1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.workflow.acting import (
    ReasonForm,
    button_act,
    dialog_act,
    posted_version,
    refused_page,
)
from ningde_projects.workflow.door import perform, refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed, Refusal, WrongState

from ..forms.fields import clean_text
from ..models import Receipt, Report
from ..models.reports import ReportKind
from ..rules import month_name
from ..selectors import review_reading as read
from ..selectors.attachments import files_of
from ..selectors.owner_aside import record_of
from ..selectors.review import worksheet_offices
from ..selectors.review_rows import filing_number
from ..services import asking, receipts, reviewing
from ..workflow import ReceiptStatus, ReportStatus
from .owning import visible_report
from .review import numbers_of
from .review_return import ask_return


def readable(request: OfficeRequest, public_id: UUID) -> Report:
    """Hidden is 404; seen by its owner or a leader, but not theirs to receive, is 403."""
    report = visible_report(request, public_id)
    if not read.reads_as_receiver(report, request.actor, read.receipts_of(report)):
        raise PermissionDenied(_("This page is for those who receive the report."))
    return report


def in_pane(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == "pane"


def kept_query(request: HttpRequest) -> str:
    """The worksheet's filters, handed along so that the way back leads to the same rows."""
    text = request.POST.get("query") or request.GET.urlencode()
    query = QueryDict(text[:800], mutable=True)
    return query.urlencode()


def worksheet_url(report: Report, query: str) -> str:
    """The list that the report stands in."""
    return f"{reverse('reports:review')}?{query or f'month={report.month}'}"


@require_safe
def report(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Looking at a filed report opens it: from then on it cannot be recalled (settled point 6)."""
    found = readable(request, public_id)
    if found.submitted_at is not None:
        receipts.open_as(found, request.actor, request.now)
        found.refresh_from_db(fields=["opened_at"])
    return _page(request, found)


def _page(request: OfficeRequest, found: Report, **headers: str) -> HttpResponse:
    pane = in_pane(request)
    context = reading_context(request, found) | {"in_pane": pane}
    if not pane:
        nearest = read.next_waiting(found)
        context |= {"record": record_of(found, with_draft=False), "next": nearest}
    name = "reports/review/pane.html" if pane else "reports/review/report.html"
    response = render(request, name, context)
    for header, value in headers.items():
        response[header.replace("_", "-")] = value
    return response


def reading_context(request: OfficeRequest, found: Report) -> dict[str, Any]:
    """What pane and page show, and which acts are open to this person."""
    actor = request.actor
    received = read.receipts_of(found)
    reading = read.reading_of(found, received, actor, request.now)
    offices = actor.offices(Duty.HANDLE)
    own = next((r for r in received if r.organisation_id in offices and not r.decides), None)
    query = kept_query(request)
    mine = found.receiver_id in actor.offices(Duty.REVIEW, Duty.VIEW, Duty.DISPATCH)
    return {
        "report": found, "reading": reading, "query": query, "back": worksheet_url(found, query),
        "county": found.place.name if found.receiver.kind == OrgKind.COUNTY_BUREAU else "",
        "decides": found.receiver_id in actor.offices(Duty.REVIEW, Duty.DISPATCH),
        "accept_refusal": refusal(found, reviewing.transition_for(found, "accept"), actor),
        "return_refusal": refusal(found, reviewing.transition_for(found, "return"), actor),
        "exempt_refusal": refusal(found, _exempting(found, request), actor),
        "sees_opinion": mine and found.receiver.kind == OrgKind.COUNTY_BUREAU,
        "writes_opinion": actor.has(Duty.REVIEW, [found.receiver_id]),
        "asks": _asks(request, found, received), "own_receipt": own, "signs": _signs(request, found, received),
        "handles": own is not None and found.submitted_at is not None,
        "chases": list(found.chases.select_related("by")[:5]),
        "files": files_of(actor, found) if found.submission_count else None,
        "is_monthly": found.kind == ReportKind.MONTHLY,
        "passes": own is not None and own.organisation.kind == OrgKind.COUNTY_DEPARTMENT,
        "may_oblige": found.status == ReportStatus.EXEMPT and actor.has(Duty.DISPATCH),
    }  # fmt: skip


def _exempting(found: Report, request: OfficeRequest) -> str:
    return "exempt" if request.actor.has(Duty.REVIEW, [found.receiver_id]) else "exempt_direct"


def _asks(request: OfficeRequest, found: Report, received: list[Receipt]) -> bool:
    """转行业部门核实 is open: a filed report, and a department that received it."""
    other = next((r for r in received if not r.decides), None)
    if other is None or found.submitted_at is None or found.kind != ReportKind.MONTHLY:
        return False
    return refusal(other, asking.transition_for(found), request.actor) is None


def _signs(request: OfficeRequest, found: Report, received: list[Receipt]) -> Receipt | None:
    """An urgent or direct report that does not lie with this office to decide, and waits for its signature."""
    offices = request.actor.offices(Duty.REVIEW, Duty.DISPATCH)
    return next(
        (
            r for r in received
            if r.organisation_id in offices and not r.decides and found.kind != ReportKind.MONTHLY
            and r.status in (ReceiptStatus.WAITING, ReceiptStatus.OPENED)
        ), None,
    )  # fmt: skip


# ---- accepting, returning --------------------------------------------------------------------------------------


@require_POST
@once
def accept(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """签收并下一个. The opinion is kept first: a refusal does not lose it."""
    found = readable(request, public_id)
    query = kept_query(request)
    here = reverse("reports:review_report", args=[public_id])
    try:
        if "opinion" in request.POST:
            _keep_opinion(request, found)
        reviewing.accept(found, by=request.actor, at=request.now, version=posted_version(request))
    except Refusal as refused:
        return refused_page(request, refused, back=here)
    if in_pane(request):
        return _accepted_part(request, visible_report(request, public_id))
    following = read.next_waiting(found) if "next" in request.POST else None
    done = reverse("reports:review_report", args=[following.public_id]) if following else ""
    return button_act(
        request, lambda: None, done=f"{done}?{query}" if done else worksheet_url(found, query),
        success=_("Accepted: %(project)s") % {"project": found.project.name},
    )  # fmt: skip


def _accepted_part(request: OfficeRequest, found: Report) -> HttpResponse:
    """The pane as it is now, the row of the list, its counts, and the word for the list to go on to the next row."""
    response = _page(request, found, HX_Trigger_After_Swap="nd:next")
    row = render(request, "reports/review/row_state.html", {"report": found})
    response.content += row.content
    if worksheet_offices(request.actor):
        response.content += numbers_of(request, found.month, kept_query(request)).content
    return response


def _keep_opinion(request: OfficeRequest, found: Report) -> None:
    text = clean_text(request.POST.get("opinion", ""))[:1000]
    before = request.POST.get("opinion_before")
    if text == found.county_opinion and (before is None or clean_text(before) == text):
        return
    reviewing.keep_opinion(
        found, text, by=request.actor, at=request.now, before=None if before is None else clean_text(before)
    )


@require_POST
def opinion(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """县级初步意见, kept while reading."""
    found = readable(request, public_id)
    here = reverse("reports:review_report", args=[public_id])
    try:
        _keep_opinion(request, found)
    except Refusal as refused:
        return refused_page(request, refused, back=here)
    if request.headers.get("HX-Request") == "true":
        found.refresh_from_db(fields=["county_opinion"])
        return render(request, "reports/review/opinion_saved.html", {"report": found, "at": request.now})
    return button_act(
        request, lambda: None, done=f"{here}?{kept_query(request)}", success=_("Opinion saved.")
    )


@require_http_methods(["GET", "POST"])
@once
def return_report(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """退回: ticked reasons, what has to be changed, which fields, until when (screen 03d)."""
    found = readable(request, public_id)
    query = kept_query(request)
    locked = refusal(found, reviewing.transition_for(found, "return"), request.actor)
    if locked is not None and request.method != "POST":
        return refused_page(request, locked, back=worksheet_url(found, query))
    return ask_return(request, found, done=worksheet_url(found, query), query=query)


@require_POST
@once
def sign(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """An urgent or direct report that another office decides: signed for by this one (M5.3)."""
    found = readable(request, public_id)
    receipt = _signs(request, found, read.receipts_of(found))
    back = reverse("reports:review_report", args=[public_id])
    if receipt is None:
        refused = WrongState(_("Nothing waits for your office's signature here."))
        return refused_page(request, refused, back=back)
    verb = "confirm_dispatch" if receipt.organisation.kind == OrgKind.COMMISSION else "confirm_review"
    return button_act(
        request, lambda: perform(receipt, verb, by=request.actor, at=request.now), done=back,
        success=_("Signed for."),
    )  # fmt: skip


# ---- the department, exemption, chase --------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@once
def ask(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """转行业部门核实."""
    found = readable(request, public_id)
    other = asking.industry_receipt(found)
    locked = refusal(other, asking.transition_for(found), request.actor) if other else None
    if locked is not None:
        return refused_page(request, locked, back=_page_url(found, request))
    name = other.organisation.short_name if other else ""
    return dialog_act(
        request,
        lambda data: asking.ask_industry(found, by=request.actor, at=request.now, question=data["reason"]),
        form=_reason(request, _("What is to be verified")),
        done=_page_url(found, request), success=_("%(office)s has been asked.") % {"office": name},
        title=_("Ask the industry department to verify"), object=_object(found),
        consequence=_("%(office)s is told and confirms or queries. You can accept or return meanwhile.") % {
            "office": name},
        button=_("Ask %(office)s") % {"office": name}, button_icon="help-circle",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def exempt(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """免报, by decision with a reason (settled point 4)."""
    found = readable(request, public_id)
    locked = refusal(found, _exempting(found, request), request.actor)
    if locked is not None:
        return refused_page(request, locked, back=worksheet_url(found, ""))
    return dialog_act(
        request,
        lambda data: reviewing.exempt(found, by=request.actor, at=request.now, reason=data["reason"]),
        form=_reason(request, _("Reason for the exemption")),
        done=worksheet_url(found, kept_query(request)), success=_("Exempt: the owner has been told."),
        title=_("Exempt from reporting"), object=_object(found),
        consequence=_("No report is due for this month and it does not count as missing. "
                      "Only the commission can require it again."),
        button=_("Exempt from reporting"), button_icon="calendar-off", danger=True,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def oblige(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The commission takes an exemption back."""
    found = readable(request, public_id)
    locked = refusal(found, "oblige", request.actor)
    if locked is not None:
        return refused_page(request, locked, back=worksheet_url(found, ""))
    return dialog_act(
        request,
        lambda data: perform(found, "oblige", by=request.actor, at=request.now, reason=data["reason"]),
        form=_reason(request, _("Reason")),
        done=worksheet_url(found, kept_query(request)), success=_("The report is due again; the owner has been told."),
        title=_("Require the report again"), object=_object(found),
        consequence=_("The owner has to file it; the deadline stays what it was."),
        button=_("Require the report again"), button_icon="calendar-event",
    )  # fmt: skip


@require_POST
@once
def chase(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """催报 of one report; once a day."""
    found = readable(request, public_id)

    def act() -> None:
        outcome = reviewing.chase([found], by=request.actor, at=request.now)
        if outcome.skipped:
            locked = not request.actor.has(Duty.DISPATCH) and not request.actor.has(
                Duty.REVIEW, [found.receiver_id]
            )
            raise (NotAllowed if locked else WrongState)(outcome.skipped[0].why)

    back = worksheet_url(found, kept_query(request))
    return button_act(
        request, act, done=back, success=_("Chased: %(owner)s") % {"owner": found.owner.short_name}
    )


# ---- words -----------------------------------------------------------------------------------------------------


def _reason(request: OfficeRequest, label: str) -> ReasonForm:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].label = label
    return form


def _object(found: Report) -> str:
    words = _("%(project)s · report of %(month)s") % {
        "project": found.project.name, "month": month_name(found.month)
    }  # fmt: skip
    return f"{words}（{filing_number(found)}）" if found.submission_count > 1 else words


def _page_url(found: Report, request: OfficeRequest) -> str:
    query = kept_query(request)
    return reverse("reports:review_report", args=[found.public_id]) + (f"?{query}" if query else "")
