"""Reads a layout's JSON and names every fault in it at once."""

from __future__ import annotations

from typing import Any, cast

from ..values import KINDS
from .layout import (
    SCHEMA,
    Block,
    BlockKind,
    FormField,
    Layout,
    LayoutCell,
    LayoutError,
    LayoutRow,
    Table,
    TableColumn,
)

_FIELD_KEYS = {
    "label",
    "kind",
    "editable",
    "required",
    "choices",
    "choices_from",
    "as_boxes",
    "max_length",
    "help",
    "centred",
}
_ROW_BLOCKS = ("lines", "grid", "signatures")


def parse_layout(data: Any) -> Layout:
    faults: list[str] = []
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise LayoutError([f"schema must be {SCHEMA}"])
    for key in ("key", "version", "name", "title", "widths", "fields", "blocks"):
        if not data.get(key):
            faults.append(f"{key} is missing")
    if faults:
        raise LayoutError(faults)
    widths = tuple(float(width) for width in data["widths"])
    fields = {key: _field(key, value, faults) for key, value in data["fields"].items()}
    blocks = tuple(
        _block(number, value, fields, len(widths), faults) for number, value in enumerate(data["blocks"])
    )
    _check_use(fields, blocks, faults)
    if data.get("orientation", "landscape") not in ("portrait", "landscape"):
        faults.append("orientation must be portrait or landscape")
    if data.get("paper", "A4") not in ("A4", "A3"):
        faults.append("paper must be A4 or A3")
    if faults:
        raise LayoutError(faults)
    return Layout(
        key=data["key"],
        version=int(data["version"]),
        name=data["name"],
        label=data.get("label", ""),
        title=data["title"],
        unit=data.get("unit", ""),
        orientation=data.get("orientation", "landscape"),
        paper=data.get("paper", "A4"),
        widths=widths,
        fields=fields,
        blocks=blocks,
        frozen_columns=int(data.get("frozen_columns", 0)),
        font_size=float(data.get("font_size", 10.5)),
        accepts=tuple(data.get("accepts", ())),
    )


def _field(key: str, data: dict[str, Any], faults: list[str]) -> FormField:
    unknown = set(data) - _FIELD_KEYS - {"span", "group"}
    if unknown:
        faults.append(f"field {key}: unknown {', '.join(sorted(unknown))}")
    if data.get("kind", "text") not in KINDS:
        faults.append(f"field {key}: kind {data.get('kind')} is not one of {', '.join(KINDS)}")
    if not data.get("label"):
        faults.append(f"field {key}: label is missing")
    choices = tuple((str(code), str(label)) for code, label in data.get("choices", ()))
    kept = {name: value for name, value in data.items() if name in _FIELD_KEYS - {"choices"}}
    kept.setdefault("label", "")
    return FormField(key=key, choices=choices, **kept)


def _block(
    number: int, data: dict[str, Any], fields: dict[str, FormField], width: int, faults: list[str]
) -> Block:
    kind = data.get("type")
    where = f"block {number + 1}"
    if kind == "notes":
        return Block("notes", notes=tuple(data.get("lines", ())))
    if kind == "table":
        return Block("table", table=_table(where, data, width, faults))
    if kind not in _ROW_BLOCKS:
        faults.append(f"{where}: type {kind!r} is not known")
        return Block("notes")
    rows = tuple(
        _row(f"{where}, row {n}", row, fields, width, faults) for n, row in enumerate(data.get("rows", []), 1)
    )
    return Block(cast(BlockKind, kind), rows=rows)


def _row(
    where: str, data: dict[str, Any], fields: dict[str, FormField], width: int, faults: list[str]
) -> LayoutRow:
    """Cells: {"text", "span"}, {"section", "span"} or {"field", "label_span", "span"}."""
    cells: list[LayoutCell] = []
    column = 1
    for cell in data.get("cells", []):
        if "field" in cell:
            field = fields.get(cell["field"])
            if field is None:
                faults.append(f"{where}: field {cell['field']} is not defined")
                continue
            label_span = int(cell.get("label_span", 1))
            if label_span:
                cells.append(LayoutCell("label", column, label_span, field.label, field.key))
            cells.append(LayoutCell("value", column + label_span, int(cell.get("span", 1)), "", field.key))
            column += label_span + int(cell.get("span", 1))
        else:
            kind = "section" if "section" in cell else "text"
            span = int(cell.get("span", 1))
            text = str(cell.get("section", cell.get("text", "")))
            cells.append(LayoutCell("section" if kind == "section" else "text", column, span, text))
            column += span
    if column - 1 != width:
        faults.append(f"{where}: the spans add up to {column - 1}, not {width}")
    return LayoutRow(tuple(cells), int(data.get("min_lines", 1)))


def _table(where: str, data: dict[str, Any], width: int, faults: list[str]) -> Table:
    columns: list[TableColumn] = []
    start = 1
    for column in data.get("columns", []):
        key = column.get("key", "")
        span = int(column.get("span", 1))
        described = {
            name: value for name, value in column.items() if name not in ("key", "title", "span", "group")
        }
        field = _field(key or "?", described | {"label": column.get("title", "")}, faults)
        columns.append(TableColumn(field, start, span, column.get("group", "")))
        start += span
    if start - 1 != width:
        faults.append(f"{where}: the columns add up to {start - 1}, not {width}")
    keys = [column.field.key for column in columns]
    if len(set(keys)) != len(keys):
        faults.append(f"{where}: two columns share a key")
    if not data.get("key"):
        faults.append(f"{where}: key is missing")
    return Table(
        key=str(data.get("key", "")),
        columns=tuple(columns),
        min_rows=int(data.get("min_rows", 1)),
        spare_rows=int(data.get("spare_rows", 3)),
        empty_text=str(data.get("empty_text", "")),
        number=str(data.get("number", "")),
    )


def _check_use(fields: dict[str, FormField], blocks: tuple[Block, ...], faults: list[str]) -> None:
    """Every field stands in exactly one place."""
    placed = [
        cell.field for block in blocks for row in block.rows for cell in row.cells if cell.kind == "value"
    ]
    faults.extend(f"field {key} stands in no cell" for key in fields if key not in placed)
    faults.extend(f"field {key} stands in two cells" for key in sorted(set(placed)) if placed.count(key) > 1)
    tables = [block.table.key for block in blocks if block.table is not None]
    if len(set(tables)) != len(tables):
        faults.append("two tables share a key")
