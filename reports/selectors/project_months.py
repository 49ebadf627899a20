"""The monthly reports of one project: a year's table, the curve, and what was reported outside the month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month
from ningde_projects.projects.models import AnnualPlan, Project, Stage
from ningde_projects.projects.rules import completion_percent, schedule_percent
from ningde_projects.shell.curve import Curve, Series

from ..models import Report
from ..models.reports import ReportKind
from .review_rows import chip_of

_TWELVE = 12


@dataclass(frozen=True)
class MonthRow:
    """One report of the table, or the sum of a month's parts (`report` None). Figures are None until filed."""

    month: Month
    report: Report | None
    chip: tuple[str, str] = ("", "")
    investment: Decimal | None = None
    cumulative: Decimal | None = None
    percent: Decimal | None = None
    problems: int | None = None
    url: str = ""
    parts: int = 0

    @property
    def schedule(self) -> Decimal:
        return schedule_percent(self.month)

    @property
    def is_shown(self) -> bool:
        return self.report is not None and self.report.submitted_at is not None


@dataclass(frozen=True)
class YearTable:
    """A year's rows, newest first; `reason` says why there are none."""

    year: int
    rows: Sequence[MonthRow] = field(default_factory=tuple)
    has_parts: bool = False
    reason: str = ""


def reports_of_year(project: Project, actor: Actor, year: int) -> list[Report]:
    """Newest month first, the lead county before the others; one query."""
    rows: QuerySet[Report] = Report.objects.visible_to(actor)
    return list(
        rows.filter(
            project=project, kind=ReportKind.MONTHLY, month__gte=Month(year, 1), month__lte=Month(year, 12)
        )
        .select_related("part__place", "owner")
        .order_by("-month", "-part__is_lead", "part__place__order", "pk")
    )


def year_table(project: Project, actor: Actor, at: datetime, year: int) -> YearTable:
    reports = reports_of_year(project, actor, year)
    if not reports:
        return YearTable(year, reason=_why_none(project, year))
    months: dict[Month, list[Report]] = {}
    for report in reports:
        months.setdefault(report.month, []).append(report)
    rows: list[MonthRow] = []
    for month, own in months.items():
        if len(own) > 1:
            rows.append(_sum_row(month, own))
        rows += [_row(report, at) for report in own]
    return YearTable(year, rows, any(report.part_id for report in reports))


def _row(report: Report, at: datetime) -> MonthRow:
    chip = chip_of(report, at)
    if report.submitted_at is None:
        # What is being typed is the owner's alone; to others a draft is a report that is not there yet.
        return MonthRow(report.month, report, ("todo", "") if chip[0] == "draft" else chip)
    if chip[0] == "accepted" and report.is_late():
        chip = ("late", "")
    elif chip[0] == "accepted" and report.is_nil:
        chip = ("nil", "")
    return MonthRow(
        report.month, report, chip, report.month_investment, report.year_cumulative,
        completion_percent(report.year_cumulative, report.annual_plan), report.problem_count,
        reverse("reports:report", args=[report.public_id]),
    )  # fmt: skip


def _sum_row(month: Month, reports: Sequence[Report]) -> MonthRow:
    """The parts of a month added once; the rate is of those with a plan and a figure."""
    filed = [r for r in reports if r.submitted_at is not None]
    rated = [
        (r.year_cumulative, r.annual_plan) for r in filed if r.year_cumulative is not None and r.annual_plan
    ]
    planned = sum((plan for _done, plan in rated if plan), Decimal(0))
    done = sum((value for value, _plan in rated if value is not None), Decimal(0))
    return MonthRow(
        month, None, ("", ""), _total(r.month_investment for r in filed), _total(r.year_cumulative for r in filed),
        completion_percent(done, planned) if rated else None,
        sum(r.problem_count for r in filed) if filed else None, parts=len(reports),
    )  # fmt: skip


def _total(values: Any) -> Decimal | None:
    stated = [value for value in values if value is not None]
    return sum(stated, Decimal(0)) if stated else None


def _why_none(project: Project, year: int) -> str:
    if project.stage in (Stage.PLANNING, Stage.RESERVE, Stage.PRELIMINARY):
        return _("Works have not begun: monthly reports are owed from the start of works on.")
    if project.stage == Stage.SUSPENDED:
        return _("The project is suspended: no report is owed until the commission takes it up again.")
    if project.stage == Stage.EXITED:
        return _("The project has left the pool: no report is owed.")
    if not project.is_key:
        return _("Only key projects owe monthly reports; this one is not on the list of key projects.")
    return _(
        "No report of {year} is open to you yet. A month is opened on the 1st of the month after it."
    ).format(year=year)


# ---- the curve -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CurveLine:
    """The same figures as a table."""

    month: Month
    plan: Decimal | None
    reported: Decimal | None
    investment: Decimal | None
    statistics: Decimal | None


@dataclass(frozen=True)
class YearCurve:
    chart: Curve | None
    lines: Sequence[CurveLine] = field(default_factory=tuple)
    plan: Decimal | None = None
    has_statistics: bool = False
    is_partial: bool = False


def year_curve(project: Project, actor: Actor, year: int) -> YearCurve:
    """Plan by months / 12, reported, and what the owners say the statistics platform shows; two queries."""
    reports = [r for r in reports_of_year(project, actor, year) if r.submitted_at is not None]
    plan = _plan_of(project, reports, year)
    reported = _carried(reports)
    statistics = _stated_by_all(reports)
    if not reported and not plan:
        return YearCurve(None)
    months = {n: plan * n / _TWELVE for n in range(1, _TWELVE + 1)} if plan else {}
    series = [
        Series(pgettext("curve", "Plan"), "c-plan", months, dots=False),
        Series(pgettext("curve", "Reported"), "c-report", reported),
        Series(pgettext("curve", "Statistics"), "c-statistics", statistics),
    ]
    done = {
        n: _total(r.month_investment for r in reports if r.month.number == n) for n in range(1, _TWELVE + 1)
    }
    lines = [
        CurveLine(Month(year, n), months.get(n), reported.get(n), done[n], statistics.get(n))
        for n in range(1, _TWELVE + 1)
    ]
    return YearCurve(Curve(year, series), lines, plan, bool(statistics), _is_partial(project, reports))


def _plan_of(project: Project, reports: Sequence[Report], year: int) -> Decimal | None:
    """The plans of the parts that this person reads reports of; without any report the register's plan."""
    latest: dict[int | None, Decimal | None] = {}
    for report in reports:
        latest.setdefault(report.part_id, report.annual_plan)
    stated = [plan for plan in latest.values() if plan is not None]
    if stated:
        return sum(stated, Decimal(0))
    if reports:
        return None
    rows = AnnualPlan.objects.filter(Q(project=project), year=year, investment__isnull=False)
    plans = [(part, sum_) for part, sum_ in rows.values_list("part_id", "investment") if sum_ is not None]
    whole = [sum_ for part, sum_ in plans if part is None]
    return whole[0] if whole else sum((sum_ for _part, sum_ in plans), Decimal(0)) or None


def _carried(reports: Sequence[Report]) -> Mapping[int, Decimal]:
    """Cumulative sums by month: a part that has not filed a month stands at what it last said."""
    by_part: dict[int | None, dict[int, Decimal]] = {}
    for report in reports:
        if report.year_cumulative is not None:
            by_part.setdefault(report.part_id, {})[report.month.number] = report.year_cumulative
    found: dict[int, Decimal] = {}
    for month in sorted({number for values in by_part.values() for number in values}):
        known = (
            values[max(n for n in values if n <= month)]
            for values in by_part.values()
            if min(values) <= month
        )
        found[month] = sum(known, Decimal(0))
    return found


def _stated_by_all(reports: Sequence[Report]) -> Mapping[int, Decimal]:
    """The platform's sum, in months for which every part that filed has given one."""
    by_month: dict[int, list[Decimal | None]] = {}
    for report in reports:
        by_month.setdefault(report.month.number, []).append(report.statistics_cumulative)
    return {
        month: sum((value for value in values if value is not None), Decimal(0))
        for month, values in sorted(by_month.items())
        if None not in values
    }


def _is_partial(project: Project, reports: Sequence[Report]) -> bool:
    """Some of the project's parts are not among these reports."""
    parts = {report.part_id for report in reports if report.part_id}
    return bool(parts) and project.parts.count() > len(parts)
