"""Parts, plans, nodes and units of a project: saved together as a set, each set one act in the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken

from .. import policies
from ..models import AnnualPlan, Management, NodeKind, ParticipatingUnit, PlanNode, Project, ProjectPart
from ..rules import nodes_error
from . import changes


@dataclass
class RowChanges:
    """What a set of rows becomes: rows to write (new or changed) and rows to take out."""

    save: Sequence[models.Model] = ()
    remove: Sequence[models.Model] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.save or self.remove)


def save_plans(project: Project, rows: RowChanges, *, by: Actor, at: datetime, version: int | None) -> None:
    """The annual plans, 万元; a part's plan belongs to a part of this project."""
    for row in rows.save:
        assert isinstance(row, AnnualPlan)  # noqa: S101
        if row.part and row.part.project_id != project.pk:
            raise RuleBroken(_("The part belongs to another project."))
    _save_set("plans", project, rows, by=by, at=at, version=version)


def save_nodes(project: Project, rows: RowChanges, *, by: Actor, at: datetime, version: int | None) -> None:
    """The plan nodes; what has been reached does not lie in the future."""
    today = local_date(at)
    for row in rows.save:
        assert isinstance(row, PlanNode)  # noqa: S101
        if row.reached_on and row.reached_on > today:
            raise RuleBroken(_("A node cannot have been reached in the future."))

    def check() -> None:
        first = _planned(project, NodeKind.START)
        if wrong := nodes_error(first, _planned(project, NodeKind.COMPLETION)):
            raise RuleBroken(wrong)

    _save_set("nodes", project, rows, by=by, at=at, version=version, check=check)


def save_parts(project: Project, rows: RowChanges, *, by: Actor, at: datetime, version: int | None) -> None:
    """The counties' parts: only the commission, only of a municipal-managed project, one of them leading (point 2)."""

    def check() -> None:
        parts = list(project.parts.all())
        if parts and sum(part.is_lead for part in parts) != 1:
            raise RuleBroken(_("Exactly one county leads."))
        if len(parts) == 1:
            raise RuleBroken(_("A project with parts has at least two counties; take the last one out too."))
        lead = next((part for part in parts if part.is_lead), None)
        if lead and lead.place_id != project.place_id:
            project.place = lead.place
        for part in parts:
            office = part.county_department
            if office and office.place_id != part.place_id:
                raise RuleBroken(
                    _("{name} belongs to another county than the part.").format(name=office.name)
                )

    right = policies.commission_right(by)
    if isinstance(right, NotAllowed):
        raise right
    if rows.save and project.management != Management.MUNICIPAL:
        raise RuleBroken(_("A project across counties is municipal-managed; change its management first."))
    _save_set("parts", project, rows, by=by, at=at, version=version, check=check)


def save_units(
    project: Project,
    named: Iterable[tuple[str, str]],
    *,
    by: Actor,
    at: datetime,
    version: int | None,
) -> None:
    """The participating units as (role, name) pairs; a unit not known yet is entered in the project's place."""
    wanted = {(role, " ".join(name.split())) for role, name in named if name.strip()}
    with transaction.atomic():
        changes.lock(project, version)
        held = {(u.role, u.organisation.name): u for u in project.units.select_related("organisation")}
        gone = [unit for key, unit in held.items() if key not in wanted]
        fresh = [
            ParticipatingUnit(project=project, role=role, organisation=_unit(project, name))
            for role, name in sorted(wanted - set(held))
        ]
        _save_set("units", project, RowChanges(fresh, gone), by=by, at=at, version=None)


def _unit(project: Project, name: str) -> Organisation:
    known = Organisation.objects.filter(name=name, kind=OrgKind.PARTICIPANT).order_by("pk").first()
    return known or Organisation.objects.create(
        name=name, short_name=name[:30], kind=OrgKind.PARTICIPANT, place=project.place, order=950
    )


def _planned(project: Project, kind: str) -> date | None:
    node = project.nodes.filter(kind=kind, planned_on__isnull=False).order_by("planned_on").first()
    return node.planned_on if node else None


def _save_set(
    name: str,
    project: Project,
    rows: RowChanges,
    *,
    by: Actor,
    at: datetime,
    version: int | None,
    check: Any = None,
) -> None:
    if not rows:
        return
    try:
        with transaction.atomic():
            changes.lock(project, version)
            right = policies.editing_right(by, project)
            if isinstance(right, NotAllowed):
                raise right
            before = _texts(name, project)
            _write(project, rows)
            if check:
                check()
            project.version += 1
            project.save()
            _log(name, project, before, by, at, right)
    except ProtectedError as used:
        raise RuleBroken(_("A part for which reports or problems exist cannot be taken out.")) from used
    except IntegrityError as twice:
        raise RuleBroken(_("The same entry stands there twice.")) from twice


def _write(project: Project, rows: RowChanges) -> None:
    if any(getattr(row, "project_id", None) != project.pk for row in [*rows.save, *rows.remove]):
        raise RuleBroken(_("The row belongs to another project."))
    for row in rows.remove:
        row.delete()
    # The old lead steps down before the new one steps up: one lead at every moment.
    for row in sorted(rows.save, key=lambda r: getattr(r, "is_lead", False)):
        if row.pk is not None and hasattr(row, "version"):
            row.version += 1
        row.save()


def _log(name: str, project: Project, before: list[str], by: Actor, at: datetime, holder: Held) -> None:
    after = _texts(name, project)
    if before != after:
        changes.log(
            name, project, by=by, at=at, holder=holder,
            removed=[text for text in before if text not in after],
            added=[text for text in after if text not in before],
        )  # fmt: skip


def _texts(name: str, project: Project) -> list[str]:
    """Each row of the set in words that stay readable."""
    rows: Iterable[Any]
    if name == "plans":
        rows = project.plans.select_related("part__place").order_by("year", "pk")
        return [_plan_text(row) for row in rows]
    if name == "parts":
        rows = project.parts.select_related("place", "owner", "county_department")
        return [_part_text(row) for row in rows]
    if name == "units":
        rows = project.units.select_related("organisation").order_by("role", "pk")
        return [f"{row.get_role_display()} {row.organisation.name}" for row in rows]
    return [_node_text(row) for row in project.nodes.order_by("pk")]


def _plan_text(row: AnnualPlan) -> str:
    where = f" {row.part.place.name}" if row.part else ""
    return f"{row.year}{where} {changes.kept(row.investment) or '—'} {row.goal}".strip()


def _part_text(row: ProjectPart) -> str:
    lead = " *" if row.is_lead else ""
    words = [
        row.place.name + lead,
        row.owner and row.owner.name,
        row.county_department and row.county_department.name,
    ]
    return " ".join(str(word) for word in [*words, changes.kept(row.total_investment)] if word)


def _node_text(row: PlanNode) -> str:
    return f"{row.get_kind_display()} {row.name} {row.planned_on or '—'} / {row.reached_on or '—'}".replace(
        "  ", " "
    )
