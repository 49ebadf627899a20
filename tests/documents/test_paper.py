"""附件1 and 附件2: drawn from their layouts, and the same sheet read back (M5.5, M6.4, settled point 12)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from ningde_projects.documents.paper import (
    Form,
    FormMark,
    Layout,
    LayoutError,
    ParsedForm,
    Stamp,
    Subject,
    bundled,
    bundled_versions,
    read_form,
    render_form,
    render_forms,
)
from ningde_projects.documents.paper.layout import FOLDER
from ningde_projects.documents.problems import blocking
from ningde_projects.documents.reading import opened
from ningde_projects.periods.month import ZONE, Month

ANNEX1, ANNEX2 = bundled("annex1", 1), bundled("annex2", 1)
CHOICES = {
    "categories": [("01", "安征迁"), ("03", "用林用地报批")],
    "effects": [("schedule", "影响序时")],
    "levels": [("county", "县级"), ("city", "市直部门"), ("leaders", "市领导")],
    "handled": [("going", "推进中")],
}
MARK = FormMark("annex1", 1, subjects=(Subject("project", "p-1", 3), Subject("report", "r-1", 7)))
PROBLEM_ID = "11111111-1111-4111-8111-111111111111"
REPORT: dict[str, Any] = {
    "month": Month(2026, 10), "recipients": "霞浦县发改局", "report_kind": "routine", "nil": "problems",
    "name": "=三沙渔港", "code": "2403-350921-04-01-123456", "level": "municipal", "management": "county",
    "stage": "在建", "place": "霞浦县三沙镇", "industry": "农林水利", "owner": "霞浦城建", "owner_kind": "县属国企",
    "content": "疏港道路 3.8 公里", "total_investment": Decimal("26400.00"), "annual_plan": Decimal("8500.00"),
    "annual_target": "贯通", "planned_start": Month(2024, 3), "planned_finish": Month(2027, 12),
    "county_leader": "雷景明（副县长）", "county_direct": "钟建华", "industry_leader": "苏国梁",
    "industry_direct": "林志强",
    "enterprise_leader": "陈国企", "month_investment": Decimal("420.00"), "year_investment": Decimal("5290.00"),
    "total_completed": Decimal("15890.12"), "year_rate": Decimal("62.20"), "schedule_rate": Decimal("83.30"),
    "schedule_gap": "欠21.1个百分点", "progress": "路基完成\n水稳层1.42公里", "next_plan": "沉箱安放",
    "in_statistics": True,
    "statistics_investment": Decimal("4870.00"), "statistics_difference": "未汇总",
    "reporter": "陈晓燕",
    "reporter_phone": "0593-8888216", "reviewer": "王审", "unit_head": "李总", "seal": "章",
    "nil_answer": "无", "signature": "签",
    "filed_on": date(2026, 11, 5),
}  # fmt: skip
PROBLEM: dict[str, Any] = {
    "category": "03", "description": "-未取得批复", "occurred_on": date(2026, 7, 15), "effect": "schedule",
    "affected_investment": Decimal("2600.00"), "measures_taken": "已补报", "request": "请加快评审", "level": "city",
    "responsible": "市自然资源局", "wanted_by": date(2026, 11, 30), "handled": "going",
    "handled_note": "已收件",
}  # fmt: skip


def annex1(folder: Path, problems: list[dict[str, Any]] | None = None, **given: Any) -> Path:
    path = folder / "annex1.xlsx"
    options: dict[str, Any] = {"mark": MARK, "choices": CHOICES, "fill": True} | given
    rows = [PROBLEM | {"row_id": PROBLEM_ID}] if problems is None else problems
    render_form(ANNEX1, REPORT, {"problems": rows}, **options).save(path)
    return path


def read(path: Path, layout: Layout = ANNEX1) -> ParsedForm:
    """As an upload is read: through the gate and the sandbox."""
    with opened(path, "xlsx", max_rows=500) as sheets:
        return read_form(layout, next(sheet for sheet in sheets if not sheet.hidden), CHOICES)


def changed(path: Path, change: Callable[[Worksheet], None], layout: Layout = ANNEX1) -> ParsedForm:
    book = load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return read(path, layout)


def with_required(*keys: str) -> Layout:
    """附件1 with fields and columns that may not be empty; as it ships, the report's own rules judge that."""
    data = json.loads((FOLDER / "annex1.v1.json").read_text(encoding="utf-8"))
    for column in data["blocks"][2]["columns"]:
        column["required"] = column["key"] in keys
    for key in set(keys) & set(data["fields"]):
        data["fields"][key]["required"] = True
    return Layout.from_json(data)


def cell_of(path: Path, key: str) -> str:
    return read(path).values[key].address


def test_what_goes_out_comes_back_value_for_value(tmp_path: Path) -> None:
    form = read(annex1(tmp_path))
    assert form.errors == []
    assert form.mark == MARK
    assert {key: form.get(key) for key in ANNEX1.fields} == REPORT
    (row,) = form.tables["problems"]
    assert row.row_id == PROBLEM_ID
    assert dict(row.values) == PROBLEM


def test_the_print_comes_back_as_well_as_the_form_to_fill_in(tmp_path: Path) -> None:
    form = read(annex1(tmp_path, fill=False, stamp=Stamp.draft()))
    assert form.errors == []
    assert form.get("total_completed") == Decimal("15890.12")


def test_annex_2_comes_back_too(tmp_path: Path) -> None:
    item = {"project": "三沙渔港", "level": "市重点", "problem": "用海" * 600, "county_action": "已协调",
            "request": "请批复", "total_investment": Decimal("1126400.00"), "rate": Decimal("62.20"),
            "coordination_level": "city",
            "deadline": date(2026, 11, 30), "lagging": True, "row_id": "x-1"}  # fmt: skip
    values = {"place": "霞浦县", "month": Month(2026, 10), "due": 41, "filed": 40, "by_category": "安征迁 9"}
    path = tmp_path / "annex2.xlsx"
    render_form(ANNEX2, values, {"problems": [item, item | {"row_id": "x-2"}]}, choices=CHOICES).save(path)
    form = read(path, ANNEX2)
    assert form.errors == []
    assert {key: form.get(key) for key in values} == values
    first, second = form.tables["problems"]
    assert {key: first.get(key) for key in item if key != "row_id"} == {
        k: v for k, v in item.items() if k != "row_id"
    }
    assert (first.row_id, second.row_id) == ("x-1", "x-2")


def test_a_new_problem_typed_into_an_empty_row_is_read_as_new(tmp_path: Path) -> None:
    path = annex1(tmp_path)
    row = read(path).tables["problems"][0].row + 1

    def add(page: Worksheet) -> None:
        for column, value in {
            2: "安征迁",
            3: "征收余 5 户",
            5: "2026年10月18日",
            10: "请协调",
            12: "县级",
        }.items():
            page.cell(row, column).value = value

    form = changed(path, add)
    assert form.errors == []
    assert [(r.row_id, r.get("category")) for r in form.tables["problems"]] == [
        (PROBLEM_ID, "03"),
        ("", "01"),
    ]


def test_every_error_names_its_cell_and_label(tmp_path: Path) -> None:
    path = annex1(tmp_path)
    month, progress = cell_of(path, "month_investment"), cell_of(path, "progress")
    row = read(path).tables["problems"][0].row

    def spoil(page: Worksheet) -> None:
        page[month] = "四百二"
        page[progress] = None
        page.cell(row, 5).value = "=TODAY()"
        page.cell(row, 12).value = "省级"
        page.cell(row, 10).value = None

    errors = changed(path, spoil, with_required("progress", "request")).errors
    assert [(error.address, error.column_title) for error in errors] == [
        (month, "10月完成投资"), (progress, "形象进度"), (f"E{row}", "产生时间"), (f"J{row}", "需协调解决的事项及建议"),
        (f"L{row}", "建议协调层级"),
    ]  # fmt: skip


def test_rows_that_have_moved_are_still_found(tmp_path: Path) -> None:
    path = annex1(tmp_path)
    book = load_workbook(path)
    old: Any = book.worksheets[0]
    new = book.create_sheet("移动")
    for line in old.iter_rows():
        for cell in line:
            new.cell(cell.row + (2 if cell.row > 1 else 0), cell.column).value = cell.value
    book.remove(old)
    book.save(path)
    form = read(path)
    assert form.get("month_investment") == Decimal("420.00")
    assert [row.row_id for row in form.tables["problems"]] == [PROBLEM_ID]


@pytest.mark.parametrize(
    ("mark", "word"),
    [(FormMark("annex1", 7), "7"), (FormMark("annex2", 1), "重点项目建设问题报告单")],
)
def test_another_form_or_version_is_refused_kindly(mark: FormMark, word: str, tmp_path: Path) -> None:
    form = read(annex1(tmp_path, mark=mark))
    assert form.values == {}
    assert len(form.errors) == 1
    assert word in form.errors[0].rule
    assert form.errors[0].way_out


@pytest.mark.parametrize("value", [None, "nd1:forged", "x"])
def test_a_mark_that_is_gone_or_forged_is_refused(value: str | None, tmp_path: Path) -> None:
    path = annex1(tmp_path)

    def spoil(page: Worksheet) -> None:
        page.cell(1, ANNEX1.width + 1).value = value

    form = changed(path, spoil)
    assert form.values == {}
    assert len(blocking(form.errors)) == 1


def test_a_column_put_in_between_is_refused_and_nothing_is_read_from_the_wrong_cells(tmp_path: Path) -> None:
    path = annex1(tmp_path)

    def insert(page: Worksheet) -> None:
        mark = page.cell(1, ANNEX1.width + 1).value
        page.cell(1, ANNEX1.width + 1).value = None
        page.cell(1, ANNEX1.width + 2).value = mark

    form = changed(path, insert)
    assert form.values == {}
    assert [error.rule for error in form.errors] == ["表中增加或删除了列"]


def test_a_changed_heading_a_deleted_row_and_a_copied_row_are_told(tmp_path: Path) -> None:
    path = annex1(tmp_path)
    row = read(path).tables["problems"][0].row
    progress = read(path).values["progress"].row
    hidden = ANNEX1.width + 1

    def spoil(page: Worksheet) -> None:
        page.cell(progress, 1).value = "别的"
        page.cell(progress + 1, hidden).value = None
        for column in range(1, hidden + 1):
            if not isinstance(page.cell(row + 1, column), MergedCell):
                page.cell(row + 1, column).value = page.cell(row, column).value

    rules = " ".join(error.rule for error in changed(path, spoil).errors)
    assert "形象进度" in rules
    assert "下月工作计划" in rules
    assert str(row) in rules


def test_text_beside_a_column_is_not_lost_silently(tmp_path: Path) -> None:
    path = annex1(tmp_path)
    row = read(path).tables["problems"][0].row + 3

    def stray(page: Worksheet) -> None:
        page.unmerge_cells(f"C{row}:D{row}")
        page[f"D{row}"] = "写错了格"

    assert f"D{row}" in [error.address for error in changed(path, stray).errors]


# --- how it looks -------------------------------------------------------------------------------------


def sheet_of(book: Workbook) -> Worksheet:
    return book.worksheets[0]


def test_the_print_is_the_paper_form(tmp_path: Path) -> None:
    page: Any = load_workbook(annex1(tmp_path, fill=False, stamp=Stamp.draft())).worksheets[0]
    texts = [str(cell.value) for line in page.iter_rows() for cell in line if cell.value]
    for wanted in ("附件1", "送审稿", "宁德市重点项目建设问题报告单", "单位：万元", "10月完成投资", "1—10月累计完成投资",
                   "☑例行月报  □重大紧急即报",
                   "单位负责人（签字）：", "2026年10月", "需协调解决的事项及建议"):  # fmt: skip
        assert wanted in texts
    assert page.page_setup.paperSize == 9
    assert page.page_setup.orientation == "landscape"
    assert page.print_area.endswith(f"$A$1:$P${page.max_row}")
    assert page.oddHeader.right.text == "送审稿"
    assert page.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert page.print_title_rows
    assert not page.protection.sheet
    assert page.column_dimensions["Q"].hidden


def test_an_approved_print_carries_who_and_when(tmp_path: Path) -> None:
    stamp = Stamp.approved("雷景明 & 王", datetime(2026, 11, 9, 16, 40, tzinfo=ZONE))
    page: Any = load_workbook(annex1(tmp_path, fill=False, stamp=stamp)).worksheets[0]
    assert page.oddHeader.right.text == "审定：雷景明 && 王 2026-11-09 16:40"
    assert "送审稿" not in [cell.value for cell in page[1]]


def test_a_zero_report_says_so_instead_of_an_empty_table(tmp_path: Path) -> None:
    page: Any = load_workbook(annex1(tmp_path, problems=[], fill=False)).worksheets[0]
    assert "10月无问题（零报告）" in [cell.value for line in page.iter_rows() for cell in line]


def test_hostile_text_is_no_formula_on_paper(tmp_path: Path) -> None:
    page: Any = load_workbook(annex1(tmp_path)).worksheets[0]
    assert {cell.data_type for line in page.iter_rows() for cell in line} <= {"s", "inlineStr", "n", "d"}
    name = page[cell_of(tmp_path / "annex1.xlsx", "name")]
    assert name.quotePrefix


def test_a_very_long_text_is_split_over_rows_because_excel_cuts_rows_at_409_points(tmp_path: Path) -> None:
    path = annex1(tmp_path, problems=[PROBLEM | {"description": "很长的描述。" * 250, "row_id": PROBLEM_ID}])
    page: Any = load_workbook(path).worksheets[0]
    assert max(dimension.height or 0 for dimension in page.row_dimensions.values()) <= 409
    (row,) = read(path).tables["problems"]
    assert row.get("description") == "很长的描述。" * 250


def test_only_input_cells_can_be_changed_and_choices_are_offered(tmp_path: Path) -> None:
    path = annex1(tmp_path)
    page: Any = load_workbook(path).worksheets[0]
    form = read(path)
    assert page.protection.sheet
    assert {key: page[value.address].protection.locked for key, value in form.values.items()} == {
        key: not described.editable for key, described in ANNEX1.fields.items()
    }
    lists = [rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "list"]
    assert len(lists) == 6


def test_many_forms_stand_in_one_workbook_each_with_its_own_mark(tmp_path: Path) -> None:
    forms = [
        Form(
            REPORT | {"name": f"项目{n}"},
            {"problems": []},
            FormMark("annex1", 1, subjects=(Subject("project", str(n)),)),
            tab="同名",
        )
        for n in range(3)
    ]
    path = tmp_path / "many.xlsx"
    render_forms(ANNEX1, forms, choices=CHOICES, fill=True).save(path)
    with opened(path, "xlsx", max_rows=500) as sheets:
        visible = [read_form(ANNEX1, sheet, CHOICES) for sheet in sheets if not sheet.hidden]
    assert [form.sheet for form in visible] == ["同名", "同名_2", "同名_3"]
    subjects = [form.mark.subject("project") for form in visible if form.mark]
    assert [subject.public_id for subject in subjects if subject] == ["0", "1", "2"]


# --- layouts ------------------------------------------------------------------------------------------


def test_the_bundled_layouts_are_sound_and_numbered() -> None:
    for path in FOLDER.glob("*.json"):
        layout = Layout.from_json(json.loads(path.read_text(encoding="utf-8")))
        assert path.name == f"{layout.key}.v{layout.version}.json"
        assert layout.version in bundled_versions(layout.key)


def test_annex_1_and_2_carry_the_columns_of_their_field_lists() -> None:
    assert [column.field.label for column in ANNEX2.tables()[0].columns] == [
        "序号", "项目名称", "项目级别", "行业类别", "建设单位", "总投资", "年度计划", "累计完成", "占年计划",
        "超（欠）序时百分点", "问题类别", "存在问题", "县级已协调情况", "需上级协调事项", "建议协调层级",
        "建议牵头市直部门", "配合单位", "属地责任领导",
        "直接责任人", "拟解决时限", "是否滞后项目", "备注",
    ]  # fmt: skip
    assert [column.field.label for column in ANNEX1.tables()[0].columns] == [
        "序号", "问题类别", "问题描述", "产生时间", "影响程度", "受影响投资",
        "已采取措施（直接责任人3个工作日内协调情况）",
        "需协调解决的事项及建议", "建议协调层级", "建议责任单位", "希望解决时限", "上月问题办理情况", "办理进展",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"schema": 2}, "schema"),
        ({"widths": [10]}, "spans add up"),
        ({"paper": "A5"}, "paper"),
        ({"title": ""}, "title is missing"),
        ({"fields": {"x": {"label": "甲", "kind": "colour"}}}, "kind colour"),
        ({"fields": {"x": {"label": "甲", "unknown": 1}}}, "unknown"),
        ({"blocks": [{"type": "song"}]}, "'song'"),
    ],
)
def test_a_faulty_layout_names_its_faults(change: dict[str, Any], fault: str) -> None:
    data = json.loads((FOLDER / "annex1.v1.json").read_text(encoding="utf-8")) | change
    with pytest.raises(LayoutError) as wrong:
        Layout.from_json(data)
    assert fault in str(wrong.value)
