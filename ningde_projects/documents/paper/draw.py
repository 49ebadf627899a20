"""Draws one tab of a paper form, from top to bottom."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ningde_projects.periods.month import ZONE, Month
from ningde_projects.shell.formats import month_name

from ..text import clean_text
from ..workbooks import cell_at, put
from .layout import Block, FormField, Layout, LayoutCell, LayoutRow, Table, TableColumn
from .lists import Choices, Lists
from .marks import FormMark
from .page import lock, set_page
from .styles import MAX_ROW_POINTS, Styles, lines_needed, points_for, style_for

if TYPE_CHECKING:
    from .render import Form, Stamp, Values

#: Key under which a table row carries the public id of its record.
ROW_ID = "row_id"
#: Key under which a table row names its columns that are shown, not filled in.
LOCKED = "locked_columns"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class FormSheet:
    """Draws one tab from top to bottom; `row` is the next free row."""

    def __init__(
        self,
        layout: Layout,
        sheet: Worksheet,
        styles: Styles,
        form: Form,
        choices: Choices,
        lists: Lists | None,
    ) -> None:
        self.layout, self.sheet, self.styles, self.form = layout, sheet, styles, form
        self.choices, self.lists = choices, lists
        self.row = 1
        self.mark_column = layout.width + 1
        self.head_rows: tuple[int, int] | None = None
        self.words = dict(form.words)
        month = form.values.get("month")
        if isinstance(month, Month):
            self.words.setdefault("n", str(month.number))

    @property
    def fill(self) -> bool:
        return self.lists is not None

    def draw(self, stamp: Stamp | None) -> None:
        for number, width in enumerate(self.layout.widths, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width
        self._heading(stamp)
        for number, block in enumerate(self.layout.blocks):
            self._block(number, block)
        set_page(self.sheet, self.layout, self.row - 1, self.head_rows, stamp.text if stamp else "")
        self.sheet.column_dimensions[get_column_letter(self.mark_column)].hidden = True
        if self.fill:
            lock(self.sheet)

    # --- blocks ---------------------------------------------------------------------------------------

    def _heading(self, stamp: Stamp | None) -> None:
        mark = self.form.mark or FormMark(self.layout.key, self.layout.version)
        self.sheet.cell(1, self.mark_column).value = mark.to_text()
        half = self.layout.width // 2
        self._span(1, half, self.layout.label, "attachment")
        self._span(half + 1, self.layout.width - half, stamp.text if stamp else "", "stamp")
        self._next(20)
        self._span(1, self.layout.width, self._words(self.layout.title), "title")
        self._next(32)
        if self.layout.unit:
            self._span(1, self.layout.width, self.layout.unit, "unit")
            self._next(16)

    def _block(self, number: int, block: Block) -> None:
        if block.table is not None:
            self._table(block.table)
        elif block.kind == "notes":
            self._mark("notes")
            for note in block.notes:
                self._span(1, self.layout.width, self._words(note), "note")
                self._next(self._height([(note, 1, self.layout.width)], 1))
        else:
            for index, row in enumerate(block.rows):
                self._mark(f"row:{number}.{index}")
                self._layout_row(row, block.kind)

    def _layout_row(self, row: LayoutRow, look: str) -> None:
        texts = [(self._cell_text(cell), cell.start, cell.span) for cell in row.cells]
        height = self._height(texts, row.min_lines)
        physical = math.ceil(height / MAX_ROW_POINTS)
        for cell in row.cells:
            self._layout_cell(cell, physical, look)
        self._next(height, physical)

    def _layout_cell(self, cell: LayoutCell, physical: int, look: str) -> None:
        boxed = look == "grid"
        if cell.kind != "value":
            name = {"section": "section", "label": "label" if boxed else "line-label"}.get(cell.kind)
            self._span(
                cell.start,
                cell.span,
                self._words(cell.text),
                name or ("text" if boxed else "line-text"),
                physical,
            )
            return
        described = self.layout.fields[cell.field]
        value = self._shown(described, self.form.values.get(cell.field))
        name, number_format = self._look(described, value)
        target = self._span(
            cell.start,
            cell.span,
            value,
            name if boxed else "signature" if look == "signatures" else "line-value",
            physical,
            number_format=number_format,
            input_cell=self.fill and described.editable,
        )
        if self.fill and described.editable:
            self._offer(described, target.coordinate)

    def _table(self, table: Table) -> None:
        top = self.row
        self._mark(f"table:{table.key}")
        self._table_head(table)
        self.head_rows = (top, self.row - 1)
        rows = list(self.form.tables.get(table.key, ()))
        if not rows and table.empty_text and not self.fill:
            self._mark("cont")
            self._span(1, self.layout.width, self._words(table.empty_text), "centre")
            self._next(points_for(1, self.layout.font_size))
        first = self.row
        for number, row in enumerate(rows, 1):
            self._table_row(table, row, number)
        least = max(table.min_rows, len(rows) + table.spare_rows) if self.fill else table.min_rows
        for number in range(len(rows) + 1, max(least, len(rows)) + 1):
            if rows or self.fill or not table.empty_text:
                self._table_row(table, {}, number)
        if self.fill:
            for column in table.columns:
                if column.field.editable:
                    letter = get_column_letter(column.start)
                    self._offer(column.field, f"{letter}{first}:{letter}{self.row - 1}")
        self._mark(f"end:{table.key}")

    def _table_head(self, table: Table) -> None:
        if not table.grouped:
            texts = [(column.field.label, column.start, column.span) for column in table.columns]
            for column in table.columns:
                self._span(column.start, column.span, self._words(column.field.label), "head")
            self._next(self._height(texts, 2))
            return
        for group, start, span in _groups(table.columns):
            if group:
                self._span(start, span, group, "head")
        for column in table.columns:
            if column.group:
                self._span(
                    column.start, column.span, self._words(column.field.label), "head", at=self.row + 1
                )
            else:
                self._span(column.start, column.span, self._words(column.field.label), "head", 2)
        size = self.layout.font_size
        self._next(points_for(1, size))
        self._mark("cont")
        self._next(self._height([(c.field.label, c.start, c.span) for c in table.columns if c.group], 2))

    def _table_row(self, table: Table, row: Values, number: int) -> None:
        shown: list[tuple[TableColumn, Any]] = []
        for column in table.columns:
            value = number if column.field.key == table.number else row.get(column.field.key)
            shown.append((column, self._shown(column.field, value)))
        height = self._height([(_as_text(v), c.start, c.span) for c, v in shown], 2)
        physical = math.ceil(height / MAX_ROW_POINTS)
        self._mark(f"item:{row.get(ROW_ID, '')}")
        for extra in range(1, physical):
            self._mark("cont", self.row + extra)
        for column, value in shown:
            name, number_format = self._look(column.field, value)
            name = "centre" if column.field.key == table.number else name
            editable = (
                self.fill
                and column.field.editable
                and column.field.key != table.number
                and column.field.key not in row.get(LOCKED, ())
            )
            self._span(
                column.start,
                column.span,
                value,
                name,
                physical,
                number_format=number_format,
                input_cell=editable,
            )
        self._next(height, physical)

    # --- cells ----------------------------------------------------------------------------------------

    def _span(
        self,
        start: int,
        span: int,
        value: Any,
        style: str,
        rows: int = 1,
        *,
        at: int | None = None,
        number_format: str = "General",
        input_cell: bool = False,
    ) -> Cell:
        """Write one value over `span` columns and `rows` rows; borders go on every cell of the span."""
        top = at or self.row
        first = cell_at(self.sheet, top, start)
        put(first, value)
        for row in range(top, top + rows):
            for column in range(start, start + span):
                cell = cell_at(self.sheet, row, column)
                self.styles.apply(cell, style, number_format=number_format, input_cell=input_cell)
        if span > 1 or rows > 1:
            self.sheet.merge_cells(
                start_row=top, start_column=start, end_row=top + rows - 1, end_column=start + span - 1
            )
        return first

    def _look(self, described: FormField, value: Any) -> tuple[str, str]:
        name, number_format = style_for(described.kind, value)
        return ("centre" if described.centred and name == "text" else name), number_format

    def _shown(self, described: FormField, value: Any) -> Any:
        """What stands in the cell; percentages become Excel's fractions."""
        if value is None or value == "":
            return None if not described.as_boxes else self._boxes(described, None)
        if described.as_boxes:
            return self._boxes(described, str(value))
        if isinstance(value, Month):
            return month_name(value.first_day, year=True)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if described.kind == "percent" and isinstance(value, Decimal | int | float):
            return Decimal(str(value)) / 100
        if described.kind == "choice":
            return dict(self._choices(described)).get(str(value), str(value))
        if isinstance(value, datetime):
            return value.astimezone(ZONE).date()
        return value

    def _choices(self, described: FormField) -> list[tuple[str, str]]:
        return [
            (code, str(label))
            for code, label in described.choices or self.choices.get(described.choices_from, ())
        ]

    def _boxes(self, described: FormField, code: str | None) -> str:
        """☑例行月报 □重大紧急即报"""
        return "  ".join(f"{'☑' if key == code else '□'}{label}" for key, label in self._choices(described))

    def _offer(self, described: FormField, cells: str) -> None:
        """A drop-down list or a hint on the input cells."""
        if self.lists is None or (described.kind not in ("choice", "yesno") and not described.help):
            return
        if described.as_boxes:
            options = [self._boxes(described, code) for code, _label in self._choices(described)]
        elif described.kind == "yesno":
            options = [_("Yes"), _("No")]
        else:
            options = [label for _code, label in self._choices(described)]
        rule = DataValidation(allow_blank=True)
        if options:
            rule = DataValidation(type="list", formula1=self.lists.reference(options), allow_blank=True)
            rule.error = _("Choose one from the list")
            rule.showErrorMessage = True
        if described.help:
            rule.prompt, rule.showInputMessage = described.help[:250], True
        rule.add(cells)
        self.sheet.add_data_validation(rule)

    def _words(self, text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: self.words.get(found[1], "__"), text)

    def _cell_text(self, cell: LayoutCell) -> str:
        if cell.kind != "value":
            return self._words(cell.text)
        return _as_text(self._shown(self.layout.fields[cell.field], self.form.values.get(cell.field)))

    # --- rows -----------------------------------------------------------------------------------------

    def _height(self, texts: Sequence[tuple[str, int, int]], least: int) -> float:
        size, widths = self.layout.font_size, self.layout.widths
        lines = [
            lines_needed(clean_text(t), sum(widths[start - 1 : start - 1 + span]), size)
            for t, start, span in texts
        ]
        return points_for(max([least, *lines]), size)

    def _next(self, height: float, physical: int = 1) -> None:
        for _index in range(physical):
            self.sheet.row_dimensions[self.row].height = round(height / physical, 1)
            self.row += 1

    def _mark(self, text: str, row: int | None = None) -> None:
        cell = self.sheet.cell(row or self.row, self.mark_column)
        if cell.value is None:
            cell.value = text
        else:  # the end of one table is the row in which something else begins
            cell.value = f"{cell.value} {text}"


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal | float):
        return ""  # figures shrink to fit, they need no second line
    return str(value)


def _groups(columns: Sequence[TableColumn]) -> list[tuple[str, int, int]]:
    """Neighbouring columns of one group, as (group, start, span)."""
    found: list[tuple[str, int, int]] = []
    for column in columns:
        if found and column.group and found[-1][0] == column.group:
            group, start, span = found[-1]
            found[-1] = (group, start, span + column.span)
        else:
            found.append((column.group, column.start, column.span))
    return found
