"""The blank or filled form of a Sheet: what an office downloads, fills in offline and uploads again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from .paper.lists import Lists
from .paper.marks import FormMark
from .paper.page import lock, set_sheet_page
from .paper.styles import Styles, lines_needed, points_for, style_for
from .sheets import Column, Sheet, show
from .workbooks import cell_at, put, tab_name

#: Title of the hidden column that ties a row to its record.
ROW_TAG = "item:"
_SIZE = 10.5
_SPARE_ROWS = 200


def sheet_form(
    sheet: Sheet,
    rows: Iterable[Any] = (),
    *,
    mark: FormMark | None = None,
    row_id: Callable[[Any], str] | None = None,
    spare_rows: int = _SPARE_ROWS,
) -> Workbook:
    """A workbook with the sheet's columns; without rows it is the blank form. `row_id` gives a row's public id."""
    book = Workbook()
    book.remove(book.worksheets[0])
    styles, lists = Styles(book, _SIZE), Lists(book)
    page = book.create_sheet(tab_name(str(sheet.name)))
    mark_column = len(sheet.columns) + 1
    page.cell(1, mark_column).value = (mark or FormMark(sheet.key, sheet.version)).to_text()
    header = _heading(sheet, page, styles)
    last = header
    for last, row in enumerate(rows, header + 1):
        _row(sheet, page, styles, last, [show(column.value_of(row), column) for column in sheet.columns])
        if row_id is not None:
            page.cell(last, mark_column).value = f"{ROW_TAG}{row_id(row)}"
    for number in range(last + 1, last + spare_rows + 1):
        _row(sheet, page, styles, number, [None] * len(sheet.columns))
    for number, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(number)
        _offer(page, lists, column, f"{letter}{header + 1}:{letter}{last + spare_rows}")
    page.column_dimensions[get_column_letter(mark_column)].hidden = True
    set_sheet_page(page, sheet, header, max(last, header + 1))
    lock(page)
    page.protection.insertRows = page.protection.deleteRows = page.protection.sort = False
    styles.close()
    lists.finish()
    return book


def _heading(sheet: Sheet, page: Worksheet, styles: Styles) -> int:
    """Title, notes, unit and header; answers the number of the header row."""
    last = len(sheet.columns)
    row = 1
    lines = [(sheet.heading(), "title", 30.0)]
    lines += [(str(note), "note", points_for(1, _SIZE)) for note in sheet.notes]
    if sheet.unit_line:
        lines.append((str(sheet.unit_line), "unit", 16.0))
    for text, style, height in lines:
        cell = cell_at(page, row, 1)
        put(cell, text)
        styles.apply(cell, style)
        if last > 1:
            page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
        page.row_dimensions[row].height = height
        row += 1
    most = 1
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
        title = str(column.title) + ("*" if column.required and column.editable else "")
        cell = cell_at(page, row, number)
        put(cell, title)
        styles.apply(cell, "head")
        most = max(most, lines_needed(title, column.width, _SIZE))
    page.row_dimensions[row].height = points_for(max(most, 2), _SIZE)
    return row


def _row(sheet: Sheet, page: Worksheet, styles: Styles, number: int, values: list[Any]) -> None:
    for position, (column, value) in enumerate(zip(sheet.columns, values, strict=True), 1):
        shown = float(value) / 100 if column.kind == "percent" and value is not None else value
        cell = cell_at(page, number, position)
        put(cell, shown)
        style, number_format = style_for(column.kind, shown)
        styles.apply(cell, style, number_format=number_format, input_cell=column.editable)


def _offer(page: Worksheet, lists: Lists, column: Column, cells: str) -> None:
    """A list to choose from, or the column's help when a cell is entered."""
    if not column.editable:
        return
    if column.kind in ("choice", "yesno"):
        labels = [label for _code, label in column.choice_list()] or [_("Yes"), _("No")]
        rule = DataValidation(type="list", formula1=lists.reference(labels), allow_blank=True)
        rule.error, rule.showErrorMessage = _("Choose one from the list"), True
    elif column.help:
        rule = DataValidation(allow_blank=True)
    else:
        return
    if column.help:
        rule.prompt, rule.showInputMessage = str(column.help)[:250], True
    rule.add(cells)
    page.add_data_validation(rule)
