"""The audit administrator reads everything that was done, before and after, and changes nothing (E3)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ningde_projects.organizations.actor import SystemActor
from ningde_projects.workflow import acts, history
from ningde_projects.workflow.door import perform, record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.row_changes import changes_of, facts_of
from reports.models import Report
from tests.access.contents import body_of
from tests.cast import CAST, Cast
from tests.reports.story import OCTOBER, november, opened


@pytest.fixture
def auditor(cast: Cast, client: Client) -> Client:
    return cast.login(client, cast.admin_audit)


@pytest.fixture(autouse=True)
def _open_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds of this file whose words the auditor reads."""
    for machine in ("test", "other"):
        monkeypatch.setitem(acts._kinds, machine, acts.Kind(machine, machine, {}, is_administrative=True))


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def test_only_the_audit_administrator_reads_the_record(cast: Cast, client: Client) -> None:
    act = record("test", "act", by=SystemActor(november(1)), at=november(1), text="某件事")
    for role in CAST:
        if role == "disabled":
            continue
        cast.login(client, cast.people[role])
        wanted = 200 if role == "admin_audit" else 404
        for page in ("/records/", f"/records/{act.public_id}/", "/documents/exports/record/"):
            answer = client.get(page)
            if page.startswith("/records/"):
                assert answer.status_code == wanted, (role, page)


def test_the_list_is_narrowed_by_words_days_kind_person_and_office(auditor: Client, cast: Cast) -> None:
    bureau = cast.actor(cast.bureau_xp, november(3))
    record("test", "made", by=bureau, at=november(3), text="鲸鱼")
    record("other", "made", by=SystemActor(november(9)), at=november(9), text="海豚")
    days = "from=2026-11-01&to=2026-11-30"
    cases = {
        "": {"鲸鱼", "海豚"}, "q=鲸": {"鲸鱼"}, "kind=other": {"海豚"}, "kind=test&act=made": {"鲸鱼"},
        "kind=test&act=x": set(), f"person={cast.bureau_xp.public_id}": {"鲸鱼"},
        f"person={cast.idle.public_id}": set(), f"office={cast.bureau_xp.organisation.public_id}": {"鲸鱼"},
        "q=127.0.0.1": {"鲸鱼"}, "q=黄文澜": {"鲸鱼"},
    }  # fmt: skip
    for query, expected in cases.items():
        text = _text(auditor.get(f"/records/?{days}&{query}"))
        assert {word for word in ("鲸鱼", "海豚") if f"{word}" in text} - (
            {"鲸鱼"} if "q=鲸" in query else set()
        ) == (expected - ({"鲸鱼"} if "q=鲸" in query else set())), query
    assert "鲸鱼" not in _text(auditor.get("/records/?from=2026-11-04&to=2026-11-30"))
    assert "海豚" not in _text(auditor.get("/records/?from=2026-11-01&to=2026-11-08"))


@pytest.mark.parametrize(
    "query", ["from=2026-02-31", "to=0000-01-01", "person=x", "office=" + "0" * 36, "kind=a&object=" + "9" * 40,
              "page=-1", "page=x", "q=%00", "q=" + "长" * 500, "from=9999-99-99&to=x&person=%27"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_answered_kindly(auditor: Client, query: str) -> None:
    assert auditor.get(f"/records/?{query}").status_code == 200


def test_the_record_offers_nothing_to_change(auditor: Client) -> None:
    act = record("test", "act", by=SystemActor(november(1)), at=november(1))
    for page in ("/records/", f"/records/{act.public_id}/"):
        text = _text(auditor.get(page))
        assert 'method="post"' not in text.split("<main")[1].split("</main>")[0]
        assert auditor.post(page).status_code == 405


# ---- before and after -------------------------------------------------------------------------------------------


@pytest.fixture
def report(cast: Cast) -> Report:
    opened()
    return Report.objects.get(project=cast.project_xp, month=OCTOBER)


def test_an_act_of_the_door_shows_the_rows_it_changed(auditor: Client, cast: Cast, report: Report) -> None:
    actor = cast.actor(cast.owner_xp, november(2))
    act = perform(report, "start", by=actor, at=november(2))
    rows, total = changes_of(act)
    assert total == len(rows) == 1
    assert (rows[0].row_id, rows[0].is_new) == (report.pk, False)
    states = {field.label: (field.before, field.after) for field in rows[0].fields}
    assert ("未填报", "草稿") in states.values()
    text = _text(auditor.get(f"/records/{act.public_id}/"))
    assert "未填报" in text
    assert "草稿" in text
    assert act.user_text in text


def test_each_act_of_one_request_has_its_own_rows(cast: Cast, report: Report) -> None:
    other = (
        Report.objects.exclude(pk=report.pk).filter(owner=report.owner).first()
        or Report.objects.exclude(pk=report.pk)[0]
    )
    filer = cast.owner_xp if other.owner_id == report.owner_id else _filer_of(cast, other)
    with history.changes(request_id="one"):
        first = perform(report, "start", by=cast.actor(cast.owner_xp, november(2)), at=november(2))
        second = perform(other, "start", by=cast.actor(filer, november(2)), at=november(2))
    assert first.context_id != second.context_id
    assert [row.row_id for row in changes_of(first)[0]] == [report.pk]
    assert [row.row_id for row in changes_of(second)[0]] == [other.pk]


def _filer_of(cast: Cast, report: Report) -> Any:
    owners = {u.organisation_id: u for u in (cast.owner_xp, cast.owner_fa, cast.owner_sj)}
    return owners[report.owner_id]


def test_a_service_in_a_request_ties_its_rows_to_its_act(cast: Cast, client: Client) -> None:
    cast.login(client, cast.idle)
    user = cast.idle
    answer = client.post(
        "/account/",
        {"email": "a@b.example", "by_email": "on", "language": "zh-hans", "version": user.version},
    )
    assert answer.status_code == 302
    act = Act.objects.get(machine="account", name="settings_changed")
    fields = {f.label: (f.before, f.after) for row in changes_of(act)[0] for f in row.fields}
    assert ("—", "a@b.example") in fields.values()


def test_what_is_restricted_is_named_but_not_told(
    auditor: Client, cast: Cast, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = perform(report, "start", by=cast.actor(cast.owner_xp, november(2)), at=november(2))
    monkeypatch.setattr(Report, "record_restricted", True, raising=False)
    rows, _total = changes_of(act)
    assert rows == [] or rows[0].fields == []
    assert "未填报</td>" not in _text(auditor.get(f"/records/{act.public_id}/"))


def test_what_an_act_noted_is_told_with_before_and_after() -> None:
    act = Act(
        machine="m", name="n", data={"changes": {"name": ["旧名", "新名"]}, "month": "2026-10", "x": None}
    )
    found = [
        (fact.label, fact.before, fact.value)
        for fact in facts_of(act.data, {"name": "名称", "month": "月份"})
    ]
    assert found == [("名称", "旧名", "新名"), ("月份", None, "2026-10"), ("x", None, "—")]


def test_the_list_goes_out_as_a_file_and_that_is_recorded(auditor: Client, cast: Cast) -> None:
    record("test", "act", by=cast.actor(cast.bureau_xp, november(3)), at=november(3), text="=1+1")
    url = reverse("documents:export", args=["record"])
    answer = auditor.get(f"{url}?form=csv&from=2026-11-01&to=2026-11-30")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "黄文澜" in text
    assert "'=1+1" in text
    assert Act.objects.filter(name="download", user=cast.admin_audit, data__kind="record").count() == 1
    cast.login(auditor, cast.commission)
    assert auditor.get(url).status_code == 404


def test_e4_of_business_the_auditor_reads_who_and_when_but_not_what(
    auditor: Client, cast: Cast, report: Report
) -> None:
    """Nor does a search for its words say that they stand there, nor the exported file (security.md)."""
    actor = cast.actor(cast.owner_xp, november(2))
    act = record("report", "export", by=actor, at=november(2), obj=report, text="鲸鱼码头", reason="海豚",
                 data={"rows": 3, "name": "企鹅"})  # fmt: skip
    drafting = perform(report, "start", by=actor, at=november(2))
    days = "from=2026-11-01&to=2026-11-30"
    page = _text(auditor.get(f"/records/{act.public_id}/"))
    assert cast.owner_xp.name in page
    assert ">3<" in page
    export = auditor.get(f"{reverse('documents:export', args=['record'])}?form=csv&{days}")
    file = body_of(export).decode("utf-8-sig")
    changed = _text(auditor.get(f"/records/{drafting.public_id}/"))
    for said in (page, file, changed, _text(auditor.get(f"/records/?{days}"))):
        assert not {word for word in ("鲸鱼", "海豚", "企鹅", report.project.name) if word in said}
    for word in ("鲸鱼", "海豚"):
        assert str(act.public_id) not in _text(auditor.get(f"/records/?{days}&q={word}"))
    assert str(act.public_id) in _text(auditor.get(f"/records/?{days}&kind=report"))
