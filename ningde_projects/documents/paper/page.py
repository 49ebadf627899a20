"""Paper, margins, repeated heads, footers and frozen panes of a drawn form."""

from __future__ import annotations

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from ..text import clean_text
from .layout import Layout

_INCH = 25.4
_PAPERS = {"A4": 9, "A3": 8}
#: A head that ends within these rows stays in view; further down it would leave no room for the table.
_FROZEN_MOST = 8


def set_page(
    sheet: Worksheet, layout: Layout, last_row: int, head_rows: tuple[int, int] | None, stamp: str
) -> None:
    """`head_rows` are repeated on every page after the one where they stand."""
    sheet.print_area = f"A1:{get_column_letter(layout.width)}{last_row}"
    sheet.page_setup.paperSize = _PAPERS[layout.paper]
    sheet.page_setup.orientation = layout.orientation
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(
        left=12 / _INCH,
        right=12 / _INCH,
        top=16 / _INCH,
        bottom=14 / _INCH,
        header=7 / _INCH,
        footer=7 / _INCH,
    )
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = _("Page {page} of {pages}").format(page="&P", pages="&N")
    if stamp:
        sheet.oddHeader.right.text = clean_text(stamp).replace("&", "&&")[:100]
    frozen = 3
    if head_rows is not None:
        top, bottom = head_rows
        sheet.print_title_rows = f"{top}:{bottom}"
        frozen = bottom if bottom <= _FROZEN_MOST else frozen
    sheet.freeze_panes = sheet.cell(frozen + 1, layout.frozen_columns + 1)


def lock(sheet: Worksheet) -> None:
    """Only input cells can be changed; widths, heights and formats stay free. It guards against slips."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.formatCells = False
