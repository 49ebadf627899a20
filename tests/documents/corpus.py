"""Hostile and odd files, made by script; nothing here is real data (bad input D1–D41)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from openpyxl import Workbook

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    'sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
WORD_TYPES = TYPES.replace("/xl/workbook.xml", "/word/document.xml").replace(
    "spreadsheetml.sheet.main", "wordprocessingml.document.main"
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = _RELS.format(f'<Relationship Id="r1" Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/>')
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{_DOC}"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELS = _RELS.format(f'<Relationship Id="rId1" Type="{_DOC}/worksheet" Target="worksheets/sheet1.xml"/>')
SHEET_HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def sheet_xml(rows: str) -> str:
    return f"{SHEET_HEAD}<sheetData>{rows}</sheetData></worksheet>"


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def parts(**changed: str | bytes | None) -> dict[str, str | bytes]:
    """The parts of a small workbook; a changed one by its short name, a new one by `extra`."""
    names = {
        "types": "[Content_Types].xml", "rels": "_rels/.rels", "book": "xl/workbook.xml",
        "book_rels": "xl/_rels/workbook.xml.rels", "sheet": "xl/worksheets/sheet1.xml",
    }  # fmt: skip
    found: dict[str, str | bytes] = {
        "types": TYPES,
        "rels": RELS,
        "book": BOOK,
        "book_rels": BOOK_RELS,
        "sheet": sheet_xml(f'<row r="1">{inline("A1", "项目")}</row>'),
    }
    found |= {name: value for name, value in changed.items() if value is not None}
    return {names[name]: value for name, value in found.items() if name in names}


def packed(entries: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(fill: Callable[[Workbook], None]) -> bytes:
    book = Workbook()
    fill(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def plain_workbook() -> bytes:
    return packed(parts())


def document(text: str = "<w:p><w:r><w:t>会议纪要</w:t></w:r></w:p>", **extra: str | bytes) -> bytes:
    entries: dict[str, str | bytes] = {
        "[Content_Types].xml": WORD_TYPES,
        "_rels/.rels": RELS.replace("xl/workbook.xml", "word/document.xml"),
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{text}</w:body></w:document>",
    }
    return packed(
        entries | {name.replace("__", "/").replace("_xml", ".xml"): body for name, body in extra.items()}
    )


# --- archives that are not what they seem -------------------------------------------------------------


def zip_bomb(megabytes: int = 1000) -> bytes:
    """About `megabytes` of zeros in one sheet, packed to a thousandth."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = b"0" * (1024 * 1024)
    data = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    crc = 0
    for _ in range(megabytes):
        crc = zlib.crc32(block, crc)
    return _raw_zip({"xl/worksheets/sheet1.xml": (data, megabytes * len(block), crc)})


def lying_sizes() -> bytes:
    """The directory promises 1,000 bytes, the entry unpacks to 5 MB."""
    block = b"<x/>" * (5 * 1024 * 256)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(block) + packer.flush()
    small = {name: _stored(body) for name, body in parts().items() if not name.endswith("sheet1.xml")}
    return _raw_zip(small | {"xl/worksheets/sheet1.xml": (data, 1000, zlib.crc32(block))})


def _stored(content: str | bytes) -> tuple[bytes, int, int]:
    raw = content.encode() if isinstance(content, str) else content
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(raw) + packer.flush(), len(raw), zlib.crc32(raw)


def _raw_zip(entries: Mapping[str, tuple[bytes, int, int]], overlap: bool = False) -> bytes:
    """A zip written by hand; with `overlap` all directory entries point at the first one."""
    body, directory, count = b"", b"", 0
    first = 0
    for name, (data, size, crc) in entries.items():
        encoded = name.encode()
        offset = first if overlap else len(body)
        common = struct.pack("<HHHHHIIIHH", 20, 0x800, 8, 0, 0x21, crc, len(data), size, len(encoded), 0)
        if not overlap or not body:
            body += b"PK\x03\x04" + common + encoded + data
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common
        directory += struct.pack("<HHHII", 0, 0, 0, 0, offset) + encoded
        count += 1
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def overlapping() -> bytes:
    content = _stored(sheet_xml(""))
    return _raw_zip({f"xl/worksheets/sheet{n}.xml": content for n in range(3)}, overlap=True)


def encrypted() -> bytes:
    """What Excel writes for a password: an OLE container that holds an EncryptedPackage."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 600
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 900
    )


def old_excel() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 900


def with_flag_bit() -> bytes:
    """A zip whose entries say that they are encrypted."""
    data = bytearray(plain_workbook())
    position = data.find(b"PK\x01\x02")
    while position >= 0:
        data[position + 8] |= 1
        position = data.find(b"PK\x01\x02", position + 4)
    return bytes(data)


def with_symlink() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return target.getvalue()


def laughs(where: str = "sheet", encoding: str = "utf-8") -> bytes:
    declared = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [{declared}]>' + sheet_xml(
        f'<row r="1">{inline("A1", "&l8;")}</row>'
    )
    return packed(
        parts()
        | {f"xl/{'worksheets/sheet1' if where == 'sheet' else 'sharedStrings'}.xml": text.encode(encoding)}
    )


def external_entity(target: str) -> bytes:
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{target}">]>' + sheet_xml(
        f'<row r="1">{inline("A1", "&e;")}</row>'
    )
    return packed(parts(sheet=text))


def relation(kind: str, target: str, mode: str = "External") -> str:
    return _RELS.format(f'<Relationship Id="r9" Type="{_DOC}/{kind}" Target="{target}" TargetMode="{mode}"/>')


# --- sheets that are too large, or odd ----------------------------------------------------------------


def far_cell() -> bytes:
    return packed(parts(sheet=sheet_xml(f'<row r="1048576">{inline("XFD1048576", "x")}</row>')))


def many_rows(count: int) -> bytes:
    return packed(
        parts(
            sheet=sheet_xml(
                "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, count + 1))
            )
        )
    )


def many_empty_rows(count: int) -> bytes:
    """Formatted but empty, as whole-column formatting leaves them; two real rows on top."""
    rows = (
        f'<row r="1">{inline("A1", "项目")}{inline("B1", "数量")}</row><row r="2">{inline("A2", "甲")}</row>'
    )
    rows += "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, count + 1))
    return packed(parts(sheet=sheet_xml(rows)))


def wrong_dimension() -> bytes:
    text = f'{SHEET_HEAD}<dimension ref="A1:A1"/><sheetData>'
    text += f'<row r="1">{inline("A1", "项目")}{inline("B1", "数量")}</row><row r="9">{inline("C9", "还在")}</row>'
    return packed(parts(sheet=text + "</sheetData></worksheet>"))


# --- other kinds --------------------------------------------------------------------------------------


def pdf(body: bytes = b"", tail: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        + body
        + b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
        + tail
    )


def pdf_stream(described: bytes, content: bytes) -> bytes:
    data = zlib.compress(content)
    return (
        b"5 0 obj\n<< "
        + described
        + b" /Filter /FlateDecode /Length %d >>\nstream\n" % len(data)
        + data
        + b"\nendstream\nendobj\n"
    )


def pdf_showing(text: str) -> bytes:
    """A page that shows the text in a font whose codes are explained by a ToUnicode table, one glyph a time."""
    table = b"begincmap\n%d beginbfchar\n" % len(text)
    shown = b"BT /F1 12 Tf "
    for number, character in enumerate(text, 1):
        table += b"<%04X> <%s>\n" % (number, character.encode("utf-16-be").hex().encode())
        shown += b"<%04X> Tj " % number
    return pdf(pdf_stream(b"", table + b"endbfchar\nendcmap") + pdf_stream(b"", shown + b"ET"))


def png_head(width: int, height: int) -> bytes:
    """The head of a picture of any size, without its pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def saved(folder: Path, content: bytes, name: str = "file.xlsx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
