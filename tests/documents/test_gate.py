"""The gate: a hostile archive is refused with its rule before any library opens it (D1–D12, D26, D28, D39)."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ningde_projects.documents import gate
from ningde_projects.documents.refusals import FileRefused

from . import corpus

_PLAIN_TYPE = "openxmlformats-officedocument.spreadsheetml.sheet.main"
_SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a zip bomb": (lambda: corpus.zip_bomb(300), "bomb"),
    "sizes that lie": (corpus.lying_sizes, "damaged"),
    "overlapping entries": (corpus.overlapping, "duplicates|layout"),
    "ten thousand entries": (lambda: corpus.packed(corpus.parts() | {f"xl/m/{n}": "" for n in range(10_000)}), "entries"),
    "201 entries": (lambda: corpus.packed(corpus.parts() | {f"xl/m/{n}": "" for n in range(196)}), "entries"),
    "a path outwards": (lambda: corpus.packed(corpus.parts() | {"../../evil.xml": "x"}), "paths"),
    "an absolute path": (lambda: corpus.packed(corpus.parts() | {"/etc/evil.xml": "x"}), "paths"),
    "a Windows path": (lambda: corpus.packed(corpus.parts() | {"C:\\evil.xml": "x"}), "paths"),
    "a symbolic link": (corpus.with_symlink, "paths"),
    "one name in two cases": (lambda: corpus.packed(corpus.parts() | {"XL/WORKBOOK.XML": "x"}), "duplicates"),
    "entities in the sheet": (corpus.laughs, "dtd"),
    "entities in the strings": (lambda: corpus.laughs("strings"), "dtd"),
    "entities in UTF-16": (lambda: corpus.laughs(encoding="utf-16"), "dtd"),
    "an unusual encoding": (
        lambda: corpus.packed(corpus.parts(sheet='<?xml version="1.0" encoding="utf-7"?>' + corpus.sheet_xml(""))),
        "encoding",
    ),
    "an entity of a file": (lambda: corpus.external_entity("file:///etc/passwd"), "dtd"),
    "an entity of a host": (lambda: corpus.external_entity("http://127.0.0.1/x"), "dtd"),
    "macros": (lambda: corpus.packed(corpus.parts() | {"xl/vbaProject.bin": b"x"}), "macros"),
    "a macro type": (
        lambda: corpus.packed(
            corpus.parts(types=corpus.TYPES.replace(_PLAIN_TYPE, "ms-excel.sheet.macroEnabled.main"))
        ),
        "macros",
    ),
    "controls": (lambda: corpus.packed(corpus.parts() | {"xl/activeX/activeX1.xml": "<x/>"}), "macros"),
    "embedded objects": (lambda: corpus.packed(corpus.parts() | {"xl/embeddings/oleObject1.bin": b"x"}), "embedded"),
    "links to other workbooks": (
        lambda: corpus.packed(corpus.parts() | {"xl/externalLinks/externalLink1.xml": "<x/>"}),
        "embedded",
    ),
    "outside data": (lambda: corpus.packed(corpus.parts() | {"xl/connections.xml": "<x/>"}), "connections"),
    "an outside picture": (
        lambda: corpus.packed(corpus.parts() | {_SHEET_RELS: corpus.relation("image", "http://127.0.0.1/p")}),
        "external",
    ),
    "an outside picture behind a character reference": (
        lambda: corpus.packed(
            corpus.parts() | {_SHEET_RELS: corpus.relation("image", "file:///x", "&#69;xternal")}
        ),
        "external",
    ),
    "a zip inside": (lambda: corpus.packed(corpus.parts() | {"xl/media/a.dat": corpus.plain_workbook()}), "embedded"),
    "a program inside": (lambda: corpus.packed(corpus.parts() | {"xl/media/a.dat": b"MZ\x90\0"}), "embedded"),
    "an encrypted workbook": (corpus.encrypted, "locked"),
    "encrypted entries": (corpus.with_flag_bit, "locked"),
    "an old workbook": (corpus.old_excel, "old"),
    "a binary workbook": (lambda: corpus.packed(corpus.parts() | {"xl/workbook.bin": b"x"}), "renamed"),
    "a text renamed": (lambda: "项目,数量\n甲,1\n".encode(), "renamed"),
    "a web page renamed": (lambda: b"<html><table><tr><td>1", "renamed"),
    "a PDF renamed": (corpus.pdf, "renamed"),
    "a zip of something else": (lambda: corpus.packed({"a.txt": "x"}), "renamed"),
    "a document renamed": (corpus.document, "renamed"),
    "an empty zip of 22 bytes": (lambda: corpus.packed({}), "empty"),
    "half a workbook": (lambda: corpus.plain_workbook()[:500], "damaged"),
    "bytes before the archive": (lambda: b"PK\x03\x04junk" + corpus.plain_workbook(), "layout|damaged"),
    "bytes behind the archive": (lambda: corpus.plain_workbook() + b"<script>", "layout|damaged"),
    "the strict dialect": (
        lambda: corpus.packed(
            corpus.parts(book=corpus.BOOK.replace("schemas.openxmlformats.org/", "purl.oclc.org/ooxml/"))
        ),
        "strict",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_is_refused_with_its_rule_within_two_seconds(what: str, tmp_path: Path) -> None:
    make, codes = HOSTILE[what]
    path = corpus.saved(tmp_path, make())
    began = time.process_time()
    with pytest.raises(FileRefused) as refused:
        gate.check_archive(path, "xlsx")
    assert refused.value.code in codes.split("|"), refused.value
    assert refused.value.rule
    assert refused.value.way_out
    assert time.process_time() - began < 2


def test_an_ordinary_workbook_passes(tmp_path: Path) -> None:
    archive = gate.check_archive(corpus.saved(tmp_path, corpus.plain_workbook()), "xlsx")
    assert "xl/workbook.xml" in archive.names


def test_links_in_cells_are_allowed(tmp_path: Path) -> None:
    rels = {_SHEET_RELS: corpus.relation("hyperlink", "https://www.example.test/")}
    gate.check_archive(corpus.saved(tmp_path, corpus.packed(corpus.parts() | rels)), "xlsx")


def test_stored_entries_of_two_hundred_parts_pass(tmp_path: Path) -> None:
    entries = corpus.parts() | {f"xl/m/{n}": "" for n in range(195)}
    gate.check_archive(corpus.saved(tmp_path, corpus.packed(entries, zipfile.ZIP_STORED)), "xlsx")


def test_a_document_with_a_remote_template_is_refused(tmp_path: Path) -> None:
    content = corpus.document(**{"word___rels__settings_xml": ""})
    path = corpus.saved(tmp_path, content)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "word/_rels/settings.xml.rels", corpus.relation("attachedTemplate", "http://127.0.0.1/t.dotm")
        )
    with pytest.raises(FileRefused) as refused:
        gate.check_archive(path, "docx")
    assert refused.value.code == "external"


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (20 * 1024 * 1024 + 1, "size")])
def test_size_is_refused_at_zero_and_one_over_the_limit(size: int, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        gate.check_size(size, 20 * 1024 * 1024)
    assert refused.value.code == code


def test_size_passes_at_the_limit() -> None:
    gate.check_size(20 * 1024 * 1024, 20 * 1024 * 1024)
