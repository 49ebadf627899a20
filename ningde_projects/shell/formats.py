"""Figures, dates and telephone numbers as words. Plain functions: pages, exports and notices use the same
ones.

Money is in 万元 with two decimals wherever it is stored; what is shown is decided here.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

NONE = "—"
MINUS = "−"
Number = Decimal | int | float | str

WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)
MONTHS = (
    pgettext_lazy("month", "Jan"),
    pgettext_lazy("month", "Feb"),
    pgettext_lazy("month", "Mar"),
    pgettext_lazy("month", "Apr"),
    pgettext_lazy("month", "May"),
    pgettext_lazy("month", "Jun"),
    pgettext_lazy("month", "Jul"),
    pgettext_lazy("month", "Aug"),
    pgettext_lazy("month", "Sep"),
    pgettext_lazy("month", "Oct"),
    pgettext_lazy("month", "Nov"),
    pgettext_lazy("month", "Dec"),
)


# ---- figures -----------------------------------------------------------------------------------


def decimal_of(value: Number | None) -> Decimal | None:
    """The value as a Decimal; ``None`` for nothing, for text that is no figure and for NaN."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def figure(value: Number | None, places: int = 0, *, trim: bool = False) -> str:
    """``15890`` → ``15,890``; a minus sign, never a hyphen; ``—`` for no value. ``trim`` drops idle zeros."""
    number = decimal_of(value)
    if number is None:
        return NONE
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{places}f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{MINUS}{text}" if rounded < 0 else text


def wan(value: Number | None, places: int = 0) -> str:
    """万元 in a list: thousands commas, no decimals."""
    return figure(value, places)


def money(value: Number | None) -> str:
    """万元 in a form or export: up to two decimals."""
    return figure(value, 2, trim=True)


def yi(value: Number | None, places: int = 1) -> str:
    """亿元 from 万元, for city totals."""
    number = decimal_of(value)
    return NONE if number is None else figure(number / 10000, places)


def signed(value: Number | None, places: int = 0) -> str:
    """A change, with its sign: ``+420``, ``−270``, ``0``."""
    number = decimal_of(value)
    if number is None:
        return NONE
    text = figure(number, places)
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"+{text}" if rounded > 0 else text


def pct(value: Number | None, places: int = 1) -> str:
    """A rate already in per cent: ``62.2%``."""
    text = figure(value, places)
    return text if text == NONE else f"{text}%"


# ---- dates -------------------------------------------------------------------------------------


def local(value: datetime | date) -> datetime | date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def last_day(instant: datetime) -> date:
    """The day a deadline still belongs to: 00:00 of the 8th is the end of the 7th (M5: "7日前" to 24:00)."""
    return (timezone.localtime(instant) - timedelta(microseconds=1)).date()


def clock(instant: datetime) -> str:
    """``24:00`` for midnight at the end of a day, otherwise ``12:00``."""
    here = timezone.localtime(instant)
    if (here.hour, here.minute) == (0, 0):
        return "24:00"
    return f"{here:%H:%M}"


def weekday(day: date) -> str:
    return str(WEEKDAYS[day.weekday()])


def _month_name(month: int) -> str:
    return str(MONTHS[month - 1])


def long_date(value: datetime | date) -> str:
    """In prose: 11月7日（周六） / Sat 7 Nov."""
    day = local(value)
    return pgettext("date in prose", "{weekday} {day} {month_name}").format(
        weekday=weekday(day), day=day.day, month_name=_month_name(day.month)
    )


def day_month(value: datetime | date) -> str:
    """In prose without weekday: 11月7日 / 7 Nov."""
    day = local(value)
    return pgettext("date in prose", "{day} {month_name}").format(
        day=day.day, month_name=_month_name(day.month)
    )


def full_date(value: datetime | date) -> str:
    """In prose with the year: 2026年11月7日 / 7 Nov 2026."""
    day = local(value)
    return pgettext("date in prose", "{day} {month_name} {year}").format(
        day=day.day, month_name=_month_name(day.month), year=day.year
    )


def month_name(value: date, *, year: bool = False) -> str:
    """10月 / Oct; with ``year`` 2026年10月 / Oct 2026."""
    if not year:
        return _month_name(value.month)
    return pgettext("date in prose", "{month_name} {year}").format(
        month_name=_month_name(value.month), year=value.year
    )


def until(instant: datetime) -> str:
    """A deadline in full: 11月7日（周六）24:00 / Sat 7 Nov 24:00."""
    return pgettext("deadline", "{date} {clock}").format(
        date=long_date(last_day(instant)), clock=clock(instant)
    )


def short_stamp(value: datetime | date) -> str:
    """In tables: 11-07 16:40, or 11-07 for a day."""
    moment = local(value)
    return f"{moment:%m-%d %H:%M}" if isinstance(moment, datetime) else f"{moment:%m-%d}"


def full_stamp(value: datetime) -> str:
    """Where the second counts: 2026-11-05 14:32:08."""
    return f"{local(value):%Y-%m-%d %H:%M:%S}"


# ---- people ------------------------------------------------------------------------------------

_MOBILE = re.compile(r"^(?:\+?86[- ]?)?(1\d{2})\d{4}(\d{4})$")
_LANDLINE = re.compile(r"^(\d{3,4}-)?(\d{2})\d{2,3}(\d{3})$")


def masked_phone(number: str | None) -> str:
    """138****2071, 0593-28**016; what has no known form keeps its last three digits only."""
    text = (number or "").strip()
    if not text:
        return NONE
    if found := _MOBILE.match(text):
        return f"{found[1]}****{found[2]}"
    if found := _LANDLINE.match(text):
        return f"{found[1] or ''}{found[2]}**{found[3]}"
    return f"****{text[-3:]}" if len(text) > 6 else "****"


def file_size(count: int | None) -> str:
    if count is None:
        return NONE
    if count < 1024:
        return _("{count} bytes").format(count=count)
    size = Decimal(count) / 1024
    if size < 1024:
        return f"{figure(size)} KB"
    return f"{figure(size / 1024, 1)} MB"
