"""行业复核: the department confirms or queries the reports of its projects, and sees which problems go up (M5.2)."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import reporting_month
from ningde_projects.projects.rules import schedule_percent
from ningde_projects.shell.queries import changed_query
from ningde_projects.workflow.acting import ReasonForm, button_act, dialog_act, refused_page
from ningde_projects.workflow.door import perform, refusal
from ningde_projects.workflow.idempotency import once

from ..models import Receipt, Report
from ..rules import month_name
from ..selectors import review_industry as read
from ..selectors.months import IN_ROW, IN_SWITCH, known_months, month_asked, month_bar, not_filed
from ..selectors.owner_calendar import switch_of
from ..selectors.review_urgent import urgent_waiting
from .review_filters import Chip
from .review_report import kept_query, readable

ROWS = 50


@require_safe
def worksheet(request: OfficeRequest) -> HttpResponse:
    """The month's reports of the department's projects."""
    offices = read.departments_of(request.actor)
    if not offices:
        raise PermissionDenied(
            _("This worksheet is for those who handle matters for an industry department.")
        )
    month = month_asked(request)
    rows = read.base(request.actor, month)
    counted = read.counts(rows)
    status = request.GET.get("status", "")
    status = status if status in read.STATES else ""
    page = Paginator(read.listed(rows, status), ROWS).get_page(request.GET.get("page"))
    found = read.rows_of(list(page.object_list), month, request.actor, request.now)
    only = offices[0] if len(offices) == 1 else None
    known = known_months(IN_SWITCH)
    months = known[:IN_ROW]
    return render(request, "reports/review/industry.html", {
        "offices": offices, "month": month, "months": months, "is_open": month in months,
        "opens_at": month.next.start, "page": page, "rows": found, "counted": counted, "status": status,
        "chips": _chips(request, counted, status), "schedule": schedule_percent(month),
        "county": only.place.name if only and only.kind == OrgKind.COUNTY_DEPARTMENT else "",
        "passes": any(o.kind == OrgKind.COUNTY_DEPARTMENT for o in offices),
        "query": request.GET.urlencode(), "urgent": urgent_waiting(request.actor),
        "first": next((r for r in found if r.state == "waiting"), None),
        "bar": month_bar(month, request.now, "D5", filed=not_filed(counted["missing"])),
        "period_switch": switch_of(month, reporting_month(request.now), reverse("reports:industry"), known),
    })  # fmt: skip


def _chips(request: OfficeRequest, counted: dict[str, int], status: str) -> list[Chip]:
    chips = [
        Chip(word, counted[state], changed_query(request.GET, {"status": state}), status == state, state)
        for state, word in read.state_words().items()
    ]
    return [
        *chips,
        Chip(_("All"), sum(counted.values()), changed_query(request.GET, {"status": None}), not status),
    ]


def _own_receipt(request: OfficeRequest, report: Report) -> Receipt:
    """The receipt of a department that this person handles for; 404 when the report did not come to it."""
    offices = request.actor.offices(Duty.HANDLE)
    rows = report.receipts.select_related("report", "organisation")
    receipt = rows.filter(organisation__in=offices, decides=False).first()
    if receipt is None:
        raise Http404
    return receipt


def _list_url(report: Report, query: str) -> str:
    return f"{reverse('reports:industry')}?{query or f'month={report.month}'}"


@require_POST
@once
def confirm(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    report = readable(request, public_id)
    receipt = _own_receipt(request, report)
    return button_act(
        request, lambda: perform(receipt, "confirm", by=request.actor, at=request.now),
        done=_list_url(report, kept_query(request)),
        success=_("Confirmed for the industry: %(project)s") % {"project": report.project.name},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def query(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """A question about the figures; the deciding receiver is told at once."""
    report = readable(request, public_id)
    receipt = _own_receipt(request, report)
    back = _list_url(report, kept_query(request))
    locked = refusal(receipt, "query", request.actor)
    if locked is not None and request.method != "POST":
        return refused_page(request, locked, back=back)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].label = _("What does not agree")
    return dialog_act(
        request,
        lambda data: perform(receipt, "query", by=request.actor, at=request.now, reason=data["reason"]),
        form=form, done=back,
        success=_("%(office)s has been told.") % {"office": report.receiver.short_name},
        title=_("Query the report"), object=f"{report.project.name} · {month_name(report.month)}",
        consequence=_("%(office)s sees the question before it accepts the report.") % {
            "office": report.receiver.short_name},
        button=_("Send the query"), button_icon="help-circle",
    )  # fmt: skip
