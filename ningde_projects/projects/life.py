"""策划 → 储备 → 前期 → 在建 → 竣工, as far as the record knows the days (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from ningde_projects.shell.flow import LifeStage

from .models import NodeKind, PlanNode, Project, Stage

_ORDER = (Stage.PLANNING, Stage.RESERVE, Stage.PRELIMINARY, Stage.UNDER_WAY, Stage.COMPLETED)
_NODE = {
    Stage.PRELIMINARY: NodeKind.PRELIMINARY,
    Stage.UNDER_WAY: NodeKind.START,
    Stage.COMPLETED: NodeKind.COMPLETION,
}


def life_of(project: Project, nodes: Sequence[PlanNode]) -> list[LifeStage]:
    """The strip; a project that is suspended or has left shows how far its nodes say it came."""
    reached = _reached(project, nodes)
    stages = []
    for index, stage in enumerate(_ORDER):
        state: Literal["done", "now", "later"] = "later"
        if index < reached or (index == reached and stage == Stage.COMPLETED):
            state = "done"
        elif index == reached:
            state = "now"
        stages.append(LifeStage(Stage(stage).label, _detail(project, stage, nodes), state))
    return stages


def _reached(project: Project, nodes: Sequence[PlanNode]) -> int:
    if project.stage in _ORDER:
        return _ORDER.index(Stage(project.stage))
    done = {node.kind for node in nodes if node.reached_on}
    return max((i for i, stage in enumerate(_ORDER) if _NODE.get(stage) in done), default=-1)


def _detail(project: Project, stage: Stage, nodes: Sequence[PlanNode]) -> str:
    kind = _NODE.get(stage)
    rows = [node for node in nodes if node.kind == kind] if kind else []
    reached = [node.reached_on for node in rows if node.reached_on]
    if reached:
        return _day(max(reached))
    planned = [node.planned_on for node in rows if node.planned_on]
    if planned:
        return _("planned {day}").format(day=_day(min(planned)))
    year = {Stage.UNDER_WAY: project.start_year, Stage.COMPLETED: project.end_year}.get(stage)
    return _("planned {day}").format(day=year) if year else ""


def _day(day: date) -> str:
    return f"{day:%Y-%m}"
