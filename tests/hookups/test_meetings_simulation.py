"""Meetings in the time machine: some meet, some do not; the services alone write states."""

from __future__ import annotations

import heapq
import itertools
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from hookups.models import Decision, Session
from hookups.selectors import duties
from hookups.simulation.meetings import meetings_of_the_month
from ningde_projects.periods.month import Month, midnight
from ningde_projects.projects.playing import People, players
from tests.cast import Cast

UNTIL = midnight(date(2026, 12, 31))


class Clock:
    """A clock that plays its acts in order, as the time machine's does."""

    def __init__(self, seed: int) -> None:
        self.seed, self.people = seed, People()
        self._queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = itertools.count()

    def at(self, instant: datetime, event: Callable[[datetime], None]) -> None:
        if instant <= UNTIL:
            heapq.heappush(self._queue, (instant, next(self._order), event))

    def play(self, months: int = 10) -> int:
        acts = 0
        for month in Month(2026, 3).until(Month(2026, 2).plus(months)):
            meetings_of_the_month(month, self)
            while self._queue and self._queue[0][0] < month.end:
                instant, _number, event = heapq.heappop(self._queue)
                event(instant)
                acts += 1
        return acts


def test_the_player_is_registered() -> None:
    assert meetings_of_the_month in players()


def test_most_leaders_meet_some_miss_and_decisions_end_in_every_way(cast: Cast) -> None:
    acts = Clock(7).play()
    held = Session.objects.filter(kind="dispatch").count()
    assert 10 <= held < 20, "two leaders, ten months, some missed"
    assert Session.objects.filter(kind="on_site").exists()
    states = Counter(Decision.objects.values_list("status", flat=True))
    assert states["verified"] > states["working"] + states["open"] > 0, dict(states)
    assert acts < 400
    october = duties.dispatch_owed(Month(2026, 10), UNTIL)
    assert {row.project for row in october} == {cast.project_xp, cast.project_fa}


def test_nothing_in_the_play_writes_a_status() -> None:
    text = (Path(settings.BASE_DIR) / "hookups/simulation/meetings.py").read_text(encoding="utf-8")
    assert not re.search(r"\.status\s*=[^=]|update\([^)]*status", text)
