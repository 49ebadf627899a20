"""A form's layout as a value, checked when loaded: fields, blocks of cells, tables, notes, signature lines.

The layout is JSON (files in `documents/layouts`, or rows of LayoutVersion), so that the official original can
replace our reconstruction without code (measures.md, settled point 12).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ..values import KINDS, Expected, Kind

FOLDER = Path(__file__).resolve().parent.parent / "layouts"
SCHEMA = 1
_FILE = re.compile(r"^([a-z][a-z0-9_]*)\.v(\d+)\.json$")

BlockKind = Literal["lines", "grid", "table", "notes", "signatures"]
CellKind = Literal["text", "section", "label", "value"]


class LayoutError(ValueError):
    """The layout cannot be used; `problems` names every fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class FormField:
    """One value of the form. Choices are (code, label); `choices_from` names a list given when rendering."""

    key: str
    label: str
    kind: Kind = "text"
    editable: bool = False
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    choices_from: str = ""
    as_boxes: bool = False
    max_length: int = 2000
    help: str = ""
    #: Short texts stand in the middle of their cell.
    centred: bool = False

    def expected(self, lists: Mapping[str, tuple[tuple[str, str], ...]]) -> Expected:
        """Without a known list a choice is read as text."""
        choices = self.choices or lists.get(self.choices_from, ())
        kind: Kind = "text" if self.kind == "choice" and not choices else self.kind
        return Expected(kind, choices, self.max_length)


@dataclass(frozen=True)
class LayoutCell:
    """A cell over `span` grid columns, from column `start` (1-based)."""

    kind: CellKind
    start: int
    span: int
    text: str = ""
    field: str = ""


@dataclass(frozen=True)
class LayoutRow:
    cells: tuple[LayoutCell, ...]
    min_lines: int = 1


@dataclass(frozen=True)
class TableColumn:
    field: FormField
    start: int
    span: int
    group: str = ""


@dataclass(frozen=True)
class Table:
    """`number` is the key of the column that counts the rows; it is written, never read."""

    key: str
    columns: tuple[TableColumn, ...]
    min_rows: int = 1
    spare_rows: int = 3
    empty_text: str = ""
    number: str = ""

    @property
    def grouped(self) -> bool:
        return any(column.group for column in self.columns)


@dataclass(frozen=True)
class Block:
    kind: BlockKind
    rows: tuple[LayoutRow, ...] = ()
    table: Table | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    key: str
    version: int
    name: str
    label: str
    title: str
    unit: str
    orientation: Literal["portrait", "landscape"]
    paper: Literal["A4", "A3"]
    widths: tuple[float, ...]
    fields: Mapping[str, FormField]
    blocks: tuple[Block, ...]
    frozen_columns: int = 0
    font_size: float = 10.5
    #: Older versions that are still read when they come back filled in.
    accepts: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        return len(self.widths)

    def tables(self) -> list[Table]:
        return [block.table for block in self.blocks if block.table is not None]

    @classmethod
    def from_json(cls, data: Any) -> Layout:
        """Raises LayoutError naming all faults."""
        from .parse import parse_layout

        return parse_layout(data)


@cache
def bundled(key: str, version: int) -> Layout:
    """A layout that ships with the program; KeyError when there is none."""
    path = FOLDER / f"{key}.v{version}.json"
    if not _FILE.match(path.name) or not path.is_file():
        raise KeyError((key, version))
    return Layout.from_json(json.loads(path.read_text(encoding="utf-8")))


@cache
def bundled_versions(key: str) -> tuple[int, ...]:
    found = (_FILE.match(path.name) for path in FOLDER.iterdir())
    return tuple(sorted(int(match[2]) for match in found if match and match[1] == key))


__all__ = [
    "KINDS",
    "Block",
    "FormField",
    "Layout",
    "LayoutCell",
    "LayoutError",
    "LayoutRow",
    "Table",
    "TableColumn",
]
