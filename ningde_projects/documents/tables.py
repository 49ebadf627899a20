"""Reads an uploaded table against a Sheet: finds the header, types every cell, collects every error at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .blank_forms import ROW_TAG
from .cells import Place, read_cell, written_text
from .lists import CUT_MARK
from .paper.marks import FormMark
from .paper.read import form_mark
from .problems import CellError, file_error, in_order
from .reading import EMPTY, Row, SheetData
from .rows import ParsedRow
from .sheets import Column, Sheet, fold_title

#: The header is looked for in this many rows.
_HEADER_WITHIN = 15


@dataclass
class ParsedTable:
    rows: list[ParsedRow] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    mark: FormMark | None = None


@dataclass
class _Header:
    sheet: SheetData
    row: int
    columns: dict[str, int]
    titles: dict[int, str]


def read_table(sheet: Sheet, workbook: Sequence[SheetData]) -> ParsedTable:
    """The rows of the one tab that carries the sheet's header."""
    table = ParsedTable()
    header = _find(sheet, workbook, table.errors)
    if header is None:
        return table
    table.mark, mark_column = _mark(sheet, header.sheet, table.errors)
    if any(not error.is_question for error in table.errors):
        return table
    merged = _merged_below(header)
    reader = _Reader(sheet, header, mark_column)
    seen: dict[str, int] = {}
    for number, cells, hidden in header.sheet.iter_rows():
        if number <= header.row or _is_blank(cells, header):
            continue
        if number in merged:
            table.errors.append(_whole_row(header.sheet, number, *_merged_words()))
            continue
        if hidden:
            table.errors.append(
                _whole_row(
                    header.sheet,
                    number,
                    _("This row is hidden in the file and would be imported too"),
                    _("Show all rows and clear the filters, or delete the row."),
                    is_question=True,
                )
            )
        row = reader.row(number, cells, table.errors)
        if row.row_id and row.row_id in seen:
            rule = _("This row is a copy of row {row}").format(row=seen[row.row_id])
            table.errors.append(row.error("", rule, _copy()))
            continue
        seen[row.row_id] = number
        table.rows.append(row)
    if not table.rows and not table.errors:
        table.errors.append(
            file_error(_("There are no rows under the header"), _("Fill in the table."), header.sheet.name)
        )
    table.errors = in_order(table.errors)
    return table


def _copy() -> str:
    return _("Delete the copy; write new entries into empty rows.")


def _whole_row(
    sheet: SheetData, row: int, rule: str, way_out: str, *, is_question: bool = False
) -> CellError:
    return CellError(sheet.name, row, "", "", "", rule, way_out, is_question)


# --- the header ---------------------------------------------------------------------------------------


def has_header(sheet: Sheet, workbook: Sequence[SheetData]) -> bool:
    """Whether a visible tab carries the sheet's header with all that it requires."""
    return any(
        (header := _header_of(sheet, data)) and not _missing(sheet, header)
        for data in workbook
        if not data.hidden
    )


def _find(sheet: Sheet, workbook: Sequence[SheetData], errors: list[CellError]) -> _Header | None:
    """The best matching row of each visible tab; one tab must match, and only one."""
    candidates = [header for data in workbook if not data.hidden if (header := _header_of(sheet, data))]
    full = [header for header in candidates if not _missing(sheet, header)]
    if len(full) > 1:
        names = "、".join(header.sheet.name for header in full)
        errors.append(
            file_error(
                _("Several sheets hold this table: {names}").format(names=names),
                _("Keep one of them and delete the others."),
            )
        )
        return None
    if full:
        header = full[0]
        _check_titles(sheet, header, errors)
        return header
    if not candidates:
        titles = "、".join(str(column.title) for column in sheet.columns if column.required)
        errors.append(
            file_error(
                _("The header of “{name}” was not found").format(name=sheet.heading()),
                _("The header needs these titles: {titles}. Download the blank form.").format(titles=titles),
            )
        )
        return None
    best = max(candidates, key=lambda header: len(header.columns))
    for column in _missing(sheet, best):
        errors.append(
            file_error(
                _("Column “{title}” is missing").format(title=column.title),
                _("Add the column, or download the blank form and copy the rows into it."),
                best.sheet.name,
            )
        )
    _check_titles(sheet, best, errors)
    return None


def _header_of(sheet: Sheet, data: SheetData) -> _Header | None:
    names = {title: column.key for column in sheet.columns for title in column.titles()}
    best: _Header | None = None
    for number, cells, _hidden in data.iter_rows():
        if number > _HEADER_WITHIN:
            break
        titles = {position: written_text(cell.value) for position, cell in cells.items()}
        found: dict[str, int] = {}
        for position, title in titles.items():
            key = names.get(fold_title(title))
            if key is not None:
                found.setdefault(key, position)
        enough = len(found) >= max(2, len(sheet.columns) // 3) or len(found) == len(sheet.columns)
        if enough and (best is None or len(found) > len(best.columns)):
            best = _Header(data, number, found, titles)
    return best


def _missing(sheet: Sheet, header: _Header) -> list[Column]:
    return [column for column in sheet.columns if column.required and column.key not in header.columns]


def _check_titles(sheet: Sheet, header: _Header, errors: list[CellError]) -> None:
    """Two columns of one title stop the import; a column that is not ours is only pointed out."""
    names = {title: column.key for column in sheet.columns for title in column.titles()}
    for position, title in header.titles.items():
        key = names.get(fold_title(title))
        place = Place(header.sheet.name, header.row, position, title)
        if key is None and title.strip() and not title.startswith(("nd1:", ROW_TAG)):
            rule, way_out = _("This column is not read"), _("Nothing to do, or correct its title.")
            errors.append(place.error(title, rule, way_out, is_question=True))
        elif key is not None and header.columns[key] != position:
            rule, way_out = _("This title stands there twice"), _("Rename or delete one of them.")
            errors.append(place.error(title, rule, way_out))


def _mark(sheet: Sheet, data: SheetData, errors: list[CellError]) -> tuple[FormMark | None, int]:
    """A form of ours must be the right one of the right version; a table made by hand has no mark."""
    first = next(iter(data.iter_rows()), None)
    if first is None or first[0] != 1:
        return None, 0
    mark, column = form_mark(SheetData(data.name, rows={1: first[1]}))
    again = _("Download the form again and copy your entries into it.")
    if column and mark is None:
        errors.append(file_error(_("The hidden mark of this sheet was changed"), again, data.name))
    elif mark is not None and mark.key != sheet.key:
        rule = _("This is another form, not “{name}”").format(name=sheet.name)
        errors.append(file_error(rule, _("Choose the right file."), data.name))
    elif mark is not None and mark.version != sheet.version:
        errors.append(
            file_error(
                _("This is version {old} of the form; version {new} is in force").format(
                    old=mark.version, new=sheet.version
                ),
                again,
                data.name,
            )
        )
    return mark, column


# --- the rows -----------------------------------------------------------------------------------------


def _is_blank(cells: Row, header: _Header) -> bool:
    wanted = set(header.columns.values())
    return all(
        not cell.is_formula and (cell.value is None or str(cell.value).strip() == "")
        for position, cell in cells.items()
        if position in wanted
    )


def _merged_below(header: _Header) -> set[int]:
    """Rows of the table that take part in a merged area of several cells of our columns."""
    columns = set(header.columns.values())
    rows: set[int] = set()
    for top, left, bottom, right in header.sheet.merged:
        if bottom > header.row and (bottom > top or right > left) and columns & set(range(left, right + 1)):
            rows.update(range(max(top, header.row + 1), min(bottom, header.sheet.last_row) + 1))
    return rows


def _merged_words() -> tuple[str, str]:
    return _("Cells are merged in this row"), _("Take the merge apart and fill in every cell.")


class _Reader:
    """Reads rows under a header; what is the same for all rows is made once."""

    def __init__(self, sheet: Sheet, header: _Header, mark_column: int) -> None:
        self.header, self.mark_column = header, mark_column
        self.missing = {column.key: None for column in sheet.columns if column.key not in header.columns}
        self.columns = [
            (
                column,
                header.columns[column.key],
                column.expected,
                str(column.title),
                column.required and column.editable,
            )
            for column in sheet.columns
            if column.key in header.columns
        ]
        self.places = {column.key: (position, title) for column, position, _x, title, _r in self.columns}

    def row(self, number: int, cells: Row, errors: list[CellError]) -> ParsedRow:
        name = self.header.sheet.name
        values: dict[str, Any] = dict(self.missing)
        raws: list[Any] = []
        for column, position, expected, title, required in self.columns:
            cell = cells.get(position, EMPTY)
            raws.append(cell.value)
            place = Place(name, number, position, title)
            found = errors if column.editable else []
            if isinstance(cell.value, str) and cell.value.endswith(CUT_MARK):
                found.append(_shortened(place, cell.value))
            values[column.key] = read_cell(cell, expected, place, found, required=required)
        return ParsedRow(name, number, values, self.places, raws, self._row_id(cells))

    def _row_id(self, cells: Row) -> str:
        tag = cells.get(self.mark_column, EMPTY).value
        return tag.removeprefix(ROW_TAG) if isinstance(tag, str) and tag.startswith(ROW_TAG) else ""


def _shortened(place: Place, text: str) -> CellError:
    return place.error(
        text[:40],
        _("The text was shortened when it was exported"),
        _("Write the full text, or shorten it."),
    )
