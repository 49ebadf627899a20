"""What the leader's page of `hookups` is told about projects: figures, open problems, clocks (M4.1, M4.3).

Each answer is read in sets, for all projects of the page at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count, Min, Q

from hookups.cards import Clock, Problems, Progress
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.rules import completion_percent, light_of, schedule_percent
from ningde_projects.projects.selectors import Thresholds

from ..models import Holding, Opinion, Problem, Report
from ..workflow import UNSETTLED

#: A project that has filed nothing for so long is shown without figures.
_MONTHS_BACK = 6
_CLOCKS = 30

_Row = tuple[Decimal, Decimal | None]


def progress_of(projects: Collection[int], actor: Actor, at: datetime) -> Mapping[int, Progress]:
    """The latest month that was filed; the counties' parts of a project add up once."""
    rows = (
        Report.objects.visible_to(actor)
        .filter(
            kind="monthly", project__in=projects, month__gte=str(Month.at(at).plus(-_MONTHS_BACK)),
            first_submitted_at__isnull=False, year_cumulative__isnull=False,
        )
        .values_list("project", "month", "year_cumulative", "annual_plan")
    )  # fmt: skip
    months: dict[int, dict[Month, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    for project, month, total, plan in rows:
        months[project][month].append((total, plan))
    if not months:
        return {}
    amber = Thresholds(Month.at(at))["amber_points"]
    return {project: _progress(max(filed), filed[max(filed)], amber) for project, filed in months.items()}


def _progress(month: Month, rows: list[_Row], amber: Decimal) -> Progress:
    plans = [plan for _total, plan in rows if plan is not None]
    total, plan = sum((t for t, _plan in rows), Decimal(0)), sum(plans, Decimal(0)) if plans else None
    percent = completion_percent(total, plan)
    return Progress(
        month, light_of(percent, month, amber).value, total, plan, percent, schedule_percent(month)
    )


def problems_of(projects: Collection[int], actor: Actor, at: datetime) -> Mapping[int, Problems]:
    """Unsettled problems; the address opens the ledger with the project's name."""
    rows = (
        Problem.objects.visible_to(actor)
        .filter(project__in=projects, status__in=UNSETTLED)
        .order_by()
        .values_list("project", "project__name")
        .annotate(n=Count("pk"), first=Min("occurred_on"))
    )
    today = local_date(at)
    return {
        project: Problems(n, (today - first).days, f"/problems/?{urlencode({'q': name[:60]})}")
        for project, name, n, first in rows
    }


def clocks_of(projects: Collection[int], actor: Actor, at: datetime) -> list[Clock]:
    """Problems that lie with the person, and clocks that run against others for his projects; stopped ones stand."""
    people = {(h.principal or actor.user).pk for h in actor.held_of(Duty.LEAD, Duty.DIRECT)}
    rows = (
        Holding.objects.filter(
            Q(user__in=people) | Q(problem__project__in=projects, due_at__isnull=False), until__isnull=True,
            problem__in=Problem.objects.visible_to(actor).filter(status__in=UNSETTLED),
        )
        .exclude(stops__until__isnull=True, stops__since__isnull=False)
        .select_related("problem__project", "user", "organisation")
        .order_by("due_at", "pk")
    )  # fmt: skip
    return [
        Clock(
            title=row.problem.project.name,
            detail=f"{row.problem.number} {row.problem.description[:60]}",
            url=f"/problems/{row.problem.public_id}/",
            holder=f"{row.organisation.short_name} {row.user.name if row.user else ''}".strip(),
            due=row.due_at,
            is_overdue=row.due_at is not None and at >= row.due_at,
            is_mine=row.user_id in people,
        )
        for row in rows[:_CLOCKS]
    ]


def concerns_of(office: int) -> Collection[int]:
    """Projects with an unsettled problem on which a department is asked for its opinion."""
    asked = Opinion.objects.filter(department=office, problem__status__in=UNSETTLED)
    named = Problem.objects.filter(unit=office, status__in=UNSETTLED)
    return {*asked.values_list("problem__project", flat=True), *named.values_list("project", flat=True)}
