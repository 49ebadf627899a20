"""Files of a hard case (the scanned instruction) and of a unit's matter (its evidence): who reads, who adds."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from hookups.workflow.meetings import WORKER_DUTIES
from ningde_projects.documents.uploads import register_attachment_policy
from ningde_projects.organizations.actor import Actor
from ningde_projects.workflow.refusals import NotAllowed

from ..models import HardCase, InstructionTask
from ..policies.hard_cases import preparing_right
from ..workflow.hard_cases import HardCaseStatus, TaskStatus

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from ningde_projects.documents.models import Attachment

CASE_FILES, TASK_FILES = "hard_case", "instruction_task"


def _reads_case(actor: Actor, attachment: Attachment) -> bool:
    return bool(HardCase.objects.whole_to(actor).filter(public_id=attachment.subject_id).exists())


def _case_change(actor: Actor, subject_id: UUID) -> StrOrPromise | None:
    case = HardCase.objects.whole_to(actor).filter(public_id=subject_id).first()
    if case is None:
        return None
    if isinstance(preparing_right(actor), NotAllowed):
        return _("The commission adds the papers of a hard case.")
    ended = case.status in (HardCaseStatus.CLOSED, HardCaseStatus.WITHDRAWN)
    return _("This is settled; nothing is added any more.") if ended else ""


def _reads_task(actor: Actor, attachment: Attachment) -> bool:
    return bool(InstructionTask.objects.visible_to(actor).filter(public_id=attachment.subject_id).exists())


def _task_change(actor: Actor, subject_id: UUID) -> StrOrPromise | None:
    task = InstructionTask.objects.visible_to(actor).filter(public_id=subject_id).first()
    if task is None:
        return None
    if task.unit_id not in actor.offices(*WORKER_DUTIES):
        return _("Evidence is added by the responsible unit.")
    return _("This is settled; nothing is added any more.") if task.status == TaskStatus.VERIFIED else ""


def register() -> None:
    """Called once when the app is ready."""
    register_attachment_policy(CASE_FILES, _reads_case, _case_change)
    register_attachment_policy(TASK_FILES, _reads_task, _task_change)
