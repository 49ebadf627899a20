"""Who owes a meeting in a period and whether it was held: one answer for page, notice, export and to-do (D7, D8).

Who owes follows from the register while the period runs, and from what the deadline has written down afterwards.
Whether it was held always follows from the records, so that one recorded late is late and not missing. A meeting of
the county covers a project whichever of its leaders held it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation, Place, User
from ningde_projects.periods.month import Month, Quarter, local_date
from ningde_projects.periods.selectors import ended_before_us
from ningde_projects.projects.models import Post, Project, Responsible

from ..models import OwedMeeting, Session, SessionProject
from ..rules.meetings import DEPARTMENT_KINDS, DISPATCH, ON_SITE, late_or_missing, owes_sessions, quarter_days
from ..workflow.meetings import SessionStatus


@dataclass(frozen=True)
class Scope:
    """Which part of the city is asked for; empty means everything."""

    places: frozenset[int] | None = None
    offices: frozenset[int] | None = None
    leaders: frozenset[int] | None = None

    def allows(self, row: Owed) -> bool:
        return (
            (self.places is None or row.place.pk in self.places)
            and (self.offices is None or row.office.pk in self.offices)
            and (self.leaders is None or (row.leader is not None and row.leader.pk in self.leaders))
        )


EVERYTHING = Scope()


@dataclass(frozen=True)
class Owed:
    """One duty of one period: a project that wants a meeting, or a department that wants a session.

    `state` is "met", "late" (recorded after the period) or "gap"; `session` the latest meeting that fulfils it.
    """

    rule: str
    month: Month
    place: Place
    office: Organisation
    leader: User | None
    project: Project | None
    session: Session | None = None
    since: datetime | None = None

    @property
    def session_kind(self) -> str:
        return DISPATCH if self.rule == "D7" else ON_SITE

    @property
    def state(self) -> str:
        return late_or_missing(self.since, self.month.end)


# ---- D7: dispatch meetings of a month --------------------------------------------------------------------------


def dispatch_owed(month: Month, at: datetime, scope: Scope = EVERYTHING) -> list[Owed]:
    """Every county-side responsible leader × project under way, with the month's meeting about it.

    A fixed number of queries, whatever the number of projects.
    """
    rows = [row for row in who_owes("D7", month, at) if scope.allows(row)]
    held = _meetings_about(rows, month)
    return [_with(row, held.get((row.place.pk, row.project.pk if row.project else 0))) for row in rows]


def who_owes(rule: str, month: Month, at: datetime) -> list[Owed]:
    sealed = OwedMeeting.objects.filter(rule=rule, month=month).select_related(
        "place", "office__place", "leader__organisation", "project__place", "project__municipal_department"
    )
    found = (
        [Owed(rule, month, r.place, r.office, r.leader, r.project) for r in sealed] if at >= month.end else []
    )
    if found or ended_before_us(month):
        return found
    return leaders_of_register(month, at) if rule == "D7" else departments_of_register(month)


def leaders_of_register(month: Month, at: datetime) -> list[Owed]:
    """Who answers on the last day of the month, or today while it runs."""
    day = min(local_date(at), month.last_day)
    governments = {
        o.place_id: o
        for o in Organisation.objects.filter(kind=OrgKind.COUNTY_GOVERNMENT).select_related("place")
    }
    people = (
        Responsible.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day), post=Post.COUNTY_LEADER, valid_from__lte=day,
            project__in=Project.objects.key_under_way(),
        )
        .select_related("user__organisation", "place", "project__place", "project__municipal_department")
        .order_by("project__place__order", "user", "project", "-valid_from")
    )  # fmt: skip
    found: dict[tuple[int, int], Owed] = {}
    for row in people:
        place = row.place or row.project.place
        if office := governments.get(place.pk):
            found.setdefault(
                (place.pk, row.project_id), Owed("D7", month, place, office, row.user, row.project)
            )
    return sorted(found.values(), key=lambda o: o.place.order)


def _meetings_about(rows: Iterable[Owed], month: Month) -> dict[tuple[int, int], SessionProject]:
    """(place, project) -> the line that fulfils the duty: the one that counts since the earliest moment."""
    projects = {row.project.pk for row in rows if row.project}
    lines = (
        SessionProject.objects.filter(
            session__kind=DISPATCH, session__status=SessionStatus.RECORDED, session__held_on__gte=month.first_day,
            session__held_on__lte=month.last_day, project__in=projects,
        )
        .select_related("session__chair", "session__office")
        .order_by("since", "pk")
    )  # fmt: skip
    found: dict[tuple[int, int], SessionProject] = {}
    for line in lines:
        found.setdefault((line.session.place_id, line.project_id), line)
    return found


def _with(row: Owed, line: SessionProject | None) -> Owed:
    if line is None:
        return row
    return Owed(row.rule, row.month, row.place, row.office, row.leader, row.project, line.session, line.since)


# ---- D8: on-site sessions of a quarter -------------------------------------------------------------------------


def sessions_owed(quarter: Quarter, at: datetime, scope: Scope = EVERYTHING) -> list[Owed]:
    """Each industry and factor-supply department of the city, with its first session of the quarter."""
    month = quarter.last_month
    rows = [row for row in who_owes("D8", month, at) if row.project is None and scope.allows(row)]
    first, last = quarter_days(quarter)
    held: dict[int, Session] = {}
    for session in (
        Session.objects.recorded()
        .filter(kind=ON_SITE, office__in={row.office.pk for row in rows})
        .held_between(first, last)
        .select_related("chair", "office")
        .order_by("counts_since", "pk")
    ):
        held.setdefault(session.office_id, session)
    return [
        Owed(row.rule, month, row.place, row.office, row.leader, None, s, s.counts_since)
        if (s := held.get(row.office.pk))
        else row
        for row in rows
    ]


def departments_of_register(month: Month) -> list[Owed]:
    led = dict(
        Project.objects.key_under_way().filter(municipal_department__isnull=False).order_by()
        .values_list("municipal_department").annotate(n=Count("pk"))
    )  # fmt: skip
    offices = (
        Organisation.objects.filter(kind__in=DEPARTMENT_KINDS, is_active=True)
        .select_related("place")
        .annotate(industry_count=Count("industries"))
        .order_by("order", "name")
    )
    return [
        Owed("D8", month, office.place, office, None, None)
        for office in offices
        if owes_sessions(
            office.kind, is_factor=office.is_factor_department, industries=office.industry_count,
            led=led.get(office.pk, 0),
        )
    ]  # fmt: skip


def led_projects(quarter: Quarter, at: datetime, scope: Scope = EVERYTHING) -> list[Owed]:
    """Each project under way that a department leads, with the quarter's session of that department about it."""
    month = quarter.last_month
    sealed = [row for row in who_owes("D8", month, at) if row.project is not None] if at >= month.end else []
    owed = sealed or ([] if ended_before_us(month) else led_of_register(month))
    rows = [row for row in owed if scope.allows(row)]
    first, last = quarter_days(quarter)
    lines = (
        SessionProject.objects.filter(
            session__kind=ON_SITE, session__status=SessionStatus.RECORDED, session__held_on__gte=first,
            session__held_on__lte=last, project__in={row.project.pk for row in rows if row.project},
        )
        .select_related("session__chair", "session__office")
        .order_by("since", "pk")
    )  # fmt: skip
    held: dict[tuple[int, int], SessionProject] = {}
    for line in lines:
        held.setdefault((line.session.office_id, line.project_id), line)
    return [_with(row, held.get((row.office.pk, row.project.pk if row.project else 0))) for row in rows]


def led_of_register(month: Month) -> list[Owed]:
    projects = (
        Project.objects.key_under_way()
        .filter(municipal_department__isnull=False)
        .select_related("place", "municipal_department__place")
        .order_by("municipal_department__order", "place__order", "pk")
    )
    return [
        Owed("D8", month, p.municipal_department.place, p.municipal_department, None, p) for p in projects
    ]


# ---- sums ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """Counts of one place or department; each opens the list behind it."""

    key: str
    name: str
    owed: int
    met: int
    late: int
    gap: int

    @property
    def reached(self) -> int:
        return self.owed - self.gap

    @property
    def rate(self) -> float | None:
        return None if not self.owed else 100 * self.reached / self.owed


def tally(rows: Iterable[Owed]) -> list[Tally]:
    """By place for meetings, in the order of the rows."""
    counts: dict[str, Counter[str]] = {}
    names: dict[str, str] = {}
    for row in rows:
        counts.setdefault(row.place.code, Counter())[row.state] += 1
        names[row.place.code] = row.place.name
    return [
        Tally(key, names[key], sum(c.values()), c["met"], c["late"], c["gap"]) for key, c in counts.items()
    ]


def by_office(rows: Iterable[Owed]) -> dict[int, Tally]:
    """Led projects by department."""
    counts: dict[int, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row.office.pk, Counter())[row.state] += 1
    return {
        pk: Tally(str(pk), "", sum(c.values()), c["met"], c["late"], c["gap"]) for pk, c in counts.items()
    }
