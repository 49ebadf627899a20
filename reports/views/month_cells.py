"""The cells of the month's two tables: some two hundred a page, each a number that opens its list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ningde_projects.shell.drawing import heat

_NONE = mark_safe('<td class="n"><span class="nd-nil">0</span></td>')  # noqa: S308 - our own words
_COLD = mark_safe('<td class="h h0">0</td>')  # noqa: S308 - our own words
_TONES = {"missing": ' class="nd-red nd-b"', "late": ' class="nd-amber"'}


def _joined(cells: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(cells))  # noqa: S308 - each was made by format_html


def state_cells(url: str, place: str, counts: Mapping[str, int], states: Iterable[str]) -> SafeString:
    """How many reports of the place are in each state."""
    return _joined(
        format_html(
            '<td class="n"><a href="{}?place={}&amp;state={}"{}>{}</a></td>',
            url, place, state, mark_safe(_TONES.get(state, "")), counts[state],  # noqa: S308 - our own words
        )
        if counts[state]
        else _NONE
        for state in states
    )  # fmt: skip


def category_cells(
    url: str, place: str, counts: Mapping[str, int], categories: Iterable[str], largest: int
) -> SafeString:
    """How many problems of the place are of each category, the darker the more; `url` ends in its query."""
    return _joined(
        format_html(
            '<td class="h hs{}"><a href="{}&amp;place={}&amp;category={}">{}</a></td>',
            heat(counts[code], largest), url, place, code, counts[code],
        )
        if counts.get(code)
        else _COLD
        for code in categories
    )  # fmt: skip
