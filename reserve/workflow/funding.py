"""Requests for preliminary funds 前期经费, their batches, their payment (M2.3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, row

from .twins import by_convener, by_filer


class FundingStatus(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("funding status", "Requested")
    WITHDRAWN = "withdrawn", pgettext_lazy("funding status", "Withdrawn")
    RETURNED = "returned", _("Returned")
    BUNDLED = "bundled", pgettext_lazy("funding status", "In a batch")
    APPROVED = "approved", pgettext_lazy("funding status", "Approved, to be disbursed")
    REFUSED = "refused", pgettext_lazy("funding status", "Not granted")
    PAID = "paid", pgettext_lazy("funding status", "Disbursed")


#: Still counts against the project: neither withdrawn, returned nor refused.
FUNDING_LIVE = frozenset(
    {FundingStatus.REQUESTED, FundingStatus.BUNDLED, FundingStatus.APPROVED, FundingStatus.PAID}
)

FUNDING = Machine(
    "funding",
    _("Request for preliminary funds"),
    FundingStatus,
    FundingStatus.REQUESTED,
    (
        *by_filer("withdraw", FundingStatus.REQUESTED, FundingStatus.WITHDRAWN,
                  pgettext_lazy("funding", "Withdraw the request"), "M2.3"),
        *by_convener("return", FundingStatus.REQUESTED, FundingStatus.RETURNED,
                     pgettext_lazy("funding", "Return the request"), "M2.3", reason_required=True,
                     effect="keep_request_return", notifies=("funding_returned",)),
        *by_convener("bundle", FundingStatus.REQUESTED, FundingStatus.BUNDLED,
                     pgettext_lazy("funding", "Take into the batch"), "M2.3", guards=("batch_takes_it",),
                     effect="put_into_batch"),
        *by_convener("take_out", FundingStatus.BUNDLED, FundingStatus.REQUESTED,
                     pgettext_lazy("funding", "Take out of the batch"), "M2.3", guards=("batch_is_open",),
                     effect="take_from_batch"),
        row("grant", FundingStatus.BUNDLED, FundingStatus.APPROVED, None,
            pgettext_lazy("funding", "Granted by the government"), "M2.3", effect="keep_grant",
            notifies=("funding_granted",)),
        row("refuse", FundingStatus.BUNDLED, FundingStatus.REFUSED, None,
            pgettext_lazy("funding", "Not granted by the government"), "M2.3", effect="keep_grant",
            notifies=("funding_granted",)),
        row("pay", FundingStatus.APPROVED, None, Duty.HANDLE, pgettext_lazy("funding", "Disburse"), "M2.3",
            office="finance", guards=("payment_fits",), effect="keep_payment", notifies=("funding_paid",)),
        row("void", [FundingStatus.APPROVED, FundingStatus.PAID], None, Duty.HANDLE,
            pgettext_lazy("funding", "Cancel a payment"), "M2.3", office="finance", reason_required=True,
            guards=("payment_stands",), effect="void_payment", notifies=("funding_payment_void",)),
        row("settle", FundingStatus.APPROVED, FundingStatus.PAID, None,
            pgettext_lazy("funding", "Disbursed in full"), "M2.3"),
        row("unsettle", FundingStatus.PAID, FundingStatus.APPROVED, None,
            pgettext_lazy("funding", "No longer disbursed in full"), "M2.3"),
    ),
)  # fmt: skip


class BatchStatus(models.TextChoices):
    BUILDING = "building", pgettext_lazy("batch status", "Compiling")
    APPROVING = "approving", _("Awaiting approval")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    DISCARDED = "discarded", pgettext_lazy("batch status", "Discarded")


BATCH_OPEN = frozenset({BatchStatus.BUILDING, BatchStatus.RETURNED})

BATCH = Machine(
    "funding_batch",
    _("Batch of preliminary funds"),
    BatchStatus,
    BatchStatus.BUILDING,
    (
        *by_convener("send", list(BATCH_OPEN), BatchStatus.APPROVING,
                     pgettext_lazy("batch", "Send to the government for approval"), "M2.3",
                     guards=("batch_has_lines",), effect="mark_batch_sent", notifies=("batch_to_approve",)),
        *by_convener("withdraw", BatchStatus.APPROVING, BatchStatus.BUILDING, pgettext_lazy("batch", "Withdraw"),
                     "M2.3", guards=("batch_not_opened",), effect="mark_batch_withdrawn"),
        row("approve", BatchStatus.APPROVING, BatchStatus.APPROVED, Duty.APPROVE, pgettext_lazy("batch", "Approve"),
            "M2.3", office="government", guards=("amounts_are_sound",), effect="grant_lines",
            notifies=("batch_approved",), not_by=("send", "send_county")),
        row("return", BatchStatus.APPROVING, BatchStatus.RETURNED, Duty.APPROVE,
            pgettext_lazy("batch", "Return for correction"), "M2.3", office="government", reason_required=True,
            effect="mark_batch_returned", notifies=("batch_returned",)),
        *by_convener("discard", list(BATCH_OPEN), BatchStatus.DISCARDED, pgettext_lazy("batch", "Discard the batch"),
                     "M2.3", reason_required=True, effect="release_lines"),
    ),
)  # fmt: skip
