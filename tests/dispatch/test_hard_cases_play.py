"""Hard cases and the meetings of the city in the time machine; the services alone write states."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import date, datetime

from dispatch.models import HardCase, InstructionTask
from dispatch.simulation.hard_cases import of_the_month
from hookups.models import Session
from ningde_projects.periods.month import Month, midnight
from ningde_projects.projects.playing import People
from tests.cast import Cast
from tests.dispatch.hard_cases_story import problem_of


class Clock:
    """A clock that plays its acts in order, as the time machine's does."""

    def __init__(self, seed: int) -> None:
        self.seed, self.people = seed, People()
        self.queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = itertools.count()

    def at(self, instant: datetime, event: Callable[[datetime], None]) -> None:
        heapq.heappush(self.queue, (instant, next(self._order), event))

    def play(self, until: datetime) -> None:
        while self.queue and self.queue[0][0] <= until:
            instant, _number, event = heapq.heappop(self.queue)
            event(instant)


def test_the_play_meets_submits_instructs_and_ends_cases(cast: Cast) -> None:
    for place, unit in (("xp", cast.muni_department), ("fa", cast.department_fa)):
        problem = problem_of(cast, place)
        problem.unit = unit.organisation
        problem.save()
    clock = Clock(7)
    for month in (Month(2026, 11), Month(2026, 12)):
        of_the_month(month, clock)
    clock.play(midnight(date(2027, 1, 31)))
    assert HardCase.objects.count() == 2
    assert not HardCase.objects.filter(status__in=["drafting", "submitted"]).exists()
    assert InstructionTask.objects.exclude(status="waiting").count() == 2
    assert set(Session.objects.values_list("kind", "status")) == {
        ("monthly", "recorded"),
        ("quarter", "recorded"),
    }
