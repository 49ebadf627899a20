"""What the event log keeps of a change: each field before and after, as it can be read years later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.workflow.door import record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import StaleVersion

from ..models import Project

MACHINE = "project"
Changes = dict[str, list[Any]]


def kept(value: Any) -> Any:
    """JSON for the log: names of offices as they are now, sums as text, blank as None."""
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if value is None or isinstance(value, bool | int):
        return value
    return str(value) or None


def apply(project: Project, facts: Mapping[str, Any]) -> Changes:
    """Set the fields that differ; answers what they were and are."""
    changes: Changes = {}
    for name, value in facts.items():
        before, after = kept(getattr(project, name)), kept(value)
        if before != after:
            changes[name] = [before, after]
            setattr(project, name, value)
    return changes


def lock(project: Project, version: int | None) -> None:
    """Take the row, bring `project` up to date; StaleVersion when it is no longer what the form was shown with."""
    project.refresh_from_db(from_queryset=Project.objects.select_for_update())
    if version is not None and version != project.version:
        raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))


def log(
    name: str,
    project: Project,
    *,
    by: Actor,
    at: datetime,
    holder: Held,
    reason: str = "",
    **data: Any,
) -> Act:
    """One act about the project; empty entries of `data` are left out."""
    return record(
        MACHINE,
        name,
        by=by,
        at=at,
        obj=project,
        holder=holder,
        reason=reason,
        data={key: value for key, value in data.items() if value},
        project_id=project.pk,
        place_id=project.place_id,
    )
