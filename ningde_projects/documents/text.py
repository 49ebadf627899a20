"""Text as it may stand in a file, and names that files may bear."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from ningde_projects.periods.month import local_date

#: What Excel holds in one cell, counted in UTF-16 units.
CELL_LIMIT = 32_767
#: A cell that begins so can be taken for a formula or a command when the file is opened.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫")

#: Breaks a line in some program; becomes \n.
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
#: Not XML, not visible, or turning the reading order round: controls, lone surrogates, non-characters,
#: directional marks, zero-width marks. U+200C/D stay: emoji and some scripts need them.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
#: Excel reads _x000D_ in a cell as a control character.
_EXCEL_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def clean_text(text: str) -> str:
    """The canonical form: NFC, \\n for every line break, nothing invisible or illegal in XML."""
    if _SUSPECT.search(text):
        text = _ILLEGAL.sub("", _BREAKS.sub("\n", text))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """For comparing titles and choices: width, case, space and asterisks do not matter."""
    return re.sub(r"[\s*]+", "", unicodedata.normalize("NFKC", clean_text(text))).casefold()


def looks_like_formula(text: str) -> bool:
    return bool(text) and (text[0] in FORMULA_STARTS or text.lstrip()[:1] in FORMULA_STARTS)


def csv_text(text: str) -> str:
    """Prefixed with ' where a spreadsheet would take it for a formula; `from_csv_text` takes it off again."""
    text = clean_text(text)
    return "'" + text if text.startswith("'") or looks_like_formula(text) else text


def from_csv_text(text: str) -> str:
    rest = text[1:]
    return rest if text.startswith("'") and (rest.startswith("'") or looks_like_formula(rest)) else text


def excel_escaped(text: str) -> str:
    """As XML must hold it so that Excel shows `text`: a literal _x000D_ would be read as a control character."""
    return _EXCEL_ESCAPE.sub("_x005F_", text)


def excel_length(text: str) -> int:
    """In UTF-16 units, as Excel counts."""
    return len(text) if len(text) <= CELL_LIMIT // 2 else len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_for_cells(text: str, limit: int = CELL_LIMIT) -> list[str]:
    """Pieces that each fit a cell; a character outside the basic plane is never torn."""
    pieces: list[str] = []
    start = units = 0
    for index, character in enumerate(text):
        size = 2 if ord(character) > 0xFFFF else 1
        if units + size > limit:
            pieces.append(text[start:index])
            start, units = index, 0
        units += size
    pieces.append(text[start:])
    return pieces


_NAME_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean_file_name(name: str, limit: int = 200) -> str:
    """A name that any system takes, at most `limit` bytes, its ending kept; 'file' when none is left."""
    name = re.split(r"[\\/]", clean_text(name.replace("\x00", "")))[-1]
    name = re.sub(r"\s+", " ", _NAME_FORBIDDEN.sub("_", name)).strip(" .-")
    if _RESERVED.match(name):
        name = "_" + name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = name, ""
    room = limit - len((dot + ending).encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(" .")
    return (f"{stem}.{ending}" if ending else stem) or "file"


def export_file_name(parts: Iterable[str], at: datetime, ending: str) -> str:
    """霞浦县_重点项目问题汇总表_2026年10月_20261109.xlsx (DESIGN §8)."""
    words = [
        re.sub(r"[\s_]+", "_", _NAME_FORBIDDEN.sub("_", clean_text(part))).strip("_. ") for part in parts
    ]
    stem = "_".join(word for word in words if word)
    return clean_file_name(f"{stem[:80]}_{local_date(at):%Y%m%d}.{ending}")


#: Points that a line of text takes in a cell.
LINE_HEIGHT = 15.0
_TALLEST = 400.0


def fitting_height(cells: Iterable[tuple[str, float]]) -> float:
    """The height of a row whose texts are wrapped into columns of these widths; a wide character counts as two."""
    return min(max((_lines_in(text, width) for text, width in cells), default=1) * LINE_HEIGHT, _TALLEST)


def _lines_in(text: str, width: float) -> int:
    room = max(int(width) - 2, 2)
    return sum(
        max(-(-sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) // room), 1)
        for line in text.split("\n")
    )
