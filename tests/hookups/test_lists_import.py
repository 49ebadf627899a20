"""The filing form: downloaded filled, filled in offline, every fault named by its cell, all rows or none (M3.4)."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from hookups.models import HookupList
from ningde_projects.documents.models import ImportBatch
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Rank
from ningde_projects.projects.models import Post
from tests.access.contents import body_of
from tests.cast import Cast
from tests.hookups.filing import begun, filed, filled, line_of, march, person, staff
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk

PERSON, UNIT = 5, 6


@pytest.fixture(autouse=True)
def private_store(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENTS_ROOT = tmp_path / "store"


@pytest.fixture
def client_xp(cast: Cast, desk: Desk) -> Client:
    staff(cast)
    desk.at(march(10))
    return desk.client(cast.bureau_xp)


def _address(name: str, found: HookupList) -> str:
    return f"{reverse(name, args=['hookup-list'])}?list={found.public_id}"


def _form(client: Client, found: HookupList) -> Workbook:
    answer = client.get(_address("documents:import-template", found))
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(body_of(answer)))


def _rows(book: Workbook) -> dict[tuple[str, str], int]:
    """(project, post) -> row number."""
    sheet = book.worksheets[0]
    found = {}
    for number, row in enumerate(sheet.iter_rows(), 1):
        if row[2].value:
            found[str(row[0].value), str(row[2].value)] = number
    return found


def _upload(client: Client, found: HookupList, book: Workbook) -> ImportBatch:
    target = io.BytesIO()
    book.save(target)
    file = SimpleUploadedFile("备案表.xlsx", target.getvalue())
    answer = client.post(_address("documents:import-start", found), {"file": file})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return ImportBatch.objects.latest("pk")


def _edited(cast: Cast, client: Client, edit: Callable[[Any, int], None]) -> tuple[HookupList, ImportBatch]:
    """Edit the row of Xiapu's leader and upload."""
    found = begun(cast)
    book = _form(client, found)
    row = _rows(book)[cast.project_xp.name, "属地责任领导"]
    edit(book.worksheets[0], row)
    return found, _upload(client, found, book)


def _errors(batch: ImportBatch) -> list[tuple[str, str]]:
    return [(f"{e['column_letter']}{e['row']}", e["rule"]) for e in batch.errors if not e["is_question"]]


def test_m3_4_the_form_comes_back_and_changes_the_list(cast: Cast, client_xp: Client) -> None:
    def edit(sheet: Any, row: int) -> None:
        sheet.cell(row, PERSON).value = cast.government2_xp.name
        sheet.cell(row, UNIT).value = None

    found, batch = _edited(cast, client_xp, edit)
    assert _errors(batch) == []
    assert batch.counts["update"] == 1
    line = line_of(found, cast.project_xp, Post.COUNTY_LEADER)
    assert line.user == cast.government_xp  # nothing before the confirmation
    url = reverse("documents:import-confirm", args=["hookup-list", batch.public_id])
    for _click in range(2):
        client_xp.post(url)
    line.refresh_from_db()
    assert line.user == cast.government2_xp
    found.refresh_from_db()
    assert found.status == "drafting"


def test_import_faults_are_named_by_their_cells_and_nothing_is_saved(cast: Cast, client_xp: Client) -> None:
    person(cast.government_xp.organisation, "低职级", Rank.TOWNSHIP, Duty.LEAD)
    found = filled(cast)
    book = _form(client_xp, found)
    sheet, rows = book.worksheets[0], _rows(book)
    leader, direct = rows[cast.project_xp.name, "属地责任领导"], rows[cast.project_xp.name, "属地直接责任人"]
    cross = rows[cast.project_cross.name, "属地责任领导"]
    sheet.cell(leader, PERSON).value, sheet.cell(leader, UNIT).value = "低职级", None
    sheet.cell(direct, PERSON).value = "查无此人"
    sheet.cell(cross, UNIT).value = "别的单位"
    batch = _upload(client_xp, found, book)
    said = dict(_errors(batch))
    assert "属地责任领导由县级领导担任" in said[f"E{leader}"]
    assert "依据《若干措施》第（三）条" in said[f"E{direct}"]
    assert "不在该单位" in said[f"F{cross}"]
    before = list(found.lines.values_list("user", flat=True))
    client_xp.post(reverse("documents:import-confirm", args=["hookup-list", batch.public_id]))
    assert list(found.lines.values_list("user", flat=True)) == before


def test_import_of_a_strange_post_and_a_doubled_row_is_refused(cast: Cast, client_xp: Client) -> None:
    found = begun(cast)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["项目名称", "县（市、区）", "责任岗位", "姓名", "所在单位"])
    line = [cast.project_xp.name, "霞浦县", "属地责任领导", cast.government2_xp.name, None]
    sheet.append(line)
    sheet.append(line)
    sheet.append([cast.project_fa.name, "福安市", "属地责任领导", cast.government_fa.name, None])
    batch = _upload(client_xp, found, book)
    said = " ".join(rule for _cell, rule in _errors(batch))
    assert "第2行已有同一岗位" in said
    assert "名单中没有该项目的这一岗位" in said


def test_import_into_anothers_list_or_a_filed_one_is_refused(
    cast: Cast, desk: Desk, client_xp: Client
) -> None:
    foreign = begun(cast, "fa")
    assert client_xp.get(_address("documents:import-start", foreign)).status_code == 403
    found = filed(cast)
    assert client_xp.get(_address("documents:import-start", found)).status_code == 403
