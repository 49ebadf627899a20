"""Writes a confirmed plan: one service call per project, so that rights, rules and record are the usual ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ningde_projects.documents.imports import ImportPlan, Params
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation, Place

from ..models import AnnualPlan, Project
from ..services import register
from ..services.rows import RowChanges, save_plans


def apply(plan: ImportPlan, actor: Actor, at: datetime, params: Params) -> Mapping[str, Any]:
    """Carry the plan out, one service call per project; any refusal undoes all."""
    made = 0
    for item in plan.items:
        if item.action not in ("create", "update"):
            continue
        facts = dict(item.data["facts"])
        if isinstance(facts.get("owner"), str):
            facts["owner"] = _owner(facts["owner"], item.data["place"])
        if item.data["project"] is None:
            project = register.create_project(facts, by=actor, at=at)
        else:
            project = Project.objects.select_related("place").get(pk=item.data["project"])
            register.update_project(project, facts, by=actor, at=at, version=item.data["version"])
        if item.data["plan"]:
            year, amount = item.data["plan"]
            now = project.plans.filter(year=year, part__isnull=True).first()
            plan_row = now or AnnualPlan(project=project, year=year)
            plan_row.investment = amount
            save_plans(project, RowChanges([plan_row]), by=actor, at=at, version=None)
        made += 1
    return {"projects": made}


def _owner(name: str, place: str) -> Organisation:
    """Entered by the first row that names it; the next rows find it."""
    known = Organisation.objects.filter(name=name, kind=OrgKind.OWNER).order_by("pk").first()
    return known or Organisation.objects.create(
        name=name, short_name=name[:30], kind=OrgKind.OWNER, place=Place.objects.get(code=place), order=500
    )
