"""Text in files and names of files (D27, D41, D43)."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ningde_projects.documents.responses import file_response
from ningde_projects.documents.text import (
    clean_file_name,
    clean_text,
    csv_text,
    excel_length,
    export_file_name,
    from_csv_text,
    looks_like_formula,
    split_for_cells,
)
from ningde_projects.documents.workbooks import tab_name
from ningde_projects.periods.month import ZONE

ANY_TEXT = st.text(st.characters(blacklist_categories=[]))


@given(ANY_TEXT)
def test_cleaning_once_is_enough_and_leaves_only_legal_xml(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    clean.encode("utf-8")
    assert all(c in "\n\t" or unicodedata.category(c) != "Cc" for c in clean)
    assert not {"\ufffe", "\uffff", "\u202e", "\u200b"} & set(clean)


@given(ANY_TEXT)
def test_csv_text_comes_back_and_never_begins_a_formula(text: str) -> None:
    written = csv_text(text)
    assert not looks_like_formula(written)
    assert from_csv_text(written) == clean_text(text)


@given(st.lists(ANY_TEXT, min_size=1))
def test_csv_text_survives_the_csv_format(texts: list[str]) -> None:
    target = io.StringIO(newline="")
    csv.writer(target).writerow([csv_text(text) for text in texts])
    read = next(csv.reader(io.StringIO(target.getvalue(), newline="")), [""])
    assert [from_csv_text(text) for text in read] == [clean_text(text) for text in texts] or texts == [""]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "＋1", "＠x", "=cmd|' /C calc'!A0"]
)
def test_what_a_spreadsheet_could_run_is_known(text: str) -> None:
    assert looks_like_formula(text)


def test_cells_are_counted_as_excel_counts_and_no_character_is_torn() -> None:
    text = "𠀀" * 20_000
    assert excel_length(text) == 40_000
    pieces = split_for_cells(text)
    assert "".join(pieces) == text
    assert all(excel_length(piece) <= 32_767 for piece in pieces)


@pytest.mark.parametrize(
    ("name", "clean"),
    [("../../x.pdf", "x.pdf"), ("..\\..\\x.pdf", "x.pdf"), ("a\0.pdf", "a.pdf"),
     ("CON.pdf", "_CON.pdf"),
     ("-rf.pdf", "rf.pdf"), ("\u202efdp.exe", "fdp.exe"),
     ('a"\r\nX: y.pdf', "a__X_ y.pdf"), ("报告.pdf", "报告.pdf"), ("", "file"),
     ("...", "file"), ("e\u0301.pdf", "\u00e9.pdf"), ("😀.pdf", "😀.pdf")],
)  # fmt: skip
def test_a_file_name_is_made_harmless(name: str, clean: str) -> None:
    assert clean_file_name(name) == clean


def test_a_long_chinese_name_keeps_its_ending_within_the_limit() -> None:
    name = clean_file_name("项" * 300 + ".pdf")
    assert len(name.encode()) <= 200
    assert name.endswith(".pdf")


def test_the_name_of_an_export_is_that_of_the_offices() -> None:
    at = datetime(2026, 11, 9, 23, 30, tzinfo=ZONE)
    name = export_file_name(["霞浦县", "重点项目问题汇总表", "2026年10月"], at, "xlsx")
    assert name == "霞浦县_重点项目问题汇总表_2026年10月_20261109.xlsx"


def test_every_file_that_is_handed_out_carries_its_guards_without_any_middleware() -> None:
    response = file_response(io.BytesIO(b"x"), "报告.pdf", "application/pdf")
    assert dict(response.items()) | {"Content-Length": "1"} == {
        "Content-Type": "application/pdf",
        "Content-Length": "1",
        "Content-Disposition": "attachment; filename*=utf-8''%E6%8A%A5%E5%91%8A.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }


@given(ANY_TEXT, st.lists(ANY_TEXT, max_size=5))
def test_a_tab_gets_a_legal_free_name(text: str, others: list[str]) -> None:
    taken: list[str] = []
    for wanted in [*others, text, text]:
        name = tab_name(wanted, taken)
        assert 0 < excel_length(name) <= 31
        assert not set("[]:*?/\\") & set(name)
        assert name.casefold() not in {other.casefold() for other in taken}
        taken.append(name)
