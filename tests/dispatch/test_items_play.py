"""The three-tier list in the time machine: lists are issued, most items end, some stay overdue."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

import pytest

from dispatch.models import Item, TierList
from dispatch.simulation.items import lists_of_the_month
from ningde_projects.periods.month import Month, midnight
from ningde_projects.projects.playing import People, players
from tests.cast import Cast
from tests.dispatch.items_story import problem

UNTIL = midnight(date(2026, 12, 28))


class Clock:
    """A clock that plays its acts in order, as the time machine's does."""

    def __init__(self, seed: int) -> None:
        self.seed, self.people = seed, People()
        self._queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = itertools.count()

    def at(self, instant: datetime, event: Callable[[datetime], None]) -> None:
        if instant <= UNTIL:
            heapq.heappush(self._queue, (instant, next(self._order), event))

    def play(self) -> None:
        for month in Month(2026, 9).until(Month(2026, 12)):
            lists_of_the_month(month, self)
            while self._queue and self._queue[0][0] < month.end:
                instant, _number, event = heapq.heappop(self._queue)
                event(instant)


@pytest.mark.django_db
def test_lists_are_issued_each_month_and_items_end_in_several_ways(cast: Cast) -> None:
    assert lists_of_the_month in players()
    for project in cast.projects.values():
        problem(cast, project, f"{project.name}征迁未完成", since=Month(2026, 6), level="department")
    Clock(7).play()
    assert TierList.objects.filter(status="issued").count() == 4
    states = Counter(Item.objects.values_list("status", flat=True))
    assert states["closed"] > 0, states
    assert not states["proposed"], states
