"""Paper, margins, repeated heads, footers and frozen panes of a drawn form."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ..sheets import Sheet
from ..text import clean_text
from ..workbooks import cell_at
from .layout import Layout

_INCH = 25.4
_PAPERS = {"A4": 9, "A3": 8}
#: A head that ends within these rows stays in view; further down it would leave no room for the table.
_FROZEN_MOST = 8


def set_page(
    sheet: Worksheet, layout: Layout, last_row: int, head_rows: tuple[int, int] | None, stamp: str
) -> None:
    """`head_rows` are repeated on every page after the one where they stand."""
    _paper(sheet, layout.orientation, layout.paper)
    sheet.print_area = f"A1:{get_column_letter(layout.width)}{last_row}"
    if stamp:
        # The first page bears it in its own head already.
        _write(sheet.oddHeader, "right", clean_text(stamp).replace("&", "&&")[:100])
        sheet.HeaderFooter.differentFirst = True
        foot = sheet.oddFooter
        _write(sheet.firstFooter, "center", str(foot.center.text) if foot else "")
    frozen = 3
    if head_rows is not None:
        top, bottom = head_rows
        sheet.print_title_rows = f"{top}:{bottom}"
        frozen = bottom if bottom <= _FROZEN_MOST else frozen
    # By its address: the row below the head may be one merged cell, when the table is empty.
    sheet.freeze_panes = f"{get_column_letter(layout.frozen_columns + 1)}{frozen + 1}"


def set_sheet_page(page: Worksheet, sheet: Sheet, header_row: int, last_row: int) -> None:
    _paper(page, sheet.orientation, "A4")
    page.print_area = f"A1:{get_column_letter(len(sheet.columns))}{last_row}"
    page.print_title_rows = f"{header_row}:{header_row}"
    page.freeze_panes = cell_at(page, header_row + 1, sheet.frozen_columns + 1)


def _paper(sheet: Worksheet, orientation: Literal["portrait", "landscape"], paper: str) -> None:
    sheet.page_setup.paperSize = _PAPERS[paper]
    sheet.page_setup.orientation = orientation
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(
        left=12 / _INCH,
        right=12 / _INCH,
        top=16 / _INCH,
        bottom=14 / _INCH,
        header=7 / _INCH,
        footer=7 / _INCH,
    )
    sheet.print_options.horizontalCentered = True
    _write(sheet.oddFooter, "center", _("Page {page} of {pages}").format(page="&P", pages="&N"))


def _write(line: Any, part: Literal["left", "center", "right"], text: str) -> None:
    getattr(line, part).text = text


def lock(sheet: Worksheet) -> None:
    """Only input cells can be changed; widths, heights and formats stay free. It guards against slips."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.formatCells = False
