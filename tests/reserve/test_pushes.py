"""Pushes to the platforms: eligibility named, batches kept byte for byte, results recorded (M1.3)."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from ningde_projects.documents.models import ImportBatch
from ningde_projects.notices.models import Notice
from ningde_projects.notices.todo import todo_for
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion
from reserve import adapters
from reserve.adapters import Handover, Made
from reserve.imports.push_results import RESULTS, SHEET
from reserve.models import FundingLine, Push, PushBatch
from reserve.rules.push_fields import BUNDLED, FIELDS, Facts, missing
from reserve.selectors.push_facts import facts_of
from reserve.services import pushes
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reserve.plans import at, complete, pooled, pushed

JULY = at(2026, 7, 1)
LIST = "/reserve/pushes/?target=provincial"


def bytes_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_m1_3_eligible_projects_are_pushed_in_a_batch_and_their_answer_is_kept(
    cast: Cast, desk: Desk
) -> None:
    desk.at(JULY)
    ready = complete(cast, pooled(cast, "霞浦锂电材料"))
    bare = pooled(cast, "霞浦无资料项目", content="", total=0)
    page = desk.text(cast.commission, LIST)
    assert "霞浦锂电材料" in page
    assert "霞浦无资料项目" in page
    assert "霞浦锂电材料" not in desk.text(cast.commission, LIST + "&state=lacking")
    assert "霞浦无资料项目" not in desk.text(cast.commission, LIST + "&state=eligible")
    client = desk.client(cast.commission)
    both = {"target": "provincial", "projects": [ready.public_id, bare.public_id]}
    refused = client.post("/reserve/pushes/put-up/", both)
    assert refused.status_code == 422
    assert "霞浦无资料项目" in refused.content.decode()
    assert not Push.objects.exists()
    assert client.post("/reserve/pushes/put-up/", both | {"projects": [ready.public_id]}).status_code == 302
    assert client.post("/reserve/pushes/batches/new/?target=provincial").status_code == 302
    batch, push = PushBatch.objects.get(), Push.objects.get()
    assert (push.status, push.batch, batch.count) == ("pushed", batch, 1)
    file = f"/reserve/pushes/batches/{batch.public_id}/file/"
    first = bytes_of(client.get(file))
    ready.name = "改名以后"
    ready.save()
    again = bytes_of(client.get(file))
    assert first == again
    assert hashlib.sha256(first).hexdigest() == batch.sha256
    cells = [
        str(c.value)
        for row in load_workbook(io.BytesIO(first)).worksheets[0].iter_rows()
        for c in row
        if c.value
    ]
    assert "霞浦锂电材料" in cells
    assert "2601-350921-04-01-000001" in cells
    register = {"outside_number": "FJ-2026-0001", "day": "2026-07-01", "version": push.version}
    assert client.post(f"/reserve/pushes/{push.public_id}/register/", register).status_code == 302
    push.refresh_from_db()
    assert (push.status, push.outside_number, push.registered_on) == (
        "registered",
        "FJ-2026-0001",
        date(2026, 7, 1),
    )
    assert "FJ-2026-0001" in desk.text(cast.bureau_xp, f"/projects/{ready.public_id}/")


def test_what_is_missing_is_named_field_by_field(cast: Cast) -> None:
    project = pooled(cast, "霞浦资料不全", content="", industry=None, total=0, start_year=None)
    facts = facts_of([project], 2026)[project.pk]
    assert [field.key for field in missing(facts, BUNDLED["provincial"])] == [
        "industry", "content", "total_investment", "start", "person",
    ]  # fmt: skip
    complete(cast, project)
    project.content, project.total_investment = "厂房", 100
    project.save()
    again = facts_of([project], 2026)[project.pk]
    assert [field.key for field in missing(again, BUNDLED["national"])] == ["industry"]
    assert again.get("start") == "2027-03"
    FundingLine.objects.create(record=project.reserve_record, source="loan", amount=100)
    assert "100" in facts_of([project], 2026)[project.pk].get("funding")
    assert len({field.key for field in FIELDS}) == len(FIELDS)


def test_a_returned_project_says_why_and_goes_again_with_the_next_batch(cast: Cast, desk: Desk) -> None:
    desk.at(JULY)
    project = complete(cast, pooled(cast, "霞浦甲"))
    push = pushed(cast, project)
    client = desk.client(cast.commission)
    url = f"/reserve/pushes/{push.public_id}/"
    assert client.post(url + "return/", {"reason": "", "day": "2026-07-01"}).status_code == 422
    assert client.post(url + "return/", {"reason": "代码有误", "day": "2026-07-02"}).status_code == 422
    assert client.post(url + "return/", {"reason": "代码有误", "day": "2026-07-01"}).status_code == 302
    told = {n.recipient for n in Notice.objects.filter(kind="push_returned")}
    assert {cast.bureau_xp, cast.department_xp, cast.muni_department} <= told
    assert cast.bureau_fa not in told
    assert "代码有误" in desk.text(cast.bureau_xp, url)
    groups = {g.key: g for g in todo_for(cast.actor(cast.commission, JULY), JULY)}
    assert [item.rank for item in groups["pushes"].items] == [0]
    assert client.post(url + "requeue/", {}).status_code == 302
    by = cast.actor(cast.commission, JULY)
    second = pushes.export_batch("provincial", by=by, at=JULY)
    push.refresh_from_db()
    assert (push.batch, push.return_reason, push.lines.count()) == (second, "", 2)
    assert second.number != PushBatch.objects.exclude(pk=second.pk).get().number


def test_a_project_that_has_lost_a_fact_or_left_the_pool_is_not_exported(cast: Cast) -> None:
    by = cast.actor(cast.commission, JULY)
    project = complete(cast, pooled(cast, "霞浦乙"))
    pushes.put_up([project], "provincial", by=by, at=JULY)
    project.content = ""
    project.save()
    with pytest.raises(RuleBroken):
        pushes.export_batch("provincial", by=by, at=JULY)
    project.content, project.stage = "厂房", "exited"
    project.save()
    with pytest.raises(RuleBroken):
        pushes.export_batch("provincial", by=by, at=JULY)
    assert not PushBatch.objects.exists()
    push = Push.objects.get()
    perform(push, "drop", by=by, at=JULY, reason="已退库")
    with pytest.raises(RuleBroken):
        pushes.export_batch("provincial", by=by, at=JULY)


def test_one_number_belongs_to_one_project(cast: Cast) -> None:
    by = cast.actor(cast.commission, JULY)
    first = pushed(cast, complete(cast, pooled(cast, "霞浦丙")))
    second = pushed(cast, complete(cast, pooled(cast, "霞浦丁"), code="2601-350921-04-01-000002"))
    good = {"outside_number": "A1", "day": date(2026, 7, 1)}
    perform(first, "register", by=by, at=JULY, data=good)
    for wrong in (
        good,
        good | {"outside_number": " "},
        {"outside_number": "A2"},
        {"outside_number": "A2", "day": date(2026, 6, 30)},
    ):
        with pytest.raises(RuleBroken):
            perform(second, "register", by=by, at=JULY, data=wrong)
    with pytest.raises(StaleVersion):
        perform(second, "register", by=by, at=JULY, data=good | {"outside_number": "A2"}, version=99)
    with pytest.raises(IntegrityError), transaction.atomic():
        Push.objects.filter(pk=second.pk).update(outside_number="A1")


def results(rows: list[str]) -> SimpleUploadedFile:
    head = ",".join(str(column.title) for column in SHEET.columns)
    return SimpleUploadedFile("results.csv", "\n".join([head, *rows]).encode())


def test_results_come_in_by_file_with_errors_named_by_cell(cast: Cast, desk: Desk) -> None:
    desk.at(JULY)
    first = pushed(cast, complete(cast, pooled(cast, "霞浦戊")))
    second = pushed(cast, complete(cast, pooled(cast, "霞浦己"), code="2601-350921-04-01-000002"))
    done, back = (str(word) for _code, word in RESULTS)
    client = desk.client(cast.commission)
    url = "/imports/push-results/?target=provincial"
    bad = [
        f",霞浦戊,{done},,2026-07-01,",
        f",霞浦己,{back},,2026-07-09,",
        f",不认识的项目,{done},B1,2026-07-01,",
    ]
    answer = client.post(url, {"file": results(bad)}, follow=True).content.decode()
    assert "不认识的项目" in answer
    found = {f"{error['column_letter']}{error['row']}" for error in ImportBatch.objects.latest("pk").errors}
    assert found == {"D2", "E3", "F3", "B4"}
    good = [
        f"2601-350921-04-01-000001,霞浦戊,{done},B1,2026-07-01,",
        f",霞浦己,{back},,2026-07-01,资金来源不明",
    ]
    preview = client.post(url, {"file": results(good)}, follow=True)
    assert client.post(preview.redirect_chain[-1][0] + "confirm/", follow=True).status_code == 200
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.outside_number) == ("registered", "B1")
    assert (second.status, second.return_reason) == ("returned", "资金来源不明")
    assert client.get("/imports/push-results/form.xlsx?target=provincial").status_code == 200
    assert client.get("/imports/push-results/").status_code == 403
    assert desk.get(cast.bureau_xp, url).status_code == 403


def test_the_required_fields_are_data_with_editions(cast: Cast, desk: Desk) -> None:
    desk.at(JULY)
    project = pooled(cast, "霞浦庚", content="", industry=None)
    client = desk.client(cast.commission)
    url = "/reserve/pushes/requirements/?target=provincial"
    form = {
        "number": 0,
        "fields_asked": ["name", "owner"],
        "valid_from": "2026-07-01",
        "reason": "平台调整字段",
    }
    refused: list[dict[str, Any]] = [
        {"fields_asked": []}, {"reason": ""}, {"valid_from": "2026-06-30"}, {"fields_asked": ["nonsense"]},
    ]  # fmt: skip
    for wrong in refused:
        assert client.post(url, form | wrong).status_code == 422, wrong
    assert client.post(url, form | {"number": 5}).status_code == 409
    assert client.post(url, form).status_code == 302
    assert "平台调整字段" in desk.text(cast.commission, url)
    assert pushed(cast, project).status == "pushed"
    assert PushBatch.objects.get().requirement == 1
    assert desk.get(cast.bureau_xp, url).status_code == 403


class Echo:
    """An adapter of another form."""

    name = "echo"

    def make(self, handover: Handover) -> Made:
        names = [str(facts.get("name")) for facts in handover.facts]
        return Made("\n".join(names).encode(), "echo.txt", "text/plain", [{"name": name} for name in names])


def test_the_adapter_is_replaceable(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(adapters._of_target, "provincial", "echo")
    monkeypatch.setitem(adapters._adapters, "echo", Echo())
    pushed(cast, complete(cast, pooled(cast, "霞浦辛")))
    batch = PushBatch.objects.get()
    with batch.file.open("rb") as kept:
        assert kept.read().decode() == "霞浦辛"
    assert (batch.adapter, batch.file_name) == ("echo", "echo.txt")
    assert Facts({}).get("name") is None


def test_only_the_commission_pushes_and_each_sees_its_own(cast: Cast, desk: Desk) -> None:
    desk.at(JULY)
    project = complete(cast, pooled(cast, f"霞浦壬（{cast.canary('xp')}）"))
    push = pushed(cast, project)
    batch = PushBatch.objects.get()
    assert cast.canary("xp") in desk.text(cast.bureau_xp, LIST)
    assert cast.canary("xp") not in desk.text(cast.bureau_fa, LIST)
    exported = desk.get(cast.bureau_fa, "/exports/pushes/?target=provincial&form=csv")
    assert cast.canary("xp") not in b"".join(exported.streaming_content).decode()
    for act in ("", "register/", "return/", "requeue/", "drop/"):
        assert desk.get(cast.bureau_fa, f"/reserve/pushes/{push.public_id}/{act}").status_code == 404
    assert desk.get(cast.bureau_xp, f"/reserve/pushes/{push.public_id}/register/").status_code == 403
    for path in (
        "batches/",
        f"batches/{batch.public_id}/",
        f"batches/{batch.public_id}/file/",
        "batches/new/",
    ):
        assert desk.get(cast.bureau_xp, f"/reserve/pushes/{path}").status_code == 403
        assert desk.get(cast.admin_system, f"/reserve/pushes/{path}").status_code == 404
    assert desk.get(cast.owner_xp, LIST).status_code == 404
    for who in ("bureau_xp", "muni_department", "admin_system"):
        with pytest.raises(NotAllowed):
            pushes.put_up([project], "national", by=cast.actor(cast.people[who], JULY), at=JULY)
        with pytest.raises(NotAllowed):
            pushes.export_batch("national", by=cast.actor(cast.people[who], JULY), at=JULY)


def test_a_double_click_makes_one_batch(cast: Cast, desk: Desk) -> None:
    desk.at(JULY)
    project = complete(cast, pooled(cast, "霞浦癸"))
    pushes.put_up([project], "provincial", by=cast.actor(cast.commission, JULY), at=JULY)
    client, key = desk.client(cast.commission), {"idempotency_key": "7a000000-0000-4000-8000-000000000003"}
    for _click in range(2):
        assert client.post("/reserve/pushes/batches/new/?target=provincial", key).status_code == 302
    assert PushBatch.objects.count() == 1
    assert Act.objects.filter(machine="push", name="batch").count() == 1


def test_the_list_costs_the_same_with_one_and_with_sixty(cast: Cast, desk: Desk) -> None:
    desk.at(JULY)
    pages: list[Any] = [LIST, LIST + "&state=eligible", "/reserve/pushes/batches/"]
    push = pushed(cast, complete(cast, pooled(cast, "项目零")))
    pooled(cast, "项目零零")
    pages.append(f"/reserve/pushes/batches/{push.batch.public_id}/" if push.batch else LIST)
    few = [desk.queries(cast.commission, page) for page in pages]
    for number in range(60):
        complete(cast, pooled(cast, f"项目{number + 1}"), code=f"2601-350921-04-01-{number + 100:06d}")
    assert [desk.queries(cast.commission, page) for page in pages] == few
    assert max(few) <= 40
