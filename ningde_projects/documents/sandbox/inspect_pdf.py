"""Looks through a PDF: inspect_pdf.py FILE

Runs alone in the sandbox. Answers {"active": [names], "encrypted": bool, "broken": bool, "lines": [text]}: what
would act by itself when the file is opened, and the text of the first pages where it can be read without fonts.
It decompresses every stream, since actions may hide in object streams.
"""

import json
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

#: Names that make a PDF do something, or carry another file. All are long enough not to occur by chance in packed
#: bytes; a script always bears JavaScript beside its /JS.
_ACTIVE = {
    "JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA", "SubmitForm", "ImportData",
    "GoToE", "GoToR", "Movie", "Sound", "Rendition",
}  # fmt: skip
#: Another kind of file that begins within the PDF, for programs that look at the first bytes only.
_OTHER_KIND = re.compile(rb"<(html|script|svg|\?php|!doctype)", re.IGNORECASE)
_NAME = re.compile(rb"/((?:[^\s/<>\[\](){}%#]|#[0-9A-Fa-f]{2})+)")
_STREAM = re.compile(rb"stream\r?\n")
_HEX_TEXT = re.compile(rb"<([0-9A-Fa-f\s]{4,})>")
_PLAIN_TEXT = re.compile(rb"\(((?:[^()\\]|\\.)*)\)", re.DOTALL)
_BF_CHAR = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]{4,16})>")
_BF_RANGE = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]{4,8})>")
#: All streams together; a PDF that unpacks to more is refused as a bomb.
_UNPACKED_LIMIT = 200 * 1024 * 1024
_TEXT_LIMIT = 200_000

CharacterMap = dict[bytes, str]


class Bomb(Exception):
    pass


def names_in(data: bytes) -> set[str]:
    """PDF names with their #xx escapes resolved."""
    found = set()
    for match in _NAME.finditer(data):
        name = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), match[1])
        found.add(name.decode("latin-1"))
    return found


def streams(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(dictionary before it, content) of every stream; a Flate stream is unpacked."""
    budget = _UNPACKED_LIMIT
    for match in _STREAM.finditer(data):
        end = data.find(b"endstream", match.end())
        raw = data[match.end() : end if end >= 0 else len(data)]
        described = data[max(0, match.start() - 2000) : match.start()]
        described = described[described.rfind(b"obj") + 3 :]
        names = names_in(described)
        if "Image" in names and "ObjStm" not in names:
            continue
        if "FlateDecode" in names or "Fl" in names:
            unpacker = zlib.decompressobj()
            try:
                raw = unpacker.decompress(raw, budget)
            except zlib.error:
                continue
            if unpacker.unconsumed_tail:
                raise Bomb
        budget -= len(raw)
        if budget <= 0:
            raise Bomb
        yield described, raw


def character_map(data: bytes) -> CharacterMap:
    """A ToUnicode table: code → text."""
    table: CharacterMap = {}
    for low, high, first in _BF_RANGE.findall(data):
        start, stop, base = int(low, 16), int(high, 16), int(first, 16)
        for step in range(min(stop - start, 2000) + 1):
            if base + step < 0x110000:
                table[(start + step).to_bytes(len(low) // 2, "big")] = chr(base + step)
    for code, text in _BF_CHAR.findall(data):
        table[bytes.fromhex(code.decode())] = bytes.fromhex(text.decode()).decode("utf-16-be", "ignore")
    return table


def shown_texts(content: bytes) -> Iterator[bytes]:
    for match in _HEX_TEXT.finditer(content):
        digits = re.sub(rb"\s", b"", match[1])
        yield bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    for match in _PLAIN_TEXT.finditer(content):
        yield re.sub(rb"\\(.)", rb"\1", match[1], flags=re.DOTALL)


def readings(text: bytes, tables: list[CharacterMap]) -> Iterator[str]:
    """Every way in which the bytes may be meant; only what comes out as text of the language is of use."""
    for table in tables:
        width = len(next(iter(table), b"\0\0"))
        yield "".join(table.get(text[i : i + width], "") for i in range(0, len(text), width))
    for encoding in ("utf-16-be", "gb18030"):
        yield text.decode(encoding, "ignore")


def inspect(data: bytes) -> dict[str, object]:
    end = data.rfind(b"%%EOF")
    whole = data.startswith(b"%PDF-") and end >= 0 and not data[end + 5 :].strip(b"\0\r\n\t ")
    if not whole or _OTHER_KIND.search(data[:1024]):
        return {"broken": True, "active": [], "encrypted": False, "lines": []}
    active = names_in(data) & _ACTIVE
    tables: list[CharacterMap] = []
    contents: list[bytes] = []
    encrypted = "Encrypt" in names_in(data)
    size = 0
    for described, content in streams(data):
        if b"begincmap" in content:
            if len(tables) < 40:
                tables.append(character_map(content))
        elif re.search(rb"\bBT\b", content) and size < _TEXT_LIMIT * 5:
            contents.append(content)
            size += len(content)
        elif "ObjStm" in names_in(described):
            active |= names_in(content) & _ACTIVE
            encrypted = encrypted or "Encrypt" in names_in(content)
    lines: list[str] = []
    length = 0
    for content in contents:
        # A mark may be shown letter by letter, so the whole block counts as a line too.
        for block in re.split(rb"\bET\b", content):
            texts = list(shown_texts(block))
            for way in zip(*([*readings(text, tables)] for text in texts), strict=False):
                lines.append("".join(way))
                length += len(lines[-1])
        if length > _TEXT_LIMIT:
            break
    return {"broken": False, "active": sorted(active), "encrypted": encrypted, "lines": lines[:5000]}


if __name__ == "__main__":
    try:
        answer = inspect(Path(sys.argv[1]).read_bytes())
    except Bomb:
        answer = {"broken": False, "active": ["bomb"], "encrypted": False, "lines": []}
    json.dump(answer, sys.stdout)
