"""What the monthly reports of a year say of projects, in sets: for the list, the lights and the page of a project.

Only what the person may see counts: a county of a project across counties sees its own part, whoever sees all parts
sees them added once. What an owner has recalled does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, QuerySet

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month
from ningde_projects.projects.lights import Progress
from ningde_projects.projects.models import Project

from ..models import Problem, Report
from ..models.reports import ReportKind
from ..workflow import UNSETTLED
from .review import SHOWN


def year_reports(actor: Actor, year: int) -> QuerySet[Report]:
    """Monthly reports of a year that this person sees and that stand filed."""
    rows: QuerySet[Report] = Report.objects.visible_to(actor)
    return rows.filter(SHOWN, kind=ReportKind.MONTHLY, month__gte=Month(year, 1), month__lte=Month(year, 12))


def figures(actor: Actor, year: int, ids: Collection[int] | None) -> Mapping[int, Progress]:
    """By project: the latest filed report of every part, added up; one query."""
    rows = year_reports(actor, year)
    if ids is not None:
        rows = rows.filter(project__in=ids)
    found: dict[int, Progress] = {}
    for report in _latest(rows):
        found[report.project_id] = _added(found.get(report.project_id), report)
    return found


def figures_until(month: Month) -> tuple[dict[int, Progress], dict[tuple[int, int], Progress]]:
    """What all reports of the year say up to a month: of each project, and of each (project, part); one query."""
    rows: QuerySet[Report] = Report.objects.filter(
        SHOWN, kind=ReportKind.MONTHLY, month__gte=Month(month.year, 1), month__lte=month
    )
    whole: dict[int, Progress] = {}
    of_parts: dict[tuple[int, int], Progress] = {}
    for report in _latest(rows):
        whole[report.project_id] = _added(whole.get(report.project_id), report)
        if report.part_id is not None:
            of_parts[report.project_id, report.part_id] = _added(None, report)
    return whole, of_parts


def _latest(rows: QuerySet[Report]) -> QuerySet[Report]:
    """The latest report of every project and part."""
    return (
        rows.order_by("project_id", "part_id", "-month")
        .distinct("project_id", "part_id")
        .only("project_id", "part_id", "month", "year_cumulative", "total_cumulative", "annual_plan",
              "statistics_cumulative")
    )  # fmt: skip


def _added(so_far: Progress | None, report: Report) -> Progress:
    """One more part. Without a plan or a figure it stays out of the rate, above and below the line alike."""
    rated, planned = report.year_cumulative, report.annual_plan
    if rated is None or not planned:
        rated, planned = Decimal(0), Decimal(0)
    before = so_far or Progress(report.month, parts=0)
    return Progress(
        month=max(before.month, report.month),
        done=_sum(before.done, report.year_cumulative),
        total=_sum(before.total, report.total_cumulative),
        rated=before.rated + rated,
        planned=before.planned + planned,
        due_twelfths=before.due_twelfths + planned * report.month.number,
        parts=before.parts + 1,
        statistics=_of_all(so_far, before.statistics, report.statistics_cumulative),
    )


def _of_all(so_far: Progress | None, sum_: Decimal | None, more: Decimal | None) -> Decimal | None:
    """A figure of the platform stands beside the report only when every part has given one."""
    if so_far is None:
        return more
    return None if sum_ is None or more is None else sum_ + more


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other


def years(actor: Actor, project: Project) -> Collection[int]:
    """The years of which this person sees a filed report of the project; one query."""
    rows: QuerySet[Report] = Report.objects.visible_to(actor).filter(SHOWN, project=project)
    return {month.year for month in rows.order_by().values_list("month", flat=True).distinct()}


def open_problems(actor: Actor, at: datetime, ids: Collection[int] | None) -> Mapping[int, int]:
    """By project: how many problems that this person sees are not settled; one query."""
    rows: QuerySet[Problem] = Problem.objects.visible_to(actor).filter(status__in=UNSETTLED)
    if ids is not None:
        rows = rows.filter(project__in=ids)
    return dict(rows.order_by().values_list("project_id").annotate(number=Count("pk")))
