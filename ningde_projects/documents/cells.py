"""One cell read against what its column expects, with the finding in words; used by tables and by forms."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from .problems import CellError
from .reading import RawCell
from .values import Expected, Finding, read_value


class Place(NamedTuple):
    """Where a cell stands and what its column is called."""

    sheet: str
    row: int
    column: int
    title: str

    def error(self, written: str, rule: str, way_out: str, *, is_question: bool = False) -> CellError:
        letter = get_column_letter(self.column)
        return CellError(self.sheet, self.row, letter, self.title, written, rule, way_out, is_question)


def read_cell(
    cell: RawCell, expected: Expected, place: Place, errors: list[CellError], *, required: bool = False
) -> Any:
    """The typed value; findings are added to `errors`. A cell with a finding that blocks gives None."""
    if cell.is_formula:
        errors.append(_formula(cell, place, written_text(cell.value)))
        return None
    if cell.is_error:
        written = written_text(cell.value)
        errors.append(
            place.error(
                written,
                _("The cell shows the error {error}").format(error=written),
                _("Replace it by the value that is meant."),
            )
        )
        return None
    reading = read_value(cell.value, expected, is_percent_format=cell.is_percent)
    if reading.problem is not None:
        errors.append(_found(place, written_text(cell.value), reading.problem))
        return None
    if reading.question is not None:
        errors.append(_found(place, written_text(cell.value), reading.question, is_question=True))
    if required and reading.value is None:
        written = written_text(cell.value)
        errors.append(place.error(written, _("Nothing is filled in"), _("This column must be filled in.")))
    return reading.value


def _found(place: Place, written: str, finding: Finding, *, is_question: bool = False) -> CellError:
    return place.error(written, finding.rule, finding.way_out, is_question=is_question)


def _formula(cell: RawCell, place: Place, written: str) -> CellError:
    """Formulas are never trusted: the stored result may be old, or missing altogether."""
    if cell.value is None:
        return place.error(
            "", _("The cell holds a formula whose result was not saved"), _("Type the value itself.")
        )
    return place.error(
        written,
        _("The cell holds a formula; its last result was {result}").format(result=written),
        _("Copy the cell and paste it as a value."),
    )


def written_text(value: Any) -> str:
    """As the reader of the error list would recognise it, at most 100 characters."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time.min else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return text if len(text) <= 100 else text[:99] + "…"
