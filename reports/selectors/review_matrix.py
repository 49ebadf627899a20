"""Projects by steps: the date of each step or what stands there instead (screen 03b). A fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.periods.month import Month, local_date
from ningde_projects.shell import formats
from ningde_projects.workflow.models import Act

from ..models import Receipt, Report, Summary, SummaryItem
from ..workflow import ReceiptStatus, ReportStatus, SummaryStatus
from .review_rows import Row, filing_number

Look = Literal["ok", "bk", "od", "cur", "no"]


@dataclass(frozen=True)
class Cell:
    """`look` is the mark of the style sheet: done, returned, overdue, the step now due, nothing yet."""

    step: str
    look: Look
    text: str

    @property
    def icon(self) -> str:
        return {"ok": "check", "bk": "arrow-back-up"}.get(self.look, "")


@dataclass(frozen=True)
class MatrixRow:
    row: Row
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Matrix:
    rows: Sequence[MatrixRow]
    steps: Sequence[str]
    done: Sequence[int]


#: fill, file: the owner; industry: the department; accept: the receiver; then 附件2.
STEPS = ("fill", "file", "industry", "accept", "draw", "approve", "forward")


def matrix_of(rows: Sequence[Row], month: Month, at: datetime, *, with_summary: bool) -> Matrix:
    """The cells of a page of rows; the commission's own reports go into no county's summary."""
    reports = [row.report for row in rows]
    steps = STEPS if with_summary else STEPS[:4]
    begun = _begun(reports)
    drawn = set(
        SummaryItem.objects.filter(summary__month=month, report__in=[r.pk for r in reports]).values_list(
            "report_id", flat=True
        )
    )
    bureaus = {r.receiver_id for r in reports}
    own = Summary.objects.filter(month=month, bureau__in=bureaus) if with_summary else []
    summaries = {s.bureau_id: s for s in own}
    found = []
    for row in rows:
        report = row.report
        cells = [
            _fill(report, begun.get(report.pk)),
            _file(row, at),
            _industry(report, row.others),
            _accept(row),
        ]
        if with_summary:
            cells += _summary_cells(report, report.pk in drawn, summaries.get(report.receiver_id), at)
        found.append(MatrixRow(row, cells))
    done = [sum(1 for r in found if r.cells[n].look == "ok") for n in range(len(steps))]
    return Matrix(found, steps, done)


def _begun(reports: Sequence[Report]) -> dict[int, datetime]:
    acts = Act.objects.filter(machine="report", name="start", object_id__in=[r.pk for r in reports])
    return {
        pk: moment for pk, moment in acts.order_by("-id").values_list("object_id", "at") if pk is not None
    }


def _day(moment: datetime | None) -> str:
    return f"{local_date(moment):%m-%d}" if moment else ""


def _fill(report: Report, begun: datetime | None) -> Cell:
    moment = begun or report.first_submitted_at
    if moment is None:
        return Cell("fill", "no", _("not begun"))
    return Cell("fill", "ok", _day(moment))


def _file(row: Row, at: datetime) -> Cell:
    report = row.report
    if report.status == ReportStatus.EXEMPT:
        return Cell("file", "no", _("exempt"))
    if row.overdue:
        return Cell("file", "od", _("overdue %(n)s days") % {"n": row.overdue})
    if report.submitted_at is None:
        return Cell("file", "no", _("being filled in") if report.status == ReportStatus.DRAFT else "·")
    number = f" {filing_number(report)}" if report.submission_count > 1 else ""
    late = f" {pgettext('filing', 'late')}" if report.is_late() else ""
    return Cell("file", "ok", _day(report.submitted_at) + number + late)


def _industry(report: Report, others: Sequence[Receipt]) -> Cell:
    """The department that confirms for the industry; a query is a return of its kind."""
    receipt = next(iter(others), None)
    if receipt is None or report.submitted_at is None:
        return Cell("industry", "no", "·")
    if receipt.status == ReceiptStatus.CONFIRMED:
        return Cell("industry", "ok", receipt.organisation.short_name)
    if receipt.status == ReceiptStatus.QUERIED:
        return Cell("industry", "bk", _("query"))
    word = _("opened") if receipt.status == ReceiptStatus.OPENED else _("delivered")
    return Cell("industry", "no", word)


def _accept(row: Row) -> Cell:
    report = row.report
    if row.state == "submitted":
        return Cell("accept", "cur", _("Awaiting review"))
    if report.status == ReportStatus.RETURNED:
        return Cell("accept", "bk", pgettext("status", "Returned"))
    if report.status == ReportStatus.ACCEPTED:
        return Cell("accept", "ok", _day(report.accepted_at))
    return Cell("accept", "no", "·")


def _summary_cells(report: Report, drawn: bool, summary: Summary | None, at: datetime) -> list[Cell]:
    nothing = [Cell(step, "no", "·") for step in STEPS[4:]]
    if summary is None or report.status != ReportStatus.ACCEPTED:
        return nothing
    moment = summary.drawn_at
    is_in = moment is not None and (
        drawn or (report.accepted_at is not None and report.accepted_at <= moment)
    )
    if not is_in:
        return [Cell("draw", "cur", _("to be pulled in")), *nothing[1:]]
    return [Cell("draw", "ok", _day(moment)), _approval(summary), _forwarding(summary, at)]


def _approval(summary: Summary) -> Cell:
    if summary.approved_at is not None:
        return Cell("approve", "ok", _day(summary.approved_at))
    if summary.status == SummaryStatus.APPROVING:
        return Cell("approve", "cur", _("Awaiting approval"))
    if summary.status == SummaryStatus.RETURNED:
        return Cell("approve", "bk", pgettext("status", "Returned"))
    return Cell("approve", "no", "·")


def _forwarding(summary: Summary, at: datetime) -> Cell:
    if summary.status in (SummaryStatus.FORWARDED, SummaryStatus.RECEIVED):
        return Cell("forward", "ok", _day(summary.forwarded_at))
    if at >= summary.due_at and summary.first_forwarded_at is None:
        return Cell(
            "forward",
            "od",
            _("past %(until)s") % {"until": formats.day_month(formats.last_day(summary.due_at))},
        )
    return Cell("forward", "no", "·")
