"""The paper forms as files: 附件1 per report and per owner, 附件2 per county and for all (M5.5, M6.4)."""

from __future__ import annotations

import io
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from ningde_projects.documents.lists import CONTENT_TYPES
from ningde_projects.documents.responses import file_response
from ningde_projects.documents.text import export_file_name
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month
from ningde_projects.workflow.door import record

from .. import paper
from ..models import Report, Submission, Summary
from ..selectors.months import month_asked
from .owning import is_owner


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as wrong:
        raise Http404 from wrong


def _send(
    request: OfficeRequest, book: Workbook, parts: list[str], rows: int, made_at: datetime | None = None
) -> HttpResponseBase:
    record("report", "export", by=request.actor, at=request.now, text="_".join(parts), data={"rows": rows})
    name = export_file_name(parts, made_at or request.now, "xlsx")
    return file_response(io.BytesIO(paper.workbook_bytes(book, made_at)), name, CONTENT_TYPES["xlsx"])


@require_safe
def annex1(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    """The latest filing, or ?n= an earlier one; before the first, the owner's own blank form."""
    rows = Report.objects.visible_to(request.actor).select_related(
        "project", "receiver", "department", "owner", "place"
    )
    report: Report = get_object_or_404(rows, public_id=public_id)
    number = request.GET.get("n", "")
    filings = report.submissions.order_by("-number")
    submission: Submission | None = filings.first()
    if number.isdecimal():
        submission = get_object_or_404(filings, number=int(number[:4]))
    if submission is None and not is_owner(report, request.actor):
        raise Http404
    parts = [report.project.name, "问题报告单", f"{report.month.year}年{report.month.number}月"]
    return _send(request, paper.annex1(report, submission), parts, 1)


@require_safe
def annex1_owner(request: OfficeRequest) -> HttpResponseBase:
    """All of one's own reports of a month (?month=2026-10) in one workbook."""
    month = month_asked(request)
    offices = request.actor.offices(Duty.REPORT)
    reports = list(
        Report.objects.monthly(month).filter(owner__in=offices)
        .select_related("project", "receiver", "department", "owner", "place").order_by("project", "pk")
    )  # fmt: skip
    if not reports:
        raise Http404
    parts = [reports[0].owner.short_name, "问题报告单", f"{month.year}年{month.number}月"]
    return _send(request, paper.annex1_book(reports), parts, len(reports))


@require_safe
def annex1_blank(request: OfficeRequest) -> HttpResponseBase:
    """The blank form for people who like paper first; it belongs to nobody, so everyone signed in may have it."""
    if not request.actor.held:
        raise Http404
    month = month_asked(request)
    return _send(request, paper.annex1_blank(month), ["问题报告单", "空白表样"], 0)


@require_safe
def annex2(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    rows = Summary.objects.visible_to(request.actor).select_related("place", "bureau", "government")
    summary: Summary = get_object_or_404(rows, public_id=public_id)
    edition = summary.editions.order_by("-number").first()
    issued = edition is not None and summary.status in ("approved", "forwarded", "received")
    parts = [summary.place.name, "重点项目问题汇总表", f"{summary.month.year}年{summary.month.number}月"]
    return _send(
        request,
        paper.annex2(summary),
        parts,
        summary.items.count(),
        edition.at if issued and edition else None,
    )


@require_safe
def annex2_edition(request: OfficeRequest, public_id: UUID, number: int) -> HttpResponseBase:
    """An edition as issued, whatever has happened since."""
    rows = Summary.objects.visible_to(request.actor).select_related("place")
    summary: Summary = get_object_or_404(rows, public_id=public_id)
    edition = get_object_or_404(summary.editions, number=number)
    parts = [
        summary.place.name,
        "重点项目问题汇总表",
        f"{summary.month.year}年{summary.month.number}月",
        f"第{number}版",
    ]
    return _send(request, paper.annex2_edition(edition), parts, len(edition.content["items"]), edition.at)


@require_safe
def annex2_all(request: OfficeRequest, text: str) -> HttpResponseBase:
    """All counties that have forwarded, in one workbook."""
    if not request.actor.has(Duty.DISPATCH):
        raise Http404
    month = _month(text)
    rows = Summary.objects.visible_to(request.actor).filter(month=month).order_by("place__order")
    summaries = list(rows.select_related("place", "bureau", "government"))
    if not summaries:
        raise Http404
    parts = ["宁德市", "重点项目问题汇总表", f"{month.year}年{month.number}月"]
    return _send(request, paper.annex2_book(summaries), parts, len(summaries))
