"""D4, the 10th 24:00: who compiles the municipal problem list is reminded as long as version 1 is not sealed."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import SystemActor, holders
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import User
from ningde_projects.periods.consequences import Firing, on_deadline, on_reminder
from ningde_projects.periods.month import Month
from ningde_projects.workflow.door import record
from reports.models import Summary
from reports.services.binding import commission_ids

from ..models import EditionLabel
from ..selectors.editions import labels_of
from ..selectors.problem_list import alive_in

register(
    NoticeKind("d4_remind", _("The municipal problem list of %(month)s is due in %(days)s days"),
               _("It can be drawn from what has come."), icon="clock", tone="amber"),
    NoticeKind("d4_due", _("The municipal problem list of %(month)s is due"),
               _("%(received)s counties have forwarded; the list can be drawn from what has come."),
               icon="list-details", tone="amber"),
)  # fmt: skip


def _dispatchers(at: datetime) -> list[User]:
    return holders(Duty.DISPATCH, commission_ids(), at)


def _url(month: Month) -> str:
    return f"{reverse('dispatch:problem_list')}?month={month}"


def is_sealed(month: Month) -> bool:
    return EditionLabel.FIRST in labels_of(month)


@on_reminder("D4")
def remind_commission(firing: Firing, at: datetime) -> int:
    """Nobody is reminded of what he has done."""
    if is_sealed(firing.month):
        return 0
    return notify("d4_remind", _dispatchers(at), at=at, dedupe=f"{firing.job}:{firing.month}",
                  params={"month": str(firing.month), "days": firing.days_before}, url=_url(firing.month))  # fmt: skip


@on_deadline("D4")
def list_is_due(firing: Firing, at: datetime) -> int:
    """The list can be drawn from what has come; the record keeps what that was."""
    received = Summary.objects.filter(month=firing.month, first_forwarded_at__isnull=False).count()
    sealed, drawn = is_sealed(firing.month), alive_in(firing.month).count()
    if not sealed:
        notify("d4_due", _dispatchers(at), at=at, dedupe=f"{firing.job}:{firing.month}",
               params={"month": str(firing.month), "received": received}, url=_url(firing.month))  # fmt: skip
    record("deadline", "d4_deadline", by=SystemActor(at), at=at, text=f"D4 {firing.month}",
           data={"month": str(firing.month), "received": received, "sealed": sealed, "lines": drawn})  # fmt: skip
    return received
