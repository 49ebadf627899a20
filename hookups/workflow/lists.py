"""How a hookup list is filed (M3.4): statuses and the transition table. No ORM, no clock."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, Transition, row


class ListStatus(models.TextChoices):
    DRAFTING = "drafting", _("Drafting")
    FILED = "filed", pgettext_lazy("hookup list", "Sent for filing")
    RECEIVED = "received", pgettext_lazy("hookup list", "On file")
    RETURNED = "returned", _("Returned")


EDITABLE = frozenset({ListStatus.DRAFTING, ListStatus.RETURNED})

#: Who files for which office: the duty that an office of this kind files with.
FILING: tuple[tuple[str, Duty], ...] = (
    ("county", Duty.REVIEW),
    ("industry", Duty.HANDLE),
    ("enterprise", Duty.REPORT),
)
FILED_BY = tuple(f"file_{side}" for side, _duty in FILING)


def _filing(side: str, duty: Duty) -> tuple[Transition, ...]:
    return (
        row(f"file_{side}", EDITABLE, ListStatus.FILED, duty, _("Send for filing"), "M3.4", office=side,
            guards=("list_is_sound",), effect="keep_as_filed", notifies=("hookup_filed",)),
        row(f"recall_{side}", ListStatus.FILED, ListStatus.DRAFTING, duty, _("Recall"), "M3.4", office=side,
            guards=("not_opened_by_commission",), effect="undo_filing"),
    )  # fmt: skip


HOOKUP_LIST = Machine(
    "hookup_list",
    _("Hookup list"),
    ListStatus,
    ListStatus.DRAFTING,
    (
        *(transition for side, duty in FILING for transition in _filing(side, duty)),
        row("receive", ListStatus.FILED, ListStatus.RECEIVED, Duty.DISPATCH, _("Put on file"), "M3.4",
            office="commission", guards=("persons_still_fit", "no_later_list"), effect="take_effect",
            notifies=("hookup_received", "hookup_named"), not_by=FILED_BY),
        row("return", ListStatus.FILED, ListStatus.RETURNED, Duty.DISPATCH, _("Return"), "M3.4",
            office="commission", reason_required=True, effect="mark_returned", notifies=("hookup_returned",)),
    ),
)  # fmt: skip

MACHINES = (HOOKUP_LIST,)
