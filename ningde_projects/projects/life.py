"""策划 → 储备 → 前期 → 开工 → 在建 → 竣工, as far as the record knows the days (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.periods.month import Month
from ningde_projects.shell import formats
from ningde_projects.shell.flow import LifeStage

from .lights import Progress
from .models import NodeKind, PlanNode, Project, Stage

#: The strip: the start of works is a point between two stages and gets a place of its own.
_START = "start"
_ORDER = (Stage.PLANNING, Stage.RESERVE, Stage.PRELIMINARY, _START, Stage.UNDER_WAY, Stage.COMPLETED)
_NODE = {
    Stage.PRELIMINARY: NodeKind.PRELIMINARY,
    _START: NodeKind.START,
    Stage.COMPLETED: NodeKind.COMPLETION,
}
#: Where a project stands that is not on the way: the strip shows how far its nodes say it came, and this.
_OFF = {Stage.SUSPENDED, Stage.EXITED}


def life_of(
    project: Project, nodes: Sequence[PlanNode], progress: Progress | None = None, today: date | None = None
) -> list[LifeStage]:
    """The strip; a project that is suspended or has left shows how far its nodes say it came, then that."""
    reached = _reached(project, nodes)
    stages = []
    for index, stage in enumerate(_ORDER):
        state: Literal["done", "now", "later"] = "later"
        if index < reached or (index == reached and stage == Stage.COMPLETED):
            state = "done"
        elif index == reached:
            state = "done" if project.stage in _OFF else "now"
        stages.append(LifeStage(_title(stage), _detail(project, stage, state, nodes, progress, today), state))
    if project.stage in _OFF:
        stages.insert(reached + 1, LifeStage(Stage(project.stage).label, "", "now"))
    return stages


def _title(stage: str) -> str:
    return pgettext("life", "Start of works") if stage == _START else str(Stage(stage).label)


def _reached(project: Project, nodes: Sequence[PlanNode]) -> int:
    if project.stage in _ORDER:
        return _ORDER.index(project.stage)
    done = {node.kind for node in nodes if node.reached_on}
    return max((i for i, stage in enumerate(_ORDER) if _NODE.get(stage) in done), default=-1)


def _detail(
    project: Project,
    stage: str,
    state: str,
    nodes: Sequence[PlanNode],
    progress: Progress | None,
    today: date | None,
) -> str:
    if stage == Stage.UNDER_WAY:
        return _under_way(project, nodes, progress, today) if state == "now" else ""
    kind = _NODE.get(stage)
    rows = [node for node in nodes if node.kind == kind] if kind else []
    reached = [node.reached_on for node in rows if node.reached_on]
    if reached:
        return _day(max(reached))
    planned = [node.planned_on for node in rows if node.planned_on]
    if planned and state != "done":
        return _("planned {day}").format(day=_day(min(planned)))
    year = {_START: project.start_year, Stage.COMPLETED: project.end_year}.get(stage)
    if not year:
        return ""
    return str(year) if state == "done" else _("planned {day}").format(day=year)


def _under_way(
    project: Project, nodes: Sequence[PlanNode], progress: Progress | None, today: date | None
) -> str:
    """25 个月，投资 60.2%."""
    began = [node.reached_on for node in nodes if node.kind == NodeKind.START and node.reached_on]
    words = []
    if began and today and today >= min(began):
        words.append(_("{n} months").format(n=Month.of(today) - Month.of(min(began)) + 1))
    if progress and progress.total is not None and project.total_investment:
        share: Decimal = progress.total * 100 / project.total_investment
        words.append(_("investment {share}").format(share=formats.pct(share)))
    return "，".join(words)


def _day(day: date) -> str:
    return f"{day:%Y-%m}"
