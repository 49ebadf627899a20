"""Workbooks of several paper forms, each tab with a layout and a standing of its own; and their bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import translation
from openpyxl import Workbook

from ningde_projects.documents.models import LayoutVersion
from ningde_projects.documents.paper import Form, FormMark, Layout, Stamp
from ningde_projects.documents.paper.draw import FormSheet
from ningde_projects.documents.paper.lists import Choices, Lists
from ningde_projects.documents.paper.render import LANGUAGE
from ningde_projects.documents.paper.styles import Styles
from ningde_projects.documents.workbooks import tab_name
from ningde_projects.periods.month import ZONE, Month, local_date

from ..models.problems import Answer, AskedLevel, Impact
from ..selectors.categories import named_in

#: Part names and times of the archive itself; nothing in a sealed file may speak of the moment of its making.
_ARCHIVE_TIME = (2023, 11, 6, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True)
class Standing(Stamp):
    """What the head of a print says of it: 草稿, 送审稿, 待审核, 已退回, 已签收, with who and when."""

    words: str = ""

    @property
    def text(self) -> str:
        return self.words


@dataclass(frozen=True)
class PrintMark(FormMark):
    """Stands where an uploaded form carries its signed mark. A print is not read back, and a signature carries its
    time: with one, no file would ever be the same twice."""

    def to_text(self) -> str:
        return f"print:{self.key}.v{self.version}:{self.export_id}"


@dataclass(frozen=True)
class Page:
    """One tab. Without a stamp the head stays empty: the plain blank form."""

    layout: Layout
    form: Form
    stamp: Stamp | None = None
    fill: bool = field(default=False)


#: Tabs between two tellings of how far a long workbook is.
PROGRESS_EVERY = 20


def workbook(
    pages: Sequence[Page], choices: Choices | None = None, on_progress: Callable[[int], None] | None = None
) -> Workbook:
    """The tabs in their order; the forms are Chinese documents whatever the language of the page."""
    with translation.override(LANGUAGE):
        book = Workbook()
        book.remove(book.worksheets[0])
        lists = Lists(book)
        styles: dict[float, Styles] = {}
        for number, page in enumerate(pages):
            if on_progress is not None and number % PROGRESS_EVERY == 0:
                on_progress(number)
            size = page.layout.font_size
            if size not in styles:
                styles[size] = Styles(book, size)
            taken = [sheet.title for sheet in book.worksheets]
            sheet = book.create_sheet(tab_name(page.form.tab or page.layout.name, taken))
            drawn = FormSheet(
                page.layout, sheet, styles[size], page.form, choices or {}, lists if page.fill else None
            )
            drawn.draw(page.stamp)
        for made in styles.values():
            made.close()
        lists.finish()
        book.active = 0
        return book


def layout_of(key: str, on: datetime | date, version: int | None = None) -> Layout:
    """The layout in force on a day in Ningde, or a certain version of it."""
    if version is not None:
        return LayoutVersion.numbered(key, version)
    return LayoutVersion.current(key, local_date(on) if isinstance(on, datetime) else on)


class Layouts:
    """The layouts of many tabs, each read once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, date], Layout] = {}

    def of(self, key: str, on: datetime) -> Layout:
        day = local_date(on)
        if (key, day) not in self._found:
            self._found[key, day] = layout_of(key, day)
        return self._found[key, day]


def choices_of(month: Month) -> dict[str, list[tuple[str, str]]]:
    """The lists that the layouts name, in the forms' language; categories as they are called in the month."""
    with translation.override(LANGUAGE):
        return {
            "categories": [(category.code, category.name) for category in named_in(month)],
            "effects": [(v, str(label)) for v, label in Impact.choices],
            "levels": [(v, str(label)) for v, label in AskedLevel.choices],
            "handled": [(a.value, str(a.label)) for a in (Answer.UNSOLVED, Answer.PROGRESS, Answer.SOLVED)],
        }


def book_bytes(book: Workbook, at: datetime) -> bytes:
    """The file. Two made from the same content with the same `at` are the same to the byte (M6.4)."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    stamp = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}".encode()
    book.save(raw)
    with ZipFile(raw) as source, ZipFile(fixed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _TIMES.sub(rb"\g<1>" + stamp, content)
            entry = ZipInfo(name, _ARCHIVE_TIME)
            entry.external_attr = 0o600 << 16
            target.writestr(entry, content, ZIP_DEFLATED)
    return fixed.getvalue()


def clock(at: datetime) -> str:
    """2026-11-09 16:40, in Ningde."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"


def words_of(**given: object) -> Mapping[str, str]:
    return {name: str(value) for name, value in given.items()}
