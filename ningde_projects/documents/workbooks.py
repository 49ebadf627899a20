"""Small facts of workbooks made by openpyxl: tab names, cells that stay text."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from .text import CELL_LIMIT, clean_text, excel_escaped, looks_like_formula, split_for_cells

_TAB_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def tab_name(text: str, taken: Collection[str] = ()) -> str:
    """A legal, free name for a tab: at most 31 characters, none of []:*?/\\, no apostrophe at the ends."""
    base = _TAB_FORBIDDEN.sub("_", clean_text(text).replace("\n", " ")).strip(" '") or "Sheet"
    lowered = {name.casefold() for name in taken}
    name, number = _fit(base, 31), 1
    while name.casefold() in lowered:
        number += 1
        name = f"{_fit(base, 31 - len(str(number)) - 1)}_{number}"
    return name


def _fit(text: str, units: int) -> str:
    return split_for_cells(text, units)[0].rstrip(" '")


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell itself; writing into the covered part of a merged area is a slip of ours."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        raise TypeError(f"{cell.coordinate} is covered by a merged area")
    return cell


def put(cell: Cell, value: Any) -> None:
    """Write a value so that text stays text: never a formula, an error or too long (control B50)."""
    if value is None:
        cell.value = None
    elif isinstance(value, bool | int | float | date):
        cell.value = value
    elif isinstance(value, Decimal):
        cell.value = float(value)
    else:
        text = excel_escaped(clean_text(str(value)))
        cell.value = split_for_cells(text, CELL_LIMIT)[0]
        cell.data_type = "s"
        if text.startswith("'") or looks_like_formula(text):
            cell.quotePrefix = True
