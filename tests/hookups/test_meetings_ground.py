"""What the database refuses, what hand-over of an account moves, and what withdrawing asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from hookups.models import Decision, OwedMeeting, Session, SessionEdition, SessionProject
from ningde_projects.organizations import handover
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.protection import append_only_tables
from tests.cast import Cast
from tests.hookups.meeting_story import OCTOBER, decided, decision_in, october, recorded


def refused(name: str, rows: Any, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**values)


def test_the_database_refuses_a_record_that_is_incomplete(cast: Cast) -> None:
    rows = Session.objects.filter(pk=recorded(cast).pk)
    refused("meeting_recorded_is_complete", rows, held_on=None)
    refused("meeting_recorded_is_complete", rows, location="")
    refused("meeting_withdrawn_has_reason", rows, status="withdrawn")


def test_the_database_refuses_a_decision_without_unit_day_or_evidence(cast: Cast) -> None:
    rows = Decision.objects.filter(pk=decision_in(cast, "open").pk)
    refused("decision_has_unit_and_day", rows, unit=None)
    refused("decision_has_unit_and_day", rows, due_on=None)
    refused("decision_done_has_evidence", rows, status="done")


def test_the_database_refuses_a_project_twice_and_a_duty_twice(cast: Cast) -> None:
    session = recorded(cast)
    with pytest.raises(IntegrityError, match="meeting_names_a_project_once"), transaction.atomic():
        SessionProject.objects.create(session=session, project=cast.project_xp)
    owed = {"rule": "D8", "month": OCTOBER, "place": session.place, "office": cast.muni_factor.organisation}
    OwedMeeting.objects.create(**owed)
    with pytest.raises(IntegrityError, match="owed_meeting_once"), transaction.atomic():
        OwedMeeting.objects.create(**owed)


def test_an_edition_is_never_changed(cast: Cast) -> None:
    recorded(cast)
    assert SessionEdition._meta.db_table in append_only_tables()
    with (
        pytest.raises(IntegrityError, match="meeting_edition_numbered_once"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(
            "INSERT INTO hookups_sessionedition (session_id, number, at, by_id, by_text, reason, content)"
            " SELECT session_id, number, at, by_id, by_text, reason, content FROM hookups_sessionedition"
        )


def test_what_was_given_to_a_person_by_name_goes_to_the_successor(cast: Cast) -> None:
    session = recorded(cast, decisions=[decided(cast.direct_xp.organisation, person_text="叶听雨")])
    item = session.decisions.get()
    groups = {g.key: g for g in handover.open_items(cast.direct_xp, october(20))}
    assert [line.url for line in groups["decision"].lines] == [f"/hookups/decisions/{item.public_id}/"]
    source = handover._sources["decision"]
    source.move(cast.direct_xp, cast.department_xp, cast.actor(cast.admin_system, october(20)), october(20))
    item.refresh_from_db()
    assert (item.person, item.person_text) == (cast.department_xp, "许砚秋")
    assert Act.objects.get(machine="decision", name="hand_over").data == {
        "before": "叶听雨",
        "after": "许砚秋",
    }


def test_withdrawing_asks_for_its_reason_in_a_dialog(cast: Cast, client: Client) -> None:
    session = recorded(cast)
    url = f"/hookups/meetings/{session.public_id}/withdraw/"
    cast.login(client, cast.bureau2_xp)
    assert "撤回记录" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "重复录入", "version": session.version}).status_code == 302
    page = client.get(f"/hookups/meetings/{session.public_id}/").content.decode()
    assert "已撤回，不再计入履责" in page
    assert client.post(url, {"reason": "再撤"}).status_code == 409
