"""The leader's page: all his projects, open problems, clocks, his own duties due, decisions on his unit (M4.3).

Everything is read in sets: the number of queries does not depend on the number of projects.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from ningde_projects.notices.todo import TodoGroup, todo_for
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Post, Project, Responsible, Stage

from .. import cards
from ..models import Decision
from ..models.meetings import SessionKind
from ..policies.meetings import Desk, desks
from . import duties
from .duties import Owed, Scope

#: What the page itself shows above the to-do list is not said twice.
_SHOWN_ABOVE = frozenset({"clocks", "decisions", "meetings_owed"})
DECISIONS = 20


@dataclass(frozen=True)
class ProjectRow:
    """One of his projects with what is known of it; `meeting` is the duty of the month or quarter about it."""

    project: Project
    posts: tuple[str, ...]
    progress: cards.Progress | None
    problems: cards.Problems | None
    meeting: Owed | None

    @property
    def rank(self) -> tuple[int, int]:
        """Lagging first, then at risk, then those with problems."""
        light = {"r": 0, "y": 1}.get(self.progress.light if self.progress else "", 2)
        return light, -(self.problems.count if self.problems else 0)


@dataclass(frozen=True)
class DueDuty:
    """One of his own duties of the period: how much of it is done, until when, and where it is recorded."""

    kind: str
    period: str
    done: int
    total: int
    due: datetime
    url: str
    list_url: str
    first: str = ""

    @property
    def missing(self) -> int:
        return self.total - self.done


@dataclass(frozen=True)
class Leading:
    rows: list[ProjectRow]
    duties: list[DueDuty]
    clocks: list[cards.Clock]
    decisions: list[Decision]
    decision_count: int
    todo: list[TodoGroup]
    problem_count: int
    #: Which of his meetings the column of the projects shows: "dispatch", "on_site" or neither.
    meets: str
    lights: dict[str, int]

    @property
    def overdue_clocks(self) -> int:
        return sum(clock.is_overdue for clock in self.clocks)


def people_of(actor: Actor) -> frozenset[int]:
    """He himself, and those for whom he acts as leader or direct responsible person."""
    return frozenset((h.principal or actor.user).pk for h in actor.held_of(Duty.LEAD, Duty.DIRECT))


def posts_of(actor: Actor) -> QuerySet[Responsible]:
    """The posts that he holds now, or acts in."""
    rows = Responsible.objects.filter(user__in=people_of(actor), valid_to__isnull=True).exclude(
        project__stage__in=[Stage.COMPLETED, Stage.EXITED]
    )
    return rows.select_related("project__place", "project__owner").order_by(
        "project__place__order", "project", "post"
    )


def leading(actor: Actor, at: datetime) -> Leading:
    posts: dict[Project, list[str]] = defaultdict(list)
    for row in posts_of(actor):
        posts[row.project].append(str(Post(row.post).label))
    ids = [project.pk for project in posts]
    progress, problems = cards.progress_of(ids, actor, at), cards.problems_of(ids, actor, at)
    mine = [desk for desk in desks(actor) if desk.is_own]
    owed = _meetings(mine, actor, at)
    reached = owed or _sessions(mine, at)
    by_project = {row.project.pk: row for row in reached if row.project}
    rows = [
        ProjectRow(
            p, tuple(dict.fromkeys(names)), progress.get(p.pk), problems.get(p.pk), by_project.get(p.pk)
        )
        for p, names in posts.items()
    ]
    waiting = Decision.objects.owed().given_to(actor)
    decisions = waiting.select_related("unit", "project", "session__office").order_by("due_on", "pk")
    lights = {
        code: sum(1 for r in rows if r.progress and r.progress.light == code) for code in ("r", "y", "g")
    }
    return Leading(
        sorted(rows, key=lambda r: r.rank), [*_month_duty(owed, at), *_quarter_duties(mine, at)],
        cards.clocks_of(ids, actor, at), list(decisions[:DECISIONS]), waiting.count(),
        [group for group in todo_for(actor, at) if group.key not in _SHOWN_ABOVE],
        sum(p.count for p in problems.values()), reached[0].session_kind if reached else "", lights,
    )  # fmt: skip


def _meetings(mine: list[Desk], actor: Actor, at: datetime) -> list[Owed]:
    places = frozenset(d.office.place_id for d in mine if d.kind == SessionKind.DISPATCH)
    if not places:
        return []
    return duties.dispatch_owed(Month.at(at), at, Scope(places=places, leaders=people_of(actor)))


def _sessions(mine: list[Desk], at: datetime) -> list[Owed]:
    """The projects that his department leads, with the quarter's session about each."""
    offices = frozenset(d.office.pk for d in mine if d.kind == SessionKind.ON_SITE)
    if not offices:
        return []
    return duties.led_projects(Month.of(local_date(at)).quarter, at, Scope(offices=offices))


def _month_duty(owed: list[Owed], at: datetime) -> list[DueDuty]:
    if not owed:
        return []
    month = Month.at(at)
    gaps = [row for row in owed if row.state == "gap"]
    first = gaps[0].project.name if gaps and gaps[0].project else ""
    mine = (
        f"&leader={owed[0].leader.public_id}"
        if len({row.leader for row in owed}) == 1 and owed[0].leader
        else ""
    )
    return [
        DueDuty(SessionKind.DISPATCH, str(month), len(owed) - len(gaps), len(owed), month.end,
                "/hookups/meetings/new/?kind=dispatch&chair=me",
                f"/hookups/duties/?kind=dispatch&period={month}{mine}", first)
    ]  # fmt: skip


def _quarter_duties(mine: list[Desk], at: datetime) -> list[DueDuty]:
    offices = frozenset(d.office.pk for d in mine if d.kind == SessionKind.ON_SITE)
    if not offices:
        return []
    quarter = Month.of(local_date(at)).quarter
    rows = duties.sessions_owed(quarter, at, Scope(offices=offices))
    return [
        DueDuty(SessionKind.ON_SITE, str(quarter), 0 if row.state == "gap" else 1, 1, quarter.last_month.end,
                "/hookups/meetings/new/?kind=on_site&chair=me", f"/hookups/duties/?kind=on_site&period={quarter}",
                row.office.short_name)
        for row in rows
    ]  # fmt: skip
