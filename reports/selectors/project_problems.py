"""The problems of one project for its page: the timeline of a year, all of them as a table, the count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month, local_date, midnight
from ningde_projects.projects.models import Project
from ningde_projects.projects.selectors import Thresholds
from ningde_projects.shell.gantt import Bar, Gantt, GanttRow

from ..models import Holding, Problem
from ..models.problems import HolderKind
from ..workflow import UNSETTLED

#: On the overview; the tab shows all.
MOST_BARS = 8
_LABEL = 60
_COLOURS = {HolderKind.DEPARTMENT: "k-dept", HolderKind.COMMISSION: "k-city"}


@dataclass(frozen=True)
class ProblemRow:
    """One problem with its age: from the report to the settlement, or to now."""

    problem: Problem
    days: int
    tone: str
    is_open: bool
    url: str


@dataclass(frozen=True)
class ProblemTimeline:
    year: int
    chart: Gantt | None = None
    left_out: int = 0


@dataclass(frozen=True)
class ProblemCount:
    open: int = 0
    settled: int = 0
    oldest: int = 0
    tone: str = ""


@dataclass(frozen=True)
class ProblemTable:
    rows: Sequence[ProblemRow] = field(default_factory=tuple)


def problems_of(project: Project, actor: Actor) -> list[Problem]:
    """Open ones first, the oldest on top; then the settled, the latest on top. One query."""
    rows: QuerySet[Problem] = Problem.objects.visible_to(actor)
    found = (
        rows.filter(project=project).select_related("category", "unit", "place").order_by("reported_at", "pk")
    )
    opened = [p for p in found if p.status in UNSETTLED]
    settled = [p for p in found if p.status not in UNSETTLED]
    return [*opened, *sorted(settled, key=lambda p: p.resolved_at or p.reported_at, reverse=True)]


def rows_of(problems: Sequence[Problem], at: datetime) -> list[ProblemRow]:
    limits = Thresholds(Month.at(at))
    found = []
    for problem in problems:
        is_open = problem.status in UNSETTLED
        days = problem.days(at)
        tone = "over" if days > limits["days_red"] else "soon" if days > limits["days_amber"] else "ok"
        found.append(
            ProblemRow(problem, days, tone if is_open else "ok", is_open,
                       reverse("reports:problem", args=[problem.public_id]))
        )  # fmt: skip
    return found


def count_of(problems: Sequence[Problem], at: datetime) -> ProblemCount:
    opened = [row for row in rows_of(problems, at) if row.is_open]
    oldest = max(opened, key=lambda row: row.days, default=None)
    return ProblemCount(
        len(opened), len(problems) - len(opened), oldest.days if oldest else 0,
        {"over": "red", "soon": "amber"}.get(oldest.tone, "") if oldest else "",
    )  # fmt: skip


def timeline(
    problems: Sequence[Problem], at: datetime, year: int, *, most: int | None = None
) -> ProblemTimeline:
    """Those alive in the year; a bar per holder, grey once settled. One query for the holders."""
    start, end = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    alive = [
        p
        for p in problems
        if p.reported_at < end and (p.status in UNSETTLED or (p.resolved_at or at) >= start)
    ]
    shown = alive[:most]
    if not shown:
        return ProblemTimeline(year)
    holdings: dict[int, list[Holding]] = {}
    for holding in Holding.objects.filter(Q(problem__in=[p.pk for p in shown])).order_by("since", "pk"):
        holdings.setdefault(holding.problem_id, []).append(holding)
    today = local_date(at)
    rows = [_bars(p, holdings.get(p.pk, []), at, year) for p in shown]
    chart = Gantt(year, rows, today if today.year == year else None)
    return ProblemTimeline(year, chart, len(alive) - len(shown))


def _bars(problem: Problem, holdings: Sequence[Holding], at: datetime, year: int) -> GanttRow:
    is_open, days = problem.status in UNSETTLED, problem.days(at)
    first, last = local_date(problem.reported_at), local_date(at if is_open else problem.resolved_at or at)
    if is_open and holdings:
        bars = [
            Bar(max(local_date(h.since), first), local_date(h.until) if h.until else last,
                _COLOURS.get(HolderKind(h.kind), "k-county"))
            for h in holdings
        ]  # fmt: skip
    else:
        bars = [Bar(first, last, "k-county" if is_open else "k-done")]
    note = _("{n} days") if is_open else _("settled in {n} days")
    inside = [bar for bar in bars if bar.last.year >= year and bar.first.year <= year]
    return GanttRow(
        problem.description[:_LABEL], inside or bars[-1:], note.format(n=days), quiet=not is_open,
        lead=problem.category.name,
    )  # fmt: skip
