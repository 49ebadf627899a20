"""The ledger of days per holder, and the clock of three working days (M4.1, settled point 8)."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.month import Month
from ningde_projects.periods.selectors import DeadlineBook, entered_days
from ningde_projects.periods.workdays import workday_deadline, workdays_between
from ningde_projects.projects.models import Management, Post, Responsible
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import ClockStop, Holding, Problem
from ..models.problems import HolderKind


def current_holding(problem: Problem) -> Holding | None:
    return (
        Holding.objects.filter(problem=problem, until__isnull=True)
        .select_related("organisation", "user")
        .first()
    )


def responsible_for(problem: Problem, *posts: Post) -> User | None:
    """The person in the first of these posts that is filled,
    the problem's own county before the whole project."""
    people = Responsible.objects.filter(
        Q(place=problem.place_id) | Q(place__isnull=True), project=problem.project_id, valid_to__isnull=True,
        post__in=posts,
    ).select_related("user__organisation")  # fmt: skip
    order = {post: n for n, post in enumerate(posts)}
    found = sorted(people, key=lambda r: (order[Post(r.post)], r.place_id is None))
    return found[0].user if found else None


def _posts(problem: Problem, county: Post, industry: Post) -> tuple[Post, Post]:
    """Whose side answers first follows from the management (M5.2)."""
    municipal = problem.project.management == Management.MUNICIPAL and problem.part_id is None
    return (industry, county) if municipal else (county, industry)


def direct_person(problem: Problem) -> User | None:
    return responsible_for(problem, *_posts(problem, Post.COUNTY_DIRECT, Post.INDUSTRY_DIRECT))


def leader_of(problem: Problem) -> User | None:
    return responsible_for(problem, *_posts(problem, Post.COUNTY_LEADER, Post.INDUSTRY_LEADER))


def start_clock(problem: Problem, receiver: Organisation, at: datetime, *, is_new: bool = False) -> Holding:
    """The problem lies with the direct responsible person,
    for three working days (D6); else with the receiver. A new one has no holder whose days would be booked."""
    begin = _begin if is_new else move
    person = direct_person(problem)
    if person is None:
        return begin(problem, HolderKind.COUNTY, receiver, None, at)
    book = DeadlineBook()
    workdays = book.spec("D6", Month.at(at)).workdays
    return begin(problem, HolderKind.DIRECT, person.organisation, person, at,
                 due_at=workday_deadline(at, workdays, book.entered))  # fmt: skip


def move(
    problem: Problem, kind: HolderKind, organisation: Organisation, user: User | None, at: datetime,
    *, due_at: datetime | None = None,
) -> Holding:  # fmt: skip
    """Book the days of the holder so far and begin the next one's."""
    end(problem, at)
    return _begin(problem, kind, organisation, user, at, due_at=due_at)


def _begin(
    problem: Problem, kind: HolderKind, organisation: Organisation, user: User | None, at: datetime,
    *, due_at: datetime | None = None,
) -> Holding:  # fmt: skip
    return Holding.objects.create(
        problem=problem, kind=kind, organisation=organisation, user=user, since=at, due_at=due_at
    )


def end(problem: Problem, at: datetime) -> None:
    holding = Holding.objects.select_for_update().filter(problem=problem, until__isnull=True).first()
    if holding is None:
        return
    ClockStop.objects.filter(holding=holding, until__isnull=True).update(until=at)
    holding.until = at
    holding.workdays = booked_workdays(holding, at, entered_days())
    holding.save()


def booked_workdays(holding: Holding, at: datetime, entered: dict[date, bool]) -> int:
    """Working days that count against the holder: those of stopped clocks do not."""
    end_at = holding.until or at
    total = workdays_between(holding.since, end_at, entered)
    stopped = sum(
        workdays_between(s.since, min(s.until or end_at, end_at), entered) for s in holding.stops.all()
    )
    return max(total - stopped, 0)


def stop_clock(holding: Holding, *, by: Actor, at: datetime, reason: str) -> ClockStop:
    """Stop a clock with a reason; only the holder himself or the commission may (settled point 8)."""
    _require_clock_right(holding, by)
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    if holding.until is not None or holding.stops.filter(until__isnull=True).exists():
        raise WrongState(_("This clock is not running."))
    stop = ClockStop.objects.create(holding=holding, since=at, reason=reason.strip(), by=by.user)
    _record(holding, "stop_clock", by, at, reason)
    return stop


def resume_clock(holding: Holding, *, by: Actor, at: datetime) -> None:
    """Let the clock run again; the deadline moves by the working days it stood."""
    _require_clock_right(holding, by)
    stop = holding.stops.filter(until__isnull=True).first()
    if holding.until is not None or stop is None:
        raise WrongState(_("This clock is not stopped."))
    stop.until = at
    stop.save()
    if holding.due_at is not None:
        entered = entered_days()
        stood = workdays_between(stop.since, at, entered)
        # `due_at` is 24:00 of the last day; the same number of working days is added after that day.
        holding.due_at = workday_deadline(holding.due_at - datetime.resolution, stood, entered)
        holding.save()
    _record(holding, "resume_clock", by, at, "")


def _require_clock_right(holding: Holding, by: Actor) -> None:
    mine = holding.user_id in {by.user.pk, *(h.principal.pk for h in by.held if h.principal)}
    if not (mine or by.has(Duty.DISPATCH)):
        raise NotAllowed(_("Only the holder himself or the commission may stop or start this clock."))


def _record(holding: Holding, name: str, by: Actor, at: datetime, reason: str) -> None:
    problem = holding.problem
    record("holding", name, by=by, at=at, obj=holding, reason=reason, text=problem.number,
           project_id=problem.project_id, place_id=problem.place_id)  # fmt: skip
