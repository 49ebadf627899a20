"""D7 and D8: who owes a meeting, who has held it, what the deadline does; ticked through the real engine."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hookups.models import OwedMeeting
from hookups.selectors import duties
from hookups.selectors.duties import Owed, Scope
from hookups.services import meetings
from ningde_projects.notices.models import Notice
from ningde_projects.periods import engine
from ningde_projects.periods.models import Enforcement, JobFailure, JobRun
from ningde_projects.periods.month import Quarter, midnight
from ningde_projects.projects.models import Post, Project, Responsible
from ningde_projects.workflow.models import Act
from tests.cast import Cast
from tests.hookups.meeting_story import OCTOBER, content, november, october, on_site, recorded

Q4 = Quarter(2026, 4)


def state_of(rows: list[Owed], project: object) -> str:
    return next(row.state for row in rows if row.project == project)


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def ticks(first: datetime, last: datetime) -> None:
    """Midnight and morning of each day, as the time machine ticks."""
    day = first
    while day <= last:
        engine.tick(day)
        engine.tick(day + timedelta(hours=8))
        day += timedelta(days=1)
    assert not JobFailure.objects.filter(job__regex="^(D7|D8|sweep:decisions)").exists()


@pytest.fixture
def enforced(cast: Cast) -> None:
    Enforcement.objects.update_or_create(one=True, defaults={"since": OCTOBER.start})


def test_d7_every_county_leader_owes_a_meeting_for_each_project_under_way(cast: Cast) -> None:
    rows = duties.dispatch_owed(OCTOBER, october(20))
    assert {(r.place.code, r.leader, r.project, r.state) for r in rows} == {
        ("XP", cast.government_xp, cast.project_xp, "gap"), ("FA", cast.government_fa, cast.project_fa, "gap"),
    }  # fmt: skip


def test_d7_a_meeting_of_the_county_covers_its_project_whichever_leader_held_it(cast: Cast) -> None:
    recorded(cast, chair=cast.government2_xp)
    rows = duties.dispatch_owed(OCTOBER, october(20))
    assert state_of(rows, cast.project_xp) == "met"
    assert state_of(rows, cast.project_fa) == "gap"
    assert state_of(duties.dispatch_owed(OCTOBER.next, november(2)), cast.project_xp) == "gap"


def test_d7_a_draft_and_a_withdrawn_meeting_count_for_nothing_and_a_late_one_counts_as_late(
    cast: Cast,
) -> None:
    session = recorded(cast)
    by = cast.actor(cast.bureau_xp, october(20))
    meetings.withdraw(session, by=by, at=october(20), reason="误录")
    meetings.begin("dispatch", cast.office("XP", "zf"), content(cast), by=by, at=october(20))
    assert state_of(duties.dispatch_owed(OCTOBER, november(5)), cast.project_xp) == "gap"
    recorded(cast, at=november(4))
    assert state_of(duties.dispatch_owed(OCTOBER, november(5)), cast.project_xp) == "late"


def test_d7_the_months_end_lists_the_gaps_once_and_tells_leader_bureau_and_commission(
    cast: Cast, enforced: None
) -> None:
    recorded(cast)
    ticks(october(27, 0), november(2, 0))
    assert told("d7_remind") == {"t_government_fa", "t_bureau_fa", "t_bureau_head_fa"}
    assert told("d7_gaps") == {
        "t_government_fa",
        "t_bureau_fa",
        "t_bureau_head_fa",
        "t_commission",
        "t_commission2",
    }
    assert Notice.objects.filter(kind="d7_remind", recipient=cast.government_fa).count() == 3
    assert Notice.objects.filter(kind="d7_gaps", recipient=cast.government_fa).count() == 1
    assert JobRun.objects.get(job="D7:deadline", period="2026-10").affected == 1
    act = Act.objects.get(machine="deadline", name="d7_deadline")
    assert act.data["projects"] == [str(cast.project_fa.public_id)]
    assert OwedMeeting.objects.filter(rule="D7", month=OCTOBER).count() == 2


def test_d7_what_was_owed_stays_what_it_was_when_the_register_changes(cast: Cast, enforced: None) -> None:
    ticks(october(31, 0), november(1, 0))
    cast.project_fa.stage = "completed"
    cast.project_fa.save()
    assert state_of(duties.dispatch_owed(OCTOBER, november(20)), cast.project_fa) == "gap"
    assert cast.project_fa not in [r.project for r in duties.dispatch_owed(OCTOBER.next, november(20))]


def test_d7_a_lost_night_is_caught_up_and_nobody_is_told_twice(cast: Cast, enforced: None) -> None:
    for _again in range(3):
        engine.tick(november(9))
    assert Notice.objects.filter(kind="d7_gaps", recipient=cast.commission).count() == 1


def test_d7_and_d8_leave_periods_alone_that_were_over_when_the_system_was_put_to_use(
    cast: Cast, enforced: None
) -> None:
    ticks(october(1, 0), october(2, 0))
    assert JobRun.objects.filter(job__in=["D7:deadline", "D8:deadline"], period="2026-09").count() == 2
    assert not Notice.objects.filter(kind__in=["d7_gaps", "d8_gaps"]).exists()
    assert not OwedMeeting.objects.exists()


def test_d8_industry_and_factor_departments_owe_a_session_each_quarter(cast: Cast) -> None:
    offices = {row.office for row in duties.sessions_owed(Q4, october(20))}
    assert {
        cast.muni_department.organisation,
        cast.muni_department2.organisation,
        cast.muni_factor.organisation,
    } <= offices
    assert cast.statistics.organisation not in offices
    assert cast.bureau_xp.organisation not in offices


def test_d8_a_session_on_the_first_or_the_last_day_of_the_quarter_counts(cast: Cast) -> None:
    mine = Scope(offices=frozenset({cast.muni_department.organisation.pk}))
    on_site(cast, held_on=date(2026, 9, 30), decisions=[])
    assert duties.sessions_owed(Q4, october(20), mine)[0].state == "gap"
    on_site(cast, held_on=date(2026, 10, 1), decisions=[])
    assert duties.sessions_owed(Q4, october(20), mine)[0].state == "met"
    late = on_site(cast, at=midnight(date(2027, 1, 1)), held_on=date(2026, 12, 31), decisions=[])
    assert late.is_late


def test_d8_the_projects_that_the_departments_sessions_have_not_reached(cast: Cast) -> None:
    on_site(cast, lines=[(cast.project_xp, "现场")], decisions=[])
    rows = duties.led_projects(Q4, october(20))
    assert (state_of(rows, cast.project_xp), state_of(rows, cast.project_fa)) == ("met", "gap")
    tallies = duties.by_office(rows)
    assert tallies[cast.muni_department.organisation.pk].reached == 1


def test_d8_the_quarters_end_is_ticked_through_once(cast: Cast, enforced: None) -> None:
    on_site(cast)
    ticks(november(28, 0), november(30, 0))
    assert not Notice.objects.filter(kind__startswith="d8").exists(), "November ends no quarter"
    ticks(midnight(date(2026, 12, 27)), midnight(date(2027, 1, 2)))
    assert "t_muni_factor" in told("d8_remind")
    assert "t_muni_department" not in told("d8_remind") | told("d8_gaps")
    assert Notice.objects.filter(kind="d8_remind", recipient=cast.muni_factor).count() == 3
    assert Notice.objects.filter(kind="d8_gaps", recipient=cast.muni_factor).count() == 1
    assert {"t_commission", "t_muni_department2", "t_muni_signer2"} <= told("d8_gaps")
    assert JobRun.objects.filter(job="D8:deadline", period="2026-12").count() == 1
    assert not JobRun.objects.filter(job="D8:deadline", period__in=["2026-10", "2026-11", "2027-01"]).exists()
    act = Act.objects.get(machine="deadline", name="d8_deadline")
    assert cast.muni_factor.organisation.name in act.data["departments"]


def test_the_number_of_queries_does_not_depend_on_the_number_of_projects(
    cast: Cast,
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            duties.dispatch_owed(OCTOBER, october(20))
            duties.sessions_owed(Q4, october(20))
            duties.led_projects(Q4, october(20))
        return len(seen)

    few = asked()
    more = Project.objects.bulk_create(
        Project(name=f"霞浦项目{n}", place=cast.project_xp.place, owner=cast.project_xp.owner, stage="under_way",
                level="municipal", municipal_department=cast.project_xp.municipal_department)
        for n in range(50)
    )  # fmt: skip
    Responsible.objects.bulk_create(
        Responsible(project=p, post=Post.COUNTY_LEADER, user=cast.government_xp, valid_from=date(2025, 1, 1))
        for p in more
    )
    assert len(duties.dispatch_owed(OCTOBER, october(20))) == 52
    assert asked() == few
