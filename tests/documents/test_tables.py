"""A table against its sheet: header, rows, every error at once with its place (D15–D21, D29)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ningde_projects.documents.blank_forms import sheet_form
from ningde_projects.documents.paper import FormMark
from ningde_projects.documents.problems import CellError, blocking
from ningde_projects.documents.reading import opened
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.documents.tables import ParsedTable, read_table

from . import corpus

SHEET = Sheet(
    "tests.leaders",
    "挂钩领导名单",
    (
        Column("project", "项目名称", required=True, width=30),
        Column("leader", "责任领导", required=True, aliases=("挂钩领导",)),
        Column("amount", "总投资（万元）", kind="money"),
        Column("since", "起始日期", kind="date"),
        Column(
            "rank",
            "职级",
            kind="choice",
            choices=[("county", "县处级"), ("township", "乡科级")],
            help="按任免文件填写",
        ),
        Column("remark", "系统编号", editable=False),
    ),
    version=2,
)
TITLES = ["项目名称", "责任领导", "总投资（万元）", "起始日期", "职级", "系统编号"]
GOOD = ["三沙渔港", "雷景明", 26400, "2026-03-01", "县处级", "A1"]


def table(folder: Path, fill: Callable[[Worksheet], None], sheet: Sheet = SHEET) -> ParsedTable:
    def into(book: Workbook) -> None:
        fill(book.worksheets[0])

    path = corpus.saved(folder, corpus.workbook(into))
    with opened(path, "xlsx", max_rows=1000) as sheets:
        return read_table(sheet, sheets)


def lines(*rows: list[Any]) -> Callable[[Worksheet], None]:
    def fill(page: Worksheet) -> None:
        for row in rows:
            page.append(row)

    return fill


def places(errors: list[CellError]) -> list[tuple[str, str]]:
    return [(error.address, error.column_title) for error in errors]


def test_rows_are_typed_and_know_where_they_stand(tmp_path: Path) -> None:
    found = table(tmp_path, lines(["挂钩领导名单"], [], TITLES, GOOD))
    assert found.errors == []
    (row,) = found.rows
    assert row.get("amount") == Decimal("26400.00")
    assert row.get("rank") == "county"
    finding = row.error("leader", "规则", "出路")
    assert (finding.sheet, finding.address, finding.column_title, finding.value) == (
        "Sheet",
        "B4",
        "责任领导",
        "雷景明",
    )


def test_all_errors_are_told_at_once_with_sheet_row_column_and_name(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        lines(
            TITLES,
            [None, "雷景明", "约三亿", "2026-02-30", "厅级", None],
            ["溪南", "=A2", 1, None, None, None],
            ["盐田", None, "#REF!", None, None, None],
        ),
    )
    assert places(found.errors) == [
        ("A2", "项目名称"), ("C2", "总投资（万元）"), ("D2", "起始日期"), ("E2", "职级"), ("B3", "责任领导"),
        ("B4", "责任领导"), ("C4", "总投资（万元）"),
    ]  # fmt: skip
    assert all(error.rule and error.way_out and error.sheet == "Sheet" for error in found.errors)
    assert "第 2 行" in found.errors[0].place
    assert len(found.rows) == 3


@pytest.mark.parametrize(
    "titles",
    [
        ["责任领导", "项目名称", "职级", "总投资（万元）", "起始日期", "系统编号"],
        ["项目名称 ", "责 任 领 导", "总投资(万元)", "起始日期*", "职级", "系统编号"],
        ["项目名称", "挂钩领导", "总投资", "起始日期", "职级", "系统编号"],
    ],
)
def test_moved_spaced_and_other_known_titles_are_found(titles: list[str], tmp_path: Path) -> None:
    order = ["责任领导", "项目名称", "职级", "总投资（万元）", "起始日期", "系统编号"]
    values = dict(zip(TITLES, GOOD, strict=True))
    row = [values[title] for title in order] if titles == order else GOOD
    found = table(tmp_path, lines(titles, row))
    assert found.errors == []
    assert found.rows[0].get("project") == "三沙渔港"


def test_a_missing_required_column_is_named(tmp_path: Path) -> None:
    found = table(tmp_path, lines(["项目名称", "总投资", "职级"], ["三沙", 1, "县处级"]))
    assert found.rows == []
    assert "责任领导" in found.errors[0].rule


def test_a_title_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    found = table(tmp_path, lines([*TITLES[:5], "项目名称"], [*GOOD[:5], "另一个"]))
    assert ("F1", "项目名称") in places(blocking(found.errors))


def test_an_unknown_column_is_only_pointed_out(tmp_path: Path) -> None:
    found = table(tmp_path, lines([*TITLES, "领导电话"], [*GOOD, "138"]))
    assert blocking(found.errors) == []
    assert places(found.errors) == [("G1", "领导电话")]


def test_without_a_header_the_blank_form_is_pointed_to(tmp_path: Path) -> None:
    found = table(tmp_path, lines(["甲", "乙"], ["丙", "丁"]))
    assert len(blocking(found.errors)) == 1
    assert "项目名称、责任领导" in found.errors[0].way_out


def test_two_tabs_of_the_same_table_are_not_guessed_between(tmp_path: Path) -> None:
    def into(book: Workbook) -> None:
        for title in ("名单", "名单 (2)"):
            page = book.create_sheet(title)
            page.append(TITLES)
            page.append(GOOD)

    with opened(corpus.saved(tmp_path, corpus.workbook(into)), "xlsx", max_rows=100) as sheets:
        found = read_table(SHEET, sheets)
    assert "名单、名单 (2)" in found.errors[0].rule


def test_a_hidden_tab_is_not_read_and_a_hidden_row_is_asked_about(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        lines(TITLES, GOOD, GOOD)(page)
        page.row_dimensions[3].hidden = True
        assert page.parent is not None
        other = page.parent.create_sheet("藏")
        other.append(TITLES)
        other.sheet_state = "hidden"

    found = table(tmp_path, fill)
    assert [(error.row, error.is_question) for error in found.errors] == [(3, True)]
    assert len(found.rows) == 2


def test_merged_cells_in_the_rows_are_refused_in_each_row(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        lines(TITLES, GOOD, GOOD, GOOD)(page)
        page.merge_cells("B2:B3")

    found = table(tmp_path, fill)
    assert [error.row for error in blocking(found.errors)] == [2, 3]
    assert len(found.rows) == 1


def test_the_stored_result_of_a_formula_is_shown_and_never_taken(tmp_path: Path) -> None:
    titles = "".join(corpus.inline(f"{letter}1", title) for letter, title in zip("ABC", TITLES, strict=False))
    cells = corpus.inline("A2", "三沙") + corpus.inline("B2", "雷景明") + '<c r="C2"><f>1+1</f><v>2</v></c>'
    body = corpus.sheet_xml(f'<row r="1">{titles}</row><row r="2">{cells}</row>')
    path = corpus.saved(tmp_path, corpus.packed(corpus.parts(sheet=body)))
    with opened(path, "xlsx", max_rows=100) as sheets:
        found = read_table(SHEET, sheets)
    assert [(error.address, error.value, error.is_question) for error in found.errors] == [("C2", "2", False)]
    assert "2" in found.errors[0].rule
    assert found.rows[0].get("amount") is None


def test_an_error_in_a_column_that_is_not_read_back_does_not_stop_the_import(tmp_path: Path) -> None:
    found = table(tmp_path, lines(TITLES, [*GOOD[:5], "=1+1"]))
    assert found.errors == []


# --- the form that goes out and comes back ------------------------------------------------------------


def form(folder: Path, rows: list[dict[str, Any]], mark: FormMark | None = None) -> Path:
    path = folder / "form.xlsx"
    sheet_form(SHEET, rows, mark=mark, row_id=lambda row: str(row["id"])).save(path)
    return path


ROW = {"id": "11111111-1111-4111-8111-111111111111", "project": "=三沙", "leader": "雷景明", "amount": Decimal("12.30"),
       "since": None, "rank": "county", "remark": "A1"}  # fmt: skip


def back(path: Path, sheet: Sheet = SHEET) -> ParsedTable:
    with opened(path, "xlsx", max_rows=1000) as sheets:
        return read_table(sheet, sheets)


def test_a_filled_form_comes_back_with_the_ids_of_its_rows(tmp_path: Path) -> None:
    found = back(form(tmp_path, [ROW]))
    assert found.errors == []
    assert found.rows[0].row_id == ROW["id"]
    assert dict(found.rows[0].values) == {key: ROW[key] for key in ROW if key != "id"}
    assert found.mark is not None
    assert (found.mark.key, found.mark.version) == ("tests.leaders", 2)


def test_a_form_locks_what_is_not_to_be_filled_in_and_offers_the_choices(tmp_path: Path) -> None:
    page = load_workbook(form(tmp_path, [ROW])).worksheets[0]
    assert page.protection.sheet
    assert [page[cell].protection.locked for cell in ("A3", "E3", "F3")] == [False, False, True]
    (rule,) = page.data_validations.dataValidation
    assert (rule.type, rule.prompt) == ("list", "按任免文件填写")
    assert page.column_dimensions["G"].hidden


@pytest.mark.parametrize(
    ("mark", "word"),
    [
        (FormMark("tests.leaders", 1), "1"),
        (FormMark("tests.other", 2), "挂钩领导名单"),
    ],
)
def test_an_older_or_another_form_is_refused_kindly(mark: FormMark, word: str, tmp_path: Path) -> None:
    found = back(form(tmp_path, [ROW], mark))
    assert found.rows == []
    assert word in found.errors[0].rule
    assert found.errors[0].way_out


def test_a_mark_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = form(tmp_path, [ROW])
    book = load_workbook(path)
    cell = book.worksheets[0]["G1"]
    cell.value = str(cell.value)[:-3] + "abc"
    book.save(path)
    assert len(blocking(back(path).errors)) == 1


def test_a_row_copied_with_its_hidden_id_is_refused(tmp_path: Path) -> None:
    path = form(tmp_path, [ROW | {"project": "三沙"}])
    book = load_workbook(path)
    page = book.worksheets[0]
    for column in range(1, 8):
        page.cell(4, column).value = page.cell(3, column).value
    book.save(path)
    found = back(path)
    assert [error.row for error in found.errors] == [4]
    assert len(found.rows) == 1
