"""D7 and D8: who has not met in a month or a quarter is reminded, written down, and told once; due days of decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify, notify_each
from ningde_projects.organizations.actor import SystemActor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.consequences import Firing, on_deadline, on_every_tick, on_reminder
from ningde_projects.periods.month import ZONE, Month, local_date
from ningde_projects.periods.rules import REMIND
from ningde_projects.periods.selectors import ended_before_us
from ningde_projects.workflow.door import record

from ..models import Decision, OwedMeeting
from ..selectors import duties as read
from ..selectors.duties import Owed
from ..workflow.meetings import WORKER_DUTIES, SessionStatus
from .meeting_telling import people_of, recorders_of

register(
    NoticeKind("d7_remind", _("%(count)s projects have no dispatch meeting in %(month)s yet"),
               _("“%(first)s” and others; %(days)s days are left of the month."), icon="bell-ringing", tone="amber"),
    NoticeKind("d7_gaps", _("%(count)s projects had no dispatch meeting in %(month)s"),
               _("“%(first)s” and others. A meeting that was held can still be recorded; it is shown as recorded late."),
               icon="alert-triangle", tone="red"),
    NoticeKind("d8_remind", _("No on-site session yet in the quarter that ends with %(month)s"),
               _("%(office)s; %(days)s days are left of the quarter."), icon="bell-ringing", tone="amber"),
    NoticeKind("d8_gaps", _("No on-site session in the quarter that ended with %(month)s"),
               _("%(office)s. A session that was held can still be recorded; it is shown as recorded late."),
               icon="alert-triangle", tone="red"),
    NoticeKind("d8_projects", _("%(count)s projects had no on-site session of %(office)s in the quarter"),
               _("“%(first)s” and others, in the quarter that ended with %(month)s."), icon="info-circle",
               outgoing=False),
)  # fmt: skip

Message = tuple[User, dict[str, object], str]
#: From this hour on reminders of a day go out, as those of the deadlines do.
_HOUR = 8


def _url(rule: str, month: Month, **more: str) -> str:
    period = str(month) if rule == "D7" else str(month.quarter)
    asked = "".join(f"&{key}={value}" for key, value in more.items())
    return f"/hookups/duties/?kind={'dispatch' if rule == 'D7' else 'on_site'}&period={period}{asked}"


def _digest(people: dict[int, User], rows: dict[int, list[Owed]], firing: Firing, url: str) -> list[Message]:
    return [
        (people[pk], {"count": len(mine), "first": mine[0].project.name if mine[0].project else "",
                      "office": mine[0].office.short_name, "month": str(firing.month), "days": firing.days_before}, url)
        for pk, mine in rows.items()
    ]  # fmt: skip


def _by_leader(rows: Iterable[Owed]) -> tuple[dict[int, User], dict[int, list[Owed]]]:
    people: dict[int, User] = {}
    mine: dict[int, list[Owed]] = defaultdict(list)
    for row in rows:
        if row.leader is not None:
            people[row.leader.pk] = row.leader
            mine[row.leader.pk].append(row)
    return people, mine


def _by_office(
    rows: Iterable[Owed], offices: dict[int, list[User]], key: str
) -> tuple[dict[int, User], dict[int, list[Owed]]]:
    people: dict[int, User] = {}
    mine: dict[int, list[Owed]] = defaultdict(list)
    for row in rows:
        for user in offices.get(row.place.pk if key == "place" else row.office.pk, []):
            people[user.pk] = user
            mine[user.pk].append(row)
    return people, mine


def _bureaus(rows: Iterable[Owed], at: datetime) -> dict[int, list[User]]:
    """Place -> the reviewers of its bureau, who record the meetings of the county's leaders."""
    bureaus = dict(
        Organisation.objects.filter(
            kind=OrgKind.COUNTY_BUREAU, place__in={r.place.pk for r in rows}
        ).values_list("pk", "place")
    )
    return {bureaus[office]: people for office, people in people_of(bureaus, [Duty.REVIEW], at).items()}


def _commission(at: datetime) -> list[User]:
    offices = Organisation.objects.filter(kind=OrgKind.COMMISSION).values_list("pk", flat=True)
    return [user for people in people_of(offices, [Duty.DISPATCH], at).values() for user in people]


def seal(rule: str, month: Month, at: datetime) -> int:
    """Write down who owed, once; what is written stays."""
    if OwedMeeting.objects.filter(rule=rule, month=month).exists():
        return 0
    owed = (
        read.leaders_of_register(month, at)
        if rule == "D7"
        else [*read.departments_of_register(month), *read.led_of_register(month)]
    )
    OwedMeeting.objects.bulk_create(
        OwedMeeting(
            rule=rule, month=month, place=o.place, office=o.office, leader=o.leader, project=o.project
        )
        for o in owed
    )
    return len(owed)


# ---- D7 --------------------------------------------------------------------------------------------------------


@on_reminder("D7")
def remind_leaders(firing: Firing, at: datetime) -> int:
    """Leaders and bureaus with projects that nobody has met about yet, each once for all of them."""
    gaps = [row for row in read.dispatch_owed(firing.month, at) if row.state == "gap"]
    return _tell_counties("d7_remind", gaps, firing, at)


@on_deadline("D7")
def list_projects_without_meeting(firing: Firing, at: datetime) -> int:
    """The month is over: who owed is written down, the gaps are told to leader, bureau and commission."""
    if ended_before_us(firing.month):
        return 0
    seal("D7", firing.month, at)
    gaps = [row for row in read.dispatch_owed(firing.month, at) if row.state == "gap"]
    _tell_counties("d7_gaps", gaps, firing, at)
    if gaps:
        first = gaps[0].project.name if gaps[0].project else ""
        notify("d7_gaps", _commission(at), at=at, dedupe=f"{firing.job}:{firing.month}:commission",
               params={"count": len(gaps), "first": first, "month": str(firing.month)},
               url=_url("D7", firing.month, state="gap"))  # fmt: skip
    _note(firing, at, gaps=len(gaps), projects=[str(r.project.public_id) for r in gaps if r.project][:500])
    return len(gaps)


def _tell_counties(kind: str, gaps: list[Owed], firing: Firing, at: datetime) -> int:
    url = _url("D7", firing.month, state="gap")
    dedupe = f"{firing.job}:{firing.month}"
    told = notify_each(kind, _digest(*_by_leader(gaps), firing, url), at=at, dedupe=dedupe)
    offices = _by_office(gaps, _bureaus(gaps, at), "place")
    return told + notify_each(kind, _digest(*offices, firing, url), at=at, dedupe=f"{dedupe}:bureau")


# ---- D8 --------------------------------------------------------------------------------------------------------


@on_reminder("D8")
def remind_departments(firing: Firing, at: datetime) -> int:
    gaps = [row for row in read.sessions_owed(firing.month.quarter, at) if row.state == "gap"]
    return _tell_departments("d8_remind", gaps, firing, at)


@on_deadline("D8")
def list_departments_without_session(firing: Firing, at: datetime) -> int:
    """The quarter is over: departments without a session, and the projects that theirs did not reach."""
    if ended_before_us(firing.month):
        return 0
    seal("D8", firing.month, at)
    quarter = firing.month.quarter
    gaps = [row for row in read.sessions_owed(quarter, at) if row.state == "gap"]
    projects = [row for row in read.led_projects(quarter, at) if row.state == "gap"]
    _tell_departments("d8_gaps", gaps, firing, at)
    heads = people_of({r.office.pk for r in projects}, [Duty.HANDLE, Duty.LEAD], at)
    notify_each("d8_projects", _digest(*_by_office(projects, heads, "office"), firing, _url("D8", firing.month)),
                at=at, dedupe=f"{firing.job}:{firing.month}:projects")  # fmt: skip
    if gaps:
        notify("d8_gaps", _commission(at), at=at, dedupe=f"{firing.job}:{firing.month}:commission",
               params={"month": str(firing.month), "office": "、".join(r.office.short_name for r in gaps)},
               url=_url("D8", firing.month, state="gap"))  # fmt: skip
    _note(firing, at, departments=[r.office.name for r in gaps], projects=len(projects))
    return len(gaps)


def _tell_departments(kind: str, gaps: list[Owed], firing: Firing, at: datetime) -> int:
    people = people_of({r.office.pk for r in gaps}, [Duty.HANDLE, Duty.LEAD], at)
    messages = _digest(*_by_office(gaps, people, "office"), firing, _url("D8", firing.month))
    return notify_each(kind, messages, at=at, dedupe=f"{firing.job}:{firing.month}")


def _note(firing: Firing, at: datetime, **data: object) -> None:
    record("deadline", f"{firing.code.lower()}_deadline", by=SystemActor(at), at=at,
           text=f"{firing.code} {firing.month}", data={"month": str(firing.month), **data})  # fmt: skip


# ---- due days of decisions -------------------------------------------------------------------------------------


@on_every_tick("decisions")
def remind_and_call(at: datetime) -> int:
    """Units are reminded 3, 1 and 0 days before, and told once when a day has passed; safe to repeat."""
    return _remind(at) + _call_overdue(at)


def _remind(at: datetime) -> int:
    today = local_date(at)
    if at.astimezone(ZONE).hour < _HOUR:
        return 0
    rows = list(
        Decision.objects.owed()
        .filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=today), session__status=SessionStatus.RECORDED,
                due_on__in=[today + timedelta(days=n) for n in REMIND])
        .select_related("person").order_by("due_on", "pk")
    )  # fmt: skip
    if not rows:
        return 0
    told = notify_each("decision_due", _to_units(rows, at), at=at, dedupe=f"decisions:due:{today}")
    Decision.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_on=today)
    return told


def _call_overdue(at: datetime) -> int:
    today = local_date(at)
    rows = list(
        Decision.objects.overdue(today)
        .filter(overdue_told_at__isnull=True, session__status=SessionStatus.RECORDED)
        .select_related("person", "session__chair").order_by("due_on", "pk")
    )  # fmt: skip
    if not rows:
        return 0
    told = notify_each("decision_overdue", _to_units(rows, at), at=at, dedupe=f"decisions:overdue:{today}")
    recorders = recorders_of({row.session_id: row.session for row in rows}.values(), at)
    watched: dict[int, tuple[User, list[Decision]]] = {}
    for row in rows:
        for user in recorders[row.session_id]:
            watched.setdefault(user.pk, (user, []))[1].append(row)
    told += notify_each(
        "decision_overdue", _messages(watched), at=at, dedupe=f"decisions:overdue:{today}:record"
    )
    Decision.objects.filter(pk__in=[row.pk for row in rows]).update(overdue_told_at=at)
    return told


def _to_units(rows: list[Decision], at: datetime) -> list[Message]:
    people = people_of({row.unit_id or 0 for row in rows}, WORKER_DUTIES, at)
    mine: dict[int, tuple[User, list[Decision]]] = {}
    for row in rows:
        for user in {
            u.pk: u for u in [*people.get(row.unit_id or 0, []), *([row.person] if row.person else [])]
        }.values():
            mine.setdefault(user.pk, (user, []))[1].append(row)
    return _messages(mine)


def _messages(mine: dict[int, tuple[User, list[Decision]]]) -> list[Message]:
    return [
        (
            user,
            {"count": len(rows), "first": rows[0].text[:40], "due": str(rows[0].due_on)},
            "/hookups/decisions/",
        )
        for user, rows in mine.values()
    ]
