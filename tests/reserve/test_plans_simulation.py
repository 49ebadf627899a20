"""A year in the time machine: targets, catalogues, a batch and pushes come about through the services alone."""

from __future__ import annotations

from datetime import datetime

from ningde_projects.periods.month import Month
from ningde_projects.projects.playing import Event, People
from reserve.models import AnnualItem, Catalogue, Push, TargetEdition, TaskLink
from reserve.simulation.plans import plans
from tests.cast import Cast
from tests.reserve.plans import at, complete, pooled


class Clock:
    """Plays what it is given, in order."""

    seed = 7

    def __init__(self) -> None:
        self.people = People()
        self.events: list[tuple[datetime, int, Event]] = []

    def at(self, instant: datetime, event: Event) -> None:
        self.events.append((instant, len(self.events), event))

    def run(self, month: Month) -> None:
        plans(month, self)
        for instant, _number, event in sorted(self.events, key=lambda e: e[:2]):
            event(instant)
        self.events.clear()


def test_a_year_is_played_and_playing_it_again_adds_nothing(cast: Cast) -> None:
    for number in range(4):
        project = pooled(cast, f"霞浦储备{number}", since=at(2025, 12, 1), total=40000)
        complete(cast, project, code=f"2601-350921-04-01-{number:06d}")
    for _round in range(2):
        clock = Clock()
        for number in (12,):
            clock.run(Month(2025, number))
        for number in range(1, 13):
            clock.run(Month(2026, number))
        assert sorted(TargetEdition.objects.values_list("year", "status")) == [
            (2026, "issued"),
            (2027, "issued"),
        ]
        assert set(Catalogue.objects.values_list("status", flat=True)) == {"issued"}
        assert Catalogue.objects.count() == 4  # two departments with people, twice a year
    assert TaskLink.objects.exists()
    assert AnnualItem.objects.filter(status="listed").exists()
    assert Push.objects.filter(status="registered").exists()
