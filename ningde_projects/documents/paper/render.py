"""Draws a filled paper form from its layout with openpyxl; rows are built in order, never inserted.

`fill=True` gives the sheet that is filled in offline: input cells unlocked and tinted, spare rows, lists to
choose from. Otherwise it is the print: no tint, no lock, a 送审稿 mark or the approver in its head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from ningde_projects.periods.month import ZONE

from ..workbooks import tab_name
from .draw import FormSheet
from .layout import Layout
from .lists import Choices, Lists
from .marks import FormMark
from .styles import Styles

Values = Mapping[str, Any]
#: The forms are Chinese documents whatever the language of the page they are asked for on.
LANGUAGE = "zh-hans"


@dataclass(frozen=True)
class Stamp:
    """What the head of a print says of its standing: approved by whom and when, or still a draft (送审稿)."""

    approved_by: str = ""
    at: datetime | None = None

    @classmethod
    def draft(cls) -> Stamp:
        return cls()

    @classmethod
    def approved(cls, by: str, at: datetime) -> Stamp:
        return cls(by, at)

    @property
    def text(self) -> str:
        if not self.approved_by or self.at is None:
            return _("Draft for approval")
        time = f"{self.at.astimezone(ZONE):%Y-%m-%d %H:%M}"
        return _("Approved by {name} {time}").format(name=self.approved_by, time=time)


@dataclass(frozen=True)
class Form:
    """The content of one sheet; `words` fill placeholders in labels ({n}: the number of the month)."""

    values: Values
    tables: Mapping[str, Sequence[Values]] = field(default_factory=dict)
    mark: FormMark | None = None
    tab: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


def render_form(
    layout: Layout,
    values: Values,
    tables: Mapping[str, Sequence[Values]] | None = None,
    *,
    mark: FormMark | None = None,
    stamp: Stamp | None = None,
    choices: Choices | None = None,
    fill: bool = False,
    words: Mapping[str, str] | None = None,
) -> Workbook:
    """One form as a workbook. Money is 万元, percentages in points; a table row may carry `row_id`."""
    form = Form(values, tables or {}, mark, "", words or {})
    return render_forms(layout, [form], stamp=stamp, choices=choices, fill=fill)


def render_forms(
    layout: Layout,
    forms: Sequence[Form],
    *,
    stamp: Stamp | None = None,
    choices: Choices | None = None,
    fill: bool = False,
) -> Workbook:
    """Many forms of one layout, a tab each (M5.5: owners with many projects)."""
    with translation.override(LANGUAGE):
        book = Workbook()
        book.remove(book.worksheets[0])
        styles = Styles(book, layout.font_size)
        lists = Lists(book) if fill else None
        for form in forms:
            taken = [sheet.title for sheet in book.worksheets]
            sheet = book.create_sheet(tab_name(form.tab or layout.name, taken))
            FormSheet(layout, sheet, styles, form, choices or {}, lists).draw(stamp)
        styles.close()
        if lists is not None:
            lists.finish()
        return book
