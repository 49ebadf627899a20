"""Moving a project from stage to stage for the rooms whose decisions do it; the register's own form asks them first."""

from __future__ import annotations

from collections.abc import Callable

from ..models import Project, Stage
from . import changes

#: Why this project may not go from one stage to the other by a change of its record; "" when it may.
StageGuard = Callable[[Project, str, str], str]
_guards: list[StageGuard] = []


def register_guard(guard: StageGuard) -> StageGuard:
    """A room that decides on stages (the reserve pool) says which moves are its own."""
    _guards.append(guard)
    return guard


def refusal(project: Project, before: str, after: str) -> str:
    if before == after:
        return ""
    return next((reason for guard in _guards if (reason := guard(project, before, after))), "")


def move(project: Project, stage: str) -> str:
    """Set the stage inside the transaction of the deciding act, which is what the record tells; answers the old one."""
    changes.lock(project, None)
    before = project.stage
    if before != stage:
        project.stage = Stage(stage)
        project.version += 1
        project.save(update_fields=["stage", "version", "updated_at"])
    return before
