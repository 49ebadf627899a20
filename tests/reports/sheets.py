"""Reading the paper forms in tests: cells by label, files by address, edits as a person makes them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from ningde_projects.documents.models import ImportBatch
from ningde_projects.organizations.models import User
from tests.access.contents import body_of
from tests.cast import Cast
from tests.reports.story import november

LATE = november(13)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_person(person: User, at: datetime = LATE) -> tuple[Client, Any]:
    """Somebody at the browser, and the clock to be held while he works."""
    client = Client()
    with time_machine.travel(at, tick=True):
        Cast.login(client, person)
    return client, time_machine.travel(at, tick=True)


def answer(person: User, url: str, at: datetime = LATE) -> Any:
    client, clock = as_person(person, at)
    with clock:
        return client.get(url)


def file_of(person: User, url: str, at: datetime = LATE) -> bytes:
    response = answer(person, url, at)
    assert response.status_code == 200, (url, response.status_code)
    return body_of(response)


def book_of(person: User, url: str, at: datetime = LATE) -> Workbook:
    return load_workbook(io.BytesIO(file_of(person, url, at)))


def sheets_of(book: Workbook) -> list[Worksheet]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def beside(sheet: Worksheet, label: str) -> Any:
    """The cell right of a label, over whatever columns both span."""
    wanted = label.replace("\n", "")
    for row in sheet.iter_rows():
        for number, cell in enumerate(row):
            if str(cell.value or "").replace("\n", "") == wanted:
                return next(c for c in row[number + 1 :] if not isinstance(c, MergedCell))
    raise AssertionError(f"no cell says {label}")


def problem_rows(sheet: Worksheet) -> list[dict[str, Any]]:
    """The problem table by its headings; each row with its number on the sheet as 'row'."""
    head = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    titles = {cell.column: str(cell.value) for cell in head if cell.value and cell.column <= 16}
    found = []
    for row in sheet.iter_rows(min_row=int(head[0].row or 0) + 1):
        if not isinstance(row[0].value, int):
            break
        found.append({title: row[column - 1].value for column, title in titles.items()} | {"row": row[0].row})
    return found


def column_of(sheet: Worksheet, title: str) -> int:
    head = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    return next(cell.column for cell in head if cell.value == title)


def write_problem(sheet: Worksheet, row: int, values: Mapping[str, Any]) -> None:
    for title, value in values.items():
        sheet.cell(row, column_of(sheet, title)).value = value


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def uploaded(person: User, body: bytes, way: str = "draft", at: datetime = LATE) -> ImportBatch:
    """The preview of an upload."""
    client, clock = as_person(person, at)
    with clock:
        file = SimpleUploadedFile("线下填报.xlsx", body, XLSX)
        response = client.post("/reports/offline/?month=2026-10", {"file": file, "way": way})
    assert response.status_code == 302, response.content.decode()[:3000]
    return ImportBatch.objects.latest("pk")


def confirmed(person: User, batch: ImportBatch, at: datetime = LATE) -> ImportBatch:
    client, clock = as_person(person, at)
    with clock:
        client.post(f"/imports/{batch.kind}/{batch.public_id}/confirm/")
    batch.refresh_from_db()
    return batch


def places(batch: ImportBatch, *, questions: bool = False) -> list[tuple[str, str, str]]:
    """Findings as (sheet, cell, column title)."""
    return [
        (e["sheet"], f"{e['column_letter']}{e['row']}" if e["row"] else "", e["column_title"])
        for e in batch.errors
        if e["is_question"] == questions
    ]


def words(batch: ImportBatch) -> str:
    return " ".join(f"{e['rule']} {e['way_out']}" for e in batch.errors)
