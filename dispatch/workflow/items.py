"""Statuses and transition tables of the three-tier list and of its items (M8.2, M8.3, M11.1). No ORM, no clock."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, Transition, row


class ListStatus(models.TextChoices):
    BUILDING = "building", pgettext_lazy("three-tier list", "Drawing up")
    REVIEWING = "reviewing", pgettext_lazy("three-tier list", "With the commission's leader")
    APPROVING = "approving", pgettext_lazy("three-tier list", "Awaiting approval")
    RETURNED = "returned", pgettext_lazy("three-tier list", "Returned")
    APPROVED = "approved", pgettext_lazy("three-tier list", "Approved")
    ISSUED = "issued", pgettext_lazy("three-tier list", "Issued")


LIST_EDITABLE = frozenset({ListStatus.BUILDING, ListStatus.RETURNED})

TIER_LIST = Machine(
    "tier_list",
    pgettext_lazy("acts", "Three-tier list"),
    ListStatus,
    ListStatus.BUILDING,
    (
        row("draw", LIST_EDITABLE, None, Duty.DISPATCH, pgettext_lazy("three-tier list", "Draw in again"), "M8.2",
            office="commission", effect="draw_lines"),
        row("send_to_leader", LIST_EDITABLE, ListStatus.REVIEWING, Duty.DISPATCH,
            pgettext_lazy("three-tier list", "Send to the commission's leader"), "M8.2", office="commission",
            guards=("lines_are_complete",), effect="mark_sent", notifies=("tier_list_to_review",)),
        row("withdraw", [ListStatus.REVIEWING, ListStatus.APPROVING], ListStatus.BUILDING, Duty.DISPATCH,
            pgettext_lazy("three-tier list", "Withdraw"), "M8.2", office="commission", reason_required=True,
            effect="clear_sending"),
        row("pass_on", ListStatus.REVIEWING, ListStatus.APPROVING, Duty.SIGN,
            pgettext_lazy("three-tier list", "Submit to the municipal government"), "M8.3", office="commission",
            effect="mark_submitted", notifies=("tier_list_to_approve",), not_by=("send_to_leader",)),
        row("return_by_leader", ListStatus.REVIEWING, ListStatus.RETURNED, Duty.SIGN,
            pgettext_lazy("three-tier list", "Return for correction"), "M8.3", office="commission",
            reason_required=True, effect="mark_returned", notifies=("tier_list_returned",)),
        row("approve", ListStatus.APPROVING, ListStatus.APPROVED, Duty.APPROVE,
            pgettext_lazy("three-tier list", "Approve"), "M8.3", office="municipal_government",
            effect="seal_edition", notifies=("tier_list_approved",), not_by=("send_to_leader", "pass_on")),
        row("return_by_government", ListStatus.APPROVING, ListStatus.RETURNED, Duty.APPROVE,
            pgettext_lazy("three-tier list", "Return for correction"), "M8.3", office="municipal_government",
            reason_required=True, effect="mark_returned", notifies=("tier_list_returned",)),
        row("issue", ListStatus.APPROVED, ListStatus.ISSUED, Duty.DISPATCH,
            pgettext_lazy("three-tier list", "Issue"), "M8.3", office="commission", effect="issue_items",
            notifies=("items_issued",)),
    ),
)  # fmt: skip


class ItemStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("item", "Proposed")
    ISSUED = "issued", pgettext_lazy("item", "To be signed for")
    WORKING = "working", pgettext_lazy("item", "Being rectified")
    DONE = "done", pgettext_lazy("item", "Awaiting verification")
    CLOSED = "closed", pgettext_lazy("item", "Struck off")
    REMOVED = "removed", pgettext_lazy("item", "Taken off the list")


#: What the responsible unit still has to do.
ITEM_OWED = frozenset({ItemStatus.ISSUED, ItemStatus.WORKING})
#: What is still on somebody's desk, and goes over into the next month's list.
ITEM_UNSETTLED = ITEM_OWED | {ItemStatus.DONE}

#: The duties with which the people of a responsible unit work on an item: suffix of the act, duty.
ITEM_WORKERS: tuple[tuple[str, Duty], ...] = (
    ("handle", Duty.HANDLE),
    ("review", Duty.REVIEW),
    ("approve", Duty.APPROVE),
    ("report", Duty.REPORT),
    ("dispatch", Duty.DISPATCH),
    ("direct", Duty.DIRECT),
    ("lead", Duty.LEAD),
)
ITEM_WORKER_DUTIES = frozenset(duty for _suffix, duty in ITEM_WORKERS)
ITEM_FINISH_ACTS = tuple(f"finish_{suffix}" for suffix, _duty in ITEM_WORKERS)


def _by_unit(
    verb: str,
    source: str | Iterable[str],
    target: str | None,
    label: Promise,
    measure: str,
    *,
    effect: str,
    reason_required: bool = True,
    notifies: tuple[str, ...] = (),
) -> tuple[Transition, ...]:
    """The same act once for each duty of the responsible unit."""
    return tuple(
        row(f"{verb}_{suffix}", source, target, duty, label, measure, office="unit", reason_required=reason_required,
            effect=effect, notifies=notifies)
        for suffix, duty in ITEM_WORKERS
    )  # fmt: skip


ITEM = Machine(
    "dispatch_item",
    pgettext_lazy("acts", "Item of the three-tier list"),
    ItemStatus,
    ItemStatus.PROPOSED,
    (
        row("remove", ItemStatus.PROPOSED, ItemStatus.REMOVED, Duty.DISPATCH, pgettext_lazy("item", "Take off the list"),
            "M8.2", office="commission", reason_required=True, effect="take_off"),
        row("restore", ItemStatus.REMOVED, ItemStatus.PROPOSED, Duty.DISPATCH,
            pgettext_lazy("item", "Put back on the list"), "M8.2", office="commission", effect="put_back"),
        row("issue", ItemStatus.PROPOSED, ItemStatus.ISSUED, None, pgettext_lazy("item", "Issued with the list"), "M8.3",
            guards=("item_is_complete",), effect="start_item"),
        *_by_unit("sign_for", ItemStatus.ISSUED, ItemStatus.WORKING, pgettext_lazy("item", "Sign for receipt"), "M8.3",
                  effect="mark_signed_for", reason_required=False, notifies=("item_signed_for",)),
        *_by_unit("progress", ItemStatus.WORKING, None, pgettext_lazy("item", "Report progress"), "M11.1",
                  effect="note_progress"),
        *_by_unit("finish", ItemStatus.WORKING, ItemStatus.DONE, pgettext_lazy("item", "Ask to be struck off"), "M8.3",
                  effect="mark_done", notifies=("item_done",)),
        row("verify", ItemStatus.DONE, ItemStatus.CLOSED, Duty.DISPATCH, pgettext_lazy("item", "Strike off"), "M8.3",
            office="commission", reason_required=True, effect="mark_closed", notifies=("item_closed",),
            not_by=ITEM_FINISH_ACTS),
        row("send_back", ItemStatus.DONE, ItemStatus.WORKING, Duty.DISPATCH, pgettext_lazy("item", "Send back"), "M8.3",
            office="commission", reason_required=True, effect="mark_sent_back", notifies=("item_sent_back",)),
        row("check", ITEM_OWED, None, Duty.DISPATCH, pgettext_lazy("item", "Note a follow-up"), "M11.1",
            office="commission", reason_required=True, effect="note_check"),
        row("chase", ITEM_OWED, None, Duty.DISPATCH, pgettext_lazy("item", "Chase"), "M11.1", office="commission",
            effect="note_chase", notifies=("item_chased",)),
        row("amend", ITEM_OWED, None, Duty.DISPATCH, pgettext_lazy("item", "Change after issue"), "M8.3",
            office="commission", reason_required=True, effect="change_item", notifies=("item_amended",)),
        row("reopen", ItemStatus.CLOSED, ItemStatus.WORKING, Duty.DISPATCH,
            pgettext_lazy("item", "Take up again"), "M8.3", office="commission",
            reason_required=True, effect="take_up_again", notifies=("item_reopened",)),
    ),
)  # fmt: skip

MACHINES = (TIER_LIST, ITEM)
