"""Long lists: text stays text, figures stay figures, and what goes out comes back in (A26, D25, D27)."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from ningde_projects.documents.lists import Heading, write_csv, write_xlsx
from ningde_projects.documents.reading import opened
from ningde_projects.documents.rows import ParsedRow
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.documents.tables import read_table
from ningde_projects.documents.text import clean_text
from ningde_projects.periods.month import Month

SHEET = Sheet(
    "tests.list",
    "清单",
    (
        Column("name", "项目名称", width=30, required=True, max_length=40_000),
        Column("amount", "总投资（万元）", kind="money"),
        Column("rate", "完成年计划", kind="percent"),
        Column("day", "产生时间", kind="date"),
        Column("month", "报告月份", kind="month"),
        Column("level", "级别", kind="choice", choices=[("provincial", "省重点"), ("municipal", "市重点")]),
        Column("lagging", "是否滞后", kind="yesno"),
        Column("count", "问题数", kind="integer"),
    ),
    unit_line="单位：万元",
)
HOSTILE = ["=cmd|' /C calc'!A0", '=HYPERLINK("http://127.0.0.1")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1",
           "'=1", "''", "_x000D_", "a_x005F_x000D_b", "https://www.example.test/", "mailto:a@b", "1234", "1e5", "TRUE",
           "2026-11-07", "{=1}", "𠀀", "a\nb", "<script>", "&amp;", "𠀀" * 16_000]  # fmt: skip


def row(name: str, **changed: Any) -> dict[str, Any]:
    return {
        "name": name,
        "amount": Decimal("-1234.50"),
        "rate": Decimal("62.2"),
        "day": date(2026, 11, 7),
        "month": Month(2026, 10),
        "level": "provincial",
        "lagging": True,
        "count": 3,
    } | changed


def written(rows: Sequence[Any], folder: Path, sheet: Sheet = SHEET) -> Path:
    path = folder / "list.xlsx"
    with path.open("wb") as target:
        write_xlsx(target, sheet, rows, Heading("重点项目清单", "筛选：=霞浦县", "导出人 张三 & 李四"))
    return path


def read_back(path: Path, kind: Any = "xlsx") -> list[ParsedRow]:
    with opened(path, kind, max_rows=5000) as workbook:
        table = read_table(SHEET, workbook)
    assert table.errors == []
    return table.rows


def test_no_export_of_hostile_text_holds_a_formula(tmp_path: Path) -> None:
    path = written([row(text) for text in HOSTILE], tmp_path)
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name]
    assert not re.search("<f[ >]|hyperlink", "".join(sheets))
    cells = load_workbook(path).worksheets[0]["A5" : f"A{4 + len(HOSTILE)}"]
    assert {cell.data_type for (cell,) in cells} <= {"s", "inlineStr"}
    assert all(cell.quotePrefix for (cell,), text in zip(cells, HOSTILE, strict=True) if text[0] in "=+-@'＝")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_hostile_text_comes_back_as_it_was(form: str, tmp_path: Path) -> None:
    texts = [text for text in HOSTILE if clean_text(text).strip() == clean_text(text)]
    rows = [row(text) for text in texts]
    path = tmp_path / f"list.{form}"
    with path.open("wb") as target:
        if form == "csv":
            write_csv(target, SHEET, rows)
        else:
            write_xlsx(target, SHEET, rows, Heading("清单"))
    back = read_back(path, form)
    assert [parsed.get("name") for parsed in back] == texts
    assert dict(back[0].values) == row(texts[0])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"])), min_size=40, max_size=200))
def test_every_legal_text_survives_both_formats(tmp_path: Path, texts: list[str]) -> None:
    legal = [text for raw in texts if (text := clean_text(raw).strip())]
    rows = [row(text) for text in legal] or [row("x")]
    xlsx = read_back(written(rows, tmp_path))
    with (tmp_path / "list.csv").open("wb") as target:
        write_csv(target, SHEET, rows)
    csv_rows = read_back(tmp_path / "list.csv", "csv")
    assert [parsed.get("name") for parsed in xlsx] == [item["name"] for item in rows]
    assert [parsed.get("name") for parsed in csv_rows] == [item["name"] for item in rows]


def test_figures_stay_figures(tmp_path: Path) -> None:
    sheet: Any = load_workbook(written([row("甲")], tmp_path)).worksheets[0]
    values = [cell.value for cell in sheet[5]]
    assert values[1:3] == [-1234.5, 0.622]
    assert values[7] == 3
    assert [sheet["B5"].number_format, sheet["C5"].number_format] == ["#,##0.00", "0.0%"]
    assert sheet["D5"].is_date


def test_empty_values_are_empty_cells(tmp_path: Path) -> None:
    nothing = dict.fromkeys(SHEET.by_key)
    sheet: Any = load_workbook(written([nothing], tmp_path)).worksheets[0]
    assert {cell.value for cell in sheet[5]} == {None}


def test_the_page_is_set_for_paper(tmp_path: Path) -> None:
    sheet: Any = load_workbook(written([row("甲"), row("乙")], tmp_path)).worksheets[0]
    assert sheet["A1"].value == "重点项目清单"
    assert sheet["A2"].value == "筛选：=霞浦县"
    assert sheet["A3"].value == "单位：万元"
    assert sheet.freeze_panes == "B5"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_area == "'清单'!$A$1:$H$6"
    assert sheet.page_setup.orientation == "landscape"
    assert "第 &P 页" in f"{sheet.oddFooter.center.text}"
    assert "张三 && 李四" in f"{sheet.oddFooter.left.text}"


def test_a_text_too_long_for_a_cell_goes_on_in_a_second_sheet_and_is_refused_on_return(
    tmp_path: Path,
) -> None:
    text = "字" * 40_000
    path = written([row("短"), row(text)], tmp_path)
    book: Any = load_workbook(path)
    first, second = book.worksheets
    assert len(first["A6"].value) <= 32_767
    assert "".join(line[3].value for line in second.iter_rows(min_row=2)) == text
    with opened(path, "xlsx", max_rows=100) as workbook:
        table = read_table(SHEET, workbook)
    assert [(error.address, error.is_question) for error in table.errors] == [("A6", False), ("A6", False)]


def test_csv_has_a_mark_for_excel_and_a_quote_before_formulas(tmp_path: Path) -> None:
    target = io.BytesIO()
    count = write_csv(target, SHEET, [row("=1+1")])
    assert count == 1
    assert target.getvalue().startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))
    assert lines[1] == ["'=1+1", "-1234.50", "62.2%", "2026-11-07", "2026-10", "省重点", "是", "3"]


def test_progress_is_told_along_the_way(tmp_path: Path) -> None:
    told: list[int] = []
    with (tmp_path / "x.xlsx").open("wb") as target:
        count = write_xlsx(target, SHEET, (row("甲") for _ in range(1100)), Heading("x"), told.append)
    assert (told, count) == ([500, 1000], 1100)
