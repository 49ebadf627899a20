"""An official document as GB/T 9704-2012 lays it out: the page, the masthead, the title, the levels, the tables.

A document is a list of pieces put down in their order; `bytes()` gives the file. Numbers of headings are given here, so
that a section left out leaves no gap: first level 一、 in Hei, second （一） in Kai, third 1. and
fourth （1） in FangSong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from .docx import Block, Font, Line, Page, package, page_number, paragraph, run, table

#: Sizes of the standard in points: no. 2, no. 3, no. 4; tables are set smaller.
TWO, THREE, FOUR, SMALL = 22, 16, 14, 12
TITLE = Font("方正小标宋简体", TWO, instead="SimSun")
#: 28 characters fill 156 mm when each gives up a quarter of a point.
BODY = Font("仿宋_GB2312", THREE, instead="FangSong", spacing=-5)
HEI = Font("黑体", THREE, instead="SimHei", spacing=-5)
KAI = Font("楷体_GB2312", THREE, instead="KaiTi", spacing=-5)
SONG = Font("宋体", FOUR, instead="SimSun")
RED = "FF0000"
FONTS = (BODY, TITLE, HEI, KAI, SONG)

#: A4; the text area is 156 mm by 225 mm with 22 lines of 28 characters (twentieths of a point).
A4 = Page(
    width=11906, height=16838, top=2098, right=1474, bottom=1984, left=1588, footer=1417, line_pitch=579
)
TURNED = replace(A4, width=16838, height=11906, top=1588, right=2098, bottom=1474, left=1984, footer=850)
LINE = 579
_MM = 56.7
_TEXT = Block(first_chars=200, line=LINE)
_DIGITS = "〇一二三四五六七八九"


def chinese_number(number: int) -> str:
    """1 to 99 as headings count: 一, 十, 十一, 二十, 二十一."""
    if not 0 < number < 100:
        raise ValueError(f"no heading has the number {number}")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def official_day(day: date) -> str:
    """The day as documents write it: 2026年11月7日, no leading noughts."""
    return f"{day.year}年{day.month}月{day.day}日"


def _footer(align: str) -> str:
    """— 1 — in no. 4 Song, one character in from the outer edge."""
    block = Block(align=align, on_grid=False, char_width=280, left_chars=100 if align == "left" else 0,
                  right_chars=100 if align == "right" else 0)  # fmt: skip
    return paragraph([run("— ", SONG), page_number(SONG), run(" —", SONG)], block)


class Official:
    """One document; every method puts down the next piece and returns the document."""

    def __init__(self, name: str, *, turned: bool = False) -> None:
        self.name = name
        self.page = TURNED if turned else A4
        self.pieces: list[str] = []
        self._counted = [0, 0, 0, 0]

    @property
    def text_width(self) -> int:
        return self.page.width - self.page.left - self.page.right

    # ---- the head of the document ------------------------------------------------------------------------------

    def masthead(self, office: str, number: str = "", left: str = "", right: str = "") -> Official:
        """The red name of who issues, the document's number below (or two texts at its sides), a red line."""
        size = max(22.0, min(46.0, self.text_width / 20 / max(len(office), 1) * 0.96))
        mark = Font(TITLE.name, int(size), RED, TITLE.instead)
        self._put(office, mark, Block(align="center", before=round(14 * _MM), after=LINE, on_grid=False))
        ruled = Block(align="center", line=LINE, after=LINE, rule=(RED, 12))
        if left or right:
            self._put(f"{left}\t{right}", BODY, replace(ruled, align="left", tab=self.text_width))
        else:
            self._put(number, BODY, ruled)
        return self

    def title(self, text: str) -> Official:
        """No. 2 small-mark Song, not bold, centred, an empty line below."""
        self._put(text, TITLE, Block(align="center", line=700, on_grid=False, keep_next=True))
        return self.gap()

    def addressee(self, offices: str) -> Official:
        """主送机关: at the left edge, with a full-width colon."""
        self._put(f"{offices}：", BODY, Block(line=LINE))
        return self

    # ---- the text ----------------------------------------------------------------------------------------------

    def heading(self, text: str, level: int = 1) -> Official:
        """The next heading of its level; deeper levels begin anew."""
        self._counted[level - 1] += 1
        self._counted[level:] = [0] * (4 - level)
        n = self._counted[level - 1]
        mark = (f"{chinese_number(n)}、" if level == 1 else f"（{chinese_number(n)}）" if level == 2
                else f"{n}. " if level == 3 else f"（{n}）")  # fmt: skip
        font = {1: HEI, 2: KAI}.get(level, BODY)
        self._put(mark + text, font, replace(_TEXT, keep_next=True))
        return self

    def text(self, text: str) -> Official:
        """Paragraphs of the body, one for each line; empty lines are left out."""
        for line in text.splitlines():
            if line.strip():
                self._put(line.strip(), BODY, _TEXT)
        return self

    def labelled(self, label: str, text: str) -> Official:
        """出席： and the like: the label in Hei, the text in FangSong, turned lines under the text."""
        chars = (_wide(label) + 1) * 100
        block = Block(line=LINE, left_chars=chars + 200, hanging_chars=chars, align="left")
        self.pieces.append(paragraph([run(f"{label}：", HEI), run(text, BODY)], block))
        return self

    def gap(self, lines: int = 1) -> Official:
        for _line in range(lines):
            self._put("", BODY, Block(line=LINE))
        return self

    def new_page(self) -> Official:
        self._put("", BODY, Block(line=20, new_page=True, on_grid=False))
        return self

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        shares: Sequence[int],
        *,
        caption: str = "",
        left: Sequence[int] = (),
    ) -> Official:
        """A ruled table over the whole width; `shares` divide the width, columns in `left` are not centred."""
        if caption:
            self._put(caption, replace(HEI, size=FOUR), Block(align="center", line=LINE, keep_next=True))
        whole = sum(shares)
        widths = [self.text_width * share // whole for share in shares]
        widths[-1] += self.text_width - sum(widths)
        small, strong = replace(BODY, size=SMALL, spacing=0), replace(HEI, size=SMALL, spacing=0)
        cell = Block(align="center", line=340, on_grid=False)

        def cells(values: Sequence[str], font: Font, *, is_head: bool) -> list[str]:
            return [
                paragraph(
                    [run(value, font)], replace(cell, align="left") if n in left and not is_head else cell
                )
                for n, value in enumerate(values)
            ]

        ruled = [cells(head, strong, is_head=True), *(cells(row, small, is_head=False) for row in rows)]
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        self.pieces.append(table(ruled, widths, dict.fromkeys(sides, Line(4)), head=1))
        return self.gap()

    # ---- the end of the document -------------------------------------------------------------------------------

    def attachments(self, names: Sequence[str]) -> Official:
        """附件： below the text, numbered when there are several."""
        if not names:
            return self
        self.gap()
        for n, name in enumerate(names, 1):
            label = "附件：" if n == 1 else "　　　"
            number = f"{n}. " if len(names) > 1 else ""
            self._put(f"{label}{number}{name}", BODY, Block(line=LINE, first_chars=200))
        return self

    def attachment(self, title: str, number: int | None = None) -> Official:
        """An attachment begins on its own page: 附件1 at the left edge in Hei, its title in the third line."""
        self._put(f"附件{number or ''}", HEI, Block(line=LINE, new_page=True, align="left"))
        self.gap()
        self._counted = [0, 0, 0, 0]
        return self.title(title)

    def signature(self, office: str, day: date) -> Official:
        """Without a seal: the office two characters from the right; the day begins two characters right of it."""
        written = official_day(day)
        # The day's first character stands two to the right of the office's: whichever is longer keeps two (or more)
        # characters free at the right, and the other follows from it.
        lead = _wide(office) - _wide(written) - 2
        office_right, day_right = (2, 2 + lead) if lead >= 0 else (2 - lead, 2)
        self.gap()
        self._put(
            office, BODY, Block(align="right", right_chars=office_right * 100, line=LINE, keep_next=True)
        )
        self._put(written, BODY, Block(align="right", right_chars=day_right * 100, line=LINE))
        return self

    def imprint(self, copies: str, printed_by: str, printed_on: date) -> Official:
        """版记: copies to whom, who printed it and when, between lines, in no. 4."""
        four = replace(BODY, size=FOUR, spacing=0)
        cell = Block(line=480, on_grid=False, left_chars=100, char_width=280, align="left")
        rows = [[paragraph([run(f"抄送：{copies}。", four)], cell)]] if copies else []
        spread = replace(cell, tab=self.text_width - 2 * 280)
        rows.append([paragraph([run(f"{printed_by}\t{official_day(printed_on)}印发", four)], spread)])
        self.gap()
        borders = {"top": Line(8), "bottom": Line(8), "insideH": Line(6)}
        self.pieces.append(table(rows, [self.text_width], borders))
        return self

    def bytes(self) -> bytes:
        """The finished file; the same pieces give the same bytes."""
        last = "" if self.pieces and self.pieces[-1].startswith("<w:p>") else paragraph(
            [], Block(line=20, on_grid=False))  # fmt: skip
        return package("".join(self.pieces) + last, self.page, FONTS, (_footer("right"), _footer("left")),
                       title=self.name)  # fmt: skip

    def _put(self, text: str, font: Font, block: Block) -> None:
        self.pieces.append(paragraph([run(text, font)] if text else [], block))


def _wide(text: str) -> int:
    """How many full-width characters the text fills, rounded up."""
    return -(-sum(1 if ord(char) < 0x2000 else 2 for char in text) // 2)
