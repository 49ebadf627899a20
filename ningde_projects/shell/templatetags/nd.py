"""``{% load nd %}``: the components every page is built from. How to use them: docs/pages.md.

Atoms that a list repeats hundreds of times (icon, chip, light, figures) are formatted here; everything
larger is a template under ``templates/shell/inc``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .. import diff, drawing, form_fields, formats, icons, statuses, tile_map
from ..curve import Curve
from ..due import Due
from ..due import due as due_of
from ..flow import Check, LifeStage, Step, TimelineItem
from ..gantt import Gantt
from ..period_bar import PeriodBar
from ..queries import changed_query

register = template.Library()
Number = formats.Number

_NOTHING = SafeString('<span class="nd-nil">—</span>')


# ---- atoms -------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css: str = "", filled: bool = False) -> SafeString:
    return icons.svg(name, css, filled=filled)


@register.simple_tag
def chip(code: str, extra: str = "") -> SafeString:
    """A state word from the one vocabulary; ``extra`` is the small addition ("第2次")."""
    status = statuses.STATUSES[code]
    more = format_html('<span class="nd-chip-x">{}</span>', extra) if extra else ""
    return format_html(
        '<span class="nd-chip t-{}" data-status="{}">{}{}{}</span>',
        status.tone,
        code,
        icons.svg(status.icon),
        status.word,
        more,
    )


@register.simple_tag
def light(code: str | None, mode: str = "full") -> SafeString:
    """红黄绿灯: shape, colour and word. ``mode="dot"`` hides the word from the eye, not from a reader."""
    found = statuses.light_of(code)
    css = "nd-light-w" if mode == "full" else "visually-hidden"
    return format_html(
        '<span class="nd-light l-{}" title="{}"><i aria-hidden="true"></i><span class="{}">{}</span></span>',
        found.tone,
        found.word,
        css,
        found.word,
    )


@register.simple_tag
def grade(code: str) -> SafeString:
    """省重点 in a red outline, 市重点 in a sea one."""
    css, word = statuses.GRADES[code]
    return format_html('<span class="nd-tag {}">{}</span>', css, word)


@register.simple_tag
def sixmonths(marks: Iterable[tuple[str, str]]) -> SafeString:
    """近6月: ``(label, state)`` oldest first; state "on", "late", "missing", "none"."""
    letters = {"on": "", "late": "l", "missing": "m", "none": "x"}
    rows = [(letters[state], f"{label} {statuses.SIX_WORDS[state]}") for label, state in marks]
    return format_html(
        '<span class="nd-six" role="img" aria-label="{}" title="{}">{}</span>',
        "，".join(words for _css, words in rows),
        "，".join(words for _css, words in rows),
        format_html_join("", '<i class="{}"></i>', ((css,) for css, _words in rows)),
    )


# ---- figures, dates, people --------------------------------------------------------------------


def _or_nothing(text: str) -> str | SafeString:
    return _NOTHING if text == formats.NONE else text


@register.filter
def wan(value: Number | None, places: int = 0) -> str | SafeString:
    return _or_nothing(formats.wan(value, int(places)))


@register.filter
def money(value: Number | None) -> str | SafeString:
    return _or_nothing(formats.money(value))


@register.filter
def yi(value: Number | None, places: int = 1) -> str | SafeString:
    return _or_nothing(formats.yi(value, int(places)))


@register.filter
def signed(value: Number | None, places: int = 0) -> str | SafeString:
    return _or_nothing(formats.signed(value, int(places)))


@register.filter
def pct(value: Number | None, places: int = 1) -> str | SafeString:
    return _or_nothing(formats.pct(value, int(places)))


@register.filter
def figure(value: Number | None, places: int = 0) -> str | SafeString:
    """A count with thousands commas."""
    return _or_nothing(formats.figure(value, int(places)))


@register.filter
def dash(value: object) -> object:
    """``—`` for no value; 0 stays 0."""
    return _NOTHING if value is None or value == "" else value


@register.filter
def longdate(value: datetime | date | None) -> str | SafeString:
    return formats.long_date(value) if value else _NOTHING


@register.filter
def daymonth(value: datetime | date | None) -> str | SafeString:
    return formats.day_month(value) if value else _NOTHING


@register.filter
def fulldate(value: datetime | date | None) -> str | SafeString:
    return formats.full_date(value) if value else _NOTHING


@register.filter
def stamp(value: datetime | date | None) -> str | SafeString:
    return formats.short_stamp(value) if value else _NOTHING


@register.filter
def fullstamp(value: datetime | None) -> str | SafeString:
    return formats.full_stamp(value) if value else _NOTHING


@register.filter
def until(value: datetime | None) -> str | SafeString:
    """A deadline: 11月7日（周六）24:00."""
    return formats.until(value) if value else _NOTHING


@register.filter
def phone(value: str | None) -> str:
    return formats.masked_phone(value)


@register.filter
def filesize(value: int | None) -> str:
    return formats.file_size(value)


@register.filter
def noplace(value: str, place: str) -> str:
    """In a county's own view its name is dropped from project and owner names: ``{{ name|noplace:county
    }}``.
    """
    return value.removeprefix(str(place)) or value


@register.filter
def heat(value: Number | None, largest: Number) -> int:
    return drawing.heat(value, largest)


@register.simple_tag
def textdiff(old: str | None, new: str | None) -> SafeString:
    return diff.marked(old, new)


# ---- time --------------------------------------------------------------------------------------


@register.inclusion_tag("shell/inc/due.html")
def due(instant: datetime | None, now: datetime, form: str = "full") -> dict[str, Any]:
    """The countdown. ``form``: "full" date and time left, "short" time left (the date for readers and on
    hover).
    """
    found: Due | None = due_of(instant, now) if instant else None
    return {"due": found, "form": form}


@register.inclusion_tag("shell/inc/period_bar.html")
def period_bar(bar: PeriodBar, id: str = "", oob: bool = False) -> dict[str, Any]:
    """With an ``id`` an act in a part of the page can send the bar anew (``oob``)."""
    return {"bar": bar, "id": id, "oob": oob}


# ---- drawings ----------------------------------------------------------------------------------


@register.simple_tag
def ratebar(rate: Number | None, target: Number | None = None, tone: str = "") -> SafeString:
    """完成率 with the tick at ``target`` (both per cent). ``tone``: g y r s; computed from the gap when left
    out.
    """
    if rate is None:
        return _NOTHING
    bar = drawing.RateBar(rate, target, tone)
    tick = "" if target is None else format_html('<rect class="tk" x="{}" width="2" height="14"/>', bar.tick)
    return format_html(
        '<span class="nd-rate {0}"><svg class="nd-rate-b" width="{1}" height="14" viewBox="0 0 {1} 14" '
        'aria-hidden="true"><rect class="bg" y="3" width="{1}" height="8" rx="1"/>'
        '<rect class="fg" y="3" width="{2}" height="8" rx="1"/>{3}</svg><span class="nd-rate-n">{4}</span></span>',
        bar.css, bar.width, bar.fill, tick, pct(rate),
    )  # fmt: skip


@register.inclusion_tag("shell/inc/progress.html")
def progress(done: Number | None, total: Number | None, words: str = "") -> dict[str, Any]:
    """A thin bar for n of N with the words beside it."""
    return {"width": drawing.number(drawing.share(done, total)), "words": words, "done": done, "total": total}


@register.inclusion_tag("shell/inc/hbar.html")
def hbar(value: Number | None, largest: Number, css: str = "k-1", words: str = "") -> dict[str, Any]:
    """One bar, as long as ``value`` is of ``largest``."""
    return {"parts": drawing.segments([(value, css)], largest), "words": words}


@register.inclusion_tag("shell/inc/hbar.html")
def stackbar(parts: Sequence[tuple[Number | None, str]], whole: Number, words: str = "") -> dict[str, Any]:
    """Several parts of one bar; ``words`` says the figures for readers."""
    return {"parts": drawing.segments(parts, whole), "words": words, "label": words}


@register.inclusion_tag("shell/inc/dumbbell.html")
def dumbbell(first: Number | None, second: Number | None, whole: Number, words: str = "") -> dict[str, Any]:
    """Two figures of the same thing on one line: a dot for the reported, a square for the counted."""
    a, b = drawing.share(first, whole), drawing.share(second, whole)
    return {
        "a": drawing.number(a),
        "b": drawing.number(b),
        "low": drawing.number(min(a, b)),
        "wide": drawing.number(abs(a - b)),
        "css": "more" if b > a else "less",
        "words": words or f"{formats.figure(first)} / {formats.figure(second)}",
    }


@register.inclusion_tag("shell/inc/gantt.html")
def gantt(chart: Gantt) -> dict[str, Any]:
    return {"chart": chart}


@register.inclusion_tag("shell/inc/curve.html")
def curve(chart: Curve) -> dict[str, Any]:
    """Cumulative sums over the months of a year; give the same figures as a table beside it."""
    return {"chart": chart}


@register.inclusion_tag("shell/inc/tile_map.html")
def tilemap(tiles: Iterable[tile_map.Tile], label: str) -> dict[str, Any]:
    """The ten places; ``label`` says for readers what is shown and that the table has the same figures."""
    return {
        "tiles": tile_map.placed(tiles),
        "label": label,
        "width": tile_map.WIDTH,
        "height": tile_map.HEIGHT,
    }


# ---- flow --------------------------------------------------------------------------------------


@register.inclusion_tag("shell/inc/steps.html")
def steps(items: Sequence[Step], vertical: bool = False) -> dict[str, Any]:
    return {"steps": items, "vertical": vertical}


@register.inclusion_tag("shell/inc/lifecycle.html")
def lifecycle(stages: Sequence[LifeStage]) -> dict[str, Any]:
    return {"stages": stages}


@register.inclusion_tag("shell/inc/timeline.html")
def timeline(items: Sequence[TimelineItem]) -> dict[str, Any]:
    return {"items": items}


@register.inclusion_tag("shell/inc/checks.html")
def checks(items: Sequence[Check]) -> dict[str, Any]:
    return {"checks": items}


@register.inclusion_tag("shell/inc/ladder.html")
def ladder(step: int) -> dict[str, Any]:
    """追责阶梯: 0 nothing yet, 1 提醒, 2 通报, 3 督查/效能, 4 纪检监察."""
    rungs = [(word, n <= step, n == step, n) for n, word in enumerate(statuses.LADDER, start=1)]
    return {"rungs": rungs}


# ---- lists -------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def qs(context: Context, **changes: Any) -> str:
    """The page's query string with these parameters changed; ``None`` removes one. Leads back to page 1."""
    return changed_query(context["request"].GET, changes)


@register.inclusion_tag("shell/inc/filter_chip.html", takes_context=True)
def filter_chip(
    context: Context,
    param: str,
    value: Any,
    label: str,
    count: int | None = None,
    removable: bool = False,
) -> dict[str, Any]:
    """One filter of a list; ``value=""`` is "全部". With ``removable`` a set one shows ✕ and takes itself
    away.
    """
    query = context["request"].GET
    chosen = str(value) in query.getlist(param) if value != "" else param not in query
    target = None if value == "" or (chosen and removable) else value
    return {
        "href": changed_query(query, {param: target}),
        "label": label,
        "count": count,
        "on": chosen,
        "removable": removable and chosen,
    }


@register.inclusion_tag("shell/inc/pager.html", takes_context=True)
def pager(context: Context, page: Any, param: str = "page") -> dict[str, Any]:
    query = context["request"].GET
    return {
        "page": page,
        "previous": changed_query(query, {param: page.previous_page_number()}) if page.has_previous() else "",
        "next": changed_query(query, {param: page.next_page_number()}) if page.has_next() else "",
    }


# ---- forms -------------------------------------------------------------------------------------


@register.simple_tag
def idempotency() -> SafeString:
    """A key per rendering: the same button pressed twice is one act (services read ``idempotency_key``)."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid.uuid4())


@register.inclusion_tag("shell/inc/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """A form field in full: label, 必填, control, help, error. Options: docs/pages.md."""
    return form_fields.presented(bound, **options)


@register.simple_tag
def control(bound: BoundField, **options: Any) -> SafeString:
    """The bare control with classes and aria attributes, for entry grids with a label cell of their own."""
    return form_fields.control(bound, **options)


@register.inclusion_tag("shell/inc/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any] | str | None) -> dict[str, Any]:
    """The red box at the top of a form: every error as a link to its field."""
    return {"errors": form_fields.errors_of(*forms)}


# ---- the page ----------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def navwidth(context: Context, default: str = "wide") -> str:
    """Class of the shell: the user's choice, else what the page asks for ("rail" on work-heavy pages)."""
    chosen = getattr(context.get("shell"), "rail", None)
    return "rail" if chosen or (chosen is None and default == "rail") else ""
