"""In the pool: entered, still true, proposed to leave, out by decision, back by decision (M1.2, M1.4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.projects.models import Project, Stage
from ningde_projects.projects.services import stages
from ningde_projects.workflow.door import Step, perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import ExitCategory, ReserveRecord
from ..policies.records import role_of
from ..querysets.records import POOL_STAGES
from . import records
from .binding import pool_binding
from .delisting import bureau_refusal, take_off_lists

#: Act -> who may, in the order in which a person's roles are tried.
ACT_ROLES: dict[str, tuple[str, ...]] = {
    "confirm": ("owner", "bureau", "department", "city"),
    "propose_exit": ("owner", "department"),
    "exit": ("bureau", "city"),
    "keep": ("bureau", "city"),
    "restore": ("bureau", "city"),
}


def verb_of(actor: Actor, project: Project, act: str) -> str:
    """The row of the table by which this person does it: `exit` -> `exit_bureau`; "" when it is not his."""
    role = role_of(actor, project, ACT_ROLES[act])
    return f"{act}_{role}" if role else ""


def act(
    project: Project, name: str, reason: str, *, by: Actor, at: datetime, category: str = "",
    version: int | None = None,
) -> Act:  # fmt: skip
    """confirm, propose_exit, exit, keep or restore, by whoever it is to decide."""
    verb = verb_of(by, project, name)
    if not verb:
        raise NotAllowed(refused_words(name))
    with transaction.atomic():
        record = records.ensure(project, at)
        return perform(
            record, verb, by=by, at=at, reason=reason, data={"category": category}, version=version
        )


def exit_refusal(project: Project, verb: str) -> NotAllowed | None:
    """Why this exit is not this office's to decide; asked before anything is typed, and again by the door."""
    return bureau_refusal(project) if verb == "exit_bureau" else None


def refused_words(name: str) -> str:
    if name in ("confirm", "propose_exit"):
        return _("This is for the owner and the offices in charge of the project.")
    return _("The county bureau decides for a county-managed project, the commission for every project.")


# ---- the door --------------------------------------------------------------------------------------------------


@pool_binding.guard
def is_in_pool_stage(record: ReserveRecord, step: Step) -> None:
    if record.project.stage not in POOL_STAGES:
        raise WrongState(_("The project has gone on to its works; it does not leave the pool any more."))


@pool_binding.guard
def list_allows_exit(record: ReserveRecord, step: Step) -> None:
    if refused := exit_refusal(record.project, step.transition.name):
        raise refused


@pool_binding.guard
def category_is_named(record: ReserveRecord, step: Step) -> None:
    if step.data.get("category") not in ExitCategory.values:
        raise RuleBroken(_("Choose why it leaves the pool."), field="category")


@pool_binding.guard
def exit_is_proposed(record: ReserveRecord, step: Step) -> None:
    if record.exit_proposed_at is None:
        raise WrongState(_("Nobody has proposed that it leave the pool."))


@pool_binding.effect
def enter_pool(record: ReserveRecord, step: Step) -> None:
    before = record.project.stage
    if before in (Stage.PLANNING, Stage.EXITED):
        stages.move(record.project, Stage.RESERVE)
    record.in_pool_since = step.at
    _clear_exit(record)
    records.touch(record, step.at)
    step.record |= {"stage": [before, record.project.stage]}


@pool_binding.effect
def note_still_true(record: ReserveRecord, step: Step) -> None:
    records.touch(record, step.at)


@pool_binding.effect
def note_proposal(record: ReserveRecord, step: Step) -> None:
    category = ExitCategory(step.data["category"])
    record.exit_proposed_at, record.exit_category = step.at, category
    record.exit_proposal = step.reason
    step.record |= {"category": str(category.label)}


@pool_binding.effect
def drop_proposal(record: ReserveRecord, step: Step) -> None:
    record.exit_proposed_at, record.exit_category, record.exit_proposal = None, "", ""
    records.touch(record, step.at)


@pool_binding.effect
def leave_pool(record: ReserveRecord, step: Step) -> None:
    """A listed key project is taken off the list by the same decision: no list names what is in no pool."""
    category = ExitCategory(step.data["category"])
    if removed := take_off_lists(record.project, step.reason, step.person, step.at):
        step.record["removed_from"] = removed
    record.exit_stage = stages.move(record.project, Stage.EXITED)
    record.exited_at, record.exit_category, record.exit_reason = step.at, category, step.reason
    record.exit_proposed_at = None
    step.record |= {"category": str(category.label), "stage": [record.exit_stage, Stage.EXITED]}


@pool_binding.effect
def come_back(record: ReserveRecord, step: Step) -> None:
    """To the stage in which it left; the reason of the exit stays in the record of acts."""
    stages.move(record.project, record.exit_stage or Stage.RESERVE)
    record.in_pool_since = record.in_pool_since or step.at
    step.record |= {"stage": [Stage.EXITED, record.project.stage]}
    _clear_exit(record)
    records.touch(record, step.at)


def _clear_exit(record: ReserveRecord) -> None:
    record.exited_at = record.exit_proposed_at = None
    record.exit_category = record.exit_reason = record.exit_proposal = record.exit_stage = ""
