"""What instructions give units to do: signed for, worked on, reported, verified, urged; reminders of due days (M10.1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from hookups.workflow.meetings import WORKER_DUTIES, WORKERS
from ningde_projects.notices.services import notify_each
from ningde_projects.organizations.actor import Actor, SystemActor
from ningde_projects.periods.consequences import on_every_tick
from ningde_projects.periods.month import ZONE, local_date
from ningde_projects.periods.rules import REMIND
from ningde_projects.workflow.door import Step, perform, person_refusal

from ..models import InstructionTask
from ..workflow.hard_cases import TASK, HardCaseStatus
from .hard_case_binding import task_binding
from .hard_case_telling import by_person, dispatchers, people_of_units

#: From this hour on reminders of a day go out, as those of the deadlines do.
_HOUR = 8
UNIT_VERBS = ("sign", "progress", "finish")


def act_for(task: InstructionTask, verb: str, by: Actor) -> str:
    """The row by which this person does it."""
    if verb not in UNIT_VERBS:
        return verb
    names = [f"{verb}_{suffix}" for suffix, _duty in WORKERS]
    return next((n for n in names if person_refusal(task, TASK.by_name[n], by) is None), names[1])


@task_binding.effect
def mark_signed(task: InstructionTask, step: Step) -> None:
    """The first signature takes the whole case in hand."""
    task.signed_at = step.at
    if task.case.status == HardCaseStatus.INSTRUCTED:
        perform(task.case, "start", by=SystemActor(step.at), at=step.at)


@task_binding.effect
def note_task_progress(task: InstructionTask, step: Step) -> None:
    task.note, task.noted_at, task.return_reason = step.reason, step.at, ""


@task_binding.effect
def mark_task_done(task: InstructionTask, step: Step) -> None:
    task.evidence, task.finished_at, task.return_reason = step.reason, step.at, ""
    step.record["late"] = task.finished_late


@task_binding.effect
def mark_task_verified(task: InstructionTask, step: Step) -> None:
    task.verified_at = step.at


@task_binding.effect
def mark_task_sent_back(task: InstructionTask, step: Step) -> None:
    task.return_reason, task.finished_at = step.reason, None


@task_binding.effect
def note_urging(task: InstructionTask, step: Step) -> None:
    task.urged_at, task.urged_count = step.at, task.urged_count + 1


# ---- due days --------------------------------------------------------------------------------------------------


@on_every_tick("instruction_tasks")
def remind_and_call(at: datetime) -> int:
    """Units are reminded 3, 1 and 0 days before, and told once when a day has passed; safe to repeat."""
    return _remind(at) + _call_overdue(at)


def _remind(at: datetime) -> int:
    today = local_date(at)
    if at.astimezone(ZONE).hour < _HOUR:
        return 0
    rows = list(
        InstructionTask.objects.owed()
        .filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=today),
                due_on__in=[today + timedelta(days=n) for n in REMIND])
        .order_by("due_on", "pk")
    )  # fmt: skip
    if not rows:
        return 0
    people = people_of_units({row.unit_id for row in rows}, WORKER_DUTIES, at)
    told = notify_each("matter_due", by_person(rows, people), at=at, dedupe=f"tasks:due:{today}")
    InstructionTask.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_on=today)
    return told


def _call_overdue(at: datetime) -> int:
    today = local_date(at)
    rows = list(
        InstructionTask.objects.overdue(today).filter(overdue_told_at__isnull=True).order_by("due_on", "pk")
    )
    if not rows:
        return 0
    people = people_of_units({row.unit_id for row in rows}, WORKER_DUTIES, at)
    told = notify_each("matter_overdue", by_person(rows, people), at=at, dedupe=f"tasks:overdue:{today}")
    city = dict.fromkeys({row.unit_id for row in rows}, dispatchers(at))
    told += notify_each("matter_overdue", by_person(rows, city), at=at, dedupe=f"tasks:overdue:{today}:city")
    InstructionTask.objects.filter(pk__in=[row.pk for row in rows]).update(overdue_told_at=at)
    return told
