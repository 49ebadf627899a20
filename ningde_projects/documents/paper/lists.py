"""The hidden tab with what may be chosen; the drop-downs of Excel point there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from ..workbooks import put

Choices = Mapping[str, Sequence[tuple[str, str]]]
_TAB = "_lists"


class Lists:
    """Collects the lists while the tabs are drawn; `finish` writes them."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[str, ...], str] = {}

    def reference(self, labels: Sequence[str]) -> str:
        key = tuple(labels)
        if key not in self.made:
            letter = get_column_letter(len(self.made) + 1)
            self.made[key] = f"'{_TAB}'!${letter}$1:${letter}${len(key)}"
        return self.made[key]

    def finish(self) -> None:
        if not self.made:
            return
        sheet = self.book.create_sheet(_TAB)
        for column, labels in enumerate(self.made, 1):
            for row, label in enumerate(labels, 1):
                put(sheet.cell(row, column), label)
        sheet.sheet_state = "veryHidden"
