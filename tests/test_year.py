"""A small year of measures 1 to 5 with all rooms together: each leaves its traces, and the same seed leaves the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from hookups.models import Decision, HookupList, OwedMeeting, Session
from hookups.samples import seed_hookup_people
from ningde_projects.notices.models import Notice
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Rank, User
from ningde_projects.periods.models import Enforcement, JobFailure, JobRun
from ningde_projects.periods.month import Month, midnight
from ningde_projects.projects.models import Project, Stage
from ningde_projects.workflow.models import Act
from reports.basics import load_categories
from reports.models import Report
from reports.simulation.play import Play, Tally
from reserve.basics import load_item_kinds
from reserve.models import (
    Application,
    Case,
    Catalogue,
    FundingBatch,
    FundingRequest,
    ProjectItem,
    ReserveRecord,
    TargetEdition,
)
from tests.cast import Cast
from tests.hookups.filing import person, staff
from tests.reserve.offices import open_offices
from tests.reserve.plans import at, pooled

DECEMBER, APRIL, MAY = Month(2025, 12), Month(2026, 4), Month(2026, 5)


@pytest.fixture
def town(cast: Cast) -> Cast:
    """The cast with finance, land and enterprise beside it, and projects in the pool of county and city."""
    open_offices(cast)
    staff(cast)
    person(cast.government_fa.organisation, "市长乙", Rank.COUNTY_HEAD, Duty.LEAD)
    User.objects.filter(organisation__kind="county_government").update(is_sample=True)
    seed_hookup_people(at(2025, 11, 1))
    load_categories()
    load_item_kinds()
    for number in range(4):
        pooled(cast, f"霞浦储备{number}", since=at(2025, 11, 1), total=40000)
    for number in range(7):
        pooled(
            cast, f"市级谋划{number}", "SJ", since=at(2025, 11, 1), management="municipal", start_year=2026,
            municipal_department=cast.office("SJ", "jtj"), county_department=None,
        )  # fmt: skip
    return cast


def play(seed: int, first: Month, last: Month, rooms_from: Month | None = None) -> Tally:
    until = midnight(last.next.next.first_day)
    return Play(seed, until).run(first, last, lambda _line: None, rooms_from=rooms_from)


def states(model: Any) -> set[str]:
    return set(model.objects.values_list("status", flat=True))


def test_a_year_of_all_rooms_leaves_something_in_every_state(town: Cast) -> None:
    play(7, APRIL, MAY, rooms_from=DECEMBER)
    assert Enforcement.objects.get().since == MAY.start, "the rooms begin before deadlines are enforced"
    assert not JobFailure.objects.exists(), list(JobFailure.objects.values_list("job", "error"))
    # M1.1 and M1.5: targets in December, catalogues in January, each issued.
    assert TargetEdition.objects.get(year=2026).status == "issued"
    assert Catalogue.objects.filter(year=2026, half=1, status="issued").exists()
    # M1.2 and M1.4: applications pass, items move, projects ripen, one becomes a key project and owes reports.
    assert Application.objects.filter(status="passed").exists()
    assert Application.objects.filter(status="passed", project__management="municipal").exists()
    assert ProjectItem.objects.filter(state="approved").exists()
    assert ReserveRecord.objects.exclude(maturity="conceived").exists()
    promoted = Project.objects.filter(annual_items__status="listed", stage=Stage.UNDER_WAY)
    assert Report.objects.filter(project__in=promoted, month=MAY).exists()
    # M2: cases conclude, funds go out.
    assert Case.objects.filter(status="passed").count() >= 3
    assert FundingBatch.objects.filter(status="approved").exists()
    assert FundingRequest.objects.filter(status="paid").exists()
    # M3 and M4: lists received in March, meetings on record, decisions verified.
    assert HookupList.objects.filter(year=2026, status="received").exists()
    assert {"dispatch", "on_site"} <= set(Session.objects.recorded().values_list("kind", flat=True))
    assert Decision.objects.filter(status="verified").exists()
    assert set(Report.objects.values_list("month", flat=True)) == {APRIL, MAY}


def test_each_gap_is_told_once_and_nobody_is_denounced_for_what_ended_before_us(town: Cast) -> None:
    play(7, DECEMBER, Month(2026, 2))
    since = Enforcement.objects.get().since
    assert since == Month(2026, 1).start
    assert JobRun.objects.filter(job="D13:deadline", period="2025-12", affected=0).exists()
    assert not Notice.objects.filter(kind__in=["d13_due", "d7_gaps"], at__lte=since).exists()
    assert not OwedMeeting.objects.filter(month=DECEMBER).exists()
    assert OwedMeeting.objects.filter(rule="D7", month=Month(2026, 1)).exists()
    told = Notice.objects.filter(kind="d7_gaps", recipient=town.commission)
    months = {str(notice.params["month"]) for notice in told}
    assert months
    assert told.count() == len(months)


def test_the_same_seed_plays_the_same_year(town: Cast) -> None:
    def once(seed: int) -> tuple[Tally, list[tuple[str, str, str, str]]]:
        sid = transaction.savepoint()
        tally = play(seed, DECEMBER, DECEMBER, rooms_from=DECEMBER)
        acts = Act.objects.filter(at__gte=midnight(date(2025, 12, 1))).order_by("at", "id")
        trace = [(str(a.at), a.machine, a.name, a.user_text) for a in acts]
        transaction.savepoint_rollback(sid)
        return tally, trace

    first, again, other = once(7), once(7), once(8)
    assert first == again
    assert first[1] != other[1]
