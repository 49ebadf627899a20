"""What a report is judged against: the last filed report, the plan, overdue nodes, carried problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import PlanNode
from ningde_projects.projects.selectors import Thresholds

from .. import rules
from ..forms.report import Lists
from ..models import Problem, ProblemStatement, Report
from ..workflow import UNSETTLED
from .categories import in_force

Key = tuple[int, int | None]


def basis_of(reports: Sequence[Report]) -> dict[int, rules.Basis]:
    """By report pk: the latest filed report of the same project (or part) before it. One query for all."""
    if not reports:
        return {}
    latest_month = max(r.month for r in reports)
    rows = (
        Report.objects.filter(
            kind="monthly",
            project__in={r.project_id for r in reports},
            month__lt=latest_month,
            first_submitted_at__isnull=False,
        )
        .order_by("project_id", "part_id", "-month")
        .values_list(
            "project_id",
            "part_id",
            "month",
            "month_investment",
            "year_cumulative",
            "total_cumulative",
            "progress",
        )
    )
    history: dict[Key, list[rules.Basis]] = {}
    for project, part, month, investment, year, total, progress in rows:
        history.setdefault((project, part), []).append(rules.Basis(month, investment, year, total, progress))
    return {
        r.pk: next(
            (
                b
                for b in history.get((r.project_id, r.part_id), [])
                if b.month is not None and b.month < r.month
            ),
            rules.Basis(),
        )
        for r in reports
    }


def limits_of(t: Thresholds) -> rules.Limits:
    return rules.Limits(
        t["similarity_percent"], t["slip_factor"], t["drop_percent"], t["statistics_gap_percent"]
    )


def overdue_nodes(project_ids: Iterable[int], until: date) -> dict[int, list[str]]:
    """By project: names of plan nodes due by `until` and not reached."""
    found: dict[int, list[str]] = {}
    for node in PlanNode.objects.filter(
        project__in=list(project_ids), planned_on__lte=until, reached_on__isnull=True
    ):
        found.setdefault(node.project_id, []).append(node.name or node.get_kind_display())
    return found


def circumstances_of(
    reports: Sequence[Report], *, thresholds: Thresholds | None = None,
    basis: Mapping[int, rules.Basis] | None = None,
) -> dict[int, rules.Circumstances]:  # fmt: skip
    """By report pk; three queries, less what the page has read already. All reports are of one month."""
    if not reports:
        return {}
    month = reports[0].month
    basis = basis_of(reports) if basis is None else basis
    limits = limits_of(thresholds or Thresholds(month))
    nodes = overdue_nodes({r.project_id for r in reports}, month.last_day)
    return {
        r.pk: rules.Circumstances(
            month=month,
            basis=basis[r.pk],
            limits=limits,
            annual_plan=r.annual_plan,
            total_investment=(r.part or r.project).total_investment,
            overdue_nodes=tuple(nodes.get(r.project_id, ())),
        )
        for r in reports
    }


def carried_problems(report: Report) -> list[Problem]:
    """Open problems that this month's form has to answer: raised by an earlier filing (M5.1).

    Those that this report itself settled are kept in the form, so that a returned report can be corrected.
    """
    return carried_of([report])[report.pk]


def carried_of(reports: Sequence[Report]) -> dict[int, list[Problem]]:
    """By report pk: what each form has to answer. All reports are of one month; two queries for all."""
    if not reports:
        return {}
    month = reports[0].month
    said_here: dict[int, set[int]] = {}
    for report_id, problem_id in ProblemStatement.objects.filter(report__in=reports).values_list(
        "report_id", "problem_id"
    ):
        said_here.setdefault(report_id, set()).add(problem_id)
    answered = {problem_id for problems in said_here.values() for problem_id in problems}
    rows = (
        Problem.objects.filter(
            Q(status__in=UNSETTLED) | Q(pk__in=answered), project__in={r.project_id for r in reports}
        )
        .exclude(first_month__gt=month)
        .exclude(first_month=month, first_report__kind="monthly")
        .select_related("category", "unit", "project")
        .order_by("reported_at", "pk")
    )
    found: dict[int, list[Problem]] = {r.pk: [] for r in reports}
    by_form: dict[Key, list[Problem]] = {}
    for problem in rows:
        by_form.setdefault((problem.project_id, problem.part_id), []).append(problem)
    for report in reports:
        found[report.pk] = [
            p
            for p in by_form.get((report.project_id, report.part_id), [])
            if p.first_report_id != report.pk
            and (p.status in UNSETTLED or p.pk in said_here.get(report.pk, ()))
        ]
    return found


def lists_for(report: Report) -> Lists:
    """Categories in force for the month; units that can be asked: the county's departments and the city's."""
    units = Organisation.objects.filter(is_active=True).filter(
        Q(
            kind__in=[OrgKind.COUNTY_DEPARTMENT, OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_BUREAU],
            place=report.place_id,
        )
        | Q(kind__in=[OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION])
    )
    return Lists(in_force(report.month), units.order_by("-place__order", "order", "name"))
