"""Meetings of all levels in the one room (M8.4), and the vice-mayor's of each quarter (D9)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from hookups.models import OwedMeeting, Session
from hookups.models.meetings import SessionKind
from hookups.selectors.quarter_meeting import quarter_meeting
from hookups.services import meetings
from hookups.services.meetings import Content
from ningde_projects.notices.models import Notice
from ningde_projects.organizations.models import User
from ningde_projects.periods import engine
from ningde_projects.periods.consequences import deadlines, reminders
from ningde_projects.periods.models import Enforcement, JobFailure
from ningde_projects.periods.month import Month, Quarter, midnight
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed
from tests.cast import Cast
from tests.hookups.meeting_story import decided

Q4 = Quarter(2026, 4)


def instant(month: int, day: int, hour: int = 9) -> datetime:
    return midnight(date(2026, month, day)).replace(hour=hour)


def held(cast: Cast, kind: str, by: User, at: datetime, **more: Any) -> Session:
    """One of the city's meetings about a project in each county, recorded."""
    vice = kind == SessionKind.QUARTERLY
    office = cast.city_government.organisation if vice else cast.commission.organisation
    values: dict[str, Any] = {
        "held_on": date(2026, 11, 12), "location": "市政府会议室",
        "chair": cast.city_government if vice else cast.commission_head, "others": "各县（市、区）分管领导",
        "minutes": "通报情况，研究问题。全文内情",
        "lines": [(cast.project_xp, f"{cast.canary('xp')}议题"), (cast.project_fa, f"{cast.canary('fa')}议题")],
        "decisions": [decided(cast.department_fa.organisation, date(2026, 11, 30), project=cast.project_fa)],
    } | more  # fmt: skip
    session = meetings.begin(kind, office, Content(**values), by=cast.actor(by, at), at=at)
    meetings.put_on_record(session, None, by=cast.actor(by, at), at=at)
    return session


@pytest.mark.parametrize("kind", ["monthly", "quarter", "citywide", "topical"])
def test_m8_4_meetings_of_the_city_are_recorded_by_the_commission_and_their_decisions_tracked(
    cast: Cast, kind: str
) -> None:
    session = held(cast, kind, cast.commission, instant(11, 13))
    assert session.status == "recorded"
    assert session.decisions.get().status == "open"
    assert Notice.objects.filter(kind="decision_issued", recipient=cast.department_fa).exists()


def test_m8_4_the_municipal_government_records_the_vice_mayors_and_no_other(cast: Cast) -> None:
    assert held(cast, "quarter", cast.city_government, instant(11, 13)).status == "recorded"
    with pytest.raises(NotAllowed):
        held(cast, "monthly", cast.city_government, instant(11, 13))
    for role in ("bureau_xp", "government_xp", "muni_department", "owner_xp"):
        with pytest.raises(NotAllowed):
            held(cast, "topical", cast.people[role], instant(11, 13))


def test_m8_4_a_county_sees_the_lines_of_its_own_projects_only(cast: Cast) -> None:
    session = held(cast, "citywide", cast.commission, instant(11, 13))
    for role, own in (
        ("bureau_xp", cast.project_xp),
        ("government_fa", cast.project_fa),
        ("owner_xp", cast.project_xp),
    ):
        actor = cast.actor(cast.people[role], instant(11, 14))
        assert [line.project for line in session.lines.visible_to(actor)] == [own], role
    whole = cast.actor(cast.city_government, instant(11, 14))
    assert session.lines.visible_to(whole).count() == 2
    mine = cast.actor(cast.department_fa, instant(11, 14))
    assert session.decisions.visible_to(mine).count() == 1
    stranger = cast.actor(cast.muni_department2, instant(11, 14))
    assert not session.decisions.visible_to(stranger).exists()


def test_m8_4_decisions_of_the_city_are_verified_by_the_commission(cast: Cast) -> None:
    from hookups.services import decisions
    from hookups.services.meetings import act_for
    from ningde_projects.workflow.door import perform

    item = held(cast, "topical", cast.commission, instant(11, 13)).decisions.get()
    unit, keeper = (
        cast.actor(cast.department_fa, instant(11, 15)),
        cast.actor(cast.commission2, instant(11, 16)),
    )
    decisions.finish(item, by=unit, at=instant(11, 15), evidence="已办结")
    assert Notice.objects.filter(kind="decision_done", recipient=cast.commission2).exists()
    perform(item, act_for(item, "verify", keeper), by=keeper, at=instant(11, 16))
    assert item.status == "verified"


def test_d9_reminds_marks_what_is_missing_once_and_is_registered_once(cast: Cast) -> None:
    Enforcement.objects.update_or_create(one=True, defaults={"since": Month(2026, 10).start})
    assert "D9" in deadlines()
    assert "D9" in reminders()
    day = instant(12, 27, 0)
    for _n in range(7):
        engine.tick(day)
        engine.tick(day + timedelta(hours=8))
        day += timedelta(days=1)
    assert not JobFailure.objects.filter(job__startswith="D9").exists()
    for who in (cast.city_government, cast.commission):
        assert Notice.objects.filter(kind="d9_remind", recipient=who).count() == 3
        assert Notice.objects.filter(kind="d9_gap", recipient=who).count() == 1
    assert OwedMeeting.objects.filter(rule="D9").count() == 1
    assert Act.objects.get(machine="deadline", name="d9_deadline").data["held"] is False
    late = held(cast, "quarter", cast.commission, midnight(date(2027, 1, 5)), held_on=date(2026, 12, 30),
                decisions=[])  # fmt: skip
    assert late.is_late
    assert quarter_meeting(Q4).state == "late"


def test_d9_a_meeting_that_was_held_is_not_asked_for(cast: Cast) -> None:
    Enforcement.objects.update_or_create(one=True, defaults={"since": Month(2026, 10).start})
    held(cast, "quarter", cast.city_government, instant(11, 13))
    assert quarter_meeting(Q4).state == "met"
    day = instant(12, 28, 8)
    for _n in range(6):
        engine.tick(day)
        day += timedelta(days=1)
    assert not Notice.objects.filter(kind__in=["d9_remind", "d9_gap"]).exists()


def test_m8_4_meetings_without_a_day_of_their_own_are_never_late(cast: Cast) -> None:
    assert not held(cast, "citywide", cast.commission, midnight(date(2027, 2, 1)), decisions=[]).is_late
    assert held(cast, "monthly", cast.commission, instant(12, 2), decisions=[]).is_late


def test_d9_the_list_shows_to_the_city_which_quarters_were_met(cast: Cast, client: Client) -> None:
    held(cast, "quarter", cast.commission, instant(11, 13))
    with time_machine.travel(instant(11, 20), tick=False):
        page = cast.login(client, cast.commission).get("/hookups/meetings/?kind=quarter").content.decode()
        assert "每季度一次" in page
        assert "未召开" in page, "the quarters before"
        other = cast.login(client, cast.bureau_xp).get("/hookups/meetings/?kind=quarter").content.decode()
    assert "每季度一次" not in other
