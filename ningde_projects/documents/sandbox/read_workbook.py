"""Reads a workbook in one pass: read_workbook.py FILE FOLDER MAX_ROWS MAX_COLUMNS MAX_CELLS

Runs alone in the sandbox. Writes FOLDER/<n>.jsonl for each sheet, one line per row that holds anything:
[row, hidden, [column, value, flags], …]; the flags are those of `FORMULA` and so on below.
"""

import json
import re
import sys
import warnings
from datetime import date, time, timedelta
from math import isfinite
from pathlib import Path
from typing import Any, Final

from openpyxl import DEFUSEDXML
from openpyxl.cell.text import Text
from openpyxl.reader import excel
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

FORMULA: Final = 1
ERROR: Final = 2
PERCENT: Final = 4
DATE: Final = 8
BOOLEAN: Final = 16
DURATION: Final = 32
#: More of one cell's text is not passed on; Excel itself holds 32,767.
TEXT_LIMIT = 40_000
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")

if not DEFUSEDXML:
    raise SystemExit("defusedxml is missing")
warnings.simplefilter("ignore")


class TooMuch(Exception):
    pass


class OnePass(WorkSheetParser):
    """Gives the cached value and, whether a formula stood there; openpyxl alone gives one or the other."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        cell["formula"] = element.find(FORMULA_TAG) is not None
        return cell


def string_table(source: Any) -> list[str]:
    """As openpyxl's, without its way of treating _x005F_, which loses text."""
    tag = f"{{{SHEET_MAIN_NS}}}si"
    strings: list[str] = []
    for _event, node in iterparse(source):
        if node.tag == tag:
            text = Text.from_tree(node)
            strings.append(text.content if text is not None else "")
            node.clear()
    return strings


setattr(excel, "read_string_table", string_table)  # noqa: B010  (not among the typed names)


def unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text[:TEXT_LIMIT])


def packed(cell: dict[str, Any], percent_styles: set[int]) -> list[Any] | None:
    """[column, value, flags], or None for an empty cell."""
    value, kind = cell["value"], cell["data_type"]
    flags = FORMULA if cell["formula"] else 0
    if value is None:
        return [cell["column"], None, flags] if flags else None
    if kind == "e":
        return [cell["column"], str(value), flags | ERROR]
    if isinstance(value, bool):
        return [cell["column"], value, flags | BOOLEAN]
    if isinstance(value, date):
        return [cell["column"], value.isoformat(), flags | DATE]
    if isinstance(value, time | timedelta):
        return [cell["column"], str(value), flags | DURATION]
    if isinstance(value, int | float):
        if not isfinite(value) or abs(value) >= 1e18:
            return [cell["column"], str(value), flags]
        return [cell["column"], value, flags | (PERCENT if cell["style_id"] in percent_styles else 0)]
    text = unescape(str(value))
    return [cell["column"], text, flags] if text or flags else None


def percent_styles(book: Any) -> set[int]:
    found = set()
    for number, style in enumerate(book._cell_styles):
        code = "0%" if style.numFmtId in (9, 10) else ""
        if style.numFmtId >= 164 and style.numFmtId - 164 < len(book._number_formats):
            code = re.sub(r'"[^"]*"|\\.', "", book._number_formats[style.numFmtId - 164])
        if "%" in code:
            found.add(number)
    return found


def read_sheet(
    book: Any, sheet: Any, target: Path, limits: tuple[int, int, int]
) -> tuple[dict[str, Any], int]:
    max_rows, max_columns, budget = limits
    percents = percent_styles(book)
    merged: list[str] = []
    rows = cells = 0
    with sheet._get_source() as source, target.open("w", encoding="utf-8") as out:
        parser = OnePass(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, row in parser.parse():
            budget -= len(row) + 1
            if budget < 0:
                raise TooMuch("cells")
            kept = [cell for cell in (packed(cell, percents) for cell in row) if cell]
            if kept:
                if number > max_rows:
                    raise TooMuch("rows")
                if kept[-1][0] > max_columns:
                    raise TooMuch("columns")
                hidden = parser.row_dimensions.get(str(number), {}).get("hidden") in ("1", "true")
                out.write(json.dumps([number, hidden, *kept], ensure_ascii=True) + "\n")
                rows, cells = number, cells + len(kept)
        if parser.merged_cells is not None:
            merged = [str(area.ref) for area in parser.merged_cells.mergeCell[:20_000]]
    return {"rows": rows, "cells": cells, "merged": merged}, budget


def main(path: str, folder: Path, max_rows: int, max_columns: int, max_cells: int) -> None:
    answer: dict[str, Any] = {"sheets": [], "refused": None}
    budget = max_cells
    # A stored file has no ending; an open one is not asked for it.
    with Path(path).open("rb") as source:
        book = excel.load_workbook(source, read_only=True, data_only=True, keep_links=False)
        for number, sheet in enumerate(book.worksheets):
            limits = (max_rows, max_columns, budget)
            try:
                told, budget = read_sheet(book, sheet, folder / f"{number}.jsonl", limits)
            except TooMuch as much:
                answer["refused"] = {"why": str(much), "sheet": sheet.title}
                break
            answer["sheets"].append(told | {"name": sheet.title, "hidden": sheet.sheet_state != "visible"})
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *(int(text) for text in sys.argv[3:6]))
