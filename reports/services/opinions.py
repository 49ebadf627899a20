"""The second channel: passing problems to a municipal department, its opinion, sending together (M6.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import Actor, SystemActor, holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.projects.models import Management
from ningde_projects.workflow.door import Step, perform, record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import Opinion, OpinionBatch, Problem, Report
from ..models.opinions import OpinionResult, OpinionSource
from ..models.problems import HolderKind
from ..workflow import UNSETTLED, OpinionStatus, ProblemStatus
from . import holdings
from .binding import opinion_binding

OPINION_FIELDS = ("result", "text", "section", "person", "due_on", "proper_unit")


# ---- passing up ------------------------------------------------------------------------------------------------


def pass_to_department(
    problem: Problem, department: Organisation, month: Month, *, by: Actor, at: datetime, note: str = ""
) -> Opinion:
    """A county department (or the commission) passes a problem to a municipal department.

    Raises NotAllowed, WrongState (settled, or passed this month already).
    """
    source, office = _passing_right(problem, by)
    if problem.status not in UNSETTLED:
        raise WrongState(_("The problem is settled; there is nothing to pass."))
    if department.kind not in (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION):
        raise RuleBroken(_("Choose a municipal department."), field="department")
    with transaction.atomic():
        opinion = _open(problem, department, month, source, office, at, note=note, by=by)
        record("opinion", "pass", by=by, at=at, obj=opinion, text=problem.number, reason=note,
               project_id=problem.project_id, place_id=problem.place_id,
               data={"department": department.name, "month": str(month)})  # fmt: skip
    return opinion


def _passing_right(problem: Problem, by: Actor) -> tuple[OpinionSource, Organisation]:
    department = problem.part.county_department if problem.part else problem.project.county_department
    allowed = {pk for pk in (department.pk if department else None, problem.unit_id) if pk}
    held = by.as_holder(Duty.HANDLE, allowed)
    if held and held.organisation.kind == OrgKind.COUNTY_DEPARTMENT:
        return OpinionSource.COUNTY_DEPARTMENT, held.organisation
    dispatch = by.as_holder(Duty.DISPATCH)
    if dispatch:
        return OpinionSource.COMMISSION, dispatch.organisation
    raise NotAllowed(_("Only the county department in charge or the commission passes this problem."))


def _open(
    problem: Problem, department: Organisation, month: Month, source: OpinionSource,
    office: Organisation | None,
    at: datetime, *, note: str = "", by: Actor | None = None,
) -> Opinion:  # fmt: skip
    due = DeadlineBook().deadline("D5", month, department.pk)
    opinion, created = Opinion.objects.get_or_create(
        problem=problem, department=department, month=month,
        defaults={"source": source, "due_at": due, "passed_at": at, "passed_by": by.user if by else None,
                  "passed_from": office, "passed_note": note},
    )  # fmt: skip
    if not created:
        raise WrongState(
            _("%(department)s has this problem for this month already.")
            % {"department": department.short_name}
        )
    holdings.move(problem, HolderKind.DEPARTMENT, department, None, at)
    notify("opinion_asked", holders(Duty.HANDLE, [department.pk], at), at=at, dedupe=f"opinion:{opinion.pk}",
           params={"project": problem.project.name, "number": problem.number},
           url=f"/opinions/{opinion.public_id}/")  # fmt: skip
    return opinion


def address_municipal(report: Report, problems: Iterable[Problem], at: datetime) -> int:
    """A municipal-managed project's problems lie with its municipal department at once (M5.2)."""
    project = report.project
    if project.management != Management.MUNICIPAL or report.part_id or project.municipal_department is None:
        return 0
    opened = 0
    for problem in problems:
        known = Opinion.objects.filter(
            problem=problem, department=project.municipal_department, month=report.month
        )
        if problem.status in UNSETTLED and not known.exists():
            _open(problem, project.municipal_department, report.month, OpinionSource.MUNICIPAL_PROJECT,
                  report.owner, at)  # fmt: skip
            opened += 1
    return opened


# ---- the opinion -----------------------------------------------------------------------------------------------


def save_opinion(
    opinion: Opinion, values: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None
) -> Act:
    return perform(opinion, "draft", by=by, at=at, version=version, data=values)


def send_to_sign(
    opinion: Opinion, values: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None
) -> Act:
    """Raises RuleBroken with the missing fields named."""
    return perform(opinion, "send_to_sign", by=by, at=at, version=version, data=values)


def send_together(department: Organisation, month: Month, *, by: Actor, at: datetime) -> OpinionBatch:
    """汇总报市发改委: all signed opinions of the month in one batch; raises WrongState when there are none."""
    if not by.has(Duty.HANDLE, [department.pk]):
        raise NotAllowed(_("Only the department itself sends its opinions."))
    with transaction.atomic():
        # The department's row serialises two clerks who press the button at once.
        Organisation.objects.select_for_update().get(pk=department.pk)
        signed = list(
            Opinion.objects.filter(department=department, month=month, status=OpinionStatus.SIGNED)
            .select_related("problem__project")
            .order_by("pk")
        )
        if not signed:
            raise WrongState(_("No signed opinion is waiting to be sent."))
        number = OpinionBatch.objects.filter(department=department, month=month).count() + 1
        batch = OpinionBatch.objects.create(
            department=department, month=month, number=number, sent_at=at, sent_by=by.user
        )
        for opinion in signed:
            perform(opinion, "send", by=by, at=at, data={"batch": batch})
    return batch


@opinion_binding.guard
def opinion_is_complete(opinion: Opinion, step: Step) -> None:
    data = step.data
    errors: dict[str, list[str]] = {}
    if not data.get("result"):
        errors["result"] = [_("Choose the result.")]
    if len((data.get("text") or "").strip()) < 5:
        errors["text"] = [_("Write the opinion: what is done, by whom, by when.")]
    if data.get("result") == OpinionResult.WORKING and not data.get("due_on"):
        errors["due_on"] = [_("Give the day by which it is to be settled.")]
    if data.get("result") == OpinionResult.NOT_OURS and not (data.get("proper_unit") or "").strip():
        errors["proper_unit"] = [_("Name the unit whose duty it is.")]
    if errors:
        raise RuleBroken(_("The opinion is not complete yet."), errors=errors)


@opinion_binding.effect
def keep_opinion(opinion: Opinion, step: Step) -> None:
    for name in OPINION_FIELDS:
        if name in step.data:
            value = step.data[name]
            setattr(opinion, name, value if value is not None or name == "due_on" else "")
    if "helpers" in step.data:
        opinion.helpers.set(step.data["helpers"])
    if step.transition.name == "send_to_sign":
        opinion.submitted_by = step.person.user
        opinion.return_reason = ""


@opinion_binding.effect
def mark_signed(opinion: Opinion, step: Step) -> None:
    opinion.signed_at, opinion.signed_by = step.at, step.person.user


@opinion_binding.effect
def mark_opinion_returned(opinion: Opinion, step: Step) -> None:
    opinion.return_reason = step.reason


@opinion_binding.effect
def clear_signature(opinion: Opinion, step: Step) -> None:
    opinion.signed_at = opinion.signed_by = None


@opinion_binding.effect
def mark_opinion_sent(opinion: Opinion, step: Step) -> None:
    """The opinion reaches the commission, county and owner; the problem follows what it says."""
    opinion.sent_at, opinion.batch = step.at, step.data["batch"]
    step.record["late"] = step.at >= opinion.due_at
    problem = opinion.problem
    system = SystemActor(step.at)
    if opinion.result == OpinionResult.SOLVED and problem.status in (
        ProblemStatus.OPEN, ProblemStatus.WORKING, ProblemStatus.ESCALATED,
    ):  # fmt: skip
        perform(problem, "settle_by_department", by=system, at=step.at, reason=opinion.text)
    elif opinion.result == OpinionResult.WORKING and problem.status in (
        ProblemStatus.OPEN,
        ProblemStatus.ESCALATED,
    ):
        perform(problem, "work_by_department", by=system, at=step.at, reason=opinion.text)
    elif opinion.result == OpinionResult.ESCALATE and problem.status in (
        ProblemStatus.OPEN,
        ProblemStatus.WORKING,
    ):
        perform(problem, "escalate_by_department", by=system, at=step.at, reason=opinion.text)


@opinion_binding.guard
def other_department_named(opinion: Opinion, step: Step) -> None:
    other = step.data.get("department")
    if other is None or other.pk == opinion.department_id or other.kind != OrgKind.MUNICIPAL_DEPARTMENT:
        raise RuleBroken(_("Choose another municipal department."), field="department")


@opinion_binding.effect
def hand_to_other(opinion: Opinion, step: Step) -> None:
    other = step.data["department"]
    step.record["department"] = other.name
    _open(opinion.problem, other, opinion.month, OpinionSource.REASSIGNED, opinion.department, step.at,
          note=step.reason, by=step.person)  # fmt: skip
