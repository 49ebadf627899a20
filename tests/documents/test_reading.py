"""Strange workbooks and CSV files, read in a process of their own (D8–D23, A16)."""

from __future__ import annotations

import subprocess
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ningde_projects.documents import sandbox
from ningde_projects.documents.reading import SheetData, opened
from ningde_projects.documents.refusals import FileRefused
from ningde_projects.documents.services import sweeping
from ningde_projects.periods.month import ZONE

from . import corpus


def read(folder: Path, content: bytes, kind: Any = "xlsx", max_rows: int = 2000) -> list[SheetData]:
    path = corpus.saved(folder, content, f"file.{kind}")
    with opened(path, kind, max_rows=max_rows) as sheets:
        return [sheet.hold() for sheet in sheets]


def refusal(folder: Path, content: bytes, kind: Any = "xlsx") -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read(folder, content, kind)
    return refused.value


def test_a_cell_at_the_far_end_is_refused_quickly(tmp_path: Path) -> None:
    began = time.monotonic()
    assert refusal(tmp_path, corpus.far_cell()).code == "rows"
    assert time.monotonic() - began < 5


def test_a_row_too_many_is_refused_and_the_last_allowed_one_read(tmp_path: Path) -> None:
    assert read(tmp_path, corpus.many_rows(2000))[0].last_row == 2000
    refused = refusal(tmp_path, corpus.many_rows(2001))
    assert refused.code == "rows"
    assert "2000" in refused.rule


def test_a_column_too_many_is_refused(tmp_path: Path) -> None:
    content = corpus.packed(
        corpus.parts(sheet=corpus.sheet_xml(f'<row r="1">{corpus.inline("IW1", "x")}</row>'))
    )
    assert refusal(tmp_path, content).code == "columns"


def test_empty_formatted_rows_do_not_matter(tmp_path: Path) -> None:
    sheet = read(tmp_path, corpus.many_empty_rows(200_000))[0]
    assert sheet.last_row == 2


def test_a_wrong_dimension_hides_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, corpus.wrong_dimension())[0].cell(9, 3).value == "还在"


def test_the_process_is_stopped_when_it_takes_too_long(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENTS_SANDBOX_CPU_SECONDS = 1
    assert refusal(tmp_path, corpus.many_empty_rows(900_000)).code == "slow"


def test_the_process_is_stopped_when_it_takes_too_much_memory(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENTS_SANDBOX_MEMORY_BYTES = 150 * 1024 * 1024
    text = "x" * (80 * 1024 * 1024)
    content = corpus.packed(
        corpus.parts(sheet=corpus.sheet_xml(f'<row r="1">{corpus.inline("A1", text)}</row>')), 0
    )
    settings.UPLOAD_MAX_BYTES = 200 * 1024 * 1024
    assert refusal(tmp_path, content).code == "memory"


def test_the_process_has_nothing_of_ours_in_its_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: dict[str, Any] = {}

    def run(command: list[str], **options: Any) -> Any:
        seen.update(options, command=command)
        raise subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(FileRefused):
        sandbox.run("inspect_pdf", tmp_path)
    assert set(seen["env"]) == {"PYTHONIOENCODING", "PYTHONHASHSEED", "PATH"}
    assert "-I" in seen["command"]


def test_nothing_stays_on_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, private_store: Path) -> None:
    machine = tmp_path / "machine"
    machine.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(machine))
    read(tmp_path, corpus.plain_workbook())
    refusal(tmp_path, corpus.far_cell())
    assert list(machine.iterdir()) == []
    assert list((private_store / "scratch").iterdir()) == []


def test_what_another_system_on_the_machine_sweeps_leaves_a_reading_alone(
    settings: Any, tmp_path: Path, private_store: Path
) -> None:
    path = corpus.saved(tmp_path, corpus.plain_workbook(), "x.xlsx")
    with opened(path, "xlsx", max_rows=100) as sheets:
        settings.DOCUMENTS_ROOT = tmp_path / "another"
        sweeping.sweep(datetime.now(ZONE) + 2 * sweeping.GRACE)
        assert sheets[0].hold().rows, "its scratch folder is still there"
        settings.DOCUMENTS_ROOT = private_store
        sweeping.sweep(datetime.now(ZONE) + 2 * sweeping.GRACE)
        assert list((private_store / "scratch").iterdir()) == [], "its own system clears up after a day"


def test_formulas_are_seen_with_and_without_their_result(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1"><v>2</v></c></row>'
    sheet = read(tmp_path, corpus.packed(corpus.parts(sheet=corpus.sheet_xml(rows))))[0]
    found = [(sheet.cell(1, n).value, sheet.cell(1, n).is_formula) for n in (1, 2, 3)]
    assert found == [(2, True), (None, True), (2, False)]


def test_error_cells_are_errors(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>'
    cell = read(tmp_path, corpus.packed(corpus.parts(sheet=corpus.sheet_xml(rows))))[0].cell(1, 1)
    assert (cell.value, cell.is_error) == ("#REF!", True)


def test_dates_of_the_epoch_of_1904_are_the_same_days(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        book.worksheets[0]["A1"] = datetime.fromisoformat("2026-11-07")

    assert read(tmp_path, corpus.workbook(fill))[0].cell(1, 1).value == datetime.fromisoformat("2026-11-07")


def test_hidden_sheets_and_rows_are_known_as_such(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        first = book.worksheets[0]
        first["A1"], first["A2"] = "a", "b"
        first.row_dimensions[2].hidden = True
        book.create_sheet("藏").sheet_state = "hidden"

    first, second = read(tmp_path, corpus.workbook(fill))
    assert (first.hidden_rows, first.hidden, second.hidden) == ({2}, False, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_of_offices(encoding: str, tmp_path: Path) -> None:
    sheet = read(tmp_path, "项目,数量\r\n霞浦县,３\r\n".encode(encoding), "csv")[0]
    assert [sheet.cell(2, 1).value, sheet.cell(2, 2).value] == ["霞浦县", "３"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_with_any_usual_delimiter(delimiter: str, tmp_path: Path) -> None:
    sheet = read(tmp_path, f"项目{delimiter}数量\n甲{delimiter}1\n".encode(), "csv")[0]
    assert sheet.cell(2, 2).value == "1"


@pytest.mark.parametrize(
    ("content", "code"),
    [(corpus.plain_workbook(), "renamed"), (b"%PDF-1.7", "renamed"), (b"\x00\x01\x02", "encoding"), (b"", "empty"),
     (b"\xff\xff\xff\x80", "encoding")],
)  # fmt: skip
def test_what_is_no_csv_is_refused(content: bytes, code: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, content, "csv").code == code
