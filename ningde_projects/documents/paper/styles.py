"""Fonts, borders and row heights of the paper forms; each style is made once per workbook and shared."""

from __future__ import annotations

import math
import unicodedata
from copy import copy
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook import Workbook

TITLE_FONT = "方正小标宋简体"
HEAD_FONT = "黑体"
BODY_FONT = "仿宋"
#: Excel's own limit for a row is 409 points; beyond it text is simply not shown.
MAX_ROW_POINTS = 400.0
_THIN = Side(style="thin", color="FF000000")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_LINE = Border(bottom=_THIN)
_GREY = PatternFill("solid", fgColor="FFEEF2F5")
_INPUT = PatternFill("solid", fgColor="FFFFFBEA")
FORMATS = {"money": "#,##0.00", "integer": "#,##0", "percent": "0.0%", "date": "yyyy-mm-dd"}


class Styles:
    """Named styles of one workbook; copying a ready style onto a cell is far cheaper than setting one."""

    def __init__(self, book: Workbook, size: float) -> None:
        self.size = size
        self._scratch = book.create_sheet("scratch")
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def close(self) -> None:
        self._book.remove(self._scratch)

    def apply(
        self, cell: Cell, name: str, *, number_format: str = "General", input_cell: bool = False
    ) -> None:
        quoted = bool(cell.quotePrefix)
        key = (name, number_format, input_cell, quoted)
        style = self._made.get(key)
        if style is None:
            style = self._made[key] = self._make(name, number_format, input_cell, quoted)
        # The style record that all of openpyxl's own properties write to; not among its typed names.
        setattr(cell, "_style", copy(style))  # noqa: B010

    def _make(self, name: str, number_format: str, input_cell: bool, quoted: bool) -> Any:
        cell = Cell(self._scratch, row=1, column=1)
        font, alignment, border, fill = self._described(name)
        cell.font, cell.alignment = font, alignment
        if border:
            cell.border = border
        if fill:
            cell.fill = fill
        if input_cell:
            cell.fill = _INPUT
            cell.protection = Protection(locked=False)
        cell.number_format = number_format
        if quoted:
            cell.quotePrefix = True
        return getattr(cell, "_style")  # noqa: B009

    def _described(self, name: str) -> tuple[Font, Alignment, Border | None, PatternFill | None]:
        body, head = Font(name=BODY_FONT, size=self.size), Font(name=HEAD_FONT, size=self.size)
        middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
        left = Alignment(horizontal="left", vertical="center", wrap_text=True)
        plain_left = Alignment(horizontal="left", vertical="center")
        table: dict[str, tuple[Font, Alignment, Border | None, PatternFill | None]] = {
            "title": (
                Font(name=TITLE_FONT, size=18),
                Alignment(horizontal="center", vertical="center"),
                None,
                None,
            ),
            "attachment": (Font(name=HEAD_FONT, size=12), plain_left, None, None),
            "stamp": (
                Font(name=HEAD_FONT, size=12, color="FFA61B1B"),
                Alignment(horizontal="right", vertical="center"),
                None,
                None,
            ),
            "unit": (body, Alignment(horizontal="right", vertical="center"), None, None),
            "line-label": (
                head,
                Alignment(horizontal="right", vertical="center", wrap_text=True),
                None,
                None,
            ),
            "line-value": (body, left, None, None),
            "signature": (body, left, _LINE, None),
            "line-text": (body, left, None, None),
            "section": (head, left, _BOX, _GREY),
            "label": (head, middle, _BOX, None),
            "head": (head, middle, _BOX, _GREY),
            "text": (body, left, _BOX, None),
            "centre": (body, middle, _BOX, None),
            "number": (
                body,
                Alignment(horizontal="right", vertical="center", shrink_to_fit=True),
                _BOX,
                None,
            ),
            "note": (Font(name=BODY_FONT, size=self.size - 1), left, None, None),
        }
        return table[name]


def style_for(kind: str, value: Any) -> tuple[str, str]:
    """(style, number format) of a value in a box; a text in a column of figures is shown as text."""
    if kind in ("money", "integer", "percent") and not isinstance(value, str):
        return "number", FORMATS[kind]
    if kind == "date" and not isinstance(value, str):
        return "centre", FORMATS["date"]
    if kind in ("month", "choice", "yesno", "date"):
        return "centre", "@"
    return "text", "@"


def text_units(text: str) -> float:
    """Width in half-width characters: a Chinese one counts two."""
    return sum(2.0 if unicodedata.east_asian_width(c) in "WFA" else 1.1 for c in text)


def lines_needed(text: str, width: float, size: float) -> int:
    """Lines that a text takes in a column of `width` Excel units, which are digits of 11 points."""
    room = max(width - 0.7, 1.0) * 11 / size
    return sum(max(1, math.ceil(text_units(line) * 1.06 / room)) for line in text.split("\n"))


def points_for(lines: int, size: float) -> float:
    return lines * size * 1.32 + 5
