"""Projects that come in with a filing: the room that takes the filing has asked who may, here they are kept.

Owners and departments do not write in the register. What they file becomes a record with its first filing, not only
when it has passed: reviews, preliminary items, similar names and responsible persons need something to hang on, and a
name or a code is taken from that day on (one project has one record for life).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ningde_projects.organizations.actor import Actor, Held

from ..models import Level, Management, Project, Stage
from . import changes
from .register import errors_of, named_conflicts, refuse, taken_errors

#: What a filing may say of a project; level and management stay the commission's.
FACTS = frozenset(
    {
        "name", "code", "place", "township", "industry", "owner", "municipal_department", "county_department",
        "investment_kind", "total_investment", "content", "start_year", "end_year",
    }
)  # fmt: skip


def enter(facts: Mapping[str, Any], *, by: Actor, at: datetime, holder: Held) -> Project:
    """A new record at the stage of planning. RuleBroken names the fields that cannot be kept."""
    taken = _of_filing(facts)
    municipal = taken["place"].is_municipal
    project = Project(
        **taken, level=Level.OTHER, stage=Stage.PLANNING,
        management=Management.MUNICIPAL if municipal else Management.COUNTY,
    )  # fmt: skip
    refuse(errors_of(project) | taken_errors(project))
    with named_conflicts(), transaction.atomic():
        project.save(force_insert=True)
        kept = {name: changes.kept(getattr(project, name)) for name in taken}
        entered = {name: value for name, value in kept.items() if value is not None}
        changes.log("file", project, by=by, at=at, holder=holder, facts=entered)
    return project


def amend(project: Project, facts: Mapping[str, Any], *, by: Actor, at: datetime, holder: Held) -> bool:
    """What a filing says anew of a record that is not in the pool yet; False when nothing differs."""
    with named_conflicts(), transaction.atomic():
        changes.lock(project, None)
        done = changes.apply(project, _of_filing(facts))
        if not done:
            return False
        refuse(errors_of(project) | taken_errors(project))
        project.version += 1
        project.save()
        changes.log("amend", project, by=by, at=at, holder=holder, changes=done)
    return True


def _of_filing(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name in FACTS}
