"""What is known of many projects at once, for the platforms (M1.3): a fixed number of queries.

It reads `Project`, its nodes, plans and responsible persons. `ReserveRecord` will add: nature (construction nature),
planned_start and planned_completion (before the nodes), funding (its funding lines with amounts) and directions
(policy directions); until that room is there these facts count as not stated.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch

from ningde_projects.projects.models import NodeKind, PlanNode, Post, Project, Responsible

from ..rules.push_fields import Facts


def facts_of(projects: Iterable[Project], year: int) -> dict[int, Facts]:
    """Facts by project id."""
    wanted = [project.pk for project in projects]
    rows = (
        Project.objects.filter(pk__in=wanted)
        .with_year_plan(year)
        .select_related("place", "industry", "owner", "county_department", "municipal_department")
        .prefetch_related(
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
    office = project.county_department or project.municipal_department
    return {
        "name": project.name,
        "code": project.code,
        "nature": "",
        "industry": project.industry.name if project.industry else "",
        "place": f"{project.place.name}{project.township}",
        "content": project.content,
        "total_investment": project.total_investment,
        "investment_kind": project.get_investment_kind_display() if project.investment_kind else "",
        "start": _month(project, NodeKind.START, project.start_year),
        "completion": _month(project, NodeKind.COMPLETION, project.end_year),
        "owner": project.owner.name,
        "credit_code": project.owner.credit_code,
        "supervisor": office.name if office else "",
        "person": person.name if person else "",
        "phone": person.phone if person else "",
        "funding": "",
        "directions": "",
        "year_plan": project.year_plan,
    }


def _person(project: Any) -> Any:
    """The county's direct person goes first, then the industry's."""
    posts = (Post.COUNTY_DIRECT, Post.INDUSTRY_DIRECT, Post.COUNTY_LEADER)
    by_post = {row.post: row.user for row in reversed(project.answering)}
    return next((by_post[post] for post in posts if post in by_post), None)


def _month(project: Any, kind: str, year: int | None) -> str:
    days = [node.planned_on for node in project.dated_nodes if node.kind == kind]
    if days:
        return f"{min(days):%Y-%m}"
    return str(year) if year else ""
