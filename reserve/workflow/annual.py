"""The annual key-project list: a batch collects proposals, the commission decides them (facts.md §3.3). No ORM."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, row


class BatchStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("annual batch", "Collecting proposals")
    DECIDED = "decided", pgettext_lazy("annual batch", "Decided")
    CANCELLED = "cancelled", pgettext_lazy("annual batch", "Cancelled")


class ItemStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("annual item", "Proposed")
    ACCEPTED = "accepted", pgettext_lazy("annual item", "Accepted")
    DECLINED = "declined", pgettext_lazy("annual item", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("annual item", "Withdrawn")
    LISTED = "listed", pgettext_lazy("annual item", "In the list")
    REMOVED = "removed", pgettext_lazy("annual item", "Removed from the list")


#: A project stands at most once in a batch in one of these.
LIVE = frozenset({ItemStatus.PROPOSED, ItemStatus.ACCEPTED, ItemStatus.LISTED})

BATCH = Machine(
    "annual_batch",
    _("Batch of the annual key-project list"),
    BatchStatus,
    BatchStatus.OPEN,
    (
        row("decide", BatchStatus.OPEN, BatchStatus.DECIDED, Duty.DISPATCH, _("Decide the batch"), "M5.1",
            office="commission", guards=("all_proposals_decided", "document_is_named"), effect="list_accepted",
            notifies=("annual_decided",)),
        row("cancel", BatchStatus.OPEN, BatchStatus.CANCELLED, Duty.DISPATCH, _("Cancel the batch"), "M5.1",
            office="commission", reason_required=True, notifies=("annual_cancelled",)),
    ),
)  # fmt: skip

ITEM = Machine(
    "annual_item",
    _("Proposal for the annual key-project list"),
    ItemStatus,
    ItemStatus.PROPOSED,
    (
        row("accept", [ItemStatus.PROPOSED, ItemStatus.DECLINED], ItemStatus.ACCEPTED, Duty.DISPATCH,
            _("Accept the proposal"), "M5.1", office="commission", guards=("batch_is_open", "plan_is_given"),
            effect="keep_decision", not_by=("propose",)),
        row("decline", [ItemStatus.PROPOSED, ItemStatus.ACCEPTED], ItemStatus.DECLINED, Duty.DISPATCH,
            _("Decline the proposal"), "M5.1", office="commission", reason_required=True, guards=("batch_is_open",),
            effect="keep_decision", notifies=("annual_declined",), not_by=("propose",)),
        row("withdraw", [ItemStatus.PROPOSED, ItemStatus.ACCEPTED], ItemStatus.WITHDRAWN, Duty.REVIEW,
            _("Withdraw the proposal"), "M5.1", office="proposer", guards=("batch_is_open",)),
        row("withdraw_by_department", [ItemStatus.PROPOSED, ItemStatus.ACCEPTED], ItemStatus.WITHDRAWN, Duty.HANDLE,
            _("Withdraw the proposal"), "M5.1", office="proposer", guards=("batch_is_open",)),
        row("list", ItemStatus.ACCEPTED, ItemStatus.LISTED, None, pgettext_lazy("act", "Entered into the annual list"),
            "M5.1", effect="mark_listed"),
        row("remove", ItemStatus.LISTED, ItemStatus.REMOVED, Duty.DISPATCH, _("Remove from the annual list"), "M5.1",
            office="commission", reason_required=True, effect="take_off_list", notifies=("annual_removed",)),
    ),
)  # fmt: skip
