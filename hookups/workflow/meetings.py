"""Statuses and transition tables of meetings and of what they decide (measure 4). No ORM, no clock."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, Transition, row


class SessionStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("meeting", "Draft")
    RECORDED = "recorded", pgettext_lazy("meeting", "Recorded")
    WITHDRAWN = "withdrawn", pgettext_lazy("meeting", "Withdrawn")


#: Who keeps the record of a meeting: suffix of the act, duty, word for the office. A county's meetings are recorded
#: by its bureau, its government or the leader who held it, a department's sessions by the department, the city's own
#: meetings by the commission's dispatchers, the vice-mayor's by the municipal government as well (M8.4).
RECORDERS: tuple[tuple[str, Duty, str], ...] = (
    ("bureau", Duty.REVIEW, "bureau"),
    ("government", Duty.APPROVE, "government"),
    ("leader", Duty.LEAD, "leader"),
    ("dispatcher", Duty.DISPATCH, "dispatcher"),
    ("department", Duty.HANDLE, "department"),
)
RECORD_ACTS = tuple(f"record_{suffix}" for suffix, _duty, _office in RECORDERS)


def by_recorders(
    verb: str,
    source: str | Iterable[str],
    target: str | None,
    label: Promise,
    *,
    reason_required: bool = False,
    guards: tuple[str, ...] = (),
    effect: str = "",
    notifies: tuple[str, ...] = (),
    not_by: tuple[str, ...] = (),
) -> tuple[Transition, ...]:
    """The same act once for each kind of recorder."""
    return tuple(
        row(f"{verb}_{suffix}", source, target, duty, label, "M4.2", office=office, reason_required=reason_required,
            guards=guards, effect=effect, notifies=notifies, not_by=not_by)
        for suffix, duty, office in RECORDERS
    )  # fmt: skip


MEETING = Machine(
    "meeting",
    pgettext_lazy("acts", "Meeting"),
    SessionStatus,
    SessionStatus.DRAFT,
    (
        *by_recorders("record", SessionStatus.DRAFT, SessionStatus.RECORDED, pgettext_lazy("meeting", "Record"),
                      guards=("meeting_is_complete",), effect="keep_first_edition"),
        *by_recorders("revise", SessionStatus.RECORDED, None, pgettext_lazy("meeting", "Correct the record"),
                      reason_required=True, guards=("meeting_is_complete",), effect="keep_edition"),
        *by_recorders("withdraw", [SessionStatus.DRAFT, SessionStatus.RECORDED], SessionStatus.WITHDRAWN,
                      pgettext_lazy("meeting", "Withdraw the record"), reason_required=True,
                      guards=("nothing_is_done_yet",), effect="cancel_decisions"),
    ),
)  # fmt: skip


class DecisionStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("decision", "Draft")
    OPEN = "open", pgettext_lazy("decision", "To be handled")
    WORKING = "working", pgettext_lazy("decision", "In hand")
    DONE = "done", pgettext_lazy("decision", "Awaiting verification")
    VERIFIED = "verified", pgettext_lazy("decision", "Verified")
    CANCELLED = "cancelled", pgettext_lazy("decision", "Cancelled")


#: What the responsible unit still has to do.
OWED = frozenset({DecisionStatus.OPEN, DecisionStatus.WORKING})
#: What is still on somebody's desk.
UNSETTLED = OWED | {DecisionStatus.DONE}

#: The duties with which the people of a responsible unit work on what is decided, by kind of office.
WORKERS: tuple[tuple[str, Duty], ...] = (
    ("report", Duty.REPORT),
    ("handle", Duty.HANDLE),
    ("review", Duty.REVIEW),
    ("dispatch", Duty.DISPATCH),
    ("direct", Duty.DIRECT),
    ("lead", Duty.LEAD),
)
WORKER_DUTIES = frozenset(duty for _suffix, duty in WORKERS)
FINISH_ACTS = tuple(f"finish_{suffix}" for suffix, _duty in WORKERS)


def by_unit(
    verb: str,
    source: Iterable[str],
    target: str,
    label: Promise,
    *,
    effect: str,
    notifies: tuple[str, ...] = (),
) -> tuple[Transition, ...]:
    """The same act once for each duty of the responsible unit; each says what has been done."""
    return tuple(
        row(f"{verb}_{suffix}", source, target, duty, label, "M4.2", office="unit", reason_required=True,
            effect=effect, notifies=notifies)
        for suffix, duty in WORKERS
    )  # fmt: skip


DECISION = Machine(
    "decision",
    pgettext_lazy("acts", "Decision of a meeting"),
    DecisionStatus,
    DecisionStatus.DRAFT,
    (
        row("issue", DecisionStatus.DRAFT, DecisionStatus.OPEN, None, pgettext_lazy("decision", "Put to the unit"),
            "M4.2", effect="start_decision", notifies=("decision_issued",)),
        row("amend", [DecisionStatus.OPEN, DecisionStatus.WORKING], None, None,
            pgettext_lazy("decision", "Changed with the record"), "M4.2", reason_required=True,
            effect="change_decision", notifies=("decision_amended",)),
        *by_unit("progress", OWED, DecisionStatus.WORKING, pgettext_lazy("decision", "Note progress"),
                 effect="note_progress"),
        *by_unit("finish", OWED, DecisionStatus.DONE, pgettext_lazy("decision", "Report as done"),
                 effect="mark_done", notifies=("decision_done",)),
        *by_recorders("verify", DecisionStatus.DONE, DecisionStatus.VERIFIED, pgettext_lazy("decision", "Verify"),
                      effect="mark_verified", notifies=("decision_verified",), not_by=FINISH_ACTS),
        *by_recorders("send_back", DecisionStatus.DONE, DecisionStatus.WORKING,
                      pgettext_lazy("decision", "Send back"), reason_required=True, effect="mark_sent_back",
                      notifies=("decision_sent_back",)),
        row("cancel", [DecisionStatus.DRAFT, *sorted(OWED)], DecisionStatus.CANCELLED, None,
            pgettext_lazy("decision", "Cancelled with the record"), "M4.2", reason_required=True,
            effect="end_decision", notifies=("decision_cancelled",)),
    ),
)  # fmt: skip

MACHINES = (MEETING, DECISION)
