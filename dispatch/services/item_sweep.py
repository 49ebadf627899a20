"""Due days of items, and follow-ups that are due: reminded, called, told once (M8.3, M11.1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify_each
from ningde_projects.organizations.models import User
from ningde_projects.periods.consequences import on_every_tick
from ningde_projects.periods.month import ZONE, local_date
from ningde_projects.periods.rules import REMIND

from ..models import Item
from ..workflow.items import ITEM_OWED
from .item_telling import digests, dispatchers, people_of_units

register(
    NoticeKind("item_due", _("%(count)s items of the three-tier list are due soon"),
               _("%(projects)s: to be rectified by %(due)s and not reported as done."), icon="bell-ringing",
               tone="amber"),
    NoticeKind("item_overdue", _("%(count)s items of the three-tier list are overdue"),
               _("%(projects)s: should have been rectified by %(due)s."), icon="alert-triangle", tone="red"),
    NoticeKind("item_follow_up", _("%(count)s items of the three-tier list are to be followed up"),
               _("%(projects)s: say how far it is."), icon="refresh", tone="amber"),
)  # fmt: skip

#: From this hour on reminders of a day go out, as those of the deadlines do.
_HOUR = 8


@on_every_tick("dispatch_items")
def remind_and_call(at: datetime) -> int:
    """Safe to repeat: what has been told of a day is written on the item."""
    if at.astimezone(ZONE).hour < _HOUR:
        return _call_overdue(at)
    return _remind(at) + _call_overdue(at) + _follow_up(at)


def _owed() -> QuerySet[Item]:
    rows: QuerySet[Item] = Item.objects.filter(status__in=ITEM_OWED)
    return rows.select_related("project", "unit", "leader").order_by("due_on", "pk")


def _remind(at: datetime) -> int:
    """Units are reminded 3, 1 and 0 days before."""
    today = local_date(at)
    rows = list(
        _owed().filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=today),
                       due_on__in=[today + timedelta(days=n) for n in REMIND])
    )  # fmt: skip
    return _tell("item_due", rows, at, reminded_on=today)


def _call_overdue(at: datetime) -> int:
    """Told once, to the unit and to the commission."""
    rows = list(_owed().filter(due_on__lt=local_date(at), overdue_told_at__isnull=True))
    return _tell("item_overdue", rows, at, with_commission=True, overdue_told_at=at)


def _follow_up(at: datetime) -> int:
    """Whoever answers and whoever asks, on the day that the item's pace names; once for each such day."""
    today = local_date(at)
    rows = list(
        _owed().filter(Q(follow_up_told_on__isnull=True) | Q(follow_up_told_on__lt=F("next_on")), next_on__lte=today)
    )  # fmt: skip
    return _tell("item_follow_up", rows, at, with_commission=True, follow_up_told_on=today)


def _tell(kind: str, rows: list[Item], at: datetime, *, with_commission: bool = False, **told: object) -> int:
    if not rows:
        return 0
    people = people_of_units({row.unit_id: row.unit for row in rows}.values(), at)
    city = dispatchers(at) if with_commission else []
    mine: dict[int, tuple[User, list[Item]]] = {}
    for row in rows:
        whom = [*people.get(row.unit_id or 0, []), *([row.leader] if row.leader else []), *city]
        for user in {u.pk: u for u in whom}.values():
            mine.setdefault(user.pk, (user, []))[1].append(row)
    count = notify_each(kind, digests(mine), at=at, dedupe=f"{kind}:{at.isoformat()}")
    Item.objects.filter(pk__in=[row.pk for row in rows]).update(**told)
    return count
