"""Meetings and their decisions through services: recorded, corrected, withdrawn, followed up (M4.2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hookups.models import Decision, Session
from hookups.services import decisions, duties, meetings
from hookups.services.meetings import Content, act_for
from ningde_projects.notices.models import Notice
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Delegation
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal, RuleBroken, StaleVersion, WrongState
from tests.cast import Cast
from tests.hookups.meeting_story import (
    content,
    decided,
    decision_in,
    decision_of,
    draft,
    november,
    october,
    on_site,
    on_site_content,
    recorded,
)


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def test_m4_2_a_dispatch_meeting_is_recorded_with_date_place_who_projects_and_decisions(cast: Cast) -> None:
    session = recorded(cast)
    session.refresh_from_db()
    assert (session.status, session.held_on, session.place.code) == ("recorded", date(2026, 10, 12), "XP")
    assert (session.recorded_by, session.is_late) == (cast.bureau_xp, False)
    assert [line.project for line in session.lines.all()] == [cast.project_xp]
    item = decision_of(session)
    assert (item.status, item.unit, item.due_on) == (
        "open",
        cast.department_xp.organisation,
        date(2026, 10, 30),
    )
    assert told("decision_issued") == {"t_department_xp", "t_direct_xp"}
    edition = session.editions.get()
    assert edition.number == 1
    assert edition.content["decisions"][0]["unit"] == cast.department_xp.organisation.name


def test_m4_2_an_on_site_session_is_recorded_by_the_department_and_by_its_leader_who_held_it(
    cast: Cast,
) -> None:
    assert on_site(cast).status == "recorded"
    leader = cast.actor(cast.muni_signer, october(15))
    session = meetings.begin(
        "on_site", cast.muni_signer.organisation, on_site_content(cast), by=leader, at=october(15)
    )
    meetings.put_on_record(session, None, by=leader, at=october(15))
    assert session.recorded_by == cast.muni_signer


def test_m4_2_whoever_acts_for_the_leader_records_with_both_names(cast: Cast) -> None:
    Delegation.objects.create(
        principal=cast.government_xp, delegate=cast.viewer_xp, duty=Duty.LEAD,
        organisation=cast.government_xp.organisation, valid_from=october(1), valid_to=november(1), reason="出差",
        created_by=cast.government_xp, created_at=october(1),
    )  # fmt: skip
    session = recorded(cast, by=cast.viewer_xp)
    act = Act.objects.get(machine="meeting", name="record_leader", object_id=session.pk)
    assert (act.user, act.principal) == (cast.viewer_xp, cast.government_xp)


def test_m4_2_a_leader_records_only_the_meetings_that_he_held(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="调度会由"):
        draft(cast, by=cast.commission)
    # The other vice-head approves for the government, so he records for it too; Fu'an's may not at all.
    with pytest.raises(NotAllowed):
        draft(cast, by=cast.government_fa)
    with pytest.raises(NotAllowed):
        meetings.begin("on_site", cast.muni_department.organisation, on_site_content(cast), at=october(15),
                       by=cast.actor(cast.muni_department2, october(15)))  # fmt: skip


def test_m4_2_a_draft_may_lack_anything_and_the_record_names_all_that_is_missing(cast: Cast) -> None:
    by = cast.actor(cast.bureau_xp, october(13))
    session = meetings.begin("dispatch", cast.office("XP", "zf"), Content(), by=by, at=october(13))
    with pytest.raises(RuleBroken) as refused:
        meetings.put_on_record(
            session, Content(decisions=[decisions.DecisionContent("办理")]), by=by, at=october(13)
        )
    assert set(refused.value.errors) == {
        "held_on", "location", "chair", "others", "projects", "minutes", "decisions",
    }  # fmt: skip
    assert len(refused.value.errors["decisions"]) == 2
    session.refresh_from_db()
    assert session.status == "draft"
    assert not session.decisions.exists(), "nothing is half-saved"


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2026, 10, 14), "晚于今天"), (date(2023, 11, 5), "2023年11月6日"), (date(2026, 10, 13), "")],
)
def test_m4_2_a_meeting_is_recorded_when_it_has_been_held(cast: Cast, day: date, words: str) -> None:
    session = draft(cast, held_on=day)
    by = cast.actor(cast.bureau_xp, october(13, 23))
    if not words:
        meetings.put_on_record(session, None, by=by, at=october(13, 23))
        assert session.status == "recorded"
        return
    with pytest.raises(RuleBroken, match=words):
        meetings.put_on_record(session, None, by=by, at=october(13, 23))


def test_m4_2_the_month_ends_at_24_00_and_what_is_recorded_later_stays_marked_late(cast: Cast) -> None:
    in_time = recorded(cast, at=november(1) - timedelta(hours=9, seconds=1))
    late = recorded(cast, at=november(1) - timedelta(hours=9))
    assert (in_time.is_late, late.is_late) == (False, True)
    session = on_site(cast, at=november(3))
    assert session.is_late is False, "a session counts for the quarter"


def test_m4_2_a_correction_is_a_new_edition_with_a_reason_and_nothing_is_deleted(cast: Cast) -> None:
    session = recorded(cast)
    item = decision_of(session)
    by = cast.actor(cast.bureau2_xp, october(20))
    kept = decided(
        cast.department_xp.organisation, date(2026, 11, 5), public_id=item.public_id, project=cast.project_xp
    )
    new = decided(cast.owner_xp.organisation, text="报送征迁清单")
    with pytest.raises(RuleBroken, match="原因"):
        meetings.revise(session, content(cast), by=by, at=october(20), reason=" ")
    meetings.revise(
        session,
        content(cast, location="三沙镇政府", decisions=[kept, new]),
        by=by,
        at=october(20),
        reason="地点有误",
    )
    session.refresh_from_db()
    item.refresh_from_db()
    assert (session.location, session.edition_count, session.is_late) == ("三沙镇政府", 2, False)
    assert [e.content["location"] for e in session.editions.all()] == ["三沙镇政府", "县政府三楼会议室"]
    assert (item.due_on, item.status) == (date(2026, 11, 5), "open")
    assert told("decision_amended") == {"t_department_xp", "t_direct_xp"}
    assert told("decision_issued") == {"t_department_xp", "t_direct_xp", "t_owner_xp"}


def test_m4_2_a_decision_left_out_of_a_correction_is_cancelled_and_what_is_done_stays(cast: Cast) -> None:
    item = decision_in(cast, "open")
    by = cast.actor(cast.bureau_xp, october(20))
    meetings.revise(item.session, content(cast, decisions=[]), by=by, at=october(20), reason="未议定")
    item.refresh_from_db()
    assert item.status == "cancelled"
    done = decision_in(cast, "done")
    with pytest.raises(WrongState, match="先退回"):
        meetings.revise(done.session, content(cast, decisions=[]), by=by, at=october(23), reason="未议定")
    with pytest.raises(WrongState, match="只能更正"):
        meetings.withdraw(done.session, by=by, at=october(23), reason="误录")


def test_m4_2_a_day_moved_into_another_month_counts_from_the_correction(cast: Cast) -> None:
    session = recorded(cast)
    by = cast.actor(cast.bureau_xp, november(3))
    item = decision_of(session)
    kept = decided(cast.department_xp.organisation, public_id=item.public_id, project=cast.project_xp)
    meetings.revise(
        session,
        content(cast, held_on=date(2026, 9, 28), decisions=[kept]),
        by=by,
        at=november(3),
        reason="日期",
    )
    session.refresh_from_db()
    assert session.is_late
    assert session.lines.get().since == november(3)


def test_m4_2_two_people_on_one_draft_the_second_is_told(cast: Cast) -> None:
    session = draft(cast)
    by = cast.actor(cast.bureau2_xp, october(13))
    meetings.save_draft(session, content(cast, location="甲"), by=by, at=october(13), version=1)
    with pytest.raises(StaleVersion):
        meetings.save_draft(session, content(cast, location="乙"), by=by, at=october(13), version=1)


def test_m4_2_a_decision_goes_from_the_unit_to_verification_and_back(cast: Cast) -> None:
    item = decision_in(cast, "open")
    unit, keeper = cast.actor(cast.direct_xp, october(20)), cast.actor(cast.bureau2_xp, october(21))
    with pytest.raises(RuleBroken):
        decisions.progress(item, by=unit, at=october(20), note="")
    decisions.progress(item, by=unit, at=october(20), note="已组织踏勘")
    decisions.finish(item, by=unit, at=october(20), evidence="方案已批复")
    assert told("decision_done") == {"t_bureau_xp", "t_bureau2_xp", "t_bureau_head_xp", "t_government_xp"}
    perform(item, act_for(item, "send_back", keeper), by=keeper, at=october(21), reason="批复未附")
    item.refresh_from_db()
    assert (item.status, item.return_reason, item.finished_at) == ("working", "批复未附", None)
    assert "t_direct_xp" in told("decision_sent_back")
    decisions.finish(item, by=unit, at=november(2), evidence="批复已附")
    perform(item, act_for(item, "verify", keeper), by=keeper, at=november(2))
    item.refresh_from_db()
    assert (item.status, item.finished_late) == ("verified", True)


def test_m4_2_nobody_verifies_what_he_reported_as_done_himself(cast: Cast) -> None:
    session = recorded(cast, decisions=[decided(cast.bureau_xp.organisation)])
    item = decision_of(session)
    by = cast.actor(cast.bureau_xp, october(20))
    decisions.finish(item, by=by, at=october(20), evidence="已办")
    with pytest.raises(Refusal, match="您|你"):
        perform(item, "verify_bureau", by=by, at=october(21))
    perform(item, "verify_bureau", by=cast.actor(cast.bureau2_xp, october(21)), at=october(21))


def test_m4_2_units_are_reminded_three_one_and_no_days_before_and_told_once_when_overdue(cast: Cast) -> None:
    recorded(cast)  # due on the 30th
    days = {}
    for day in range(26, 32):
        for hour in (0, 7, 8, 9, 20):
            duties.remind_and_call(october(day, hour))
        days[day] = Notice.objects.filter(kind="decision_due", recipient=cast.department_xp).count()
    assert list(days.values()) == [0, 1, 1, 2, 3, 3]
    duties.remind_and_call(november(4))
    assert told("decision_overdue") == {
        "t_department_xp", "t_direct_xp", "t_bureau_xp", "t_bureau2_xp", "t_bureau_head_xp", "t_government_xp",
    }  # fmt: skip
    assert Notice.objects.filter(kind="decision_overdue", recipient=cast.department_xp).count() == 1


def test_m4_2_who_has_reported_as_done_is_not_reminded_any_more(cast: Cast) -> None:
    decision_in(cast, "done")
    duties.remind_and_call(october(30, 9))
    duties.remind_and_call(november(2))
    assert not Notice.objects.filter(kind__in=["decision_due", "decision_overdue"]).exists()


@pytest.mark.parametrize(
    ("moment", "overdue"), [(october(30, 23, 59), False), (november(1) - timedelta(hours=33), True)]
)
def test_a_due_day_counts_to_24_00(cast: Cast, moment: object, overdue: bool) -> None:
    item = decision_in(cast, "open")
    assert item.is_overdue(moment) is overdue  # type: ignore[arg-type]
    assert Decision.objects.overdue(moment.astimezone(october(1).tzinfo).date()).exists() is overdue  # type: ignore[attr-defined]


def test_a_name_that_is_an_account_of_the_unit_becomes_the_person(cast: Cast) -> None:
    unit = cast.direct_xp.organisation
    session = recorded(
        cast,
        decisions=[decided(unit, person_text="叶听雨"), decided(unit, text="另一项", person_text="外聘专家")],
    )
    assert [d.person for d in session.decisions.all()] == [cast.direct_xp, None]
    assert [d.person_name for d in session.decisions.all()] == ["叶听雨", "外聘专家"]


def test_a_withdrawn_meeting_stays_readable_and_its_open_decisions_end(cast: Cast) -> None:
    session = recorded(cast)
    by = cast.actor(cast.bureau_xp, october(20))
    meetings.withdraw(session, by=by, at=october(20), reason="重复录入")
    assert Session.objects.visible_to(by).filter(pk=session.pk).exists()
    assert decision_of(session).status == "cancelled"
    assert "t_department_xp" in told("decision_cancelled")
