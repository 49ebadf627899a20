"""Figure 5: 附件2 of all places beside openpyxl writing the same cells."""

from __future__ import annotations

import io
from copy import copy

from django.http import HttpResponseBase
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell

from benchmarks import databases, limits, measuring, world
from benchmarks.figures.pages import Page
from benchmarks.limits import Scale
from benchmarks.measuring import Figure
from ningde_projects.organizations.duties import Duty, OrgKind


def content(response: HttpResponseBase) -> bytes:
    if response.status_code != 200:
        raise AssertionError(f"the workbook answered {response.status_code}")
    return b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]


def same_cells(book: Workbook) -> bytes:
    """Every cell with its value and looks, every width and merged area, and nothing else: no layout, no query."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for sheet in book.worksheets:
        target = made.create_sheet(sheet.title)
        for area in sheet.merged_cells.ranges:
            target.merge_cells(str(area))
        for row in sheet.iter_rows():
            for cell in row:
                written = target.cell(cell.row, cell.column)
                if isinstance(cell, Cell) and isinstance(written, Cell):
                    written.value = cell.value
                if cell.has_style:
                    written.font, written.border = copy(cell.font), copy(cell.border)
                    written.alignment, written.fill = copy(cell.alignment), copy(cell.fill)
                    written.number_format = cell.number_format
    target_file = io.BytesIO()
    made.save(target_file)
    return target_file.getvalue()


def paper(name: str, scale: Scale) -> list[Figure]:
    """The month that was played, with the counties' forwarded summaries."""
    databases.use(name)
    page = Page(
        world.holder(Duty.DISPATCH, OrgKind.COMMISSION), f"/summaries/all/{world.month_played()}/annex2.xlsx"
    )
    book = load_workbook(io.BytesIO(content(page.client.get(page.path))))
    cells = sum(sheet.max_row * sheet.max_column for sheet in book.worksheets)
    same_cells(book)
    taken = measuring.alternate(
        scale.rounds,
        lambda: measuring.timed(lambda: content(page.client.get(page.path))),
        lambda: measuring.timed(lambda: same_cells(book)),
    )
    return [
        measuring.compare(
            "5", "附件2 of all places, whole request / openpyxl, same cells", limits.PAPER, *taken,
            note=f"{len(book.worksheets)} sheets, {cells} cells",
        )
    ]  # fmt: skip
