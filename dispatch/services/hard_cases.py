"""The case itself: begun, written, submitted, instructed, reported back, closed (M10.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.door import Step, perform, person_refusal, record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState
from reports.models import Problem

from ..models import CaseLine, HardCase, Instruction, InstructionTask
from ..policies.hard_cases import preparing_right
from ..rules.hard_cases import Text, instruction_errors, missing_of_case
from ..workflow.hard_cases import EDITABLE, HARD_CASE, TaskStatus
from .hard_case_binding import case_binding


@dataclass(frozen=True)
class CaseContent:
    """What stands in a case, as typed."""

    title: str
    ground: str
    summary: str = ""
    proposal: str = ""
    leader: User | None = None
    problems: Sequence[Problem] = ()


@dataclass(frozen=True)
class TaskContent:
    """What one unit is given to do."""

    unit: Organisation | None
    text: str
    due_on: date | None


def _holder(by: Actor) -> Held:
    right = preparing_right(by)
    if isinstance(right, NotAllowed):
        raise right
    return right


@transaction.atomic
def begin(content: CaseContent, *, by: Actor, at: datetime) -> HardCase:
    """A new draft with the next number of the year; anything in it may still be missing."""
    holder = _holder(by)
    # The commission's row is the lock under which numbers are given.
    Organisation.objects.select_for_update().get(pk=holder.organisation.pk)
    year = local_date(at).year
    last = HardCase.objects.filter(year=year).aggregate(n=Max("number"))["n"] or 0
    case = HardCase(year=year, number=last + 1, begun_by=by.user, begun_at=at)
    _write(case, content)
    record(HARD_CASE.name, "begin", by=by, at=at, obj=case, holder=holder)
    return case


@transaction.atomic
def save_draft(case: HardCase, content: CaseContent, *, by: Actor, at: datetime, version: int | None) -> None:
    holder = _holder(by)
    case.refresh_from_db(from_queryset=HardCase.objects.select_for_update())
    if version is not None and version != case.version:
        raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
    if case.status not in EDITABLE:
        raise WrongState(_("This has been submitted and can no longer be changed."))
    case.version += 1
    _write(case, content)
    record(HARD_CASE.name, "save_draft", by=by, at=at, obj=case, holder=holder)


def _write(case: HardCase, content: CaseContent) -> None:
    case.title, case.ground = content.title.strip(), content.ground
    case.summary, case.proposal, case.leader = (
        content.summary.strip(),
        content.proposal.strip(),
        content.leader,
    )
    case.save()
    wanted = {problem.pk: problem for problem in content.problems}
    kept = set(case.lines.values_list("problem", flat=True))
    case.lines.exclude(problem__in=wanted).delete()
    CaseLine.objects.bulk_create(
        CaseLine(case=case, problem=problem, project_id=problem.project_id)
        for pk, problem in wanted.items() if pk not in kept
    )  # fmt: skip


def act_for(case: HardCase, verb: str, by: Actor) -> str:
    """The row by which this person does it: the leader's own, else the commission's entering on his behalf."""
    names = {
        "instruct": ("instruct_lead", "instruct_view", "enter"),
        "instruct_again": ("instruct_again_lead", "instruct_again_view", "enter_again"),
        "return": ("return_lead", "return_view"),
        "rework": ("rework_lead", "rework_view"),
    }.get(verb, (verb,))
    return next((n for n in names if person_refusal(case, HARD_CASE.by_name[n], by) is None), names[0])


def instruct(
    case: HardCase, text: str, given_on: date | None, tasks: Sequence[TaskContent], *, by: Actor, at: datetime,
    version: int | None = None,
) -> Act:  # fmt: skip
    """批示: typed by the leader himself, or entered by the commission as it stands on paper."""
    verb = "instruct" if case.status == "submitted" else "instruct_again"
    return perform(case, act_for(case, verb, by), by=by, at=at, reason=text, version=version,
                   data={"given_on": given_on, "tasks": tasks})  # fmt: skip


# ---- guards and effects ----------------------------------------------------------------------------------------


def _refuse(errors: dict[str, list[Text]]) -> None:
    if errors:
        said = {name: [str(text) for text in texts] for name, texts in errors.items()}
        raise RuleBroken(" ".join(text for texts in said.values() for text in texts), errors=said)


@case_binding.guard
def case_is_complete(case: HardCase, step: Step) -> None:
    errors = missing_of_case(
        title=case.title, summary=case.summary, has_leader=case.leader_id is not None,
        problems=case.lines.count(),
    )  # fmt: skip
    if case.leader is not None and case.leader.organisation.kind != OrgKind.MUNICIPAL_GOVERNMENT:
        errors["leader"] = [_("Choose a leader of the municipal government.")]
    _refuse(errors)


@case_binding.guard
def instruction_is_sound(case: HardCase, step: Step) -> None:
    tasks: Sequence[TaskContent] = step.data.get("tasks", ())
    since = case.submitted_at or step.at
    _refuse(
        instruction_errors(
            given_on=step.data.get("given_on"), today=local_date(step.at), submitted_on=local_date(since),
            tasks=[(task.text, task.unit is not None, task.due_on) for task in tasks],
        )
    )  # fmt: skip


@case_binding.guard
def everything_is_verified(case: HardCase, step: Step) -> None:
    left = case.tasks.exclude(status=TaskStatus.VERIFIED).count()
    if left:
        raise WrongState(_("{n} matters are not verified yet; report back when all are.").format(n=left))


@case_binding.guard
def not_released_yet(case: HardCase, step: Step) -> None:
    if case.released_at:
        raise WrongState(_("The owners read the instruction already."))


@case_binding.effect
def mark_submitted(case: HardCase, step: Step) -> None:
    case.submitted_at, case.said_reason = step.at, ""


@case_binding.effect
def keep_reason(case: HardCase, step: Step) -> None:
    case.said_reason = step.reason


@case_binding.effect
def keep_instruction(case: HardCase, step: Step) -> None:
    """The instruction and its matters become rows; a matter begins with the unit's signature."""
    leader = case.leader
    if leader is None:
        raise WrongState(_("Choose the city leader to whom it is submitted."))
    instruction = Instruction.objects.create(
        case=case, text=step.reason, given_on=step.data["given_on"], leader=leader,
        leader_text=f"{leader.title} {leader.name}".strip()[:80], entered_by=step.person.user, entered_at=step.at,
        is_own_hand=step.transition.office == "leader",
    )  # fmt: skip
    tasks: Sequence[TaskContent] = step.data["tasks"]
    rows = [
        InstructionTask(case=case, instruction=instruction, unit=task.unit, text=task.text.strip(),
                        due_on=task.due_on)
        for task in tasks
        if task.unit is not None and task.due_on is not None
    ]  # fmt: skip
    InstructionTask.objects.bulk_create(rows)
    case.said_reason = ""
    step.record["units"] = [[row.unit.name, row.due_on.isoformat()] for row in rows]


@case_binding.effect
def keep_outcome(case: HardCase, step: Step) -> None:
    case.outcome, case.reported_at = step.reason, step.at


@case_binding.effect
def mark_closed(case: HardCase, step: Step) -> None:
    case.closed_at = step.at


@case_binding.effect
def mark_released(case: HardCase, step: Step) -> None:
    case.released_at = step.at
