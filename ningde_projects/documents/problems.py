"""What is wrong in a workbook, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class CellError:
    """One finding with its address. A question does not stop an import."""

    sheet: str
    row: int
    column_letter: str
    column_title: str
    value: str
    rule: str
    way_out: str
    is_question: bool = False

    @property
    def address(self) -> str:
        return f"{self.column_letter}{self.row}" if self.row else ""

    @property
    def place(self) -> str:
        """“sheet”, row 7, column D (title)"""
        if not self.row:
            return _("Sheet “{sheet}”").format(sheet=self.sheet) if self.sheet else _("The whole file")
        if not self.column_letter:
            return _("Sheet “{sheet}”, row {row}").format(sheet=self.sheet, row=self.row)
        return _("Sheet “{sheet}”, row {row}, column {letter} ({title})").format(
            sheet=self.sheet, row=self.row, letter=self.column_letter, title=self.column_title
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CellError:
        return cls(**data)


def file_error(rule: str, way_out: str, sheet: str = "") -> CellError:
    """A finding about the file or a sheet as a whole."""
    return CellError(sheet, 0, "", "", "", rule, way_out)


def blocking(errors: Iterable[CellError]) -> list[CellError]:
    return [error for error in errors if not error.is_question]


def in_order(errors: Iterable[CellError]) -> list[CellError]:
    """By sheet, row and column, as one would work through them."""
    return sorted(errors, key=lambda e: (e.sheet, e.row, len(e.column_letter), e.column_letter))
