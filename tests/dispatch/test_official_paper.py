"""The building blocks of official documents, by GB/T 9704-2012 (facts.md §7)."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from xml.etree import ElementTree

import pytest

from dispatch.paper.official import Official, chinese_number, official_day

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def parts(paper: Official) -> dict[str, str]:
    archive = zipfile.ZipFile(BytesIO(paper.bytes()))
    return {name: archive.read(name).decode() for name in archive.namelist()}


def whole() -> Official:
    return (
        Official("通报").masthead("宁德市发展和改革委员会文件", "宁发改〔2026〕7号").title("关于重点项目建设情况的通报")
        .addressee("各县（市、区）人民政府").text("一段\n\n二段").heading("总体情况").heading("分县域", 2)
        .heading("其一", 3).heading("其二", 4).heading("开竣工")
        .table(["序号", "项目"], [["1", "甲<乙>&丙"]], [1, 4], left=[1])
        .attachments(["排名表", "清单"]).signature("宁德市发展和改革委员会", date(2026, 3, 1))
        .attachment("分县排名表", 1).imprint("市委办", "市发改委办公室", date(2026, 3, 2))
    )  # fmt: skip


def test_the_page_is_a4_with_the_margins_of_the_standard_and_mirrored_numbers() -> None:
    made = parts(whole())
    document = made["word/document.xml"]
    margins = ('w:top="2098"', 'w:left="1588"', 'w:right="1474"', 'w:bottom="1984"')
    for part in ('w:w="11906"', 'w:linePitch="579"', *margins):
        assert part in document
    assert "w:evenAndOddHeaders" in made["word/settings.xml"]
    assert 'w:jc w:val="right"' in made["word/footer1.xml"]
    assert 'w:jc w:val="left"' in made["word/footer2.xml"]


def test_levels_are_numbered_anew_under_each_heading_in_their_fonts() -> None:
    document = parts(whole())["word/document.xml"]
    for words in (
        "一、总体情况",
        "（一）分县域",
        "1. 其一",
        "（1）其二",
        "二、开竣工",
        "2026年3月1日",
        "附件1",
    ):
        assert words in document
    for font in ("方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"):
        assert font in document


def test_every_part_is_sound_xml_text_is_escaped_and_the_same_content_gives_the_same_bytes() -> None:
    made = parts(whole())
    for text in made.values():
        ElementTree.fromstring(text)  # noqa: S314  (made here)
    assert "甲&lt;乙&gt;&amp;丙" in made["word/document.xml"]
    assert whole().bytes() == whole().bytes()
    odd = parts(Official("x").text("a\x00b\x01c"))
    assert "abc" in odd["word/document.xml"]


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")]
)
def test_headings_count_in_chinese(number: int, word: str) -> None:
    assert chinese_number(number) == word


def test_days_have_no_leading_noughts() -> None:
    assert official_day(date(2026, 11, 7)) == "2026年11月7日"
