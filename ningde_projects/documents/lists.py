"""Long lists as a file: XlsxWriter row by row with shared formats, or CSV; text stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import IO, Any, Literal, cast

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .sheets import Column, Sheet, show
from .storage import scratch
from .text import (
    CELL_LIMIT,
    clean_text,
    csv_text,
    excel_escaped,
    excel_length,
    fitting_height,
    looks_like_formula,
    split_for_cells,
)
from .workbooks import tab_name

ListFormat = Literal["xlsx", "csv"]
CONTENT_TYPES: dict[ListFormat, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
#: Stands at the end of a cell whose text goes on in the second sheet; an import refuses such a cell.
CUT_MARK = "……〔全文见“超长内容”〕"
_PROGRESS_EVERY = 500
_SERIAL_ZERO = date(1899, 12, 30).toordinal()
_NUMBER_FORMATS = {"money": "#,##0.00", "integer": "#,##0", "percent": "0.0%", "date": "yyyy-mm-dd"}

CellWriter = Callable[[int, Any], None]


class _Page(Worksheet):  # type: ignore[misc]  # the library is not typed
    """Escapes every _xHHHH_ in a text; the library's own way misses those that share an underscore."""

    @staticmethod
    def _escape_control_characters(data: str) -> str:
        return excel_escaped(data)


@dataclass(frozen=True)
class Heading:
    """What stands over and under a printed list."""

    title: str
    #: The filters that were on when it was made, so that a printed page explains itself.
    filter_line: str = ""
    #: Who made it and when; in the footer.
    made_line: str = ""
    #: At the head of every printed page, such as that it is a draft.
    header_line: str = ""


def write_list(
    target: IO[bytes],
    form: ListFormat,
    sheet: Sheet,
    rows: Iterable[Any],
    heading: Heading,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Write the rows and answer how many there were."""
    if form == "csv":
        return write_csv(target, sheet, rows, on_progress)
    return write_xlsx(target, sheet, rows, heading, on_progress)


def write_xlsx(
    target: IO[bytes],
    sheet: Sheet,
    rows: Iterable[Any],
    heading: Heading,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    with _book(target) as book:
        overflow = _Overflow(book)
        count = _write_page(book, sheet, rows, heading, overflow, on_progress)
        overflow.finish()
    return count


def write_book(target: IO[bytes], pages: Iterable[tuple[Sheet, Iterable[Any], Heading]]) -> int:
    """Several lists as the sheets of one workbook, in this order; answers how many rows there were."""
    count = 0
    with _book(target) as book:
        overflow = _Overflow(book)
        for sheet, rows, heading in pages:
            count += _write_page(book, sheet, rows, heading, overflow, None)
        overflow.finish()
    return count


@contextmanager
def _book(target: IO[bytes]) -> Iterator[xlsxwriter.Workbook]:
    with scratch() as folder:
        options = {
            "constant_memory": True,
            "tmpdir": str(folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(cast(Any, target), options)
        yield book
        book.close()


def _write_page(
    book: xlsxwriter.Workbook,
    sheet: Sheet,
    rows: Iterable[Any],
    heading: Heading,
    overflow: _Overflow,
    on_progress: Callable[[int], None] | None,
) -> int:
    page = book.add_worksheet(tab_name(str(sheet.name)), worksheet_class=_Page)
    header_row = _write_heading(book, page, sheet, heading)
    writers = [
        (column.value_of, _cell_writer(book, page, column, number, overflow))
        for number, column in enumerate(sheet.columns)
    ]
    row_number = header_row
    for row_number, row in enumerate(rows, header_row + 1):
        if sheet.fits_rows:
            page.set_row(
                row_number, fitting_height((str(c.value_of(row) or ""), c.width) for c in sheet.columns)
            )
        for value_of, write in writers:
            write(row_number, value_of(row))
        if on_progress is not None and (row_number - header_row) % _PROGRESS_EVERY == 0:
            on_progress(row_number - header_row)
    _finish(page, sheet, header_row, row_number, heading)
    return row_number - header_row


def _write_heading(book: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet, heading: Heading) -> int:
    """Title, filter line, unit line and header; answers the number of the header row."""
    last = len(sheet.columns) - 1
    title = book.add_format(
        {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "quote_prefix": True}
    )
    small = book.add_format({"font_size": 9, "font_color": "#556376", "quote_prefix": True})
    right = book.add_format({"font_size": 9, "align": "right"})
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width)
    _spread(page, 0, last, clean_text(heading.title), title)
    page.set_row(0, 28)
    row = 1
    for line, style in ((heading.filter_line, small), (str(sheet.unit_line), right)):
        if line:
            _spread(page, row, last, clean_text(line), style)
            row += 1
    header = book.add_format(
        {
            "bold": True,
            "border": 1,
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
            "bg_color": "#EEF2F5",
        }
    )
    for number, column in enumerate(sheet.columns):
        page.write_string(row, number, str(column.title), header)
    return row


def _spread(page: Worksheet, row: int, last: int, text: str, style: Format) -> None:
    if last > 0:
        page.merge_range(row, 0, row, last, "", style)
    page.write_string(row, 0, text, style)


def _finish(page: Worksheet, sheet: Sheet, header_row: int, last_row: int, heading: Heading) -> None:
    last = len(sheet.columns) - 1
    page.freeze_panes(header_row + 1, min(sheet.frozen_columns, last))
    page.autofilter(header_row, 0, last_row, last)
    page.repeat_rows(header_row)
    page.print_area(0, 0, last_row, last)
    page.set_paper(9)
    if sheet.orientation == "landscape":
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    if heading.header_line:
        page.set_header("&R&9" + clean_text(heading.header_line).replace("&", "&&")[:150])
    made = clean_text(heading.made_line).replace("&", "&&")[:150]
    page.set_footer(f"&L&9{made}&C&9" + _("Page {page} of {pages}").format(page="&P", pages="&N"))


def _cell_writer(
    book: xlsxwriter.Workbook, page: Worksheet, column: Column, number: int, overflow: _Overflow
) -> CellWriter:
    """One function per column, so that nothing is decided per cell that can be decided once."""
    base = {"border": 1, "valign": "vcenter"}
    blank = book.add_format(base)
    if column.kind in ("money", "integer", "percent"):
        style = book.add_format(base | {"num_format": _NUMBER_FORMATS[column.kind]})
        divisor = 100 if column.kind == "percent" else 1

        def write_number(row: int, value: Any) -> None:
            if value is None:
                page.write_blank(row, number, None, blank)
            else:
                page.write_number(row, number, float(value) / divisor, style)

        return write_number
    if column.kind == "date":
        style = book.add_format(base | {"num_format": _NUMBER_FORMATS["date"], "align": "center"})

        def write_date(row: int, value: Any) -> None:
            if value is None:
                page.write_blank(row, number, None, blank)
            else:
                day = value.date() if isinstance(value, datetime) else value
                page.write_number(row, number, day.toordinal() - _SERIAL_ZERO, style)

        return write_date
    return _text_writer(book, page, column, number, overflow)


def _text_writer(
    book: xlsxwriter.Workbook, page: Worksheet, column: Column, number: int, overflow: _Overflow
) -> CellWriter:
    base = {"border": 1, "valign": "vcenter", "text_wrap": True, "num_format": "@"}
    blank = book.add_format({"border": 1})
    plain = book.add_format(base)
    quoted = book.add_format(base | {"quote_prefix": True})
    labels = dict(column.choice_list()) if column.kind == "choice" else None

    def write_text(row: int, value: Any) -> None:
        if labels is not None:
            text = labels.get(value, value)
        else:
            text = value if type(value) is str else show(value, column)
        if text is None or text == "":
            page.write_blank(row, number, None, blank)
            return
        text = clean_text(str(text))
        if len(text) > CELL_LIMIT // 2 and excel_length(text) > CELL_LIMIT:
            text = overflow.cut(text, row, str(column.title))
        page.write_string(row, number, text, quoted if text[:1] == "'" or looks_like_formula(text) else plain)

    return write_text


class _Overflow:
    """The second sheet, which takes what does not fit into a cell; made only when needed."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.rows: list[tuple[int, str, int, str]] = []

    def cut(self, text: str, row: int, title: str) -> str:
        for part, piece in enumerate(split_for_cells(text), 1):
            self.rows.append((row + 1, title, part, piece))
        return split_for_cells(text, CELL_LIMIT - len(CUT_MARK))[0] + CUT_MARK

    def finish(self) -> None:
        if not self.rows:
            return
        page = self.book.add_worksheet(_("Long texts"), worksheet_class=_Page)
        style = self.book.add_format(
            {"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True}
        )
        for number, title in enumerate((_("Row"), _("Column"), _("Part"), _("Text"))):
            page.write_string(0, number, title)
        page.set_column(3, 3, 120)
        for number, (row, title, part, text) in enumerate(self.rows, 1):
            page.write_number(number, 0, row)
            page.write_string(number, 1, title)
            page.write_number(number, 2, part)
            page.write_string(number, 3, text, style)


def write_csv(
    target: IO[bytes], sheet: Sheet, rows: Iterable[Any], on_progress: Callable[[int], None] | None = None
) -> int:
    """With a byte order mark, so that Excel reads Chinese; what looks like a formula gets a leading '."""
    stream = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(stream, lineterminator="\r\n")
    count = 0
    header = [[csv_text(str(column.title)) for column in sheet.columns]]
    data = ([_csv_value(column.value_of(row), column) for column in sheet.columns] for row in rows)
    for count, line in enumerate(chain(header, data)):
        writer.writerow(line)
        if on_progress is not None and count and count % _PROGRESS_EVERY == 0:
            on_progress(count)
    stream.flush()
    stream.detach()
    return count


def _csv_value(value: Any, column: Column) -> str:
    shown = show(value, column)
    if shown is None:
        return ""
    if column.kind == "percent":
        return f"{shown}%"
    if column.kind == "date":
        return (shown.date() if isinstance(shown, datetime) else shown).isoformat()
    if column.kind in ("money", "integer"):
        return str(shown)
    return csv_text(str(shown))
