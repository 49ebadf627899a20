"""Whom the acts on hard cases tell, and in which words; names are those of workflow/hard_cases.py's `notifies`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hookups.workflow.meetings import WORKER_DUTIES
from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import Actor, holders, in_force
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Organisation, User
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.models import Act

from ..models import HardCase, InstructionTask
from .hard_case_binding import case_binding, task_binding

register(
    NoticeKind("hard_case_submitted", _("Awaiting your instruction: %(title)s"),
               _("The commission submits a hard case with its proposal."), icon="writing-sign", tone="sea"),
    NoticeKind("hard_case_returned", _("Returned by the leader: %(title)s"), _("Reason: %(reason)s"),
               icon="arrow-back-up", tone="red"),
    NoticeKind("hard_case_instructed", _("A city leader has given an instruction: %(title)s"), "%(reason)s",
               icon="writing-sign", tone="sea"),
    NoticeKind("hard_case_reported", _("What became of your instruction: %(title)s"), "%(reason)s", icon="check",
               tone="green"),
    NoticeKind("hard_case_reworked", _("To be taken up again: %(title)s"), _("The leader says: %(reason)s"),
               icon="arrow-back-up", tone="red"),
    NoticeKind("hard_case_closed", _("Hard case closed: %(title)s"), _("All matters are verified."), icon="checks",
               tone="green", outgoing=False),
    NoticeKind("hard_case_released", _("The leader's instruction on your problem can be read: %(title)s"),
               _("The commission shows it to the owner."), icon="eye", outgoing=False),
    NoticeKind("matter_done", _("Reported as done: %(title)s"), _("%(unit)s: %(reason)s. Verify it, or send it back."),
               icon="check", tone="sea"),
    NoticeKind("matter_verified", _("Verified: %(title)s"), _("The commission has verified it."), icon="checks",
               tone="green", outgoing=False),
    NoticeKind("matter_sent_back", _("Sent back: %(title)s"), _("Not done yet: %(reason)s"), icon="arrow-back-up",
               tone="red"),
    NoticeKind("matter_urged", _("Urged by the commission: %(title)s"), "%(reason)s", icon="bell-ringing", tone="amber"),
    NoticeKind("matter_due", _("%(count)s matters of leaders' instructions are due soon"),
               _("“%(first)s” and others are due by %(due)s and not reported as done."),
               icon="bell-ringing", tone="amber"),
    NoticeKind("matter_overdue", _("%(count)s matters of leaders' instructions are overdue"),
               _("“%(first)s” and others should have been done by %(due)s."), icon="alert-triangle", tone="red"),
)  # fmt: skip


def people_of_units(offices: Iterable[int], duties: Iterable[Duty], at: datetime) -> dict[int, list[User]]:
    """Office -> its people who hold one of the duties now; one query for all offices."""
    rows = Assignment.objects.filter(
        in_force(at), organisation__in=set(offices), duty__in=list(duties), user__is_active=True
    )
    found: dict[int, dict[int, User]] = {}
    for row in rows.select_related("user").order_by("user"):
        found.setdefault(row.organisation_id, {})[row.user_id] = row.user
    return {office: list(people.values()) for office, people in found.items()}


def dispatchers(at: datetime) -> list[User]:
    offices = Organisation.objects.filter(kind=OrgKind.COMMISSION).values_list("pk", flat=True)
    return list(holders(Duty.DISPATCH, list(offices), at))


def by_person(
    rows: Iterable[InstructionTask], people: Mapping[int, list[User]]
) -> list[tuple[User, dict[str, Any], str]]:
    """One message to each person about all matters that concern him."""
    mine: dict[int, tuple[User, list[InstructionTask]]] = {}
    for row in rows:
        for user in people.get(row.unit_id, []):
            mine.setdefault(user.pk, (user, []))[1].append(row)
    url = reverse("dispatch:instruction_tasks")
    return [
        (user, {"count": len(tasks), "first": tasks[0].text[:40], "due": str(tasks[0].due_on)}, url)
        for user, tasks in mine.values()
    ]


def _tell(obj: HardCase | InstructionTask, step: Step, act: Act, people: Iterable[User]) -> None:
    case = obj.case if isinstance(obj, InstructionTask) else obj
    mine = step.actor.user.pk if isinstance(step.actor, Actor) else None
    params = {
        "title": obj.text[:60] if isinstance(obj, InstructionTask) else case.title, "reason": step.reason or "—",
        "unit": obj.unit.short_name if isinstance(obj, InstructionTask) else "—",
    }  # fmt: skip
    notify(step.transition.notifies[0], [p for p in people if p.pk != mine], at=step.at, dedupe=f"act:{act.pk}",
           params=params, url=reverse("dispatch:hard_case", args=[case.public_id]))  # fmt: skip


def _units(case: HardCase, at: datetime) -> list[User]:
    offices = set(case.tasks.values_list("unit", flat=True))
    found = people_of_units(offices, WORKER_DUTIES, at)
    return list({user.pk: user for people in found.values() for user in people}.values())


def _leader(case: HardCase) -> list[User]:
    return [case.leader] if case.leader else []


def _unit(task: InstructionTask, at: datetime) -> list[User]:
    return people_of_units([task.unit_id], WORKER_DUTIES, at).get(task.unit_id, [])


@case_binding.audience
def hard_case_submitted(case: HardCase, step: Step, act: Act) -> None:
    _tell(case, step, act, _leader(case))


@case_binding.audience
def hard_case_returned(case: HardCase, step: Step, act: Act) -> None:
    _tell(case, step, act, dispatchers(step.at))


@case_binding.audience
def hard_case_instructed(case: HardCase, step: Step, act: Act) -> None:
    _tell(case, step, act, [*_units(case, step.at), *dispatchers(step.at)])


@case_binding.audience
def hard_case_reported(case: HardCase, step: Step, act: Act) -> None:
    _tell(case, step, act, _leader(case))


@case_binding.audience
def hard_case_reworked(case: HardCase, step: Step, act: Act) -> None:
    _tell(case, step, act, dispatchers(step.at))


@case_binding.audience
def hard_case_closed(case: HardCase, step: Step, act: Act) -> None:
    _tell(case, step, act, [*_units(case, step.at), *_leader(case)])


@case_binding.audience
def hard_case_released(case: HardCase, step: Step, act: Act) -> None:
    owners = set(case.lines.values_list("problem__owner", flat=True))
    found = people_of_units(owners, [Duty.REPORT], step.at)
    _tell(case, step, act, [user for people in found.values() for user in people])


@task_binding.audience
def matter_done(task: InstructionTask, step: Step, act: Act) -> None:
    _tell(task, step, act, dispatchers(step.at))


@task_binding.audience
def matter_verified(task: InstructionTask, step: Step, act: Act) -> None:
    _tell(task, step, act, _unit(task, step.at))


@task_binding.audience
def matter_sent_back(task: InstructionTask, step: Step, act: Act) -> None:
    _tell(task, step, act, _unit(task, step.at))


@task_binding.audience
def matter_urged(task: InstructionTask, step: Step, act: Act) -> None:
    _tell(task, step, act, _unit(task, step.at))
