"""The pool in the time machine, and what a leaver has in hand (point 15)."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime

import pytest

from ningde_projects.organizations import handover
from ningde_projects.periods.month import Month
from ningde_projects.projects.playing import People
from ningde_projects.workflow.refusals import RuleBroken
from reserve.models import Application, ProjectItem, ReserveRecord
from reserve.simulation.pool import applications_of_month
from tests.cast import Cast
from tests.reports.story import november
from tests.reserve.pool_story import begun


class Clock:
    """The schedule of a play without the reports around it."""

    def __init__(self, seed: int) -> None:
        self.seed, self.people = seed, People()
        self._queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._number = itertools.count()

    def at(self, instant: datetime, event: Callable[[datetime], None]) -> None:
        heapq.heappush(self._queue, (instant, next(self._number), event))

    def run(self, first: Month, last: Month) -> None:
        for month in first.until(last):
            applications_of_month(month, self)
        while self._queue:
            instant, _number, event = heapq.heappop(self._queue)
            event(instant)


def test_ten_months_of_the_pool_go_through_the_services(cast: Cast) -> None:
    Clock(7).run(Month(2026, 1), Month(2026, 10))
    passed = Application.objects.filter(status="passed")
    assert passed.count() >= 4
    assert not Application.objects.filter(status__in=["submitted", "returned"]).exists()
    assert ReserveRecord.objects.filter(status="pooled").exists()
    assert ProjectItem.objects.filter(state="approved").exists()
    for application in passed:
        assert {r.side for r in application.reviews.all()} == {"county", "industry"}


def test_the_same_seed_plays_the_same_months(cast: Cast) -> None:
    Clock(7).run(Month(2026, 1), Month(2026, 2))
    first = list(Application.objects.order_by("pk").values_list("name", "status"))
    assert first


def test_what_a_leaver_has_begun_goes_to_a_colleague_who_files_for_the_office(cast: Cast) -> None:
    from ningde_projects.organizations.models import Assignment, User

    application, at = begun(cast), november(5)
    assert any(group.key == "reserve_application" for group in handover.open_items(cast.owner_xp, at))
    admin = cast.actor(cast.admin_security, at)
    with pytest.raises(RuleBroken):
        handover.move_all(cast.owner_xp, cast.owner_fa, admin, at)
    heir = User.objects.create(username="t_heir_xp", name="郑继任", organisation=cast.owner_xp.organisation)
    Assignment.objects.create(
        user=heir, duty="report", organisation=cast.owner_xp.organisation, valid_from=november(1)
    )
    handover.move_all(cast.owner_xp, heir, admin, at)
    application.refresh_from_db()
    assert application.created_by == heir
