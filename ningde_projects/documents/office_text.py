"""The first words of a workbook or document that passed the gate, for the look at secrecy marks."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from .conf import MEGABYTE
from .gate import OfficeKind

_READ = 2 * MEGABYTE
_MOST_LINES = 400
_PARAGRAPH = re.compile(r"</w:p>|</si>|</is>|</a:p>")
_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</(?:\w+:)?t>")
_PAGE_HEAD = re.compile(r"<(?:odd|even|first)(?:Header|Footer)>([^<]*)<")
#: What may bear the mark, the head of the pages first.
_PARTS = {
    "docx": re.compile(r"word/(header\d*|footer\d*|document)\.xml$"),
    "xlsx": re.compile(r"xl/(sharedStrings|worksheets/sheet\d+|drawings/drawing\d+)\.xml$"),
}


def first_lines(path: Path, kind: OfficeKind) -> Iterator[str]:
    """Paragraphs or cells, page heads first; at most some hundreds."""
    with zipfile.ZipFile(path) as archive:
        parts = sorted(name for name in archive.namelist() if _PARTS[kind].search(name))
        parts.sort(key=lambda name: not name.startswith(("word/header", "word/footer")))
        for name in parts:
            with archive.open(name) as stream:
                content = stream.read(_READ).decode("utf-8", "replace")
            yield from _lines(content)


def _lines(content: str) -> Iterator[str]:
    for found in _PAGE_HEAD.finditer(content):
        yield from re.split(r"&[LCR]", unescape(found[1]))
    for number, piece in enumerate(_PARAGRAPH.split(content)):
        if number >= _MOST_LINES:
            return
        if line := "".join(unescape(text) for text in _TEXT.findall(piece)):
            yield line
