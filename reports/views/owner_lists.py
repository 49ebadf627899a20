"""The owner's lists and help: problems, archive of reports, rules of reporting, blank form (E2)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ningde_projects.documents.lists import ListFormat
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import reporting_month
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.projects.selectors import Thresholds

from .. import exports
from ..models.reports import ReportKind
from ..selectors.categories import in_force
from ..selectors.owner_lists import (
    ARCHIVE_STATES,
    ArchiveFilters,
    ProblemFilters,
    archive_of,
    archive_years,
    in_words,
    ledger_rows,
    own_categories,
    problem_counts,
    problems_of,
    shown_status,
)
from .owning import owner_of

PER_PAGE = 50


@require_GET
def problems(request: OfficeRequest) -> HttpResponse:
    """问题台账 of the owner."""
    actor = owner_of(request)
    filters = ProblemFilters.read(dict(request.GET.lists()))
    page = Paginator(problems_of(actor, filters), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "rows": ledger_rows(list(page.object_list), request.now),
        "counts": problem_counts(actor, filters),
        "categories": own_categories(actor, reporting_month(request.now)),
        "words": in_words(filters),
    }
    return render(request, "reports/owner/problems.html", context)


@require_GET
def problems_export(request: OfficeRequest, form: ListFormat) -> HttpResponseBase:
    """The same rows as the ledger, with the filters that are on."""
    filters = ProblemFilters.read(dict(request.GET.lists()))
    rows = problems_of(owner_of(request), filters)
    return exports.list_response(
        request,
        exports.PROBLEMS,
        rows,
        title=_("Ledger of problems"),
        filter_line=in_words(filters),
        form=form,
    )


@require_GET
def archive(request: OfficeRequest) -> HttpResponse:
    """报告单归档: every report of every month."""
    actor = owner_of(request)
    filters = ArchiveFilters.read(dict(request.GET.lists()))
    page = Paginator(archive_of(actor, filters), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "rows": [(report, shown_status(report, request.now)) for report in page.object_list],
        "years": archive_years(actor),
        "states": ARCHIVE_STATES,
        "kinds": ReportKind.choices,
        "words": in_words(filters),
    }
    return render(request, "reports/owner/archive.html", context)


@require_GET
def archive_export(request: OfficeRequest, form: ListFormat) -> HttpResponseBase:
    filters = ArchiveFilters.read(dict(request.GET.lists()))
    rows = archive_of(owner_of(request), filters)
    return exports.list_response(
        request, exports.REPORTS, rows, title=_("Monthly reports of key projects"),
        filter_line=in_words(filters), form=form,
    )  # fmt: skip


@require_GET
def rules(request: OfficeRequest) -> HttpResponse:
    """填报口径: the form's own rules with the thresholds in force (facts.md §2.2)."""
    month = reporting_month(request.now)
    limits, book = Thresholds(month), DeadlineBook()
    names = ("similarity_percent", "slip_factor", "drop_percent", "statistics_gap_percent", "amber_points",
             "days_amber", "days_red", "on_time_target")  # fmt: skip
    context = {
        "month": month,
        "limits": {name: f"{limits[name].normalize():f}" for name in names},
        "categories": in_force(month),
        "due": book.deadline("D2", month),
        "d3": book.deadline("D3", month),
        "d5": book.deadline("D5", month),
        "d6": book.spec("D6", month).workdays,
        "moves": book.spec("D2", month).moves_for_holidays,
    }
    return render(request, "reports/owner/rules.html", context)
