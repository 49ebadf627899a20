"""Marks the findings in the uploaded workbook itself: annotate_workbook.py FILE TARGET, findings as JSON on stdin.

Runs alone in the sandbox. Formulas leave as text: what comes out of the house holds none.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

AUTHOR = "check"
_WRONG = PatternFill("solid", fgColor="FFFDEEEC")
_ASKED = PatternFill("solid", fgColor="FFFFF5DC")

warnings.simplefilter("ignore")


def clean(sheet: Any) -> None:
    """Take off what an earlier round has marked, and turn formulas into text."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()
            if cell.data_type == "f":
                cell.value = str(getattr(cell.value, "text", cell.value))
                cell.data_type = "s"
                cell.quotePrefix = True


def mark(book: Any, finding: dict[str, Any]) -> None:
    if not finding["row"] or not finding["letter"] or finding["sheet"] not in book.sheetnames:
        return
    cell = book[finding["sheet"]][f"{finding['letter']}{finding['row']}"]
    if not hasattr(cell, "comment") or type(cell).__name__ == "MergedCell":
        return
    text = finding["text"] if cell.comment is None else f"{cell.comment.text}\n{finding['text']}"
    cell.comment = Comment(text[:1500], AUTHOR, height=120, width=320)
    cell.fill = _ASKED if finding["question"] else _WRONG


def list_findings(book: Any, told: dict[str, Any]) -> None:
    if told["tab"] in book.sheetnames:
        book.remove(book[told["tab"]])
    sheet = book.create_sheet(told["tab"], 0)
    for number, row in enumerate([told["titles"], *told["lines"]], 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = value[:1] in "=+-@'＝＋－＠"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    for letter, width in zip("ABCDEFG", (18, 7, 7, 22, 28, 44, 44), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False


def main(path: str, target: str) -> None:
    told = json.load(sys.stdin)
    # A stored file has no ending; an open one is not asked for it.
    with Path(path).open("rb") as source:
        book = load_workbook(source)
    for sheet in book.worksheets:
        clean(sheet)
    for finding in told["findings"]:
        mark(book, finding)
    list_findings(book, told)
    book.save(target)
    json.dump({"saved": True}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
