"""D9: the vice-mayor in charge holds one dispatch meeting a quarter; a missing one is written down (M8.4)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import SystemActor, holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.consequences import Firing, on_deadline, on_reminder
from ningde_projects.periods.selectors import ended_before_us
from ningde_projects.workflow.door import record

from ..models import OwedMeeting
from ..selectors.quarter_meeting import city_government, quarter_meeting

register(
    NoticeKind("d9_remind", _("No vice-mayor's dispatch meeting yet in the quarter that ends with %(month)s"),
               _("%(days)s days are left of the quarter."), icon="bell-ringing", tone="amber"),
    NoticeKind("d9_gap", _("No vice-mayor's dispatch meeting in the quarter that ended with %(month)s"),
               _("A meeting that was held can still be recorded; it is shown as recorded late."),
               icon="alert-triangle", tone="red"),
)  # fmt: skip
URL = "/hookups/meetings/?kind=quarter"


def people(at: datetime) -> list[User]:
    """The vice-mayor, his office, and the commission's dispatchers; each once."""
    offices = Organisation.objects.filter(
        Q(kind=OrgKind.MUNICIPAL_GOVERNMENT) | Q(kind=OrgKind.COMMISSION), is_active=True
    ).values_list("pk", "kind")
    city = [pk for pk, kind in offices if kind == OrgKind.MUNICIPAL_GOVERNMENT]
    commission = [pk for pk, kind in offices if kind == OrgKind.COMMISSION]
    found = [*holders(Duty.LEAD, city, at), *holders(Duty.APPROVE, city, at),
             *holders(Duty.DISPATCH, commission, at)]  # fmt: skip
    return list({user.pk: user for user in found}.values())


@on_reminder("D9")
def remind_vice_mayor(firing: Firing, at: datetime) -> int:
    if quarter_meeting(firing.month.quarter).session is not None:
        return 0
    return notify("d9_remind", people(at), at=at, dedupe=f"{firing.job}:{firing.month}", url=URL,
                  params={"month": str(firing.month), "days": firing.days_before})  # fmt: skip


@on_deadline("D9")
def mark_missing_meeting(firing: Firing, at: datetime) -> int:
    """Who owed it is written down once; whether it was held is read from the records."""
    office = city_government()
    if office is None or ended_before_us(firing.month):
        return 0
    OwedMeeting.objects.get_or_create(
        rule="D9", month=firing.month, place_id=office.place_id, office=office, project=None
    )
    found = quarter_meeting(firing.month.quarter)
    record("deadline", "d9_deadline", by=SystemActor(at), at=at, text=f"D9 {firing.month}",
           data={"month": str(firing.month), "held": found.session is not None})  # fmt: skip
    if found.session is not None:
        return 0
    notify("d9_gap", people(at), at=at, dedupe=f"{firing.job}:{firing.month}", url=URL,
           params={"month": str(firing.month)})  # fmt: skip
    return 1
