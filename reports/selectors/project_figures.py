"""What the monthly reports of a year say of projects, in sets: for the list, the lights and the page of a project.

Only what the person may see counts: a county of a project across counties sees its own part, whoever sees all parts
sees them added once. What an owner has recalled does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month
from ningde_projects.projects.columns import RowLoader
from ningde_projects.projects.lights import Progress
from ningde_projects.projects.models import Project
from ningde_projects.shell.together import Rows

from ..models import Problem, Report
from ..models.reports import ReportKind
from ..workflow import UNSETTLED
from .review import SHOWN


def year_reports(actor: Actor, year: int) -> QuerySet[Report]:
    """Monthly reports of a year that this person sees and that stand filed."""
    rows: QuerySet[Report] = Report.objects.visible_to(actor)
    return rows.filter(SHOWN, kind=ReportKind.MONTHLY, month__gte=Month(year, 1), month__lte=Month(year, 12))


class _Filed(NamedTuple):
    """What a report says of its part."""

    project_id: int
    month: str
    year_cumulative: Decimal | None
    total_cumulative: Decimal | None
    annual_plan: Decimal | None
    statistics_cumulative: Decimal | None


def figure_rows(actor: Actor, year: int, ids: Collection[int] | None) -> QuerySet[Report, Any]:
    """The latest filed report of every part."""
    rows = year_reports(actor, year)
    if ids is not None:
        rows = rows.filter(project__in=ids)
    latest = rows.order_by("project_id", "part_id", "-month").distinct("project_id", "part_id")
    return latest.values_list(*_Filed._fields)


def read_figures(rows: Rows) -> Mapping[int, Progress]:
    """By project: its parts added up."""
    months: dict[str, Month] = {}
    found: dict[int, Progress] = {}
    for row in rows:
        filed = _Filed(*row)
        month = months.get(filed.month) or months.setdefault(filed.month, Month.parse(filed.month))
        found[filed.project_id] = _added(found.get(filed.project_id), filed, month)
    return found


def figures_until(month: Month) -> tuple[dict[int, Progress], dict[tuple[int, int], Progress]]:
    """What all reports of the year say up to a month: of each project, and of each (project, part); one query."""
    rows = Report.objects.filter(
        SHOWN, kind=ReportKind.MONTHLY, month__gte=Month(month.year, 1), month__lte=month
    )
    latest = rows.order_by("project_id", "part_id", "-month").distinct("project_id", "part_id")
    whole: dict[int, Progress] = {}
    of_parts: dict[tuple[int, int], Progress] = {}
    for part, *values in latest.values_list("part_id", *_Filed._fields):
        filed = _Filed(*values)
        reported = Month.parse(str(filed.month))
        whole[filed.project_id] = _added(whole.get(filed.project_id), filed, reported)
        if part is not None:
            of_parts[filed.project_id, part] = _added(None, filed, reported)
    return whole, of_parts


def _added(so_far: Progress | None, filed: _Filed, month: Month) -> Progress:
    """One more part. Without a plan or a figure it stays out of the rate, above and below the line alike."""
    rated, planned = filed.year_cumulative, filed.annual_plan
    if rated is None or not planned:
        rated, planned = Decimal(0), Decimal(0)
    if so_far is None:  # as nearly all projects have it, and a list reads thousands
        return Progress(
            month, filed.year_cumulative, filed.total_cumulative, rated, planned, planned * month.number, 1,
            filed.statistics_cumulative,
        )  # fmt: skip
    return Progress(
        month=max(so_far.month, month),
        done=_sum(so_far.done, filed.year_cumulative),
        total=_sum(so_far.total, filed.total_cumulative),
        rated=so_far.rated + rated,
        planned=so_far.planned + planned,
        due_twelfths=so_far.due_twelfths + planned * month.number,
        parts=so_far.parts + 1,
        statistics=_of_all(so_far.statistics, filed.statistics_cumulative),
    )


def _of_all(sum_: Decimal | None, more: Decimal | None) -> Decimal | None:
    """A figure of the platform stands beside the report only when every part has given one."""
    return None if sum_ is None or more is None else sum_ + more


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other


def years(actor: Actor, project: Project) -> Collection[int]:
    """The years of which this person sees a filed report of the project; one query."""
    rows: QuerySet[Report] = Report.objects.visible_to(actor).filter(SHOWN, project=project)
    return {month.year for month in rows.order_by().values_list("month", flat=True).distinct()}


def _open_rows(actor: Actor, at: datetime, ids: Collection[int] | None) -> dict[str, QuerySet[Any, Any]]:
    rows: QuerySet[Problem] = Problem.objects.visible_to(actor).filter(status__in=UNSETTLED)
    if ids is not None:
        rows = rows.filter(project__in=ids)
    return {"open": rows.order_by().values_list("project_id").annotate(number=Count("pk"))}


#: By project: how many problems that this person sees are not settled.
open_problems = RowLoader(_open_rows, lambda loaded, found: dict(found["open"]))
