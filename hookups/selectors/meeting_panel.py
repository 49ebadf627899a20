"""Meetings about one project, for its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Project

from ..models import Decision, SessionProject
from ..models.meetings import SessionKind
from ..policies.meetings import reading_refusal
from ..workflow.meetings import DecisionStatus, SessionStatus

_SHOWN = 6


def panel(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """The lines that this person sees, the latest first, with what was decided about the project; three queries."""
    if reading_refusal(actor):
        return None
    decisions = (
        Decision.objects.visible_to(actor)
        .filter(project=project)
        .exclude(status__in=[DecisionStatus.CANCELLED, DecisionStatus.DRAFT])
        .select_related("unit")
    )
    lines = (
        SessionProject.objects.visible_to(actor)
        .filter(project=project, session__status=SessionStatus.RECORDED)
        .select_related("session__office", "session__chair")
        .prefetch_related(Prefetch("session__decisions", queryset=decisions, to_attr="about_project"))
        .order_by("-session__held_on", "-session")
    )
    found = list(lines)
    year = local_date(at).year
    held = {
        kind: [
            line.session for line in found if line.session.kind == kind and line.session.held_on.year == year
        ]
        for kind in SessionKind.values
    }
    return {
        "lines": found[:_SHOWN], "more": max(len(found) - _SHOWN, 0), "project": project, "year": year, "at": at,
        "dispatch_count": len(held["dispatch"]), "on_site_count": len(held["on_site"]),
        "dispatch_last": held["dispatch"][0].held_on if held["dispatch"] else None,
        "on_site_last": held["on_site"][0].held_on if held["on_site"] else None,
    }  # fmt: skip
