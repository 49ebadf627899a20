"""D1–D3, D5, D6: what happens when a deadline passes, and the reminders before it (measures.md §0).

D4 is the municipal problem list's, in the app `dispatch`.
Each consequence is a fixed number of statements: select what is owed, tell each person once in a digest,
write one
act. What is late is computed from instants, so nothing here makes it true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify, notify_each
from ningde_projects.organizations.actor import SystemActor, in_force
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Assignment, Delegation, User
from ningde_projects.periods.consequences import Firing, on_deadline, on_every_tick, on_reminder
from ningde_projects.workflow.door import record

from ..models import Holding, Opinion, Summary
from ..models.problems import HolderKind
from ..workflow import OPINION_OWED, SummaryStatus
from .binding import commission_ids
from .missing import tell_of_missing
from .opening import open_month
from .problems import pass_up_overdue

register(
    NoticeKind("d2_remind", _("%(count)s reports of %(month)s are due in %(days)s days"),
               _("%(first)s and others have not been filed yet."), icon="clock", tone="amber"),
    NoticeKind("d2_overdue", _("%(count)s reports of %(month)s are overdue"),
               _("%(first)s and others were not filed by the 7th; late filing stays marked."),
               icon="alert-triangle",
               tone="red"),
    NoticeKind("d3_remind", _("The problem summary of %(month)s is due in %(days)s days"),
               _("It has to be approved by the county government and forwarded by then."), icon="clock",
               tone="amber"),
    NoticeKind("d3_overdue", _("Problem summary of %(month)s is overdue: %(place)s"),
               _("It was not forwarded by the 10th."), icon="alert-triangle", tone="red"),
    NoticeKind("d5_remind", _("%(count)s opinions of %(month)s are due in %(days)s days"),
               _("%(first)s and others await your department's opinion."), icon="clock", tone="amber"),
    NoticeKind("d5_overdue", _("%(count)s opinions of %(month)s are overdue: %(department)s"),
               _("%(first)s and others had no opinion by the 15th."), icon="alert-triangle", tone="red"),
    NoticeKind("d6_remind", _("A problem has to be solved or passed up tomorrow: %(project)s"),
               _("Problem %(number)s has lain with you since %(since)s."), icon="clock", tone="amber"),
)  # fmt: skip


def _holders_by_office(duty: Duty, office_ids: Iterable[int], at: datetime) -> dict[int, list[User]]:
    """Who holds the duty per office, acting persons included: two queries for all."""
    offices = list(office_ids)
    found: dict[int, dict[int, User]] = defaultdict(dict)
    for a in Assignment.objects.filter(
        in_force(at), duty=duty, organisation__in=offices, user__is_active=True
    ).select_related("user"):
        found[a.organisation_id][a.user_id] = a.user
    for d in Delegation.objects.filter(
        in_force(at), duty=duty, organisation__in=offices, delegate__is_active=True
    ).select_related("delegate"):
        found[d.organisation_id][d.delegate_id] = d.delegate
    return {office: list(people.values()) for office, people in found.items()}


def _digests(
    rows: Iterable[Any], key: Callable[[Any], int], people: dict[int, list[User]],
    params: Callable[[list[Any]], dict[str, Any]], url: str,
) -> list[tuple[User, dict[str, Any], str]]:  # fmt: skip
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[key(row)].append(row)
    return [
        (user, params(group), url) for office, group in grouped.items() for user in people.get(office, [])
    ]


def _scope(rows: QuerySet[Any], firing: Firing, column: str) -> QuerySet[Any]:
    """Only those whose deadline this firing is: an extension's own organisations, or all without one."""
    if firing.only is not None:
        rows = rows.filter(**{f"{column}__in": firing.only})
    return rows.exclude(**{f"{column}__in": firing.excluded}) if firing.excluded else rows


def _note(firing: Firing, at: datetime, **data: Any) -> None:
    record("deadline", f"{firing.code.lower()}_{firing.phase.replace('-', '_')}", by=SystemActor(at), at=at,
           text=f"{firing.code} {firing.month}", data={"month": str(firing.month), **data})  # fmt: skip


# ---- D1 --------------------------------------------------------------------------------------------------------


@on_deadline("D1")
def open_the_month(firing: Firing, at: datetime) -> int:
    return open_month(firing.month, at)


# ---- D2 --------------------------------------------------------------------------------------------------------


@on_reminder("D2")
def remind_owners(firing: Firing, at: datetime) -> int:
    """Only those who have not filed are reminded, each once for all his reports."""
    return tell_of_missing("d2_remind", {"owner": "/reports/"}, firing, at).people


@on_deadline("D2")
def mark_missing_reports(firing: Firing, at: datetime) -> int:
    """Missing reports are 逾期 from here on; owner, receiver and direct responsible persons are told."""
    review = f"/review/?month={firing.month}&status=missing"
    addresses = {"owner": "/reports/", "receiver": review, "direct": "/problems/"}
    told = tell_of_missing("d2_overdue", addresses, firing, at)
    _note(firing, at, missing=told.missing, reports=told.reports)
    return told.missing


# ---- D3 --------------------------------------------------------------------------------------------------------


def _unforwarded(firing: Firing) -> list[Summary]:
    rows = Summary.objects.filter(month=firing.month, first_forwarded_at__isnull=True)
    return list(_scope(rows, firing, "bureau").select_related("place"))


def _summary_params(firing: Firing) -> Callable[[list[Summary]], dict[str, Any]]:
    return lambda group: {
        "place": group[0].place.name, "month": str(firing.month), "days": firing.days_before,
    }  # fmt: skip


@on_reminder("D3")
def remind_counties(firing: Firing, at: datetime) -> int:
    waiting = _unforwarded(firing)
    params = _summary_params(firing)
    dedupe = f"{firing.job}:{firing.month}"
    bureaus = _holders_by_office(Duty.REVIEW, {s.bureau_id for s in waiting}, at)
    told = notify_each("d3_remind", _digests(waiting, lambda s: s.bureau_id, bureaus, params,
                                             f"/summaries/{firing.month}/"), at=at,
                                             dedupe=dedupe)  # fmt: skip
    asked = [s for s in waiting if s.status == SummaryStatus.APPROVING]
    governments = _holders_by_office(Duty.APPROVE, {s.government_id for s in asked}, at)
    return told + notify_each("d3_remind", _digests(asked, lambda s: s.government_id, governments, params,
                                                    "/approvals/"), at=at,
                                                    dedupe=f"{dedupe}:government")  # fmt: skip


@on_deadline("D3")
def mark_late_counties(firing: Firing, at: datetime) -> int:
    """The county is late; its government, its bureau and the commission are told."""
    late = _unforwarded(firing)
    params = _summary_params(firing)
    dedupe = f"{firing.job}:{firing.month}"
    governments = _holders_by_office(Duty.APPROVE, {s.government_id for s in late}, at)
    bureaus = _holders_by_office(Duty.REVIEW, {s.bureau_id for s in late}, at)
    notify_each("d3_overdue", _digests(late, lambda s: s.government_id, governments, params, "/approvals/"),
                at=at, dedupe=dedupe)  # fmt: skip
    notify_each("d3_overdue", _digests(late, lambda s: s.bureau_id, bureaus, params,
    f"/summaries/{firing.month}/"),
                at=at, dedupe=f"{dedupe}:bureau")  # fmt: skip
    if late:
        notify("d3_overdue", _dispatchers(at), at=at, dedupe=f"{dedupe}:commission",
               params={"place": "、".join(s.place.short_name for s in late), "month": str(firing.month)},
               url=f"/month/{firing.month}/")  # fmt: skip
    _note(firing, at, late=[s.place.code for s in late])
    return len(late)


def _dispatchers(at: datetime) -> list[User]:
    return [u for people in _holders_by_office(Duty.DISPATCH, commission_ids(), at).values() for u in people]


# ---- D5 --------------------------------------------------------------------------------------------------------


def _owed_opinions(firing: Firing) -> list[Opinion]:
    rows = Opinion.objects.filter(month=firing.month, status__in=OPINION_OWED)
    return list(_scope(rows, firing, "department").select_related("problem__project", "department"))


def _opinion_params(firing: Firing) -> Callable[[list[Opinion]], dict[str, Any]]:
    return lambda group: {
        "count": len(group), "first": group[0].problem.project.name, "month": str(firing.month),
        "days": firing.days_before, "department": group[0].department.short_name,
    }  # fmt: skip


@on_reminder("D5")
def remind_departments(firing: Firing, at: datetime) -> int:
    owed = _owed_opinions(firing)
    people = _holders_by_office(Duty.HANDLE, {o.department_id for o in owed}, at)
    messages = _digests(owed, lambda o: o.department_id, people, _opinion_params(firing), "/opinions/")
    return notify_each("d5_remind", messages, at=at, dedupe=f"{firing.job}:{firing.month}")


@on_deadline("D5")
def mark_late_opinions(firing: Firing, at: datetime) -> int:
    """Missing opinions are late; the department's leader and the commission are told."""
    owed = _owed_opinions(firing)
    params = _opinion_params(firing)
    dedupe = f"{firing.job}:{firing.month}"
    leaders = _holders_by_office(Duty.SIGN, {o.department_id for o in owed}, at)
    notify_each("d5_overdue", _digests(owed, lambda o: o.department_id, leaders, params, "/opinions/"),
                at=at, dedupe=dedupe)  # fmt: skip
    if owed:
        departments = "、".join(dict.fromkeys(o.department.short_name for o in owed))
        notify("d5_overdue", _dispatchers(at), at=at, dedupe=f"{dedupe}:commission",
               params=params(owed) | {"department": departments}, url=f"/month/{firing.month}/")  # fmt: skip
    _note(firing, at, late=len(owed))
    return len(owed)


# ---- D6 --------------------------------------------------------------------------------------------------------


@on_every_tick("D6")
def pass_up_and_remind(at: datetime) -> int:
    """Problems past their three working days go up by themselves; those due within a day are called to mind."""
    return pass_up_overdue(at) + _remind_holders(at)


def _remind_holders(at: datetime) -> int:
    due = list(
        Holding.objects.filter(
            Q(due_at__gt=at, due_at__lte=at + timedelta(days=1)), until__isnull=True, kind=HolderKind.DIRECT,
            reminded_at__isnull=True, user__isnull=False,
        ).select_related("user", "problem__project")
    )  # fmt: skip
    for holding in due:
        notify("d6_remind", [holding.user] if holding.user else [], at=at, dedupe=f"d6:{holding.pk}",
               params={"project": holding.problem.project.name, "number": holding.problem.number,
                       "since": holding.since.date().isoformat()},
               url=f"/problems/{holding.problem.public_id}/")  # fmt: skip
    Holding.objects.filter(pk__in=[h.pk for h in due]).update(reminded_at=at)
    return len(due)
