"""Upload → plan → one transaction: the plan previewed is the plan carried out, once (D29, F14, C23)."""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from openpyxl import Workbook, load_workbook

from ningde_projects.documents import imports
from ningde_projects.documents.annotated import annotate
from ningde_projects.documents.blank_forms import sheet_form
from ningde_projects.documents.imports import Change, Importer, ImportPlan, PlanItem
from ningde_projects.documents.models import ImportBatch
from ningde_projects.documents.paper import FormMark, ParsedForm, Subject, bundled, render_form
from ningde_projects.documents.problems import CellError
from ningde_projects.documents.refusals import FileRefused
from ningde_projects.documents.rows import ParsedRow
from ningde_projects.documents.services import imports as services
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import ZONE
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import RuleBroken
from tests.cast import Cast

from . import corpus

AT = datetime(2026, 11, 5, 9, 0, tzinfo=ZONE)
SHEET = Sheet(
    "tests.names",
    "名单",
    (
        Column("code", "编号", required=True),
        Column("name", "姓名", required=True),
        Column("amount", "金额", kind="money"),
    ),
)


class Register:
    """The app that imports: names by code, changed by what is confirmed."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {"1": "旧名"}
        self.applied = 0
        self.refuse_apply = ""

    def check(
        self, rows: Sequence[ParsedRow], actor: Actor, at: datetime, params: Mapping[str, str]
    ) -> ImportPlan:
        plan = ImportPlan()
        seen: set[str] = set()
        for row in rows:
            code, name = row.get("code"), row.get("name")
            if code is None or name is None:
                continue
            if code in seen:
                plan.errors.append(row.error("code", "编号重复", "删除一行"))
            seen.add(code)
            old = self.names.get(code)
            action: Any = "unchanged" if old == name else "update" if old else "create"
            changes = () if old == name else (Change("姓名", old or "", name),)
            plan.items.append(
                PlanItem(action, code, row.sheet, row.row, changes, {"code": code, "name": name})
            )
        return plan

    def apply(
        self, plan: ImportPlan, actor: Actor, at: datetime, params: Mapping[str, str]
    ) -> Mapping[str, Any]:
        for item in plan.items:
            self.names[item.data["code"]] = item.data["name"]
        self.applied += 1
        if self.refuse_apply:
            raise RuleBroken(self.refuse_apply)
        return {"total": len(plan.items)}


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def importer(register: Register, monkeypatch: pytest.MonkeyPatch) -> Importer:
    monkeypatch.setattr(imports, "_importers", {})
    return imports.register_importer(
        Importer(
            "tests.names",
            "名单导入",
            register.apply,
            lambda actor, params: "",
            SHEET,
            register.check,
            max_rows=50,
        )
    )


def content(*rows: list[Any]) -> bytes:
    def fill(book: Workbook) -> None:
        for row in (["编号", "姓名", "金额"], *rows):
            book.worksheets[0].append(row)

    return corpus.workbook(fill)


def receive(
    cast: Cast, importer: Importer, body: bytes, name: str = "名单.xlsx", at: datetime = AT, **params: str
) -> ImportBatch:
    return services.receive(
        importer, SimpleUploadedFile(name, body), cast.actor(cast.commission, at), at, params
    )


def commit(cast: Cast, importer: Importer, batch: ImportBatch, at: datetime = AT) -> services.Committed:
    return services.commit(batch, importer, cast.actor(cast.commission, at), at)


def test_the_preview_tells_what_will_be_done_and_writes_nothing(
    cast: Cast, importer: Importer, register: Register
) -> None:
    batch = receive(cast, importer, content(["1", "新名", 1], ["2", "二", None], ["3", "三", None]))
    assert batch.state == ImportBatch.State.PREVIEWED
    assert batch.counts == {"create": 2, "update": 1, "unchanged": 0, "skip": 0, "errors": 0, "questions": 0}
    assert batch.plan[0] == {
        "action": "update",
        "label": "1",
        "sheet": "Sheet",
        "row": 2,
        "changes": [["姓名", "旧名", "新名"]],
    }
    assert register.names == {"1": "旧名"}
    assert Path(batch.file.path).exists()


def test_confirming_carries_out_the_plan_and_leaves_a_line_in_the_record(
    cast: Cast, importer: Importer, register: Register
) -> None:
    batch = receive(cast, importer, content(["2", "二", None]))
    done = commit(cast, importer, batch)
    assert (done.outcome, done.batch.state, done.batch.result) == ("committed", "committed", {"total": 1})
    assert register.names["2"] == "二"
    act = Act.objects.get(machine="import", name="commit")
    assert (act.user, act.data["create"], act.data["sha256"]) == (cast.commission, 1, batch.sha256)


def test_the_same_batch_twice_is_once(cast: Cast, importer: Importer, register: Register) -> None:
    batch = receive(cast, importer, content(["2", "二", None]))
    commit(cast, importer, batch)
    batch.refresh_from_db()
    assert commit(cast, importer, batch).outcome == "already"
    stale = ImportBatch.objects.get(pk=batch.pk)
    stale.state = ImportBatch.State.PREVIEWED
    assert commit(cast, importer, stale).outcome == "already"
    assert register.applied == 1


def test_all_errors_are_kept_and_nothing_can_be_confirmed(
    cast: Cast, importer: Importer, register: Register
) -> None:
    batch = receive(
        cast, importer, content(["2", "二", "很多"], ["2", None, 1], [None, "三", 1], ["2", "x", 2])
    )
    errors = [CellError.from_json(data) for data in batch.errors]
    assert batch.state == ImportBatch.State.REFUSED
    assert [error.address for error in errors] == ["C2", "B3", "A4", "A5"]
    assert commit(cast, importer, batch).outcome == "refused"
    assert register.applied == 0


def test_data_changed_since_the_preview_are_shown_anew_before_anything_is_written(
    cast: Cast, importer: Importer, register: Register
) -> None:
    batch = receive(cast, importer, content(["2", "二", None]))
    register.names["2"] = "别人先写的"
    done = commit(cast, importer, batch)
    assert done.outcome == "changed"
    assert done.batch.plan[0]["changes"] == [["姓名", "别人先写的", "二"]]
    assert register.names["2"] == "别人先写的"
    assert commit(cast, importer, done.batch).outcome == "committed"


def test_a_refusal_of_the_app_leaves_everything_as_it_was(
    cast: Cast, importer: Importer, register: Register
) -> None:
    batch = receive(cast, importer, content(["2", "二", None]))
    register.refuse_apply = "本月已上报，不能再改。"
    with pytest.raises(RuleBroken, match="已上报"):
        commit(cast, importer, batch)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.PREVIEWED
    assert not Act.objects.filter(name="commit").exists()


def test_a_preview_can_be_confirmed_to_its_last_instant_and_not_after(cast: Cast, importer: Importer) -> None:
    batch = receive(cast, importer, content(["2", "二", None]))
    assert commit(cast, importer, batch, batch.expires_at).outcome == "expired"
    assert commit(cast, importer, batch, batch.expires_at - timedelta(microseconds=1)).outcome == "committed"


def test_previews_that_nobody_confirmed_lose_their_file_and_carried_out_ones_keep_it(
    cast: Cast, importer: Importer
) -> None:
    left = receive(cast, importer, content(["2", "二", None]))
    kept = receive(cast, importer, content(["3", "三", None]))
    commit(cast, importer, kept)
    path, kept_path = Path(left.file.path), Path(kept.file.path)
    assert services.expire(left.expires_at) == 1
    assert (path.exists(), kept_path.exists()) == (False, True)
    left.refresh_from_db()
    assert (left.state, left.plan) == (ImportBatch.State.EXPIRED, [])
    assert services.expire(left.expires_at) == 0


def test_the_same_file_again_is_pointed_out(cast: Cast, importer: Importer) -> None:
    body = content(["2", "二", None])
    commit(cast, importer, receive(cast, importer, body))
    again = receive(cast, importer, body)
    assert again.state == ImportBatch.State.PREVIEWED
    assert (again.counts["unchanged"], again.counts["questions"]) == (1, 1)
    assert "2026-11-05" in again.errors[0]["rule"]


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [("x.xls", corpus.old_excel(), "ending"), ("x.xlsm", corpus.plain_workbook(), "ending"),
     ("x.xlsx", corpus.encrypted(), "locked"),
     ("x.xlsx", b"", "empty"), ("机密名单.xlsx", content(), "secret"), ("x", content(), "ending")],
)  # fmt: skip
def test_a_file_that_is_no_table_leaves_nothing_behind(
    name: str, body: bytes, code: str, cast: Cast, importer: Importer, private_store: Path
) -> None:
    with pytest.raises(FileRefused) as refused:
        receive(cast, importer, body, name)
    assert refused.value.code == code
    assert not ImportBatch.objects.exists()
    assert not [path for path in private_store.rglob("*") if path.is_file()]


def test_csv_is_taken_too(cast: Cast, importer: Importer) -> None:
    batch = receive(cast, importer, "编号,姓名,金额\r\n2,'=二,1\r\n".encode("gbk"), "名单.csv")
    assert (batch.state, batch.plan[0]["changes"][0][2]) == (ImportBatch.State.PREVIEWED, "=二")


def test_a_row_more_than_the_importer_takes_is_an_error(cast: Cast, importer: Importer) -> None:
    rows = [[str(n), f"名{n}", None] for n in range(1, 52)]
    assert receive(cast, importer, content(*rows[:50])).state == ImportBatch.State.PREVIEWED
    assert receive(cast, importer, content(*rows)).state == ImportBatch.State.REFUSED


def test_a_large_file_is_read_by_a_worker(
    cast: Cast, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_importers", {})
    allowed = {"reason": ""}
    importer = imports.register_importer(
        Importer(
            "tests.large", "大表", register.apply, lambda actor, params: allowed["reason"], SHEET, register.check,
            in_background=True,
        )
    )  # fmt: skip
    first, second = (receive(cast, importer, content([n, "二", None])) for n in ("2", "3"))
    assert first.state == ImportBatch.State.WAITING
    assert services.check_waiting(first.pk, AT)
    assert not services.check_waiting(first.pk, AT)
    first.refresh_from_db()
    assert first.state == ImportBatch.State.PREVIEWED
    allowed["reason"] = "职责已收回。"
    services.check_waiting(second.pk, AT)
    second.refresh_from_db()
    assert (second.state, second.errors[0]["rule"]) == (ImportBatch.State.REFUSED, "职责已收回。")


@pytest.mark.django_db(transaction=True)
def test_two_people_confirming_at_once_carry_it_out_once(importer: Importer, register: Register) -> None:
    cast = Cast()
    batch = receive(cast, importer, content(["2", "二", None]))
    actor = cast.actor(cast.commission, AT)
    outcomes: list[str] = []
    gate = threading.Barrier(4)

    def confirm() -> None:
        try:
            mine = ImportBatch.objects.get(pk=batch.pk)
            gate.wait(10)
            outcomes.append(services.commit(mine, importer, actor, AT).outcome)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["already", "already", "already", "committed"]
    assert register.applied == 1


# --- paper forms --------------------------------------------------------------------------------------


def test_paper_forms_come_in_by_the_same_way(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "_importers", {})
    seen: list[ParsedForm] = []

    def check(
        forms: Sequence[ParsedForm], actor: Actor, at: datetime, params: Mapping[str, str]
    ) -> ImportPlan:
        seen[:] = forms
        return ImportPlan([PlanItem("update", str(form.get("name"))) for form in forms])

    importer = imports.register_importer(
        Importer(
            "tests.annex1", "报告单", lambda *given: None, lambda actor, params: "", layout="annex1", check_forms=check,
            choices=lambda actor, at, params: {},
        )
    )  # fmt: skip
    values = {"name": "三沙渔港", "nil": "nil", "month_investment": 1, "year_investment": 1, "total_completed": 1,
              "progress": "完", "next_plan": "续"}  # fmt: skip
    mark = FormMark("annex1", 1, subjects=(Subject("report", "r-1", 4),))
    book = render_form(bundled("annex1", 1), values, mark=mark, fill=True)
    book.create_sheet("我的草稿")["A1"] = "随手记"
    target = io.BytesIO()
    book.save(target)
    batch = receive(cast, importer, target.getvalue(), "报告单.xlsx")
    assert [form.mark.subject("report") for form in seen if form.mark] == [Subject("report", "r-1", 4)]
    assert batch.state == ImportBatch.State.PREVIEWED
    assert [(error["sheet"], error["is_question"]) for error in batch.errors] == [("我的草稿", True)]
    with pytest.raises(FileRefused, match="ending"):
        receive(cast, importer, b"a,b", "报告单.csv")
    assert receive(cast, importer, content(), "报告单.xlsx").state == ImportBatch.State.REFUSED


# --- the annotated workbook ---------------------------------------------------------------------------


def annotated(batch: ImportBatch) -> Any:
    errors = [CellError.from_json(data) for data in batch.errors]
    with annotate(Path(batch.file.path), batch.file_kind, errors) as file:
        return load_workbook(io.BytesIO(file.read()))


def test_findings_are_marked_in_the_uploaded_table_which_can_be_corrected_and_sent_again(
    cast: Cast, importer: Importer
) -> None:
    batch = receive(cast, importer, content(["2", "二", "很多"], ["3", "=1+1", None]))
    book = annotated(batch)
    listed, page = book.worksheets
    assert listed.title == "校验结果"
    assert [cell.value for cell in listed[2]][:5] == ["Sheet", 2, "C", "金额", "很多"]
    assert "很多" in page["C2"].comment.text
    assert page["C2"].fill.fgColor.rgb == "FFFDEEEC"
    assert page["B3"].data_type != "f"
    page["C2"], page["B3"] = 5, "三"
    target = io.BytesIO()
    book.save(target)
    assert receive(cast, importer, target.getvalue()).state == ImportBatch.State.PREVIEWED


def test_marks_of_an_earlier_round_are_taken_off(cast: Cast, importer: Importer) -> None:
    book = annotated(receive(cast, importer, content(["2", "二", "很多"], ["3", "三", "更多"])))
    book.worksheets[1]["C2"] = 5
    target = io.BytesIO()
    book.save(target)
    again = annotated(receive(cast, importer, target.getvalue()))
    assert again.sheetnames == ["校验结果", "Sheet"]
    assert again.worksheets[1]["C2"].comment is None
    assert "更多" in again.worksheets[1]["C3"].comment.text


def test_findings_of_a_csv_come_as_a_list(cast: Cast, importer: Importer) -> None:
    book = annotated(receive(cast, importer, "编号,姓名,金额\n2,二,很多\n".encode(), "x.csv"))
    assert [cell.value for cell in book.worksheets[0][3]][3:5] == ["金额", "很多"]


def test_a_blank_form_with_a_filled_row_is_an_import_too(cast: Cast, importer: Importer) -> None:
    book = sheet_form(SHEET)
    book.worksheets[0]["A3"], book.worksheets[0]["B3"] = "9", "九"
    target = io.BytesIO()
    book.save(target)
    assert receive(cast, importer, target.getvalue()).counts["create"] == 1


def test_an_importer_is_registered_once_and_whole() -> None:
    with pytest.raises(ValueError, match="either"):
        Importer("x", "x", lambda *given: None, lambda actor, params: "")


def test_a_committed_batch_always_has_its_time(cast: Cast, importer: Importer) -> None:
    batch = receive(cast, importer, content(["2", "二", None]))
    with pytest.raises(IntegrityError, match="import_committed_has_its_time"), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(state="committed")
