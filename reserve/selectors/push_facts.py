"""What is known of many projects at once, for the platforms (M1.3): a fixed number of queries.

The reserve record says nature, planned start and completion, funding and policy directions; for a project without
one the plan nodes and years of the register say when, and the rest counts as not stated.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch

from ningde_projects.periods.month import Month
from ningde_projects.projects.models import NodeKind, PlanNode, Post, Project, Responsible
from ningde_projects.shell.formats import money

from ..models import Direction
from ..rules.push_fields import Facts


def facts_of(projects: Iterable[Project], year: int) -> dict[int, Facts]:
    """Facts by project id."""
    wanted = [project.pk for project in projects]
    rows = (
        Project.objects.filter(pk__in=wanted)
        .with_year_plan(year)
        .select_related(
            "place", "industry", "owner", "county_department", "municipal_department", "reserve_record"
        )
        .prefetch_related(
            Prefetch("reserve_record__funding", to_attr="lines"),
            Prefetch("nodes", PlanNode.objects.filter(planned_on__isnull=False), to_attr="dated_nodes"),
            Prefetch(
                "responsibles",
                Responsible.objects.filter(valid_to__isnull=True).select_related("user"), to_attr="answering",
            ),
        )
    )  # fmt: skip
    return {project.pk: Facts(_values(project)) for project in rows}


def _values(project: Any) -> dict[str, Any]:
    person = _person(project)
    kept = getattr(project, "reserve_record", None)
    office = project.county_department or project.municipal_department
    return {
        "name": project.name,
        "code": project.code,
        "nature": str(kept.get_nature_display()) if kept and kept.nature else "",
        "industry": project.industry.name if project.industry else "",
        "place": f"{project.place.name}{project.township}",
        "content": project.content,
        "total_investment": project.total_investment,
        "investment_kind": project.get_investment_kind_display() if project.investment_kind else "",
        "start": _month(project, kept and kept.planned_start, NodeKind.START, project.start_year),
        "completion": _month(
            project, kept and kept.planned_completion, NodeKind.COMPLETION, project.end_year
        ),
        "owner": project.owner.name,
        "credit_code": project.owner.credit_code,
        "supervisor": office.name if office else "",
        "person": person.name if person else "",
        "phone": person.phone if person else "",
        "funding": _funding(kept),
        "directions": _directions(kept),
        "year_plan": project.year_plan,
    }


def _person(project: Any) -> Any:
    """The county's direct person goes first, then the industry's."""
    posts = (Post.COUNTY_DIRECT, Post.INDUSTRY_DIRECT, Post.COUNTY_LEADER)
    by_post = {row.post: row.user for row in reversed(project.answering)}
    return next((by_post[post] for post in posts if post in by_post), None)


def _funding(kept: Any) -> str:
    return (
        "；".join(f"{line.get_source_display()} {money(line.amount)}" for line in kept.lines) if kept else ""
    )


def _directions(kept: Any) -> str:
    return "、".join(str(Direction(code).label) for code in kept.directions) if kept else ""


def _month(project: Any, planned: Month | None, kind: str, year: int | None) -> str:
    if planned:
        return str(planned)
    days = [node.planned_on for node in project.dated_nodes if node.kind == kind]
    if days:
        return f"{min(days):%Y-%m}"
    return str(year) if year else ""
