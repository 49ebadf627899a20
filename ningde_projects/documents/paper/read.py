"""Reads a filled form back by its layout; the hidden column says what each row is, wherever it has moved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..cells import Place, read_cell, written_text
from ..problems import CellError, file_error
from ..reading import SheetData
from ..rows import ParsedRow
from ..text import fold
from .layout import FormField, Layout, LayoutRow, Table
from .marks import PREFIX, FormMark, read_mark

Lists = Mapping[str, tuple[tuple[str, str], ...]]
_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")


@dataclass(frozen=True)
class FieldValue:
    value: Any
    row: int
    column_letter: str
    title: str
    written: str
    editable: bool

    @property
    def address(self) -> str:
        return f"{self.column_letter}{self.row}"


@dataclass
class ParsedForm:
    """What a sheet said. `values` holds all fields; those not editable are only what was printed."""

    sheet: str
    mark: FormMark | None = None
    values: dict[str, FieldValue] = field(default_factory=dict)
    tables: dict[str, list[ParsedRow]] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)

    def get(self, key: str) -> Any:
        found = self.values.get(key)
        return found.value if found else None

    def error(self, key: str, rule: str, way_out: str, *, is_question: bool = False) -> CellError:
        """A finding of an app's rule about one field; with an unknown key about the sheet."""
        found = self.values.get(key)
        if found is None:
            return CellError(self.sheet, 0, "", "", "", rule, way_out, is_question)
        return CellError(
            self.sheet, found.row, found.column_letter, found.title, found.written, rule, way_out, is_question
        )


def form_mark(sheet: SheetData) -> tuple[FormMark | None, int]:
    """The mark in the first row and its column; (None, 0) without one, (None, n) for one that was changed."""
    for column, cell in sheet.rows.get(1, {}).items():
        if isinstance(cell.value, str) and cell.value.startswith(PREFIX):
            return read_mark(cell.value.split()[0]), column
    return None, 0


def read_form(
    layout: Layout,
    worksheet: SheetData | Worksheet,
    choices: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> ParsedForm:
    """Values with addresses, table rows with the ids they went out with, and every error at once."""
    sheet = worksheet.hold() if isinstance(worksheet, SheetData) else SheetData.of_worksheet(worksheet)
    form = ParsedForm(sheet.name)
    form.mark, column = form_mark(sheet)
    refusal = _refusal(layout, form.mark, column)
    if refusal is not None:
        form.errors.append(file_error(*refusal, sheet=sheet.name))
        return form
    lists = {
        name: tuple((code, str(label)) for code, label in items) for name, items in (choices or {}).items()
    }
    _FormReader(layout, sheet, form, lists, column).read()
    return form


def _refusal(layout: Layout, mark: FormMark | None, column: int) -> tuple[str, str] | None:
    again = _("Download the form again and copy your entries into it.")
    if column == 0:
        return _("This sheet was not made by the system, or its hidden mark is gone"), again
    if mark is None:
        return _("The hidden mark of this sheet was changed"), again
    if mark.key != layout.key:
        return _("This is another form, not “{name}”").format(name=layout.name), _("Choose the right file.")
    if mark.version != layout.version:
        return (
            _("This is version {old} of the form; version {new} is in force").format(
                old=mark.version, new=layout.version
            ),
            again,
        )
    if column != layout.width + 1:
        return _("Columns of the form were inserted or deleted"), again
    return None


class _FormReader:
    def __init__(self, layout: Layout, sheet: SheetData, form: ParsedForm, lists: Lists, column: int) -> None:
        self.layout, self.sheet, self.form, self.lists = layout, sheet, form, lists
        self.tags: dict[int, list[str]] = {}
        self.rows_by_tag: dict[str, list[int]] = {}
        for row in sorted(sheet.rows):
            value = sheet.cell(row, column).value
            tags = value.split() if isinstance(value, str) else []
            self.tags[row] = tags
            for tag in tags:
                self.rows_by_tag.setdefault(tag, []).append(row)

    def read(self) -> None:
        for number, block in enumerate(self.layout.blocks):
            for index, row in enumerate(block.rows):
                self._layout_row(row, f"row:{number}.{index}")
            if block.table is not None:
                self._table(block.table)

    def _only(self, tag: str, what: str) -> int | None:
        rows = self.rows_by_tag.get(tag, [])
        if len(rows) == 1:
            return rows[0]
        rule = (
            _("The row of “{what}” is missing") if not rows else _("The row of “{what}” stands there twice")
        )
        self.form.errors.append(
            file_error(
                rule.format(what=what),
                _("Download the form again and copy your entries into it."),
                self.sheet.name,
            )
        )
        return None

    def _layout_row(self, row: LayoutRow, tag: str) -> None:
        named = [cell for cell in row.cells if cell.kind == "value"]
        if not named:
            return
        number = self._only(tag, self.layout.fields[named[0].field].label)
        if number is None:
            return
        labels = {cell.field: cell for cell in row.cells if cell.kind == "label"}
        for cell in named:
            described = self.layout.fields[cell.field]
            label = labels.get(cell.field)
            title = described.label
            if label is not None:
                title = str(self.sheet.cell(number, label.start).value or "")
                if not _matches(described.label, title):
                    place = Place(self.sheet.name, number, label.start, described.label)
                    self.form.errors.append(_moved(place, title))
                    continue
            self._value(described, Place(self.sheet.name, number, cell.start, title.rstrip("：:")))

    def _value(self, described: FormField, place: Place) -> None:
        raw = self.sheet.cell(place.row, place.column)
        errors = self.form.errors if described.editable else []
        value = read_cell(
            raw,
            described.expected(self.lists),
            place,
            errors,
            required=described.required and described.editable,
        )
        self.form.values[described.key] = FieldValue(
            value,
            place.row,
            get_column_letter(place.column),
            place.title,
            written_text(raw.value),
            described.editable,
        )

    def _table(self, table: Table) -> None:
        top = self._only(f"table:{table.key}", table.columns[0].field.label)
        end = self._only(f"end:{table.key}", table.columns[0].field.label)
        self.form.tables[table.key] = []
        if top is None or end is None:
            return
        if not self._head_matches(table, top):
            return
        seen: dict[str, int] = {}
        for number in range(top + (2 if table.grouped else 1), end):
            tags = self.tags.get(number, [])
            if "cont" in tags:
                continue
            row_id = next((tag.removeprefix("item:") for tag in tags if tag.startswith("item:")), "")
            if self._is_blank(table, number) and not row_id:
                continue
            if row_id in seen and row_id:
                self.form.errors.append(
                    CellError(
                        self.sheet.name,
                        number,
                        "",
                        "",
                        "",
                        _("This row is a copy of row {row}").format(row=seen[row_id]),
                        _("Delete the copy; write new entries into empty rows."),
                    )
                )
                continue
            seen[row_id] = number
            self.form.tables[table.key].append(self._table_row(table, number, row_id))

    def _head_matches(self, table: Table, top: int) -> bool:
        fits = True
        for column in table.columns:
            row = top + 1 if column.group else top
            title = str(self.sheet.cell(row, column.start).value or "")
            if not _matches(column.field.label, title):
                place = Place(self.sheet.name, row, column.start, column.field.label)
                self.form.errors.append(_moved(place, title))
                fits = False
        return fits

    def _is_blank(self, table: Table, number: int) -> bool:
        numbering = {column.start for column in table.columns if column.field.key == table.number}
        cells = self.sheet.rows.get(number, {})
        return all(
            cell.value is None or str(cell.value).strip() == ""
            for column, cell in cells.items()
            if column not in numbering and column <= self.layout.width and not cell.is_formula
        ) and not any(cell.is_formula for column, cell in cells.items() if column <= self.layout.width)

    def _table_row(self, table: Table, number: int, row_id: str) -> ParsedRow:
        values: dict[str, Any] = {}
        places: dict[str, tuple[int, str]] = {}
        raws: list[Any] = []
        inside = {column.start for column in table.columns}
        for column in table.columns:
            described = column.field
            if described.key == table.number:
                continue
            raw = self.sheet.cell(number, column.start)
            place = Place(self.sheet.name, number, column.start, described.label)
            errors = self.form.errors if described.editable else []
            required = described.required and described.editable
            values[described.key] = read_cell(
                raw, described.expected(self.lists), place, errors, required=required
            )
            places[described.key] = (column.start, described.label)
            raws.append(raw.value)
        for position, cell in self.sheet.rows.get(number, {}).items():
            if position not in inside and position <= self.layout.width and cell.value is not None:
                place = Place(self.sheet.name, number, position, "")
                self.form.errors.append(
                    place.error(
                        written_text(cell.value),
                        _("This cell belongs to no column"),
                        _("Write into the first cell of the column."),
                    )
                )
        return ParsedRow(self.sheet.name, number, values, places, raws, row_id)


def _matches(label: str, found: str) -> bool:
    """Whether a printed label is the layout's, placeholders such as {n} being anything."""
    pattern = _PLACEHOLDER.sub(".*", re.escape(fold(label)))
    return re.fullmatch(pattern, fold(found), re.DOTALL) is not None


def _moved(place: Place, found: str) -> CellError:
    return place.error(
        found,
        _("“{title}” is expected here").format(title=place.title),
        _("Restore the heading, or download the form again and copy your entries into it."),
    )
