"""How the list draws what a column shows: hundreds of cells a page, so plain functions and no template each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from ningde_projects.shell import formats
from ningde_projects.shell.templatetags import nd

from .columns import ListColumn, Look
from .lights import Judgement
from .models import Project

NIL = nd.dash(None)
_CSS: Mapping[str, str] = {"mute": "nd-mut nd-nw", "day": "nd-mut nd-nw", "short": "nd-nw", "text": "tx"}


def _rate(value: Any) -> Any:
    return nd.ratebar(*value) if value else NIL


def _light(value: Judgement | None) -> Any:
    if not value:
        return NIL
    return format_html('<span title="{}">{}</span>', value.why, nd.light(value.light.value))


def _level(project: Project) -> Any:
    grade: Any = format_html('<span class="nd-mut">{}</span>', project.get_level_display())
    if project.is_key:
        grade = nd.grade(project.level)
    city = nd.grade("city_managed") if project.management == "municipal" else ""
    return format_html('<span class="nd-nw">{}{}{}</span>', grade, " " if city else "", city)


def _day(value: datetime | date | None) -> Any:
    return f"{formats.local(value):%Y-%m-%d}" if value else NIL


def _hot(value: Any) -> Any:
    return format_html('<b class="nd-red">{}</b>', value) if value else NIL


_DRAWN: Mapping[Look, Callable[[Any], Any]] = {
    "wan": nd.wan,
    "rate": _rate,
    "light": _light,
    "level": _level,
    "stage": lambda project: nd.chip(project.stage_chip),
    "day": _day,
    "hot": _hot,
    "count": lambda value: nd.figure(value) if value else NIL,
}


#: What a drawing depends on, where a handful of drawings serve all rows.
_KEYS: Mapping[Look, Callable[[Any], Any]] = {
    "level": lambda project: (project.level, project.management),
    "stage": lambda project: project.stage_chip,
}


class Drawer:
    """Draws the cells of one column; what is the same in many rows is made once."""

    def __init__(self, column: ListColumn, year: int) -> None:
        css = [
            "n" if column.is_numeric else "", "" if column.on_phone else "nd-hide-m", _CSS.get(column.look, ""),
        ]  # fmt: skip
        self.column, self.heading = column, column.heading(year)
        self._opening = format_html('<td data-l="{}" class="{}">', self.heading, " ".join(filter(None, css)))
        self._draw, self._key = _DRAWN.get(column.look, nd.dash), _KEYS.get(column.look)
        self._known: dict[Any, SafeString] = {}

    def cell(self, value: Any) -> SafeString:
        if self._key is None:
            return self._made(value)
        key = self._key(value)
        if key not in self._known:
            self._known[key] = self._made(value)
        return self._known[key]

    def _made(self, value: Any) -> SafeString:
        return mark_safe(f"{self._opening}{conditional_escape(self._draw(value))}</td>")  # noqa: S308 - both are escaped
