"""The time machine plays measure 2 through the real services."""

from __future__ import annotations

import heapq
import itertools
from datetime import datetime

from ningde_projects.periods.month import Month
from ningde_projects.projects.models import AnnualPlan, Project, Stage
from ningde_projects.projects.playing import Event, People
from reserve.models import Case, FundingBatch, FundingRequest
from reserve.services.case_opinions import remind
from reserve.simulation.cases import consultations
from tests.reserve.case_story import Walk


class Clock:
    """A schedule that plays what is put on it, in order."""

    def __init__(self) -> None:
        self.seed, self.people = 7, People()
        self.queue: list[tuple[datetime, int, Event]] = []
        self.order = itertools.count()

    def at(self, instant: datetime, event: Event) -> None:
        heapq.heappush(self.queue, (instant, next(self.order), event))

    def run(self) -> None:
        while self.queue:
            instant, _number, event = heapq.heappop(self.queue)
            remind(instant)
            event(instant)


def test_a_year_is_played_with_cases_and_two_batches(city: Walk) -> None:
    first = city.project
    for number in range(12):
        project = Project.objects.create(
            name=f"谋划项目{number}", place=first.place, owner=first.owner,
            municipal_department=first.municipal_department,
            management="municipal", stage=Stage.RESERVE, total_investment=12000,
        )  # fmt: skip
        AnnualPlan.objects.create(project=project, year=2026, investment=1)
    clock = Clock()
    for number in range(1, 13):
        consultations(Month(2026, number), clock)
    clock.run()
    statuses = list(Case.objects.values_list("status", flat=True))
    assert len(statuses) == 12
    assert statuses.count("passed") >= 9
    assert FundingBatch.objects.filter(status="approved").count() == 2
    assert FundingRequest.objects.filter(status="paid").exists()
