"""The files that people take away: which tabs, in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import Workbook

from ningde_projects.documents.paper import Form
from ningde_projects.documents.paper.render import LANGUAGE
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.rules import completion_percent, points_ahead

from ..models import Report, Submission, Summary, SummaryEdition
from ..selectors.categories import named_in
from ..selectors.paper import Forwarded, Print
from .annex1 import blank_page, filed_page, gap_words, month_words
from .annex2 import all_pages, edition_pages, living_pages
from .book import Layouts, Page, PrintMark, choices_of, clock, layout_of, workbook
from .drafts import cases_of, draft_page, offline_page


def annex1_book(
    report: Report, chosen: Submission | None, latest: Submission | None, actor: Actor, at: datetime
) -> Workbook:
    """One report: a filing of it, or its owner's draft."""
    if chosen is None or latest is None:
        return workbook([draft_page(cases_of([report], actor)[0], at)], choices_of(report.month))
    return workbook(
        [filed_page(report, chosen, latest, category_codes(report.month), Layouts())],
        choices_of(report.month),
    )


def annex1_month_book(
    prints: Sequence[Print], month: Month, office: str, actor: Actor, at: datetime,
    on_progress: Callable[[int], None] | None = None,
) -> Workbook:  # fmt: skip
    """目录, then one tab per report: what was filed last, or the owner's own draft (M5.5)."""
    codes, layouts = category_codes(month), Layouts()
    drafts = {
        case.report.pk: case for case in cases_of([p.report for p in prints if p.latest is None], actor)
    }
    pages = [_contents_page(prints, month, office, at)]
    for entry in prints:
        if entry.latest is None:
            pages.append(draft_page(drafts[entry.report.pk], at))
        else:
            pages.append(filed_page(entry.report, entry.latest, entry.latest, codes, layouts))
    return workbook(pages, choices_of(month), on_progress)


def offline_book(reports: Sequence[Report], month: Month, actor: Actor, at: datetime) -> Workbook:
    """Every owed report as a sheet to fill in."""
    return workbook([offline_page(case, at) for case in cases_of(reports, actor)], choices_of(month))


def blank_book(month: Month, at: datetime) -> Workbook:
    return workbook([blank_page(month, at)], choices_of(month))


def edition_book(edition: SummaryEdition) -> Workbook:
    """As issued; see `book_bytes` for the rest of the promise."""
    return workbook(edition_pages(edition), choices_of(edition.summary.month))


def living_book(summary: Summary, at: datetime) -> Workbook:
    return workbook(living_pages(summary, at), choices_of(summary.month))


def counties_book(counties: Sequence[Forwarded], month: Month, at: datetime) -> Workbook:
    return workbook(all_pages(counties, month, at), choices_of(month))


def category_codes(month: Month) -> dict[str, str]:
    """Code by name; a name of another version stays on the sheet as it was filed."""
    return {category.name: category.code for category in named_in(month)}


# ---- 目录 --------------------------------------------------------------------------------------------------------


def _contents_page(prints: Sequence[Print], month: Month, office: str, at: datetime) -> Page:
    layout = layout_of("annex1_overview", at)
    filed = sum(1 for entry in prints if entry.report.first_submitted_at is not None)
    with translation.override(LANGUAGE):
        counted = _("%(all)s reports, %(filed)s filed") % {"all": len(prints), "filed": filed}
        rows = [_contents_row(entry) for entry in prints]
    form = Form(
        {"office": office, "counted": counted, "made_on": local_date(at)},
        {"reports": rows},
        PrintMark("annex1_overview", layout.version, str(month)),
        layout.name,
        month_words(month),
    )
    return Page(layout, form)


def _contents_row(entry: Print) -> dict[str, Any]:
    report = entry.report
    filed = entry.latest is not None
    percent = completion_percent(report.year_cumulative, report.annual_plan) if filed else None
    row: dict[str, Any] = {
        "name": report.project.name, "code": report.project.code, "place": report.place.name,
        "owner": report.owner.name, "annual_plan": report.annual_plan, "standing": report.get_status_display(),
    }  # fmt: skip
    if not filed:
        return row
    problems = ngettext("%(n)s problem", "%(n)s problems", report.problem_count) % {"n": report.problem_count}
    late = _(", late") if report.is_late() else ""
    return row | {
        "month_investment": report.month_investment,
        "year_investment": report.year_cumulative,
        "year_rate": percent,
        "schedule_gap": "" if percent is None else gap_words(points_ahead(percent, report.month)),
        "problems": _("Nil report") if report.is_nil else problems,
        "filed": clock(report.first_submitted_at) + late if report.first_submitted_at else "",
    }
