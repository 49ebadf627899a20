"""How projects stand, in sets. The figures come from the room of reports, which registers its reading here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import local_date, reporting_month

from .lights import Judgement, Node, Progress, judge
from .models import NodeKind, PlanNode, Project
from .selectors import Thresholds

#: What this person may see of a year's figures, by project; None asks for all projects. A fixed number of queries.
Figures = Callable[[Actor, int, "Collection[int] | None"], Mapping[int, Progress]]
#: The years for which this person sees figures of a project.
Years = Callable[[Actor, Project], Collection[int]]

_figures: list[tuple[Figures, Years]] = []


def register(figures: Figures, years: Years) -> None:
    """Called once when the app that keeps the figures is ready."""
    if _figures:
        raise ValueError("the figures of the year have a source already")
    _figures.append((figures, years))


def progress_of(actor: Actor, year: int, ids: Collection[int] | None = None) -> Mapping[int, Progress]:
    return _figures[0][0](actor, year, ids) if _figures else {}


def years_of(actor: Actor, project: Project) -> Collection[int]:
    return _figures[0][1](actor, project) if _figures else ()


def judgements(actor: Actor, at: datetime, ids: Collection[int] | None = None) -> dict[int, Judgement]:
    """The light of every project (or of these), as far as this person may know its figures; four queries."""
    month = reporting_month(at)
    amber = Thresholds(month)["amber_points"]
    figures = progress_of(actor, month.year, ids)
    rows = Project.objects.filter(pk__in=ids) if ids is not None else Project.objects.visible_to(actor)
    nodes: dict[int, list[Node]] = {}
    open_nodes = PlanNode.objects.filter(
        kind__in=[NodeKind.START, NodeKind.COMPLETION], reached_on__isnull=True, planned_on__isnull=False
    )
    if ids is not None:
        open_nodes = open_nodes.filter(project__in=ids)
    for pk, kind, planned_on in open_nodes.values_list("project_id", "kind", "planned_on"):
        nodes.setdefault(pk, []).append(Node(kind, planned_on, None))
    today = local_date(at)
    return {
        pk: judge(stage, figures.get(pk), nodes.get(pk, ()), today, amber)
        for pk, stage in rows.order_by().values_list("pk", "stage")
    }
