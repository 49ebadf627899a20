"""A department's planning guidance catalogue with its planning tasks (M1.5). No ORM, no clock."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, row


class CatalogueStatus(models.TextChoices):
    DRAFTING = "drafting", pgettext_lazy("catalogue status", "Drafting")
    APPROVING = "approving", _("Awaiting approval")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    ISSUED = "issued", pgettext_lazy("catalogue status", "Issued")
    REPLACED = "replaced", pgettext_lazy("edition", "Replaced")
    DISCARDED = "discarded", pgettext_lazy("edition", "Discarded")


class FundingDirection(models.TextChoices):
    """The policy that an entry of the catalogue is aligned with (M1.5, facts.md §2.4 政策投向)."""

    SPECIAL_FUND = "special_fund", _("Special funds of a department")
    GOVERNMENT_BOND = "government_bond", _("Government bonds")
    PROVINCIAL_KEY = "provincial_key", _("Provincial key project")
    CENTRAL_BUDGET = "central_budget", _("Central budget investment")
    OTHER = "other", pgettext_lazy("direction", "Other direction")


EDITABLE = frozenset({CatalogueStatus.DRAFTING, CatalogueStatus.RETURNED})
#: What has been issued once stays readable, also when a later edition has taken its place.
PUBLISHED = frozenset({CatalogueStatus.ISSUED, CatalogueStatus.REPLACED})
#: What the municipal government has before it, or has had.
SUBMITTED = PUBLISHED | {CatalogueStatus.APPROVING, CatalogueStatus.APPROVED}

CATALOGUE = Machine(
    "catalogue",
    _("Planning guidance catalogue"),
    CatalogueStatus,
    CatalogueStatus.DRAFTING,
    (
        row("send_for_approval", EDITABLE, CatalogueStatus.APPROVING, Duty.HANDLE,
            _("Send to the municipal government for approval"), "M1.5", office="department",
            guards=("catalogue_is_complete",), effect="mark_catalogue_sent", notifies=("catalogue_to_approve",)),
        row("withdraw", CatalogueStatus.APPROVING, CatalogueStatus.DRAFTING, Duty.HANDLE, _("Withdraw"), "M1.5",
            office="department", effect="mark_catalogue_withdrawn"),
        row("approve", CatalogueStatus.APPROVING, CatalogueStatus.APPROVED, Duty.APPROVE, _("Approve"), "M1.5",
            office="government", effect="mark_catalogue_approved", notifies=("catalogue_approved",),
            not_by=("send_for_approval",)),
        row("return_by_government", CatalogueStatus.APPROVING, CatalogueStatus.RETURNED, Duty.APPROVE,
            _("Return for correction"), "M1.5", office="government", reason_required=True,
            effect="mark_catalogue_returned", notifies=("catalogue_returned",)),
        row("issue", CatalogueStatus.APPROVED, CatalogueStatus.ISSUED, Duty.HANDLE, _("Issue to the counties"),
            "M1.5", office="department", effect="put_catalogue_in_force", notifies=("catalogue_issued",)),
        row("replace", CatalogueStatus.ISSUED, CatalogueStatus.REPLACED, None,
            pgettext_lazy("act", "Replaced by a new edition"), "M1.5"),
        row("discard", EDITABLE, CatalogueStatus.DISCARDED, Duty.HANDLE, _("Discard the draft"), "M1.5",
            office="department", reason_required=True),
    ),
)  # fmt: skip
