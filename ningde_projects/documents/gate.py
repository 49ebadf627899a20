"""The door for workbooks and documents: bytes and archive are looked at before any library opens them.

Controls B44, B45, B51; bad input D1–D12, D26, D28, D39.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import IO, Literal

from django.utils.translation import gettext as _

from .conf import MEGABYTE
from .refusals import FileRefused

OfficeKind = Literal["xlsx", "docx"]

MAX_ENTRIES = 200
MAX_UNPACKED = 100 * MEGABYTE
MAX_RATIO = 100
#: Below this an entry may be packed as tightly as it likes: it cannot hurt.
RATIO_FREE = 1 * MEGABYTE
_CHUNK = 256 * 1024

_MAIN_PART = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
_MAIN_TYPE = {
    "xlsx": b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "docx": b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
}
_MACRO_ENTRY = re.compile(r"vbaproject|vbadata|macrosheets/|customui|\.vbs$|activex", re.IGNORECASE)
_EMBEDDED_ENTRY = re.compile(r"(^|/)(embeddings?|externallinks|afchunk|altchunk)\b|oleobject", re.IGNORECASE)
_CONNECTION_ENTRY = re.compile(r"xl/(connections\.xml|querytables/|model/)", re.IGNORECASE)
#: DOCTYPE or ENTITY in UTF-8 and in both orders of UTF-16.
_DTD = re.compile(b"<!(DOCTYPE|ENTITY)|<\0!\0(D\0O\0C|E\0N\0T)|\0<\0!\0(D\0O\0C|E\0N\0T)", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"ascii"}
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_RELATION = re.compile(rb"<[\w:]*Relationship\b[^>]*>", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0"
_HIDDEN_FILES = (b"PK\x03\x04", _OLE, b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


@dataclass(frozen=True)
class Archive:
    """What the gate learned of an archive that passed."""

    kind: OfficeKind
    names: tuple[str, ...]
    unpacked: int


def check_size(size: int, limit: int) -> None:
    if size == 0:
        raise FileRefused("empty", _("The file is empty"), _("Choose the file again after saving it."))
    if size > limit:
        raise FileRefused(
            "size",
            _("The file has {size} MB, at most {limit} MB are allowed").format(
                size=f"{size / MEGABYTE:.1f}", limit=limit // MEGABYTE
            ),
            _("Remove pictures and empty formatted rows, or split the file."),
        )


def check_archive(path: Path, kind: OfficeKind) -> Archive:
    """Let a workbook or document pass, or raise FileRefused with the reason."""
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(_OLE):
            raise _old_or_locked(head + file.read(), kind)
        check_first_bytes(head, kind)
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 22))
        ends_with_directory = file.read(4) == b"PK\x05\x06"
    try:
        with zipfile.ZipFile(path) as archive:
            found = _check_entries(archive, path.stat().st_size, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, UnicodeError) as wrong:
        raise _damaged() from wrong
    if not ends_with_directory:
        raise FileRefused("layout", _("Something is hidden behind the parts of the file"), _damaged().way_out)
    return found


def _new_book() -> str:
    return _("Copy the table into a new workbook.")


def _save_as(kind: OfficeKind) -> str:
    return _("Open it in Excel or WPS and save it as .{kind}.").format(kind=kind)


def _damaged() -> FileRefused:
    return FileRefused(
        "damaged",
        _("The file is damaged or incomplete"),
        _("Open it in Excel or WPS and save it again."),
    )


def check_first_bytes(head: bytes, kind: OfficeKind) -> None:
    if head.startswith(b"PK\x03\x04"):
        return
    raise _wrong_kind(head, kind)


def _old_or_locked(content: bytes, kind: OfficeKind) -> FileRefused:
    """Excel 97 files and encrypted new ones share a container."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return FileRefused("locked", _("The file is protected by a password"), _("Remove the password."))
    return FileRefused("old", _("This is a file of the old format (.xls, .doc)"), _save_as(kind))


def _wrong_kind(head: bytes, kind: OfficeKind) -> FileRefused:
    save_as = _save_as(kind)
    if head.startswith(_OLE):
        return _old_or_locked(head, kind)
    if head.startswith(b"PK\x05\x06"):
        return FileRefused("empty", _("The file has no content"), _("Choose the file again after saving it."))
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(b"%pdf"):
        return FileRefused("renamed", _("This is a PDF with another ending"), save_as)
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"<head", b"<body")):
        return FileRefused("renamed", _("This is a web page or XML text with another ending"), save_as)
    if b"\0" not in head:
        return FileRefused("renamed", _("This is a text file with another ending"), save_as)
    return FileRefused("renamed", _("The content is not that of a .{kind} file").format(kind=kind), save_as)


def _check_entries(archive: zipfile.ZipFile, size: int, kind: OfficeKind) -> Archive:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise FileRefused(
            "entries",
            _("The file has {number} parts inside, at most {limit} are allowed").format(
                number=len(entries), limit=MAX_ENTRIES
            ),
            _new_book(),
        )
    _check_names(entries)
    _check_layout(archive, entries, size)
    _check_promises(entries, size)
    _check_parts([entry.filename for entry in entries], kind)
    for entry in entries:
        _check_content(archive, entry, kind)
    return Archive(kind, tuple(e.filename for e in entries), sum(e.file_size for e in entries))


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        parts = name.split("/")
        outside = name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in parts
        if outside or stat.S_ISLNK(entry.external_attr >> 16):
            raise FileRefused(
                "paths",
                _("The file holds parts with forbidden paths"),
                _new_book(),
            )
        if name.casefold() in seen:
            raise FileRefused(
                "duplicates",
                _("The file holds the same part twice"),
                _new_book(),
            )
        seen.add(name.casefold())


def _check_layout(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> None:
    """Entries lie one behind the other from the first byte to the directory."""
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < end or (end == 0 and entry.header_offset != 0):
            raise FileRefused(
                "layout",
                _("The parts of the file overlap, or do not begin at its start"),
                _damaged().way_out,
            )
        end = entry.header_offset + 30 + len(entry.orig_filename.encode()) + entry.compress_size
    if end > archive.start_dir or archive.comment or archive.start_dir > size:
        raise FileRefused("layout", _("Something is hidden behind the parts of the file"), _damaged().way_out)


def _check_promises(entries: list[zipfile.ZipInfo], size: int) -> None:
    """What the directory announces; that it is true is checked while unpacking."""
    bomb = FileRefused(
        "bomb",
        _("The file would grow to more than {limit} MB when opened").format(limit=MAX_UNPACKED // MEGABYTE),
        _("Delete empty formatted rows and pictures, or copy the table into a new workbook."),
    )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileRefused(
            "locked", _("The file is protected by a password"), _("Remove the password and save it.")
        )
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise _damaged()
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > max(RATIO_FREE, size * MAX_RATIO):
        raise bomb


def _check_parts(names: list[str], kind: OfficeKind) -> None:
    if any(_MACRO_ENTRY.search(name) for name in names):
        raise _macros(kind)
    if "xl/workbook.bin" in names:
        raise FileRefused(
            "renamed",
            _("This is a binary workbook (.xlsb)"),
            _("Open it in Excel or WPS and save it as .xlsx."),
        )
    if any(_EMBEDDED_ENTRY.search(name) for name in names):
        raise FileRefused(
            "embedded",
            _("The file holds embedded objects or links to other files"),
            _("Copy the table into a new workbook by “paste values”, or remove the objects."),
        )
    if any(_CONNECTION_ENTRY.search(name) for name in names):
        raise FileRefused(
            "connections",
            _("The file holds connections to outside data"),
            _("Copy the table into a new workbook by “paste values”."),
        )
    if _MAIN_PART[kind] not in names or "[Content_Types].xml" not in names:
        raise FileRefused(
            "renamed",
            _("The content is not that of a .{kind} file").format(kind=kind),
            _save_as(kind),
        )


def _macros(kind: OfficeKind) -> FileRefused:
    return FileRefused(
        "macros",
        _("The file holds macros or controls"),
        _("Save it as .{kind} without macros.").format(kind=kind),
    )


def _check_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, kind: OfficeKind) -> None:
    """Unpack an entry to the end in pieces, and look for what may not be in it."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    with archive.open(entry) as stream:
        head = stream.read(_CHUNK)
        if head.startswith(_HIDDEN_FILES):
            raise FileRefused(
                "embedded",
                _("Another file is packed inside this file"),
                _new_book(),
            )
        if is_xml:
            _check_xml_head(head)
        if entry.filename in ("[Content_Types].xml", _MAIN_PART[kind]) or entry.filename.endswith(".rels"):
            head += stream.read(4 * MEGABYTE)
            _check_described(entry.filename, head, kind)
        _drain(stream, head, entry.file_size, look_for_dtd=is_xml)


def _drain(stream: IO[bytes], head: bytes, promised: int, *, look_for_dtd: bool) -> None:
    total, tail, chunk = 0, b"", head
    while chunk:
        total += len(chunk)
        if total > promised:
            raise _damaged()
        if look_for_dtd and _DTD.search(tail + chunk):
            raise FileRefused(
                "dtd",
                _("The file holds forbidden XML declarations"),
                _new_book(),
            )
        tail = chunk[-32:]
        chunk = stream.read(_CHUNK)
    if total != promised:
        raise _damaged()


def _check_xml_head(head: bytes) -> None:
    found = _ENCODING.search(head[:400].replace(b"\0", b""))
    if found and found[1].lower() not in _ENCODINGS:
        raise FileRefused("encoding", _("The file uses an unusual text encoding"), _new_book())


def _check_described(name: str, content: bytes, kind: OfficeKind) -> None:
    """What the archive says of itself: its types, its relations to the outside, its dialect."""
    if name == "[Content_Types].xml":
        lowered = content.lower()
        if b"macroenabled" in lowered or b"vbaproject" in lowered:
            raise _macros(kind)
        if _MAIN_TYPE[kind] not in content:
            raise FileRefused(
                "renamed",
                _("The content is not that of a .{kind} file").format(kind=kind),
                _save_as(kind),
            )
    elif name.endswith(".rels"):
        _check_relations(content)
    elif b"http://purl.oclc.org/ooxml/" in content:
        raise FileRefused(
            "strict",
            _("The file was saved in the “Strict Open XML” dialect"),
            _("Save it as the ordinary .{kind}.").format(kind=kind),
        )


def _check_relations(content: bytes) -> None:
    """Links in cells may point outside; everything else that a program would fetch by itself may not."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", "replace").encode()
    for relation in _RELATION.findall(content):
        values = {
            name.lower(): unescape(value.decode(errors="replace"))
            for name, value in _ATTRIBUTE.findall(relation)
        }
        outside = values.get(b"targetmode", "").strip().lower() == "external"
        if outside and not values.get(b"type", "").lower().endswith("/hyperlink"):
            raise FileRefused(
                "external",
                _("The file refers to files elsewhere"),
                _("Remove the links to other files, or paste values into a new workbook."),
            )


def check_csv(path: Path) -> None:
    """A CSV has no structure to check; it must only not be something else."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((b"PK\x03\x04", _OLE, b"%PDF")):
        raise FileRefused(
            "renamed",
            _("This is not a text file although its name ends in .csv"),
            _("Give the file its right ending, or save it as “CSV UTF-8”."),
        )
