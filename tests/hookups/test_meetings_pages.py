"""The pages of meetings: the form in all its ways, lists with their budgets, acts in dialogs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hookups.models import Decision, Session
from ningde_projects.organizations.models import User
from tests.cast import Cast
from tests.hookups.meeting_story import decision_in, draft, november, recorded

AT = november(5)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def bureau(cast: Cast, client: Client) -> Client:
    return cast.login(client, cast.bureau_xp)


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    """A complete form, as the browser sends it."""
    key = cast.project_xp.public_id.hex
    return {
        "held_on": "2026-10-28", "location": "县政府会议室", "chair": cast.government_xp.pk, "others": "陈镇长",
        "minutes": "研究管线迁改。", f"on-{key}": "1", f"note-{key}": "方案未定", "version": "0",
        "d-TOTAL_FORMS": "2", "d-INITIAL_FORMS": "0", "d-0-text": "完成方案", "d-0-unit": cast.direct_xp.organisation.pk,
        "d-0-due_on": "2026-11-20", "d-0-person_text": "叶听雨", "d-0-project": key, "act": "record",
    } | more  # fmt: skip


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(url)
    assert answer.status_code == 200, url
    return len(seen)


def test_m4_2_the_form_records_a_meeting_without_script(cast: Cast, bureau: Client) -> None:
    answer = bureau.post("/hookups/meetings/new/", typed(cast))
    session = Session.objects.get()
    assert answer["Location"] == f"/hookups/meetings/{session.public_id}/"
    item = session.decisions.get()
    assert (session.status, item.status, item.person, item.project) == (
        "recorded",
        "open",
        cast.direct_xp,
        cast.project_xp,
    )
    page = bureau.get(answer["Location"]).content.decode()
    assert "逾期补记" in page, "held in October, recorded on 5 November"


def test_a_draft_is_saved_incomplete_and_goes_on(cast: Cast, bureau: Client) -> None:
    answer = bureau.post("/hookups/meetings/new/", typed(cast, act="save", held_on="", chair="", minutes=""))
    session = Session.objects.get()
    assert answer["Location"] == f"/hookups/meetings/{session.public_id}/edit/"
    page = bureau.get(answer["Location"]).content.decode()
    assert "方案未定" in page
    row = session.decisions.get()
    again = typed(
        cast,
        version=session.version,
        **{"d-0-public_id": str(row.public_id), "d-0-text": "完成方案评审", "d-INITIAL_FORMS": "1"},
    )
    assert bureau.post(answer["Location"], again)["Location"].endswith(f"/{session.public_id}/")
    assert session.decisions.get().text == "完成方案评审"


def test_what_is_missing_is_named_beside_its_field_and_what_was_typed_stays(
    cast: Cast, bureau: Client
) -> None:
    answer = bureau.post("/hookups/meetings/new/", typed(cast, location="", **{"d-0-unit": ""}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写召开地点" in page
    assert "议定事项 1：请选择责任单位" in page
    assert "研究管线迁改。" in page
    assert "完成方案" in page
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("held_on", "2026-13-45"), ("held_on", "昨天"), ("chair", "999999"), ("chair", "x"), ("d-0-due_on", "30.2."),
     ("d-0-unit", "999999"), ("d-0-public_id", "nonsense"), ("minutes", "长" * 10_001), ("location", "长" * 101)],
)  # fmt: skip
def test_bad_input_answers_422_and_saves_nothing(cast: Cast, bureau: Client, field: str, value: str) -> None:
    answer = bureau.post("/hookups/meetings/new/", typed(cast, act="save", **{field: value}))
    assert answer.status_code == 422
    assert not Session.objects.exists()


def test_a_note_that_is_too_long_is_refused_with_the_name_of_its_project(cast: Cast, bureau: Client) -> None:
    answer = bureau.post(
        "/hookups/meetings/new/", typed(cast, **{f"note-{cast.project_xp.public_id.hex}": "长" * 501})
    )
    assert answer.status_code == 422
    assert "不超过 500 字" in answer.content.decode()


def test_a_double_click_records_once(cast: Cast, bureau: Client) -> None:
    data = typed(cast, idempotency_key=str(uuid.uuid4()))
    first, second = bureau.post("/hookups/meetings/new/", data), bureau.post("/hookups/meetings/new/", data)
    assert first["Location"] == second["Location"]
    assert Session.objects.count() == 1


def test_a_form_shown_with_an_older_version_is_refused_and_changes_nothing(
    cast: Cast, bureau: Client
) -> None:
    session = draft(cast)
    answer = bureau.post(
        f"/hookups/meetings/{session.public_id}/edit/", typed(cast, version="77", location="别处")
    )
    assert answer.status_code == 409
    assert "县政府三楼会议室" in answer.content.decode(), "the other one's text"
    assert "别处" in answer.content.decode(), "and one's own"
    session.refresh_from_db()
    assert session.location == "县政府三楼会议室"


def test_the_correction_keeps_what_is_done_and_asks_for_its_reason(cast: Cast, bureau: Client) -> None:
    item = decision_in(cast, "verified")
    url = f"/hookups/meetings/{item.session.public_id}/revise/"
    item.session.refresh_from_db()
    data = typed(cast, version=item.session.version, held_on="2026-10-12", **{
        "d-TOTAL_FORMS": "3", "d-INITIAL_FORMS": "1", "d-0-public_id": str(item.public_id), "d-0-text": "篡改",
        "d-1-text": "补充事项", "d-1-unit": cast.direct_xp.organisation.pk, "d-1-due_on": "2026-11-30",
    })  # fmt: skip
    answer = bureau.post(url, data)
    assert answer.status_code == 422
    assert "请填写原因" in answer.content.decode()
    assert bureau.post(url, data | {"reason": "漏记一项"}).status_code == 302
    item.refresh_from_db()
    assert item.text == "完成管线迁改方案", "a verified decision is locked in the form"
    assert set(item.session.decisions.values_list("status", flat=True)) == {"verified", "open"}
    edition = bureau.get(f"/hookups/meetings/{item.session.public_id}/editions/2/").content.decode()
    assert "漏记一项" in edition
    assert bureau.get(f"/hookups/meetings/{item.session.public_id}/editions/9/").status_code == 404


def test_who_sees_a_meeting_and_does_not_keep_it_is_told_why(cast: Cast, client: Client) -> None:
    session = recorded(cast)
    cast.login(client, cast.commission)
    for verb in ("revise", "withdraw", "edit"):
        answer = client.get(f"/hookups/meetings/{session.public_id}/{verb}/")
        assert answer.status_code == 403, verb
        assert "霞浦" in answer.content.decode()


def test_the_one_click_record_comes_with_the_leader_and_his_projects_without_a_meeting(
    cast: Cast, client: Client
) -> None:
    cast.login(client, cast.government_xp)
    page = client.get("/hookups/meetings/new/?kind=dispatch&chair=me").content.decode()
    assert f'value="{cast.government_xp.pk}" selected' in page
    box = re.search(rf'<input[^>]*id="on-{cast.project_xp.public_id.hex}"[^>]*>', page)
    assert box is not None
    assert "checked" in box.group()
    cast.login(client, cast.bureau_xp)
    recorded(cast)
    link = f"/hookups/meetings/new/?kind=dispatch&leader={cast.government_xp.public_id}"
    assert "checked" in client.get(link).content.decode(), "November has none yet"
    assert "checked" not in client.get(f"{link}&period=2026-10").content.decode(), "October has one"


def test_a_decision_is_worked_on_verified_and_sent_back_in_dialogs(cast: Cast, client: Client) -> None:
    item = decision_in(cast, "open")
    url = f"/hookups/decisions/{item.public_id}/"
    cast.login(client, cast.department_xp)
    assert "报办结" in client.get(url).content.decode()
    assert client.post(f"{url}progress/", {"reason": ""}).status_code == 422
    assert client.post(f"{url}progress/", {"reason": "已踏勘", "version": item.version}).status_code == 302
    assert client.post(f"{url}finish/", {"reason": "已批复", "version": item.version}).status_code == 409, (
        "an older version"
    )
    item.refresh_from_db()
    assert client.post(f"{url}finish/", {"reason": "已批复", "version": item.version}).status_code == 302
    assert client.get(f"{url}verify/").status_code == 403
    assert client.get(f"{url}nonsense/").status_code == 404
    cast.login(client, cast.bureau_xp)
    assert client.post(f"{url}send_back/", {"reason": "缺批复"}).status_code == 302
    assert "缺批复" in client.get(url).content.decode()
    assert client.get(f"{url}verify/").status_code == 409, "not reported as done any more"


def test_the_unit_adds_a_file_as_evidence(cast: Cast, client: Client) -> None:
    item = decision_in(cast, "open")
    cast.login(client, cast.department_xp)
    file = SimpleUploadedFile("批复.pdf", b"not a pdf", content_type="application/pdf")
    answer = client.post(f"/attachments/decision/{item.public_id}/add/", {"file": file, "declared": "on"})
    assert answer.status_code == 422, "the upload check of the documents room looks at it"
    assert client.get(f"/attachments/decision/{item.public_id}/add/").status_code == 200


@pytest.mark.parametrize("url", [
    "/hookups/meetings/?kind=nonsense&period=2026-99&place=ZZZZZZ&office=x&project=y&state=z&page=-1&q=%00",
    "/hookups/meetings/?kind=on_site&period=2026Q4&state=late", "/hookups/meetings/?q=不存在",
    "/hookups/decisions/?state=nonsense&unit=x&project=y&page=zz&mine=2", "/hookups/decisions/?state=overdue&mine=1",
    "/hookups/duties/?kind=nonsense&period=2999-12&state=z&place=ZZ&leader=x", "/hookups/duties/?state=gap",
])  # fmt: skip
def test_an_address_that_asks_for_nonsense_is_answered_with_what_there_is(
    cast: Cast, bureau: Client, url: str
) -> None:
    assert bureau.get(url).status_code == 200


def test_the_filters_leave_what_they_say(cast: Cast, bureau: Client) -> None:
    recorded(cast)
    recorded(cast, at=november(4), held_on=date(2026, 10, 20))
    recorded(cast, at=november(4), held_on=date(2026, 11, 2), decisions=[])
    for query, expected in (
        ("", 3), ("period=2026-10", 2), ("period=2026Q4", 3), ("period=2026Q3", 0), ("state=late", 1),
        ("kind=on_site", 0),
        (f"project={cast.project_xp.public_id}", 3), (f"project={cast.project_cross.public_id}", 0), ("q=三楼", 3),
        ("state=draft", 0), ("place=FA", 0),
    ):  # fmt: skip
        assert f"共 {expected} 次" in bureau.get(f"/hookups/meetings/?{query}").content.decode(), query


def _many(cast: Cast, number: int) -> None:
    for _n in range(number):
        recorded(cast)


@pytest.mark.parametrize(
    "url",
    ["/hookups/meetings/", "/hookups/decisions/?state=all", "/hookups/duties/?period=2026-10", "project"],
)
def test_lists_and_panel_ask_the_same_number_of_queries_for_one_and_for_fifty(
    cast: Cast, bureau: Client, url: str
) -> None:
    url = f"/projects/{cast.project_xp.public_id}/" if url == "project" else url
    _many(cast, 1)
    bureau.get(url)
    one = queries(bureau, url)
    _many(cast, 49)
    assert queries(bureau, url) <= one + 1
    assert one < 60


def test_one_meeting_asks_the_same_number_of_queries_whatever_is_in_it(cast: Cast, bureau: Client) -> None:
    few, session = recorded(cast), recorded(cast)
    row = session.decisions.get()
    Decision.objects.bulk_create(
        Decision(session=session, text=f"事项{n}", unit=row.unit, due_on=row.due_on, status="open")
        for n in range(40)
    )
    bureau.get(f"/hookups/meetings/{few.public_id}/")
    one = queries(bureau, f"/hookups/meetings/{few.public_id}/")
    assert queries(bureau, f"/hookups/meetings/{session.public_id}/") == one


def test_the_project_page_tells_of_its_meetings_and_decisions(cast: Cast, bureau: Client) -> None:
    recorded(cast)
    page = bureau.get(f"/projects/{cast.project_xp.public_id}/").content.decode()
    assert "2026 年调度 1 次，最近 10-12" in page
    assert "完成管线迁改方案" in page


@pytest.mark.parametrize(
    "role", ["bureau_xp", "muni_department", "commission", "owner_xp", "city_government", "muni_factor"]
)
def test_pages_without_data_say_why_and_what_now(cast: Cast, client: Client, role: str) -> None:
    user: User = cast.people[role]
    cast.login(client, user)
    assert "还没有会议记录" in client.get("/hookups/meetings/").content.decode()
    assert "没有待办事项" in client.get("/hookups/decisions/").content.decode()


def test_owners_have_no_meeting_to_record_and_are_told_who_has(cast: Cast, client: Client) -> None:
    cast.login(client, cast.owner_xp)
    answer = client.get("/hookups/meetings/new/")
    assert answer.status_code == 403
    assert "县发改局" in answer.content.decode()


def test_the_projects_that_are_ticked_lead_the_list(cast: Cast, bureau: Client) -> None:
    session = draft(cast, lines=[(cast.project_cross, "管线")])
    text = bureau.get(f"/hookups/meetings/{session.public_id}/edit/").content.decode()
    keys = re.findall(r'name="on-([0-9a-f]+)"', text)
    assert keys[0] == cast.project_cross.public_id.hex
    assert len(keys) == 2
    assert "<b data-picked>1</b>" in text
