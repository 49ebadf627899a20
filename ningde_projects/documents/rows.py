"""A row as it was read: values by column key, and where each stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from .cells import written_text
from .problems import CellError


@dataclass(frozen=True)
class ParsedRow:
    """Values are typed (Decimal, date, Month, bool, str, code of a choice) or None."""

    sheet: str
    row: int
    values: Mapping[str, Any]
    #: Column number and title by key; one mapping for all rows of a table.
    places: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    #: What stood in the cells, in the order of `places`; for the error list.
    raw: Sequence[Any] = ()
    #: The public id of the record that the row was exported from; empty for a new one.
    row_id: str = ""

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def written(self, key: str) -> str:
        """What stood in the cell, as the reader would recognise it."""
        if key not in self.places:
            return ""
        return written_text(self.raw[list(self.places).index(key)])

    def error(self, key: str, rule: str, way_out: str, *, is_question: bool = False) -> CellError:
        """A finding of an app's rule about one cell of this row; with key '' about the whole row."""
        column, title = self.places.get(key, (0, ""))
        return CellError(
            sheet=self.sheet,
            row=self.row,
            column_letter=get_column_letter(column) if column else "",
            column_title=title,
            value=self.written(key),
            rule=rule,
            way_out=way_out,
            is_question=is_question,
        )

    def question(self, key: str, rule: str, way_out: str) -> CellError:
        return self.error(key, rule, way_out, is_question=True)
