"""The paper forms as files, and reports filled in offline (M5.5, M6.4)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from openpyxl import Workbook

from ningde_projects.documents.forms import ImportForm, refusal_text
from ningde_projects.documents.imports import importer_of
from ningde_projects.documents.lists import CONTENT_TYPES
from ningde_projects.documents.refusals import FileRefused
from ningde_projects.documents.responses import file_response
from ningde_projects.documents.services import imports as import_services
from ningde_projects.documents.text import export_file_name
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.offices import reads_for_commission
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import RuleBroken

from ..imports import DRAFT, FILE, KIND, refuse
from ..models import Report, Submission, Summary, SummaryEdition
from ..paper import exports as paper_exports
from ..paper import files
from ..paper.book import book_bytes
from ..paper.exports import FORM1
from ..selectors import paper as read
from ..selectors.filed import filings_of
from ..selectors.months import known_months, month_asked
from ..selectors.owner_calendar import switch_of
from ..services import receipts, summaries
from .owning import is_owner, owner_of

FORM2 = "重点项目问题汇总表"


def _month_words(month: Month) -> str:
    return f"{month.year}年{month.number}月"


def _send(
    request: OfficeRequest, book: Workbook, act: str, parts: Sequence[str], rows: int, *, obj: Any = None,
    at: datetime | None = None,
) -> HttpResponseBase:  # fmt: skip
    """The file, and a line in the record; `at` is the time that the file itself bears."""
    name = export_file_name(parts, at or request.now, "xlsx")
    record(
        "paper", act, by=request.actor, at=request.now, obj=obj, text=name,
        data={"rows": rows, "tabs": len(book.worksheets)},
        project_id=getattr(obj, "project_id", None), place_id=getattr(obj, "place_id", None),
    )  # fmt: skip
    return file_response(io.BytesIO(book_bytes(book, at or request.now)), name, CONTENT_TYPES["xlsx"])


# ---- 附件1 -------------------------------------------------------------------------------------------------------


@require_GET
def annex1(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    """The latest filing, ?n=1 an earlier one, ?n=draft what its owner is typing."""
    report = read.printable_report(request.actor, public_id)
    if report is None:
        raise Http404
    filings = filings_of(request.actor, report)
    chosen = _chosen(request, report, filings)
    if not is_owner(report, request.actor):
        receipts.open_as(report, request.actor, request.now)
    book = files.annex1_book(report, chosen, filings[-1] if filings else None, request.actor, request.now)
    parts = [report.project.name[:40], FORM1, _month_words(report.month)]
    if chosen is None:
        parts.append("草稿")
    elif chosen.number != filings[-1].number:
        parts.append(f"第{chosen.number}次报送")
    return _send(request, book, "annex1", parts, len(chosen.problems) if chosen else 0, obj=report)


def _chosen(request: OfficeRequest, report: Report, filings: Sequence[Submission]) -> Submission | None:
    """None is the draft, which is its owner's alone."""
    asked = request.GET.get("n", "")
    if asked and asked != "draft":
        found = next((s for s in filings if str(s.number) == asked), None)
        if found is None:
            raise Http404
        return found
    if filings and asked != "draft":
        return filings[-1]
    if not is_owner(report, request.actor):
        raise Http404
    return None


@require_GET
def annex1_owner(request: OfficeRequest) -> HttpResponseBase:
    """A month's reports in one workbook: one's own, or those that one receives (?owner=, ?place=); many by a worker."""
    month = month_asked(request)
    prints = read.prints_of(
        request.actor, month, _uuid(request.GET.get("owner", "")), request.GET.get("place", "")[:4]
    )
    if not prints:
        raise Http404
    if len(prints) > paper_exports.MOST:
        raise RuleBroken(paper_exports.too_many(len(prints)))
    if len(prints) > paper_exports.AT_ONCE:
        asked = paper_exports.params_of(month, request.GET.get("owner", ""), request.GET.get("place", "")[:4])
        return redirect(f"{reverse('documents:export', args=[paper_exports.KIND])}?{asked}")
    book = paper_exports.month_book(request.actor, prints, month, request.now)
    return _send(
        request, book, "annex1_month", paper_exports.name_parts(request.actor, prints, month), len(prints)
    )


def _uuid(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as wrong:
        raise Http404 from wrong


@require_GET
def annex1_blank(request: OfficeRequest) -> HttpResponseBase:
    """The blank form for those who like paper first; it belongs to nobody, so everyone at work may have it."""
    if not request.actor.held:
        raise Http404
    month = month_asked(request)
    return _send(
        request,
        files.blank_book(month, request.now),
        "annex1_blank",
        [FORM1, _month_words(month), "空白表样"],
        0,
    )


# ---- 附件2 -------------------------------------------------------------------------------------------------------


def _summary(request: OfficeRequest, public_id: UUID) -> Summary:
    found = read.printable_summary(request.actor, public_id)
    if found is None:
        raise Http404
    return found


def _send_edition(
    request: OfficeRequest, summary: Summary, edition: SummaryEdition, *more: str
) -> HttpResponseBase:
    parts = [summary.place.name, FORM2, _month_words(summary.month), *more]
    rows = len(edition.content["items"])
    return _send(request, files.edition_book(edition), "annex2", parts, rows, obj=summary, at=edition.at)


@require_GET
def annex2(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    """As approved; what is not approved yet is headed 送审稿."""
    summary = _summary(request, public_id)
    shown = read.shown_summary(request.actor, summary)
    if shown is None:
        raise Http404
    summaries.look_at(summary, request.actor, request.now)
    if isinstance(shown, SummaryEdition):
        return _send_edition(request, summary, shown)
    parts = [summary.place.name, FORM2, _month_words(summary.month), "送审稿"]
    return _send(
        request, files.living_book(summary, request.now), "annex2", parts, summary.items.count(), obj=summary
    )


@require_GET
def annex2_edition(request: OfficeRequest, public_id: UUID, number: int) -> HttpResponseBase:
    """An edition as issued, whatever has happened since."""
    summary = _summary(request, public_id)
    editions = read.editions_for(request.actor, summary)
    edition = next((e for e in editions if e.number == number), None)
    if edition is None:
        raise Http404
    return _send_edition(request, summary, edition, f"第{number}版")


@require_GET
def annex2_all(request: OfficeRequest, text: str) -> HttpResponseBase:
    """All counties of a month for the commission, each as it was forwarded; who has not forwarded is named."""
    if not reads_for_commission(request.actor):
        raise Http404
    try:
        month = Month.parse(text)
    except ValueError as wrong:
        raise Http404 from wrong
    if month not in known_months(10_000):
        raise Http404
    counties = read.forwarded_of(request.actor, month)
    rows = sum(len(county.edition.content["items"]) for county in counties if county.edition)
    book = files.counties_book(counties, month, request.now)
    return _send(request, book, "annex2_all", ["宁德市", FORM2, _month_words(month)], rows)


# ---- offline -----------------------------------------------------------------------------------------------------


class OfflineForm(ImportForm):
    """The filled workbook, and what is to be done with it."""

    way = forms.ChoiceField(
        label=gettext_lazy("What is done with the sheets"), widget=forms.RadioSelect, initial=DRAFT,
        choices=[
            (DRAFT, gettext_lazy("Keep all as drafts; I look at them on the page before filing")),
            (FILE, gettext_lazy("File all at once, when every sheet is sound")),
        ],
    )  # fmt: skip

    field_order = ("file", "way")


@require_GET
def offline(request: OfficeRequest) -> HttpResponseBase:
    """Everything still owed for the month, filled as far as the system knows, to go on with offline."""
    actor, month = owner_of(request), month_asked(request)
    reports = read.owed_reports(actor, month)
    if not reports:
        return redirect(f"{reverse('reports:offline_upload')}?month={month}")
    book = files.offline_book(reports, month, actor, request.now)
    parts = [actor.organisation.short_name, FORM1, _month_words(month), "线下填报"]
    return _send(request, book, "offline", parts, len(reports))


@require_http_methods(["GET", "POST"])
def offline_upload(request: OfficeRequest) -> HttpResponseBase:
    """Upload; what it would do is shown first, sheet by sheet, and nothing is kept before that is confirmed."""
    actor, month = owner_of(request), month_asked(request)
    reason = refuse(actor, {})
    if reason:
        raise PermissionDenied(reason)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    way = FILE if request.GET.get("way") == FILE else DRAFT
    form = OfflineForm(*posted, initial={"way": way})
    if form.is_valid():
        params = {"month": str(month), "way": form.cleaned_data["way"]}
        try:
            batch = import_services.receive(
                importer_of(KIND), form.cleaned_data["file"], actor, request.now, params
            )
        except FileRefused as refused:
            form.add_error("file", refusal_text(refused))
        else:
            return redirect("documents:import-batch", kind=KIND, public_id=batch.public_id)
    context = {
        "form": form,
        "month": month,
        "owed": read.owed_reports(actor, month),
        "period_switch": switch_of(month, reporting_month(request.now), reverse("reports:offline_upload")),
    }
    return render(request, "reports/paper/offline.html", context, status=422 if form.is_bound else 200)
