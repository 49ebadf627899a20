"""A project on its way to another platform: 待推送 / 已推送 / 已入库 / 退回 (M1.3). No ORM, no clock."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, row


class PushTo(models.TextChoices):
    """Where projects are pushed to."""

    NATIONAL = "national", _("National major construction project library")
    PROVINCIAL = "provincial", _("Fujian whole-life project platform")


class PushStatus(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("push", "To be pushed")
    PUSHED = "pushed", pgettext_lazy("push", "Pushed")
    REGISTERED = "registered", pgettext_lazy("push", "Registered there")
    RETURNED = "returned", pgettext_lazy("push", "Returned by the platform")
    DROPPED = "dropped", pgettext_lazy("push", "Taken out")


PUSH = Machine(
    "push",
    _("Push to a platform"),
    PushStatus,
    PushStatus.WAITING,
    (
        row("send", PushStatus.WAITING, PushStatus.PUSHED, Duty.DISPATCH, pgettext_lazy("act", "Exported in a batch"),
            "M1.3", office="commission", guards=("is_eligible",), effect="mark_pushed"),
        row("register", [PushStatus.PUSHED, PushStatus.RETURNED], PushStatus.REGISTERED, Duty.DISPATCH,
            _("Record as registered"), "M1.3", office="commission", guards=("has_outside_number", "day_is_past"),
            effect="mark_registered", notifies=("push_registered",)),
        row("return", [PushStatus.PUSHED, PushStatus.REGISTERED], PushStatus.RETURNED, Duty.DISPATCH,
            _("Record as returned"), "M1.3", office="commission", reason_required=True, guards=("day_is_past",),
            effect="mark_push_returned", notifies=("push_returned",)),
        row("requeue", [PushStatus.RETURNED, PushStatus.DROPPED], PushStatus.WAITING, Duty.DISPATCH,
            _("Put up for pushing again"), "M1.3", office="commission", guards=("is_eligible",)),
        row("drop", [PushStatus.WAITING, PushStatus.RETURNED], PushStatus.DROPPED, Duty.DISPATCH,
            _("Take out"), "M1.3", office="commission", reason_required=True),
    ),
)  # fmt: skip
