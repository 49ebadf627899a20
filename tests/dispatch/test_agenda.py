"""Meeting mode: the agenda drawn, run item by item, decisions kept at once, minutes as a document (M8.4)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dispatch.models import AgendaItem
from hookups.models import Decision, Session
from tests.cast import Cast
from tests.dispatch.hard_cases_story import november, problem_of


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(november(12), tick=False):
        yield


def started(cast: Cast, client: Client, kind: str = "monthly") -> Session:
    """A meeting of the commission with a matter of each county on its agenda."""
    matters = [problem_of(cast).public_id, problem_of(cast, "fa").public_id]
    cast.login(client, cast.commission)
    client.post("/dispatch/meetings/", {"kind": kind})
    session: Session = Session.objects.get()
    client.post(f"/dispatch/meetings/{session.public_id}/agenda/", {"matter": [str(key) for key in matters]})
    return session


def url_of(session: Session, item: AgendaItem | None = None, verb: str = "") -> str:
    base = f"/dispatch/meetings/{session.public_id}/"
    return f"{base}items/{item.public_id}/{verb}/" if item else f"{base}run/"


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    return {"text": "月底前完成迁改", "unit": cast.department_xp.organisation.pk, "due_on": "2026-11-30",
            "person_text": "许砚秋"} | more  # fmt: skip


def test_m8_4_the_list_is_the_agenda_and_decisions_are_kept_as_they_are_typed(
    cast: Cast, client: Client
) -> None:
    session = started(cast, client)
    first, second = session.agenda.all()
    page = client.get(url_of(session)).content.decode()
    assert "管线迁改方案未定" in page
    assert f"?item={second.public_id}" in page
    client.post(url_of(session, first, "note"), {"note": "电力方面已进场"})
    answer = client.post(url_of(session, first, "decide"), typed(cast))
    assert answer.status_code == 302
    decision = Decision.objects.get()
    assert (decision.status, decision.person, decision.project_id) == (
        "draft",
        cast.department_xp,
        first.project_id,
    )
    assert session.lines.get(project=first.project_id).note == "电力方面已进场"
    session.refresh_from_db()
    assert decision.project is not None
    client.post(f"/hookups/meetings/{session.public_id}/edit/", {
        "version": session.version, "held_on": "2026-11-12", "location": "发改委会议室",
        "chair": cast.commission_head.pk, "others": "相关处室", "minutes": "听取汇报。", "act": "record",
        **{f"on-{line.project.public_id.hex}": "1" for line in session.lines.all()},
        "d-TOTAL_FORMS": "1", "d-INITIAL_FORMS": "1", "d-0-public_id": str(decision.public_id),
        "d-0-text": decision.text, "d-0-unit": decision.unit_id, "d-0-due_on": "2026-11-30",
        "d-0-person_text": "许砚秋", "d-0-project": decision.project.public_id.hex,
    })  # fmt: skip
    decision.refresh_from_db()
    session.refresh_from_db()
    assert (session.status, decision.status) == ("recorded", "open")


def test_the_order_is_changed_and_what_was_decided_on_stays(cast: Cast, client: Client) -> None:
    session = started(cast, client)
    first, second = session.agenda.all()
    client.post(url_of(session, second, "up"))
    assert [row.pk for row in session.agenda.all()] == [second.pk, first.pk]
    client.post(url_of(session, first, "decide"), typed(cast))
    assert client.post(url_of(session, first, "remove")).status_code == 409
    client.post(url_of(session, second, "remove"))
    assert [row.pk for row in session.agenda.all()] == [first.pk]
    assert session.lines.count() == 1


def test_a_decision_without_unit_or_day_is_refused_and_kept_in_the_form(cast: Cast, client: Client) -> None:
    session = started(cast, client)
    item = session.agenda.first()
    assert item is not None
    answer = client.post(url_of(session, item, "decide"), typed(cast, unit="", due_on=""))
    assert answer.status_code == 422
    assert "月底前完成迁改" in answer.content.decode()
    assert not Decision.objects.exists()


def test_m8_4_the_minutes_are_an_official_document_with_everything_decided(
    cast: Cast, client: Client
) -> None:
    session = started(cast, client)
    item = session.agenda.first()
    assert item is not None
    client.post(url_of(session, item, "decide"), typed(cast))
    answer = client.get(f"/dispatch/meetings/{session.public_id}/minutes/")
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    again = client.get(f"/dispatch/meetings/{session.public_id}/minutes/")
    assert answer.content == again.content, "the same record gives the same bytes"
    words = re.sub(
        r"<[^>]+>", "", zipfile.ZipFile(BytesIO(answer.content)).read("word/document.xml").decode()
    )
    for part in ("月底前完成迁改", cast.department_xp.organisation.name, "2026年11月30日", item.project.name):
        assert part in words
    fonts = zipfile.ZipFile(BytesIO(answer.content)).read("word/document.xml").decode()
    assert "方正小标宋简体" in fonts
    assert "仿宋_GB2312" in fonts


@pytest.mark.parametrize(
    "role", ["bureau_xp", "owner_xp", "muni_department", "oversight", "admin_system", "statistics"]
)
def test_nobody_else_runs_the_meeting_or_takes_its_minutes(cast: Cast, client: Client, role: str) -> None:
    session = started(cast, client)
    item = session.agenda.first()
    cast.login(client, cast.people[role])
    for url in (url_of(session), f"/dispatch/meetings/{session.public_id}/agenda/",
                f"/dispatch/meetings/{session.public_id}/minutes/"):  # fmt: skip
        assert client.get(url).status_code == 404, url
    assert client.post(url_of(session, item, "decide"), typed(cast)).status_code == 404
    assert client.get("/dispatch/meetings/").status_code in (403, 404)


def test_the_meeting_costs_the_same_with_one_matter_and_with_two(cast: Cast, client: Client) -> None:
    session = started(cast, client)
    url = url_of(session)
    client.get(url)
    with CaptureQueriesContext(connection) as two:
        client.get(url)
    item = session.agenda.last()
    assert item is not None
    client.post(url_of(session, item, "remove"))
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    assert len(one) == len(two)
