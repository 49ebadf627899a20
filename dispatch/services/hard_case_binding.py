"""The tables of workflow/hard_cases.py tied to their models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.door import bind

from ..models import HardCase, InstructionTask
from ..workflow.hard_cases import HARD_CASE, TASK


def _offices(case: HardCase, office: str) -> Iterable[int]:
    kind = OrgKind.COMMISSION if office == "commission" else OrgKind.MUNICIPAL_GOVERNMENT
    return Organisation.objects.filter(kind=kind).values_list("pk", flat=True)


def _leader_only(case: HardCase, office: str) -> Iterable[int] | None:
    """The leader to whom it was submitted, or who stands in for him."""
    if office != "leader":
        return None
    return {case.leader_id} if case.leader_id else ()


def _about_case(case: HardCase) -> Mapping[str, Any]:
    projects = set(case.lines.values_list("project", flat=True))
    return {
        "object_text": str(case)[:200],
        "project_id": projects.pop() if len(projects) == 1 else None,
    }


def _offices_of_task(task: InstructionTask, office: str) -> Iterable[int]:
    return {task.unit_id} if office == "unit" else _offices(task.case, office)


def _about_task(task: InstructionTask) -> Mapping[str, Any]:
    return {"object_text": task.text[:200], "place_id": task.unit.place_id}


case_binding = bind(HARD_CASE, HardCase, offices=_offices, about=_about_case, persons=_leader_only)
task_binding = bind(TASK, InstructionTask, offices=_offices_of_task, about=_about_task)
