"""The cells of an uploaded workbook or CSV, read in the sandbox and handed over row by row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from . import conf, gate, sandbox
from .refusals import FileRefused
from .sandbox.flags import BOOLEAN, DATE, ERROR, FORMULA, PERCENT
from .storage import scratch
from .text import from_csv_text

TableKind = Literal["xlsx", "csv"]
#: Beyond these a file is not a table of ours; importers may ask for more rows.
MAX_COLUMNS = 256
MAX_CELLS = 3_000_000


class RawCell(NamedTuple):
    """What stands in a cell: the value, and how it got there."""

    value: Any
    is_formula: bool = False
    is_error: bool = False
    is_percent: bool = False


EMPTY = RawCell(None)
Row = dict[int, RawCell]


@dataclass
class SheetData:
    """One sheet; `rows` is filled when it is small enough to be held (forms), else go through `iter_rows`."""

    name: str
    hidden: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    rows: dict[int, Row] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    last_row: int = 0
    source: Path | None = None
    is_csv: bool = False

    def iter_rows(self) -> Iterator[tuple[int, Row, bool]]:
        """Row number from 1, its cells by column number from 1, and whether it is hidden."""
        if self.source is None:
            for number in sorted(self.rows):
                yield number, self.rows[number], number in self.hidden_rows
            return
        with self.source.open(encoding="utf-8") as lines:
            for line in lines:
                number, hidden, *cells = json.loads(line)
                yield number, {cell[0]: _unpacked(cell, self.is_csv) for cell in cells}, hidden

    def hold(self) -> SheetData:
        """Keep all rows in memory, for reading back and forth."""
        if self.source is not None:
            for number, row, hidden in self.iter_rows():
                self.rows[number] = row
                if hidden:
                    self.hidden_rows.add(number)
            self.source = None
        return self

    def cell(self, row: int, column: int) -> RawCell:
        return self.rows.get(row, {}).get(column, EMPTY)

    @classmethod
    def of_worksheet(cls, sheet: Worksheet) -> SheetData:
        """From a sheet that openpyxl holds in memory; only for workbooks made by ourselves."""
        data = cls(sheet.title, hidden=sheet.sheet_state != "visible")
        data.merged = [_edges(str(area)) for area in sheet.merged_cells.ranges]
        for line in sheet.iter_rows():
            for cell in line:
                if cell.value is None:
                    continue
                raw = RawCell(
                    re.sub("_x005F_", "_", cell.value) if isinstance(cell.value, str) else cell.value,
                    cell.data_type == "f",
                    cell.data_type == "e",
                    "%" in re.sub(r'"[^"]*"', "", cell.number_format or ""),
                )
                data.rows.setdefault(cell.row, {})[cell.column] = raw
        data.last_row = max(data.rows, default=0)
        return data


def _unpacked(cell: list[Any], is_csv: bool) -> RawCell:
    _column, value, flags = cell
    if flags & DATE:
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    elif flags & BOOLEAN:
        value = bool(value)
    elif is_csv and isinstance(value, str):
        value = from_csv_text(value)
    return RawCell(value, bool(flags & FORMULA), bool(flags & ERROR), bool(flags & PERCENT))


def _edges(area: str) -> tuple[int, int, int, int]:
    """(first row, first column, last row, last column)"""
    left, top, right, bottom = range_boundaries(area)
    return (int(top or 1), int(left or 1), int(bottom or 1), int(right or 1))


@contextmanager
def opened(path: Path, kind: TableKind, *, max_rows: int) -> Iterator[list[SheetData]]:
    """Pass the gate, read in the sandbox, give the sheets; FileRefused says why not."""
    gate.check_size(path.stat().st_size, conf.max_upload_bytes())
    if kind == "xlsx":
        gate.check_archive(path, "xlsx")
    else:
        gate.check_csv(path)
    with scratch() as folder:
        script: Literal["read_workbook", "read_csv"] = "read_workbook" if kind == "xlsx" else "read_csv"
        told = sandbox.run(script, path, folder, max_rows, MAX_COLUMNS, MAX_CELLS)
        if told["refused"]:
            raise _too_much(told["refused"]["why"], told["refused"]["sheet"], max_rows)
        yield [
            SheetData(
                name=sheet["name"],
                hidden=sheet["hidden"],
                merged=[_edges(area) for area in sheet["merged"]],
                last_row=sheet["rows"],
                source=folder / f"{number}.jsonl",
                is_csv=kind == "csv",
            )
            for number, sheet in enumerate(told["sheets"])
        ]


def _too_much(why: str, sheet: str, max_rows: int) -> FileRefused:
    if why == "encoding":
        return FileRefused(
            "encoding",
            _("The text of the CSV file cannot be read"),
            _("Save it as “CSV UTF-8”, or better as .xlsx."),
        )
    if why == "rows":
        return FileRefused(
            "rows",
            _("Sheet “{sheet}” goes beyond row {limit}").format(sheet=sheet, limit=max_rows),
            _("Split the file, and delete what stands far below the table."),
        )
    if why == "columns":
        return FileRefused(
            "columns",
            _("Sheet “{sheet}” goes beyond column {limit}").format(sheet=sheet, limit=MAX_COLUMNS),
            _("Delete what stands far to the right of the table."),
        )
    return FileRefused(
        "cells",
        _("Sheet “{sheet}” holds too many cells").format(sheet=sheet),
        _("Delete empty formatted rows and columns, or split the file."),
    )
