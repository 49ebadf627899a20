"""Statuses and transition tables of hard cases and of what leaders' instructions give to do (M10.1). No ORM, no clock."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from hookups.workflow.meetings import WORKERS
from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, Transition, row


class HardCaseStatus(models.TextChoices):
    DRAFTING = "drafting", pgettext_lazy("hard case", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("hard case", "Awaiting instruction")
    RETURNED = "returned", pgettext_lazy("hard case", "Returned")
    INSTRUCTED = "instructed", pgettext_lazy("hard case", "Instruction given")
    WORKING = "working", pgettext_lazy("hard case", "In hand")
    REPORTED = "reported", pgettext_lazy("hard case", "Reported back")
    CLOSED = "closed", pgettext_lazy("hard case", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("hard case", "Withdrawn")


#: With which duties a city leader reads and decides; he is named in the case.
LEADERS: tuple[tuple[str, Duty], ...] = (("lead", Duty.LEAD), ("view", Duty.VIEW))
#: What can still be written into.
EDITABLE = frozenset({HardCaseStatus.DRAFTING, HardCaseStatus.RETURNED})
#: What a leader has instructed, and is not at its end.
RUNNING = frozenset({HardCaseStatus.INSTRUCTED, HardCaseStatus.WORKING, HardCaseStatus.REPORTED})
OPEN = RUNNING | EDITABLE | {HardCaseStatus.SUBMITTED}
_ANSWERED = (*sorted(RUNNING), HardCaseStatus.CLOSED)


def _by_leader(
    verb: str,
    source: str | Iterable[str],
    target: str,
    label: Promise,
    *,
    guards: tuple[str, ...] = (),
    effect: str = "",
    notifies: tuple[str, ...] = (),
) -> tuple[Transition, ...]:
    """The same act once for each duty of the leader named in the case; he says why, or what is to be done."""
    return tuple(
        row(f"{verb}_{suffix}", source, target, duty, label, "M10.1", office="leader", reason_required=True,
            guards=guards, effect=effect, notifies=notifies)
        for suffix, duty in LEADERS
    )  # fmt: skip


_INSTRUCT = pgettext_lazy("hard case", "Give instruction")
_ENTER = pgettext_lazy("hard case", "Enter the written instruction")

HARD_CASE = Machine(
    "hard_case",
    pgettext_lazy("acts", "Hard case"),
    HardCaseStatus,
    HardCaseStatus.DRAFTING,
    (
        row("submit", EDITABLE, HardCaseStatus.SUBMITTED, Duty.DISPATCH,
            pgettext_lazy("hard case", "Submit to the leader"), "M10.1", office="commission",
            guards=("case_is_complete",), effect="mark_submitted", notifies=("hard_case_submitted",)),
        *_by_leader("return", HardCaseStatus.SUBMITTED, HardCaseStatus.RETURNED,
                    pgettext_lazy("hard case", "Return"), effect="keep_reason", notifies=("hard_case_returned",)),
        *_by_leader("instruct", HardCaseStatus.SUBMITTED, HardCaseStatus.INSTRUCTED, _INSTRUCT,
                    guards=("instruction_is_sound",), effect="keep_instruction", notifies=("hard_case_instructed",)),
        row("enter", HardCaseStatus.SUBMITTED, HardCaseStatus.INSTRUCTED, Duty.DISPATCH, _ENTER, "M10.1",
            office="commission", reason_required=True, guards=("instruction_is_sound",), effect="keep_instruction",
            notifies=("hard_case_instructed",)),
        *_by_leader("instruct_again", RUNNING, HardCaseStatus.WORKING, _INSTRUCT, guards=("instruction_is_sound",),
                    effect="keep_instruction", notifies=("hard_case_instructed",)),
        row("enter_again", RUNNING, HardCaseStatus.WORKING, Duty.DISPATCH, _ENTER, "M10.1", office="commission",
            reason_required=True, guards=("instruction_is_sound",), effect="keep_instruction",
            notifies=("hard_case_instructed",)),
        row("start", HardCaseStatus.INSTRUCTED, HardCaseStatus.WORKING, None,
            pgettext_lazy("hard case", "Taken up by a unit"), "M10.1"),
        row("report_back", HardCaseStatus.WORKING, HardCaseStatus.REPORTED, Duty.DISPATCH,
            pgettext_lazy("hard case", "Report back to the leader"), "M10.1", office="commission",
            reason_required=True, guards=("everything_is_verified",), effect="keep_outcome",
            notifies=("hard_case_reported",)),
        *_by_leader("rework", HardCaseStatus.REPORTED, HardCaseStatus.WORKING,
                    pgettext_lazy("hard case", "Have it taken up again"), effect="keep_reason",
                    notifies=("hard_case_reworked",)),
        row("close", HardCaseStatus.REPORTED, HardCaseStatus.CLOSED, Duty.DISPATCH,
            pgettext_lazy("hard case", "Close"), "M10.1", office="commission", effect="mark_closed",
            notifies=("hard_case_closed",)),
        row("release", _ANSWERED, None, Duty.DISPATCH,
            pgettext_lazy("hard case", "Show the instruction to the owners"), "M10.1", office="commission",
            guards=("not_released_yet",), effect="mark_released", notifies=("hard_case_released",)),
        row("withdraw", [*sorted(EDITABLE), HardCaseStatus.SUBMITTED], HardCaseStatus.WITHDRAWN, Duty.DISPATCH,
            pgettext_lazy("hard case", "Withdraw"), "M10.1", office="commission", reason_required=True,
            effect="keep_reason"),
    ),
)  # fmt: skip


class TaskStatus(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("instruction", "Awaiting signature")
    SIGNED = "signed", pgettext_lazy("instruction", "Signed for")
    WORKING = "working", pgettext_lazy("instruction", "In hand")
    REPORTED = "reported", pgettext_lazy("instruction", "Awaiting verification")
    VERIFIED = "verified", pgettext_lazy("instruction", "Verified")


#: What the unit still has to do.
TASK_OWED = frozenset({TaskStatus.WAITING, TaskStatus.SIGNED, TaskStatus.WORKING})
_IN_HAND = (TaskStatus.SIGNED, TaskStatus.WORKING)
FINISH_ACTS = tuple(f"finish_{suffix}" for suffix, _duty in WORKERS)


def _by_unit(
    verb: str,
    source: str | Iterable[str],
    target: str,
    label: Promise,
    *,
    reason_required: bool = True,
    effect: str = "",
    notifies: tuple[str, ...] = (),
) -> tuple[Transition, ...]:
    """The same act once for each duty with which people of the responsible unit work."""
    return tuple(
        row(f"{verb}_{suffix}", source, target, duty, label, "M10.1", office="unit",
            reason_required=reason_required, effect=effect, notifies=notifies)
        for suffix, duty in WORKERS
    )  # fmt: skip


TASK = Machine(
    "instruction_task",
    pgettext_lazy("acts", "Matter of a leader's instruction"),
    TaskStatus,
    TaskStatus.WAITING,
    (
        *_by_unit("sign", TaskStatus.WAITING, TaskStatus.SIGNED, pgettext_lazy("instruction", "Sign for"),
                  reason_required=False, effect="mark_signed"),
        *_by_unit("progress", _IN_HAND, TaskStatus.WORKING, pgettext_lazy("instruction", "Report progress"),
                  effect="note_task_progress"),
        *_by_unit("finish", _IN_HAND, TaskStatus.REPORTED, pgettext_lazy("instruction", "Report as done"),
                  effect="mark_task_done", notifies=("matter_done",)),
        row("verify", TaskStatus.REPORTED, TaskStatus.VERIFIED, Duty.DISPATCH,
            pgettext_lazy("instruction", "Verify"), "M10.1", office="commission", effect="mark_task_verified",
            notifies=("matter_verified",), not_by=FINISH_ACTS),
        row("send_back", TaskStatus.REPORTED, TaskStatus.WORKING, Duty.DISPATCH,
            pgettext_lazy("instruction", "Send back"), "M10.1", office="commission", reason_required=True,
            effect="mark_task_sent_back", notifies=("matter_sent_back",)),
        row("urge", TASK_OWED, None, Duty.DISPATCH, pgettext_lazy("instruction", "Urge"), "M10.1",
            office="commission", reason_required=True, effect="note_urging", notifies=("matter_urged",)),
    ),
)  # fmt: skip

MACHINES = (HARD_CASE, TASK)
