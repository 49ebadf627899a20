"""Reserve targets: set, issued, changed by editions, completed by what comes into the pool (M1.1, D13)."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from ningde_projects.notices.models import Notice
from ningde_projects.notices.todo import todo_for
from ningde_projects.periods import engine
from ningde_projects.periods.models import Enforcement, JobFailure
from ningde_projects.periods.month import Month
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal, RuleBroken, StaleVersion, WrongState
from reserve.exports.targets import COLUMNS
from reserve.models import TargetCell, TargetEdition
from reserve.services import targets
from reserve.services.targets import Target
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reserve.plans import at, issued_targets, pooled, target_draft

DECEMBER = at(2026, 12, 10)


def test_m1_1_targets_are_issued_for_each_county_and_department_and_completion_follows_the_pool(
    cast: Cast, desk: Desk
) -> None:
    issued_targets(cast, 2026, at(2025, 12, 20))
    pooled(cast, "霞浦锂电材料", total=30000)
    pooled(cast, "霞浦不锈钢", total=20000, since=at(2025, 11, 1))  # came in the year before
    pooled(cast, "福安电机二期", "FA", total=60000)
    left = pooled(cast, "霞浦退库项目")
    left.stage = "exited"
    left.save()
    page = desk.text(cast.commission, "/reserve/targets/?year=2026")
    assert "1</a>&nbsp;/&nbsp;5" in page  # Xiapu, industry: one of five
    assert "3.0&nbsp;/&nbsp;10.0" in page
    assert "2</a>&nbsp;/&nbsp;10" in page  # the whole city
    for who in ("bureau_xp", "department_fa", "government_xp", "muni_department", "city_government"):
        assert "3.0&nbsp;/&nbsp;10.0" in desk.text(cast.people[who], "/reserve/targets/?year=2026")
    listed = desk.text(cast.commission, "/reserve/targets/projects/?year=2026&place=XP")
    assert "霞浦锂电材料" in listed
    assert "霞浦不锈钢" not in listed
    assert "霞浦退库项目" not in listed
    assert "福安电机二期" not in listed


def test_an_issued_edition_changes_only_by_a_new_one_with_a_reason_and_stays_readable(
    cast: Cast, desk: Desk
) -> None:
    first = issued_targets(cast)
    by = cast.actor(cast.commission, DECEMBER)
    with pytest.raises(WrongState):
        targets.save_draft(first, [], by=by, at=DECEMBER, version=None)
    with pytest.raises(RuleBroken):
        targets.begin_edition(2027, by=by, at=DECEMBER)
    second = targets.begin_edition(2027, by=by, at=DECEMBER, reason="新增产业园")
    with pytest.raises(WrongState):
        targets.begin_edition(2027, by=by, at=DECEMBER, reason="再来一次")
    cell = second.cells.get(place__code="XP", department=cast.office("SJ", "gxj"))
    assert (cell.count, cell.investment) == (5, Decimal(100000))
    targets.save_draft(second, [Target(cell.place_id, cell.department_id, 9, Decimal(150000))], by=by, at=DECEMBER,
                       version=second.version)  # fmt: skip
    assert TargetEdition.objects.in_force(2027) == first
    targets.issue(second, by=by, at=DECEMBER)
    first.refresh_from_db()
    assert (first.status, second.status) == ("replaced", "issued")
    assert first.cells.count() == 3
    assert "5" in desk.text(cast.bureau_xp, "/reserve/targets/?year=2027&edition=1")
    assert "新增产业园" in desk.text(cast.bureau_xp, "/reserve/targets/?year=2027")


def test_the_draft_is_the_commissions_alone(cast: Cast, desk: Desk) -> None:
    draft = target_draft(cast)
    assert "5" in desk.text(cast.commission2, f"/reserve/targets/{draft.public_id}/edit/")
    for who in ("bureau_xp", "muni_department", "city_government", "department_fa"):
        assert desk.get(cast.people[who], f"/reserve/targets/{draft.public_id}/edit/").status_code == 404
        assert "10.0" not in desk.text(cast.people[who], "/reserve/targets/?year=2027")
    for who in ("admin_system", "admin_audit", "owner_xp", "idle"):
        assert desk.get(cast.people[who], "/reserve/targets/").status_code == 404
    assert desk.get(cast.bureau_xp, "/reserve/targets/new/").status_code == 403


def test_a_county_opens_its_own_figures_only(cast: Cast, desk: Desk) -> None:
    issued_targets(cast, 2026, at(2025, 12, 20))
    pooled(cast, f"霞浦甲（{cast.canary('xp')}）")
    pooled(cast, f"福安乙（{cast.canary('fa')}）", "FA")
    page = desk.text(cast.bureau_fa, "/reserve/targets/?year=2026")
    assert "place=XP" not in page
    assert "place=FA" in page
    listed = desk.text(cast.bureau_fa, "/reserve/targets/projects/?year=2026")
    assert cast.canary("fa") in listed
    assert cast.canary("xp") not in listed
    assert cast.canary("xp") not in desk.text(cast.bureau_fa, "/reserve/targets/projects/?year=2026&place=XP")


def fields(cast: Cast, draft: TargetEdition, **values: str) -> dict[str, Any]:
    xp, gxj = cast.place("XP").pk, cast.office("SJ", "gxj").pk
    return {
        "version": draft.version,
        f"n-{xp}-{gxj}": values.get("n", "7"),
        f"a-{xp}-{gxj}": values.get("a", "12.5"),
    }


def test_the_editor_takes_hundred_millions_and_keeps_ten_thousands(cast: Cast, desk: Desk) -> None:
    draft = target_draft(cast)
    url = f"/reserve/targets/{draft.public_id}/edit/"
    assert desk.post(cast.commission, url, fields(cast, draft)).status_code == 302
    cell = TargetCell.objects.get(edition=draft)
    assert (cell.count, cell.investment) == (7, Decimal("125000.00"))
    assert 'value="12.5"' in desk.text(cast.commission, url)


@pytest.mark.parametrize(
    "bad", [{"n": "-1"}, {"n": "三"}, {"a": "12万元"}, {"a": "abc"}, {"a": "0.0000001"}, {"n": "10000"}]
)
def test_bad_figures_are_named_and_kept(cast: Cast, desk: Desk, bad: dict[str, str]) -> None:
    draft = target_draft(cast)
    answer = desk.post(
        cast.commission, f"/reserve/targets/{draft.public_id}/edit/", fields(cast, draft, **bad)
    )
    assert answer.status_code == 422
    assert next(iter(bad.values())) in answer.content.decode()
    assert "霞浦" in answer.content.decode()
    assert TargetCell.objects.filter(edition=draft).count() == 3


def test_two_at_the_same_draft_do_not_overwrite_each_other(cast: Cast, desk: Desk) -> None:
    draft = target_draft(cast)
    stale = fields(cast, draft) | {"version": draft.version - 1}
    assert desk.post(cast.commission2, f"/reserve/targets/{draft.public_id}/edit/", stale).status_code == 409
    with pytest.raises(StaleVersion):
        targets.save_draft(draft, [], by=cast.actor(cast.commission, DECEMBER), at=DECEMBER, version=99)
    assert TargetCell.objects.filter(edition=draft).count() == 3


def test_begin_issue_and_discard_in_the_browser_once_only(cast: Cast, desk: Desk) -> None:
    key = "7a000000-0000-4000-8000-000000000001"
    client = desk.client(cast.commission)
    for _click in range(2):
        answer = client.post("/reserve/targets/new/", {"year": 2027, "reason": "", "idempotency_key": key})
        assert answer.status_code == 302
    draft = TargetEdition.objects.get()
    refused = client.post(f"/reserve/targets/{draft.public_id}/issue/", {"version": draft.version})
    assert refused.status_code == 422  # nothing is set yet
    client.post(f"/reserve/targets/{draft.public_id}/edit/", fields(cast, draft))
    draft.refresh_from_db()
    assert (
        client.post(f"/reserve/targets/{draft.public_id}/issue/", {"version": draft.version}).status_code
        == 302
    )
    draft.refresh_from_db()
    assert draft.status == "issued"
    assert Notice.objects.filter(kind="reserve_targets_issued", recipient=cast.bureau_xp).count() == 1
    assert not Notice.objects.filter(kind="reserve_targets_issued", recipient=cast.bureau_fa).exists()
    assert client.get(f"/reserve/targets/{draft.public_id}/discard/").status_code == 409


def test_export_and_import_are_one_form(cast: Cast, desk: Desk) -> None:
    draft = target_draft(cast)
    client = desk.client(cast.commission)
    template = client.get(f"/imports/reserve-targets/form.xlsx?edition={draft.public_id}")
    assert template.status_code == 200
    csv = (
        ",".join(str(column.title) for column in COLUMNS) + "\n宁德市工业和信息化局,霞浦县,8,220000\n"
        "宁德市工业和信息化局,福安市,0,0\n不存在的局,霞浦县,1,1\n"
    )
    book = SimpleUploadedFile("targets.csv", csv.encode("utf-8"))
    answer = client.post(f"/imports/reserve-targets/?edition={draft.public_id}", {"file": book}, follow=True)
    text = answer.content.decode()
    assert "不存在的局" in text
    good = SimpleUploadedFile("targets.csv", csv.rsplit("\n", 2)[0].encode("utf-8"))
    answer = client.post(f"/imports/reserve-targets/?edition={draft.public_id}", {"file": good}, follow=True)
    done = client.post(answer.redirect_chain[-1][0] + "confirm/", follow=True)
    assert done.status_code == 200
    assert list(draft.cells.values_list("place__code", "department__short_name", "count")) == [
        ("XP", "市工信局", 8), ("XP", "市交通运输局", 2),
    ]  # fmt: skip
    assert desk.get(cast.bureau_xp, f"/imports/reserve-targets/?edition={draft.public_id}").status_code == 403
    issued_targets(cast, 2026, at(2025, 12, 20))
    assert desk.get(cast.bureau_xp, "/exports/reserve-targets/?year=2026").status_code == 200
    assert desk.get(cast.bureau_xp, "/exports/reserve-entries/?year=2026").status_code == 200
    assert desk.get(cast.admin_system, "/exports/reserve-targets/?year=2026").status_code == 404


def test_the_matrix_that_is_downloaded_is_taken_in_again(cast: Cast, desk: Desk) -> None:
    draft, client = target_draft(cast), desk.client(cast.commission)
    url = f"/imports/reserve-targets/?edition={draft.public_id}"
    answer = client.get(f"/imports/reserve-targets/form.xlsx?edition={draft.public_id}")
    book = load_workbook(BytesIO(answer.getvalue()))
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any("霞浦" in str(cell.value) for cell in row))
    column = {str(cell.value).replace(" ", ""): cell.column or 0 for cell in head if cell.value}
    number = next(at for title, at in column.items() if title.startswith("霞浦") and "个数" in title)
    line = next(row for row in page.iter_rows() if row[0].value == cast.office("SJ", "gxj").name)
    assert page.cell(line[0].row or 0, number).value == 5
    page.cell(line[0].row or 0, number).value = 9
    filled = BytesIO()
    book.save(filled)
    upload = SimpleUploadedFile("储备任务.xlsx", filled.getvalue())
    shown = client.post(url, {"file": upload}, follow=True)
    assert client.post(shown.redirect_chain[-1][0] + "confirm/", follow=True).status_code == 200
    assert sorted(draft.cells.values_list("place__code", "count")) == [("FA", 3), ("XP", 2), ("XP", 9)]
    page.cell(line[0].row or 0, number).value = "九个半"
    filled = BytesIO()
    book.save(filled)
    shown = client.post(url, {"file": SimpleUploadedFile("储备任务.xlsx", filled.getvalue())}, follow=True)
    assert "九个半" in shown.content.decode()
    assert draft.cells.get(place__code="XP", department=cast.office("SJ", "gxj")).count == 9


def test_d13_reminds_the_commission_and_then_says_what_is_missing(cast: Cast) -> None:
    Enforcement.objects.get_or_create(one=True, defaults={"since": Month(2026, 12).start})
    engine.tick(at(2026, 12, 28, 9))
    assert {n.recipient for n in Notice.objects.filter(kind="d13_remind")} == {
        cast.commission,
        cast.commission2,
    }
    engine.tick(at(2027, 1, 1, 1))
    assert not JobFailure.objects.exists(), JobFailure.objects.first()
    assert Notice.objects.filter(kind="d13_due").count() == 2
    assert Act.objects.get(name="d13_deadline").data["missing"] is True


def test_d13_is_silent_when_the_targets_have_been_issued(cast: Cast) -> None:
    issued_targets(cast)
    Enforcement.objects.get_or_create(one=True, defaults={"since": Month(2026, 12).start})
    engine.tick(at(2026, 12, 28, 9))
    engine.tick(at(2027, 1, 1, 1))
    assert not Notice.objects.filter(kind__startswith="d13").exists()
    assert Act.objects.get(name="d13_deadline").data["missing"] is False


def test_what_is_owed_stands_in_the_to_do_of_the_commission(cast: Cast) -> None:
    def titles(when: Any, user: Any = cast.commission) -> list[str]:
        groups = todo_for(cast.actor(user, when), when)
        return [item.title for g in groups if g.key == "reserve_targets" for item in g.items]

    assert len(titles(DECEMBER)) == 1
    assert titles(DECEMBER, cast.bureau_xp) == []
    target_draft(cast)
    assert "2027" in titles(DECEMBER)[0]
    issued = TargetEdition.objects.get()
    targets.issue(issued, by=cast.actor(cast.commission, DECEMBER), at=DECEMBER)
    assert titles(DECEMBER) == []


def test_the_matrix_costs_the_same_with_one_project_and_with_sixty(cast: Cast, desk: Desk) -> None:
    issued_targets(cast, 2026, at(2025, 12, 20))
    pages = ("/reserve/targets/?year=2026", "/reserve/targets/projects/?year=2026")
    pooled(cast, "项目零")
    few = [desk.queries(cast.commission, page) for page in pages]
    for number in range(60):
        pooled(cast, f"项目{number + 1}", "XP" if number % 2 else "FA")
    assert [desk.queries(cast.commission, page) for page in pages] == few
    assert max(few) <= 40


def test_only_the_commission_sets_targets(cast: Cast) -> None:
    for who in ("bureau_xp", "muni_department", "city_government", "viewer_xp", "admin_system"):
        with pytest.raises(NotAllowed):
            targets.begin_edition(2027, by=cast.actor(cast.people[who], DECEMBER), at=DECEMBER)
    assert issubclass(NotAllowed, Refusal)
