"""The uploaded workbook with its findings marked, or, when that cannot be done, the list of findings alone."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy, pgettext_lazy

from . import sandbox
from .lists import Heading, write_xlsx
from .problems import CellError
from .refusals import FileRefused
from .sheets import Column, Sheet
from .text import clean_text

#: More are listed, not marked one by one.
_MARKED = 2000

FINDINGS = Sheet(
    "documents.findings",
    gettext_lazy("Result of the check"),
    (
        Column("sheet", gettext_lazy("Sheet"), width=18),
        Column("row", gettext_lazy("Row"), width=7, kind="integer", getter=lambda e: e.row or None),
        Column("column_letter", gettext_lazy("Column"), width=7),
        Column("column_title", gettext_lazy("Heading"), width=22),
        Column("value", gettext_lazy("Entry"), width=28),
        Column("rule", pgettext_lazy("import", "Finding"), width=44),
        Column("way_out", gettext_lazy("What to do"), width=44),
    ),
)


def annotate(path: Path, kind: str, errors: Sequence[CellError]) -> IO[bytes]:
    """An open temporary file; the caller closes it."""
    target = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the caller closes it)
    if kind == "xlsx":
        try:
            sandbox.run("annotate_workbook", path, target.name, payload=_payload(errors))
            return open(target.name, "rb")  # noqa: SIM115
        except FileRefused:
            target.truncate(0)
    write_xlsx(target, FINDINGS, errors, Heading(str(FINDINGS.name)))
    target.seek(0)
    return target


def _payload(errors: Sequence[CellError]) -> dict[str, object]:
    columns = FINDINGS.columns
    return {
        "tab": str(FINDINGS.name),
        "titles": [str(column.title) for column in columns],
        "lines": [
            [clean_text(v) if isinstance(v := column.value_of(error), str) else v for column in columns]
            for error in errors
        ],
        "findings": [
            {
                "sheet": error.sheet,
                "row": error.row,
                "letter": error.column_letter,
                "text": clean_text(f"{error.rule}\n{error.way_out}"),
                "question": error.is_question,
            }
            for error in errors[:_MARKED]
        ],
    }
