"""The time machine's year of hookup lists: filed in March, a few late, one returned, a person changed now and then."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from hookups.models import HookupList, MajorPick
from hookups.samples import seed_hookup_people
from hookups.simulation import lists as play
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Rank, User
from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Project, Responsible
from ningde_projects.projects.playing import People, players
from tests.cast import Cast
from tests.hookups.filing import march, person, staff


class Clock:
    """A schedule that plays everything to its end."""

    def __init__(self, seed: int) -> None:
        self.seed, self.people = seed, People()
        self._queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = count()

    def at(self, instant: datetime, event: Callable[[datetime], None]) -> None:
        heapq.heappush(self._queue, (instant, next(self._order), event))

    def run(self) -> None:
        while self._queue:
            instant, _number, event = heapq.heappop(self._queue)
            event(instant)


def _people(cast: Cast) -> None:
    staff(cast)
    person(cast.government_fa.organisation, "市长乙", Rank.COUNTY_HEAD, Duty.LEAD)
    User.objects.filter(organisation__kind="county_government").update(is_sample=True)
    Project.objects.update(total_investment=5000)


def test_the_lists_of_a_year_are_filed_and_put_on_file(cast: Cast) -> None:
    _people(cast)
    seed_hookup_people(march(1))
    clock = Clock(seed=3)
    for number in range(3, 13):
        play.hookup_lists(Month(2026, number), clock)
        clock.run()
    annual = HookupList.objects.filter(number=0, year=2026)
    assert annual.count() == 5
    assert set(annual.values_list("status", flat=True)) == {"received"}
    assert MajorPick.objects.exists()
    assert Responsible.objects.filter(post="soe_leader", valid_to__isnull=True).count() == 2
    assert HookupList.objects.filter(number__gt=0, status="received").exists()


def test_the_same_seed_plays_the_same_year(cast: Cast) -> None:
    from django.db import transaction

    _people(cast)
    seed_hookup_people(march(1))
    told = []
    for _again in range(2):
        sid = transaction.savepoint()
        clock = Clock(seed=3)
        play.hookup_lists(Month(2026, 3), clock)
        clock.run()
        told.append(list(HookupList.objects.order_by("office").values_list("office", "filed_at", "status")))
        transaction.savepoint_rollback(sid)
    assert told[0] == told[1]


def test_the_room_plays_in_the_time_machine(cast: Cast) -> None:
    assert play.hookup_lists in players()


def test_sample_people_are_added_once(cast: Cast) -> None:
    first = seed_hookup_people(march(1))
    assert first > 0
    assert seed_hookup_people(march(1)) == 0
