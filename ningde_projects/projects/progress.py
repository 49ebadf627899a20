"""How projects stand, in sets. The figures come from the room of reports, which registers its reading here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import local_date, reporting_month
from ningde_projects.shell.together import Rows, rows_together

from .lights import Judgement, Node, Progress, judge
from .models import NodeKind, PlanNode, Project
from .selectors import Thresholds


@dataclass(frozen=True)
class YearFigures:
    """What a person may see of a year's figures: the rows, so that they can be read with others, and what they say."""

    #: ids None asks for all projects.
    rows: Callable[[Actor, int, Collection[int] | None], QuerySet[Any, Any]]
    read: Callable[[Rows], Mapping[int, Progress]]
    #: The years for which this person sees figures of a project.
    years: Callable[[Actor, Project], Collection[int]]


_figures: list[YearFigures] = []


def register(source: YearFigures) -> None:
    """Called once when the app that keeps the figures is ready."""
    if _figures:
        raise ValueError("the figures of the year have a source already")
    _figures.append(source)


def progress_of(actor: Actor, year: int, ids: Collection[int] | None = None) -> Mapping[int, Progress]:
    return read_progress(rows_together(progress_rows(actor, year, ids)))


def progress_rows(actor: Actor, year: int, ids: Collection[int] | None) -> dict[str, QuerySet[Any, Any]]:
    return {"figures": _figures[0].rows(actor, year, ids)} if _figures else {}


def read_progress(found: Mapping[str, Rows]) -> Mapping[int, Progress]:
    return _figures[0].read(found["figures"]) if _figures else {}


def years_of(actor: Actor, project: Project) -> Collection[int]:
    return _figures[0].years(actor, project) if _figures else ()


def judgements(actor: Actor, at: datetime, ids: Collection[int] | None = None) -> dict[int, Judgement]:
    """The light of every project (or of these), as far as this person may know its figures; one query."""
    figures = progress_rows(actor, reporting_month(at).year, ids)
    found = rows_together(judgement_rows(actor, at, ids) | figures)
    return read_judgements(found, read_progress(found), at)


def judgement_rows(actor: Actor, at: datetime, ids: Collection[int] | None) -> dict[str, QuerySet[Any, Any]]:
    """What a light needs beside the figures of the year."""
    projects = Project.objects.filter(pk__in=ids) if ids is not None else Project.objects.visible_to(actor)
    nodes = PlanNode.objects.filter(
        kind__in=[NodeKind.START, NodeKind.COMPLETION], reached_on__isnull=True, planned_on__isnull=False
    )
    if ids is not None:
        nodes = nodes.filter(project__in=ids)
    return {
        "thresholds": Thresholds.rows(reporting_month(at)),
        "nodes": nodes.values_list("project_id", "kind", "planned_on"),
        "stages": projects.order_by().values_list("pk", "stage"),
    }


def read_judgements(
    found: Mapping[str, Rows], figures: Mapping[int, Progress], at: datetime
) -> dict[int, Judgement]:
    amber = Thresholds(reporting_month(at), found["thresholds"])["amber_points"]
    nodes: dict[int, list[Node]] = {}
    for pk, kind, planned_on in found["nodes"]:
        nodes.setdefault(pk, []).append(Node(kind, date.fromisoformat(planned_on), None))
    today = local_date(at)
    return {
        pk: judge(stage, figures.get(pk), nodes.get(pk, ()), today, amber) for pk, stage in found["stages"]
    }
