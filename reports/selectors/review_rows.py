"""What a row of the worksheet shows: light, rate, six months, checks, the other receiver's state.

A fixed number of queries for a page of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.utils.translation import pgettext

from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.rules import completion_percent, light_of
from ningde_projects.projects.selectors import Thresholds

from .. import rules
from ..models import Receipt, Report
from ..models.reports import ReportKind
from ..services.reviewing import entry_of
from ..workflow import ReportStatus
from .basis import circumstances_of
from .review import STATES

SIX = 6


def state_of(report: Report) -> str:
    """The group of a report; the same question as `review.STATES` asks of the database (a test compares)."""
    if report.status == ReportStatus.DRAFT and report.first_submitted_at is not None:
        return "returned"
    return {
        ReportStatus.SUBMITTED: "submitted",
        ReportStatus.RETURNED: "returned",
        ReportStatus.ACCEPTED: "accepted",
        ReportStatus.EXEMPT: "exempt",
    }.get(ReportStatus(report.status), "missing")


def chip_of(report: Report, at: datetime) -> tuple[str, str]:
    """Word of the state with its small addition (第2次)."""
    if report.status == ReportStatus.SUBMITTED and report.submission_count > 1:
        return "resubmit", filing_number(report)
    if report.is_overdue(at):
        return "overdue", ""
    return str(report.status), ""


def filing_number(report: Report) -> str:
    """第2次."""
    return pgettext("filing", "no. %(n)s") % {"n": report.submission_count}


def overdue_days(report: Report, at: datetime) -> int:
    """Begun days past the deadline; 0 when it is not overdue."""
    if not report.is_overdue(at) or report.due_at is None:
        return 0
    return (local_date(at) - local_date(report.due_at)).days + 1


@dataclass(frozen=True)
class Row:
    """One report of the list. Figures are None while its owner is still typing."""

    report: Report
    state: str
    chip: tuple[str, str]
    light: str
    percent: Decimal | None
    month_investment: Decimal | None
    overdue: int
    marks: Sequence[tuple[str, str]] = ()
    failed: str = ""
    others: Sequence[Receipt] = ()

    @property
    def is_shown(self) -> bool:
        return self.report.submitted_at is not None

    @property
    def chases(self) -> int:
        return int(getattr(self.report, "chase_count", 0))

    @property
    def chased_at(self) -> datetime | None:
        return getattr(self.report, "chased_at", None)


@dataclass(frozen=True)
class Group:
    state: str
    count: int
    rows: Sequence[Row] = field(default_factory=tuple)
    #: Days since the oldest of the page was filed, or the most days overdue.
    days: int = 0


def rows_of(
    reports: Sequence[Report], month: Month, thresholds: Thresholds, at: datetime, *, with_marks: bool = True
) -> list[Row]:
    """Rows in the order given. All reports are of the month. Marks: the six months and the check that failed."""
    waiting = [r for r in reports if r.status == ReportStatus.SUBMITTED]
    marks = six_months(reports, month, at) if with_marks else {}
    failed = _failed(waiting, thresholds) if with_marks else {}
    receipts = _other_receipts(reports)
    rows = []
    for report in reports:
        shown = report.submitted_at is not None
        percent = completion_percent(report.year_cumulative, report.annual_plan) if shown else None
        rows.append(
            Row(
                report, state_of(report), chip_of(report, at),
                light_of(percent, month, thresholds["amber_points"]).value, percent,
                report.month_investment if shown else None, overdue_days(report, at),
                marks.get((report.project_id, report.part_id), ()), failed.get(report.pk, ""),
                receipts.get(report.pk, ()),
            )
        )  # fmt: skip
    return rows


def grouped(
    rows: Sequence[Row], counted: dict[str, int], shown: Sequence[str], at: datetime, *, last: bool
) -> list[Group]:
    """The groups of one page; folded ones stand as headings at the end of the last page."""
    found = []
    for state in STATES:
        own = tuple(row for row in rows if row.state == state)
        if own:
            found.append(Group(state, counted[state], own, _days(state, own, at)))
        elif last and counted[state] and state not in shown:
            found.append(Group(state, counted[state]))
    return found


def _days(state: str, rows: Sequence[Row], at: datetime) -> int:
    if state == "submitted":
        filed = [row.report.submitted_at for row in rows if row.report.submitted_at]
        return max((local_date(at) - local_date(moment)).days for moment in filed) if filed else 0
    return max(row.overdue for row in rows)


def _failed(reports: Sequence[Report], thresholds: Thresholds) -> dict[int, str]:
    """By report: the first check that stands in the way of accepting it.

    Comparing texts never fails a report and is dear, so a list of fifty leaves it out.
    """
    circumstances = circumstances_of(reports, thresholds=thresholds)
    found = {}
    for report in reports:
        failed = rules.failures(
            rules.check_entry(replace(entry_of(report), progress=""), circumstances[report.pk])
        )
        if failed:
            found[report.pk] = failed[0].text
    return found


def _other_receipts(reports: Sequence[Report]) -> dict[int, list[Receipt]]:
    found: dict[int, list[Receipt]] = {}
    rows = Receipt.objects.filter(report__in=[r.pk for r in reports], decides=False)
    for receipt in rows.select_related("organisation"):
        found.setdefault(receipt.report_id, []).append(receipt)
    return found


def six_months(
    reports: Sequence[Report], month: Month, at: datetime
) -> dict[tuple[int, int | None], list[tuple[str, str]]]:  # fmt: skip
    """近6月 of each project or part, oldest first: on time, late, missing, not due. One query."""
    months = [month.plus(n - SIX + 1) for n in range(SIX)]
    rows = Report.objects.filter(
        kind=ReportKind.MONTHLY, project__in={r.project_id for r in reports}, month__in=months
    ).values_list("project_id", "part_id", "month", "status", "first_submitted_at", "due_at")
    known = {
        (project, part, of): _mark(status, first, due, at) for project, part, of, status, first, due in rows
    }
    return {
        (r.project_id, r.part_id): [
            (rules.month_name(m), known.get((r.project_id, r.part_id, m), "none")) for m in months
        ]
        for r in reports
    }


def _mark(status: str, first: datetime | None, due: datetime | None, at: datetime) -> str:
    if first is not None:
        return "late" if due is not None and first >= due else "on"
    if status == ReportStatus.EXEMPT or due is None or at < due:
        return "none"
    return "missing"
