"""An edition of a year's reserve targets (M1.1): drafted, issued, replaced by the next edition. No ORM, no clock."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, row


class TargetStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", pgettext_lazy("targets", "Issued")
    REPLACED = "replaced", pgettext_lazy("edition", "Replaced")
    DISCARDED = "discarded", pgettext_lazy("edition", "Discarded")


TARGETS = Machine(
    "reserve_targets",
    _("Reserve targets"),
    TargetStatus,
    TargetStatus.DRAFT,
    (
        row("issue", TargetStatus.DRAFT, TargetStatus.ISSUED, Duty.DISPATCH, _("Issue the targets"), "M1.1",
            office="commission", guards=("targets_are_set", "change_has_reason"), effect="put_in_force",
            notifies=("reserve_targets_issued",)),
        row("replace", TargetStatus.ISSUED, TargetStatus.REPLACED, None,
            pgettext_lazy("act", "Replaced by a new edition"), "M1.1"),
        row("discard", TargetStatus.DRAFT, TargetStatus.DISCARDED, Duty.DISPATCH, _("Discard the draft"), "M1.1",
            office="commission", reason_required=True),
    ),
)  # fmt: skip
