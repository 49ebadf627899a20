"""What the pool adds to the page of a project: its reserve facts with the decisions, its preliminary items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Project, Stage
from ningde_projects.projects.selectors import Thresholds
from ningde_projects.workflow.door import refusal

from ..models import Application, Direction, ItemState, PushTarget, ReserveRecord
from ..policies.applications import filing_offices, project_refusal
from ..policies.records import keeping_right
from ..querysets.records import POOL_STAGES
from ..rules.stale import stale_before, stale_since
from ..selectors.items import items_of
from ..services import pool
from ..services.maturity import standings_of


@dataclass(frozen=True)
class Button:
    label: str
    url: str
    icon: str
    css: str = ""
    dialog: bool = True


def reserve(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """None for projects that never had to do with the pool."""
    record = (
        ReserveRecord.objects.select_related("merged_into", "applicant")
        .prefetch_related("funding")
        .filter(project=project)
        .first()
    )
    if record is None and project.stage not in (*POOL_STAGES, Stage.PLANNING, Stage.EXITED):
        return None
    months = int(Thresholds(Month.at(at))["stale_months"])
    in_pool = project.stage in POOL_STAGES
    applications = list(
        Application.objects.visible_to(actor).filter(project=project).select_related("applicant")[:5]
    )
    buttons = _buttons(project, record, actor)
    if record is None and not buttons and not in_pool:
        return None
    return {
        "project": project,
        "record": record,
        # Past the pool the stage of the project says more than the pool's own word.
        "chip": f"pool_{record.status}" if record and (in_pool or record.status != "pooled") else "",
        "in_pool": in_pool,
        "is_stale": bool(in_pool and record and record.last_updated_at < stale_before(at, months)),
        "stale_since": stale_since(record.last_updated_at, months) if record else None,
        "months": months,
        "directions": [str(Direction(code).label) for code in record.directions] if record else [],
        "targets": [str(PushTarget(code).label) for code in record.push_targets] if record else [],
        "standing": standings_of([project.pk], at).get(project.pk),
        "applications": applications,
        "merged_from": _merged_from(project, actor),
        "buttons": buttons,
    }


def _merged_from(project: Project, actor: Actor) -> list[Project]:
    rows = Project.objects.visible_to(actor).filter(reserve_record__merged_into=project)
    return list(rows)


def _buttons(project: Project, record: ReserveRecord | None, actor: Actor) -> list[Button]:
    """What this person may do now; what he may not is not offered."""
    found = []
    key = [project.public_id]
    if project.stage in POOL_STAGES and isinstance(keeping_right(actor, project), Held):
        found.append(Button(_("Update"), reverse("reserve:pool_edit", args=key), "pencil", dialog=False))
    icons = {
        "confirm": "check",
        "propose_exit": "logout",
        "keep": "check",
        "exit": "logout",
        "restore": "database",
    }
    titles = {
        "confirm": _("Confirm that it still holds"), "propose_exit": _("Propose the exit"),
        "keep": _("Keep in the pool"), "exit": _("Take out of the pool"), "restore": _("Bring back into the pool"),
    }  # fmt: skip
    for act, icon in icons.items():
        verb = pool.verb_of(actor, project, act)
        if not verb or pool.exit_refusal(project, verb) or not _open(project, record, act, verb, actor):
            continue
        url = reverse("reserve:pool_act", args=[project.public_id, act])
        found.append(Button(titles[act], url, icon, "btn-danger" if act == "exit" else ""))
    if (
        project.stage in (Stage.PLANNING, Stage.EXITED)
        and filing_offices(actor)
        and not project_refusal(project)
    ):
        url = reverse("reserve:application_new") + f"?project={project.public_id}"
        found.append(Button(_("Apply for the pool"), url, "send", "btn-primary", dialog=False))
    return found


def _open(project: Project, record: ReserveRecord | None, act: str, verb: str, actor: Actor) -> bool:
    if act in ("exit", "propose_exit", "confirm") and project.stage not in POOL_STAGES:
        return False
    if record is None:
        return act in ("confirm", "exit", "propose_exit")
    proposed = record.exit_proposed_at is not None
    if (act == "keep") != proposed and act in ("keep", "propose_exit"):
        return False
    record.project = project
    return refusal(record, verb, actor) is None


def items(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """The preliminary items of a project before its works; of others those that it has."""
    lines = items_of(project, at)
    before_works = project.stage in (*POOL_STAGES, Stage.PLANNING)
    if not before_works and not any(line.item for line in lines):
        return None
    open_ = before_works and isinstance(keeping_right(actor, project), Held)
    shown = [line for line in lines if line.item or line.kind.required]
    return {
        "project": project,
        "lines": shown,
        "others": [line for line in lines if not line.item and not line.kind.required],
        "may_edit": open_,
        "done": sum(1 for line in shown if line.state == ItemState.APPROVED and not line.is_lapsed),
        "needed": sum(1 for line in shown if line.state != ItemState.NOT_NEEDED),
    }
