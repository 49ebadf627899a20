"""The few parts of a Word file (ECMA-376) that official documents need, as plain values turned into bytes.

Written here because the layout of GB/T 9704 is almost wholly in what a general library does not offer (fonts by script,
the grid of lines, mirrored page numbers), and because an issued document has to come out byte for
byte the same again: the same content always gives the same bytes, whatever the day or the machine.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN = f'xmlns:w="{W}" xmlns:r="{R}"'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
#: What XML 1.0 cannot hold at all, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Zip files cannot be older; a fixed instant keeps the bytes the same.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Font:
    """A font by name and size in points; nothing is embedded, `instead` is what a machine without it may take."""

    name: str
    size: float
    colour: str = "000000"
    instead: str = ""
    #: Added between characters, in twentieths of a point.
    spacing: int = 0


@dataclass(frozen=True)
class Block:
    """How a paragraph lies: lengths in twentieths of a point, indents also in hundredths of a character."""

    align: str = "both"
    first_chars: int = 0
    left_chars: int = 0
    right_chars: int = 0
    hanging_chars: int = 0
    char_width: int = 316
    before: int = 0
    after: int = 0
    #: Exact height of a line; 0 leaves it to the font.
    line: int = 0
    on_grid: bool = True
    keep_next: bool = False
    new_page: bool = False
    #: Where a tab ends, text before it standing at its left.
    tab: int = 0
    #: Colour and width (eighths of a point) of a line below.
    rule: tuple[str, int] | None = None


def clean(text: str) -> str:
    """The text without what a Word file cannot hold."""
    return _FORBIDDEN.sub("", text)


def _fonts(font: Font) -> str:
    name = quoteattr(font.name)
    size = round(font.size * 2)
    spacing = f'<w:spacing w:val="{font.spacing}"/>' if font.spacing else ""
    return (
        f'<w:rPr><w:rFonts w:ascii={name} w:hAnsi={name} w:eastAsia={name} w:cs={name} w:hint="eastAsia"/>'
        f'<w:color w:val="{font.colour}"/>{spacing}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    )


def run(text: str, font: Font) -> str:
    """Text in one font; line breaks and tabs in it stay what they are."""
    lines = clean(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    inner = "<w:br/>".join(
        "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in line.split("\t"))
        for line in lines
    )
    return f"<w:r>{_fonts(font)}{inner}</w:r>"


def page_number(font: Font) -> str:
    """The number of the page it stands on."""
    return (
        f'<w:r>{_fonts(font)}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{_fonts(font)}<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        f'<w:r>{_fonts(font)}<w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r>{_fonts(font)}<w:t>1</w:t></w:r>"
        f'<w:r>{_fonts(font)}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def paragraph(runs: Iterable[str], block: Block) -> str:
    """Runs as one paragraph; the order of its properties is the schema's."""
    parts = []
    if block.keep_next:
        parts.append("<w:keepNext/>")
    if block.new_page:
        parts.append("<w:pageBreakBefore/>")
    if block.rule:
        colour, width = block.rule
        parts.append(
            f'<w:pBdr><w:bottom w:val="single" w:sz="{width}" w:space="4" w:color="{colour}"/></w:pBdr>'
        )
    if block.tab:
        parts.append(f'<w:tabs><w:tab w:val="right" w:pos="{block.tab}"/></w:tabs>')
    if not block.on_grid:
        parts.append('<w:snapToGrid w:val="0"/>')
    line = f' w:line="{block.line}" w:lineRule="exact"' if block.line else ""
    parts.append(f'<w:spacing w:before="{block.before}" w:after="{block.after}"{line}/>')
    indents = {"left": block.left_chars, "right": block.right_chars, "hanging": block.hanging_chars,
               "firstLine": block.first_chars}  # fmt: skip
    # Word measures by characters, other programs by the lengths beside them.
    if said := "".join(
        f' w:{name}Chars="{chars}" w:{name}="{chars * block.char_width // 100}"'
        for name, chars in indents.items() if chars
    ):  # fmt: skip
        parts.append(f"<w:ind{said}/>")
    parts.append(f'<w:jc w:val="{block.align}"/>')
    return f"<w:p><w:pPr>{''.join(parts)}</w:pPr>{''.join(runs)}</w:p>"


@dataclass(frozen=True)
class Line:
    """A border of a table: eighths of a point, 0 for none."""

    width: int = 4
    colour: str = "000000"

    def xml(self, side: str) -> str:
        if not self.width:
            return f'<w:{side} w:val="nil"/>'
        return f'<w:{side} w:val="single" w:sz="{self.width}" w:space="0" w:color="{self.colour}"/>'


def table(
    rows: Sequence[Sequence[str]], widths: Sequence[int], borders: dict[str, Line], *, head: int = 0
) -> str:
    """Rows of cells (each the XML of its paragraphs); the first `head` rows repeat on every page."""
    sides = "".join(
        borders.get(side, Line(0)).xml(side)
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = []
    for number, cells in enumerate(rows):
        repeated = "<w:tblHeader/>" if number < head else ""
        inner = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{cell}</w:tc>'
            for cell, width in zip(cells, widths, strict=True)
        )
        body.append(f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inner}</w:tr>")
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(body)}</w:tbl>"
    )


@dataclass(frozen=True)
class Page:
    """The sheet, in twentieths of a point; the grid of lines."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    footer: int
    line_pitch: int


def section(page: Page) -> str:
    turned = ' w:orient="landscape"' if page.width > page.height else ""
    return (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>'
        f'<w:pgSz w:w="{page.width}" w:h="{page.height}"{turned}/>'
        f'<w:pgMar w:top="{page.top}" w:right="{page.right}" w:bottom="{page.bottom}" w:left="{page.left}" '
        f'w:header="851" w:footer="{page.footer}" w:gutter="0"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{page.line_pitch}"/>'
        "</w:sectPr>"
    )


def package(body: str, page: Page, fonts: Sequence[Font], footers: tuple[str, str], *, title: str) -> bytes:
    """The finished file; `footers` are the paragraphs below odd and even pages, the first font is the text's."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations([("officeDocument", "word/document.xml")], core=True),
        "docProps/core.xml": _core(title),
        "word/document.xml": f"{_HEAD}<w:document {_OPEN}><w:body>{body}{section(page)}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(
            [("styles", "styles.xml"), ("settings", "settings.xml"), ("fontTable", "fontTable.xml"),
             ("footer", "footer1.xml"), ("footer", "footer2.xml")]),
        "word/styles.xml": _styles(fonts[0]),
        "word/settings.xml": f"{_HEAD}<w:settings {_OPEN}><w:evenAndOddHeaders/>"
                             '<w:characterSpacingControl w:val="doNotCompress"/></w:settings>',
        "word/fontTable.xml": _font_table(fonts),
        "word/footer1.xml": f"{_HEAD}<w:ftr {_OPEN}>{footers[0]}</w:ftr>",
        "word/footer2.xml": f"{_HEAD}<w:ftr {_OPEN}>{footers[1]}</w:ftr>",
    }  # fmt: skip
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(entry, text.encode())
    return made.getvalue()


def _content_types() -> str:
    named = {"document": "document.main", "styles": "styles", "settings": "settings", "fontTable": "fontTable",
             "footer1": "footer", "footer2": "footer"}  # fmt: skip
    rows = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for part, kind in named.items()
    )
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relations(targets: Sequence[tuple[str, str]], *, core: bool = False) -> str:
    package_ns = "http://schemas.openxmlformats.org/package/2006/relationships"
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{R}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    if core:
        rows += (
            f'<Relationship Id="rId{len(targets) + 1}" Target="docProps/core.xml" '
            f'Type="{package_ns}/metadata/core-properties"/>'
        )
    return f'{_HEAD}<Relationships xmlns="{package_ns}">{rows}</Relationships>'


def _core(title: str) -> str:
    return (
        f"{_HEAD}<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(clean(title))}</dc:title></cp:coreProperties>"
    )


def _styles(font: Font) -> str:
    return (
        f"{_HEAD}<w:styles {_OPEN}><w:docDefaults><w:rPrDefault>{_fonts(font)}</w:rPrDefault><w:pPrDefault/>"
        '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f"{_fonts(font)}</w:style></w:styles>"
    )


def _font_table(fonts: Sequence[Font]) -> str:
    rows = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(instead or name)}/>"
        '<w:charset w:val="86"/></w:font>'
        for name, instead in {f.name: f.instead for f in fonts}.items()
    )
    return f"{_HEAD}<w:fonts {_OPEN}>{rows}</w:fonts>"
