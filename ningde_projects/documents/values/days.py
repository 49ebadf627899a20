"""Dates and months in every shape that people write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from ningde_projects.periods.month import ZONE, Month

from .base import NOTHING, Expected, Finding, Reading, Unreadable, as_text

_DAY = re.compile(
    r"^(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?"
    r"(?:[t\s]*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(z|[+-]\d{2}:?\d{2})?)?$"
)
_MONTH = re.compile(r"^(\d{1,4})[-/.年](\d{1,2})(?:月份?)?$")
_NO_YEAR = re.compile(r"^(\d{1,2})月(份|\d{1,2}[日号]?)?$")
_CHINESE_DIGITS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
#: Serial numbers of 1954 to 2173: what a date looks like when its cell lost the date format.
_SERIALS = range(20_000, 100_000)
_EXCEL_ZERO = date(1899, 12, 30)


def _arabic(text: str) -> str:
    """二〇二六年十一月七日 → 2026年11月7日."""
    text = re.sub(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)", _tens, text)
    return "".join(_CHINESE_DIGITS.get(c, c) for c in text)


def _tens(found: re.Match[str]) -> str:
    return (_CHINESE_DIGITS[found[1]] if found[1] else "1") + (_CHINESE_DIGITS[found[2]] if found[2] else "0")


def _date_text(raw: Any) -> str:
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", as_text(raw))).strip().lower()
    text = re.sub(r"\s*([-/.年月日号])\s*", r"\1", text.replace("−", "-"))
    return _arabic(text) if "年" in text or "月" in text else text


def _year(text: str) -> int:
    year = int(text)
    if len(text) < 4 or not 1950 <= year <= 2100:
        raise Unreadable(
            _("“{year}” is not a year between 1950 and 2100").format(year=text),
            _("Write the year with four digits."),
        )
    return year


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as wrong:
        raise Unreadable(
            _("There is no such day: {day}").format(day=f"{year}-{month}-{day}"), _("Check the date.")
        ) from wrong


def _from_serial(number: float) -> date | None:
    return _EXCEL_ZERO + timedelta(days=int(number)) if int(number) in _SERIALS else None


def _asked_serial(number: float, shown: date | Month) -> Finding:
    return Finding(
        _("The number {number} was read as {date}").format(number=int(number), date=shown),
        _("Set the cell format to date."),
    )


def _refuse_time(raw: Any) -> None:
    if isinstance(raw, bool | time | timedelta):
        raise Unreadable(_("This is not a date"), _("Write it as 2026-11-07."))


def read_date(raw: Any, _expected: Expected, _percent: bool) -> Reading:
    _refuse_time(raw)
    if isinstance(raw, date):
        day = raw.date() if isinstance(raw, datetime) else raw
        _year(f"{day.year:04d}")
        return Reading(day)
    text = _date_text(raw)
    if text in NOTHING:
        return Reading(None)
    if re.fullmatch(r"\d{8}", text):
        return Reading(_day(_year(text[:4]), int(text[4:6]), int(text[6:])))
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and (serial := _from_serial(float(text))):
        return Reading(serial, question=_asked_serial(float(text), serial))
    if found := _DAY.match(text):
        day = _day(_year(found[1]), int(found[2]), int(found[3]))
        return _in_zone(day, found) if found[7] else Reading(day)
    if _MONTH.match(text) or re.fullmatch(r"\d{4}(\d{2})?年?", text):
        raise Unreadable(
            _("The day is missing in “{text}”").format(text=text[:40]), _("Write it as 2026-11-07.")
        )
    raise _no_date(text)


def _no_date(text: str) -> Unreadable:
    if _NO_YEAR.match(text):
        return Unreadable(
            _("The year is missing in “{text}”").format(text=text[:40]), _("Write it as 2026-11-07.")
        )
    return Unreadable(_("“{text}” is not a date").format(text=text[:40]), _("Write it as 2026-11-07."))


def _in_zone(day: date, found: re.Match[str]) -> Reading:
    """A time with a zone is turned into the day in Ningde, with a question when that is another day."""
    zone = "+00:00" if found[7] == "z" else found[7]
    try:
        clock = time(int(found[4]), int(found[5]), int(found[6] or 0))
        moment = datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{zone}")
    except ValueError as wrong:
        raise _no_date(found[0]) from wrong
    local = moment.astimezone(ZONE).date()
    asked = Finding(
        _("“{text}” was read as {date}, the day in Ningde").format(text=found[0], date=local),
        _("Write the date without a time zone."),
    )
    return Reading(local, question=None if local == day else asked)


def read_month(raw: Any, _expected: Expected, _percent: bool) -> Reading:
    _refuse_time(raw)
    if isinstance(raw, Month):
        return Reading(raw)
    if isinstance(raw, date):
        _year(f"{raw.year:04d}")
        return Reading(_month(raw.year, raw.month))
    if isinstance(raw, float) and not raw.is_integer():
        raise Unreadable(
            _("{number} may be January or October").format(number=raw), _("Write the month as 2026-10.")
        )
    text = _date_text(raw)
    if text in NOTHING:
        return Reading(None)
    if found := re.fullmatch(r"(\d{4})(\d{2})", text) or _MONTH.match(text) or _DAY.match(text):
        return Reading(_month(_year(found[1]), int(found[2])))
    if re.fullmatch(r"\d{5}", text) and (serial := _from_serial(float(text))):
        month = _month(serial.year, serial.month)
        return Reading(month, question=_asked_serial(float(text), month))
    if _NO_YEAR.match(text):
        raise Unreadable(
            _("The year is missing in “{text}”").format(text=text), _("Write the month as 2026-10.")
        )
    raise Unreadable(_("“{text}” is not a month").format(text=text[:40]), _("Write the month as 2026-10."))


def _month(year: int, number: int) -> Month:
    try:
        return Month(year, number)
    except ValueError as wrong:
        raise Unreadable(
            _("There is no such month: {month}").format(month=f"{year}-{number}"),
            _("Write the month as 2026-10."),
        ) from wrong
