"""Reads a CSV file, writes as read_workbook.py: read_csv.py FILE FOLDER MAX_ROWS MAX_COLUMNS MAX_CELLS"""

import csv
import io
import json
import sys
from pathlib import Path


def decoded(content: bytes) -> str | None:
    """UTF-8 with or without mark, UTF-16 with mark, or what Chinese Windows writes; None otherwise."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def delimiter_of(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",\t;", key=first.count)


def main(path: str, folder: Path, max_rows: int, max_columns: int, max_cells: int) -> None:
    text = decoded(Path(path).read_bytes())
    if text is None:
        json.dump({"sheets": [], "refused": {"why": "encoding", "sheet": ""}}, sys.stdout)
        return
    csv.field_size_limit(200_000)
    refused, cells, last = None, 0, 0
    with (folder / "0.jsonl").open("w", encoding="utf-8") as out:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
        for number, row in enumerate(reader, 1):
            kept = [[column, value[:40_000], 0] for column, value in enumerate(row, 1) if value.strip()]
            if not kept:
                continue
            cells += len(kept)
            last = number
            if number > max_rows or len(row) > max_columns or cells > max_cells:
                why = "rows" if number > max_rows else "columns" if len(row) > max_columns else "cells"
                refused = {"why": why, "sheet": ""}
                break
            out.write(json.dumps([number, False, *kept]) + "\n")
    sheets = [{"rows": last, "cells": cells, "merged": [], "name": "CSV", "hidden": False}]
    json.dump({"sheets": sheets, "refused": refused}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *(int(text) for text in sys.argv[3:6]))
