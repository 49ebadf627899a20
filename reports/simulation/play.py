"""The play: events of a month in the order of their instants, between the real ticks of the deadlines.

Nothing here writes a state: every act goes through the services, every consequence through the engine.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods import engine
from ningde_projects.periods.models import Enforcement
from ningde_projects.periods.month import Month, midnight
from ningde_projects.projects.playing import Event, People, moment, players, rng

from ..models import Opinion, Problem, Report, Summary
from ..services.opening import is_open
from . import offices, owners
from .behaviour import Filing, called, owner_habit


@dataclass
class Tally:
    """What was played, for the command's last line."""

    reports: int = 0
    filed: int = 0
    returned: int = 0
    problems: int = 0
    opinions: int = 0
    ticks: int = 0


@dataclass
class Play:
    """One run from month to month; stops at `until`, which is as far as the present reaches."""

    seed: int
    until: datetime
    people: People = field(default_factory=People)
    tally: Tally = field(default_factory=Tally)
    _queue: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)

    def run(
        self,
        first: Month,
        last: Month,
        progress: Callable[[str], None],
        *,
        rooms_from: Month | None = None,
    ) -> Tally:
        """Reports of the months `first` to `last`. The other rooms may begin earlier: they work in the calendar months
        from `rooms_from` on, before deadlines are enforced, so that a short history has the year's lists and targets.
        """
        Enforcement.objects.get_or_create(one=True, defaults={"since": first.next.start})
        for calendar_month in rooms_from.until(first) if rooms_from else ():
            self._rooms(calendar_month)
            progress(f"{calendar_month}: rooms before the first report")
        for month in first.until(last):
            if month.next.start > self.until:
                break
            self._month(month)
            progress(
                f"{month}: {self.tally.filed}/{self.tally.reports} filed, {self.tally.problems} problems"
            )
        self._ticks(last.next)
        self._drain(self.until)
        return self.tally

    # ---- the clock ---------------------------------------------------------------------------------------------

    def at(self, instant: datetime, event: Event) -> None:
        if instant <= self.until:
            heapq.heappush(self._queue, (instant, next(self._order), event))

    def _drain(self, end: datetime) -> None:
        while self._queue and self._queue[0][0] <= end:
            instant, _number, event = heapq.heappop(self._queue)
            event(instant)

    def _ticks(self, calendar_month: Month) -> None:
        """Beat ticks every minute; two a day suffice here, since lost ones are caught up: midnight and morning."""
        day = calendar_month.start
        while day < calendar_month.end:
            self.at(day, self._tick)
            self.at(day + timedelta(hours=8), self._tick)
            day += timedelta(days=1)

    def _tick(self, at: datetime) -> None:
        engine.tick(at)
        self.tally.ticks += 1

    def _rooms(self, calendar_month: Month) -> None:
        """A month without reports: the players, and a tick a day for what grows stale or lapses."""
        for play in players():
            play(calendar_month, self)
        for day in range(1, calendar_month.last_day.day + 1):
            self.at(midnight(calendar_month.day(day)) + timedelta(hours=8), self._tick)
        self._drain(calendar_month.end - timedelta(seconds=1))

    # ---- a month -----------------------------------------------------------------------------------------------

    def _month(self, month: Month) -> None:
        follow = month.next
        opening = follow.start
        self._drain(opening - timedelta(seconds=1))
        for play in players():
            play(follow, self)
        self._tick(opening)
        if not is_open(month):
            raise RuntimeError(f"D1 did not open {month}")
        self._ticks(follow)
        reports = Report.objects.monthly(month).select_related(
            "project", "receiver", "part__place", "owner", "place"
        )
        for report in reports.order_by("pk"):
            self.tally.reports += 1
            self._owner(report)
        self.at(moment(rng(self.seed, "pass", month), follow, 8, 8), lambda at: self._pass_on(month, at))
        for summary in Summary.objects.filter(month=month).select_related("place").order_by("pk"):
            self._county(summary)
        self.at(
            moment(rng(self.seed, "dept", month), follow, 11, 11), lambda at: self._departments(month, at)
        )
        self._drain(min(follow.end - timedelta(seconds=1), self.until))

    def _owner(self, report: Report) -> None:
        habit = owner_habit(self.seed, called(report), report.month)
        if habit.filing is Filing.MISSING:
            self.at(habit.first_draft_at, partial(owners.begin, report, habit, self.people, self.seed))
            return

        def file(at: datetime) -> None:
            if owners.file(report, habit, self.people, self.seed, at):
                self.tally.filed += 1
                self._after_filing(report, at)
                self.at(self._reading_time(report, at), read)

        def read(at: datetime) -> None:
            offices.confirm_for_industry(report, self.people, at)
            if offices.review(report, habit, self.people, self.seed, at) == "returned":
                self.tally.returned += 1
                self.at(at + habit.refile_after, file_again)

        def file_again(at: datetime) -> None:
            if owners.file(report, habit, self.people, self.seed, at):
                self.at(at + timedelta(hours=20), read)

        if (
            habit.first_draft_at < habit.at
            and rng(self.seed, "draft", called(report), report.month).random() < 0.3
        ):
            self.at(habit.first_draft_at, partial(owners.begin, report, habit, self.people, self.seed))
        self.at(habit.at, file)

    def _reading_time(self, report: Report, at: datetime) -> datetime:
        """A day or so later, in office hours; most by the morning of the 9th."""
        r = rng(self.seed, "reading", called(report), report.month)
        return at + timedelta(hours=r.randint(2, 44))

    def _after_filing(self, report: Report, at: datetime) -> None:
        for problem in Problem.objects.filter(first_report=report).select_related(
            "project", "category", "part"
        ):
            self.tally.problems += 1
            delay = timedelta(hours=rng(self.seed, "direct", problem.number, "when").randint(4, 60))
            self.at(at + delay, partial(offices.handle_as_direct, problem, self.people, self.seed))
            self.at(
                at + timedelta(days=2),
                partial(owners.confirm_or_deny, problem, self.people, self.seed),
            )

    def _pass_on(self, month: Month, at: datetime) -> None:
        wanted = Problem.objects.unsettled().filter(
            level="department", statements__month=month, part__isnull=True
        )
        for problem in (
            wanted.select_related("project", "category__factor_department", "part").order_by("pk").distinct()
        ):
            offices.pass_on(problem, month, self.people, at)

    def _county(self, summary: Summary) -> None:
        r = rng(self.seed, "county", summary.place.code, summary.month)
        follow = summary.month.next
        late = r.random() < 0.08
        day = moment(r, follow, 11, 12) if late else moment(r, follow, 9, 9)
        people = self.people
        commission = Organisation.objects.get(kind=OrgKind.COMMISSION).pk
        self.at(day, partial(offices.compile_summary, summary, people, self.seed))
        self.at(day + timedelta(hours=4), partial(offices.approve_summary, summary, people))
        self.at(day + timedelta(hours=20), partial(offices.forward_summary, summary, people))
        self.at(day + timedelta(hours=26), partial(offices.receive_summary, summary, commission, people))

    def _departments(self, month: Month, at: datetime) -> None:
        for opinion in (
            Opinion.objects.filter(month=month)
            .select_related("department", "problem__project")
            .order_by("pk")
        ):
            r = rng(self.seed, "desk", opinion.department.name, opinion.problem.number, month)
            if r.random() < 0.08:
                continue
            begun = at + timedelta(hours=r.randint(0, 60))
            self.tally.opinions += 1
            self.at(begun, partial(offices.give_opinion, opinion, self.people, self.seed))
            self.at(begun + timedelta(hours=5), partial(offices.sign_opinion, opinion, self.people))
        sending = month.next.start + timedelta(days=14, hours=15)
        for department in sorted(
            set(Opinion.objects.filter(month=month).values_list("department", flat=True))
        ):
            self.at(sending, partial(offices.send_opinions, department, month, self.people))
            for problem in Problem.objects.filter(opinions__department=department, opinions__month=month):
                self.at(sending + timedelta(days=3),
                        partial(owners.confirm_or_deny, problem, self.people, self.seed))  # fmt: skip
