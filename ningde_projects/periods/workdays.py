"""Working days of the State Council's calendar, make-up days included (measures.md §0).

Answers come in this order: a day that the commission entered, the published calendar, a provisional guess for a
year whose calendar is not published yet. The page says which year is provisional.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache

import chinese_calendar
import holidays

from .month import local_date, midnight

_INSTANT = timedelta(microseconds=1)


class Source(Enum):
    ENTERED = "entered"
    PUBLISHED = "published"
    PROVISIONAL = "provisional"


@dataclass(frozen=True)
class DayAnswer:
    day: date
    is_workday: bool
    source: Source

    @property
    def is_make_up(self) -> bool:
        """A Saturday or Sunday on which offices work."""
        return self.is_workday and self.day.weekday() >= 5


@cache
def _published() -> tuple[frozenset[date], frozenset[date], frozenset[int]]:
    workdays = frozenset(chinese_calendar.constants.workdays)
    free = frozenset(chinese_calendar.constants.holidays)
    return workdays, free, frozenset(day.year for day in free)


@cache
def _provisional(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("CN", years=year))


@cache
def _named(year: int, language: str) -> dict[date, str]:
    """Names of the provisional holidays of a year."""
    return dict(
        holidays.country_holidays("CN", years=year, language="zh_CN" if language == "zh" else "en_US")
    )


def holiday_name(day: date, language: str) -> str:
    """The holiday that frees a day or that a make-up day works for; "" for any other day."""
    if is_provisional(day.year):
        return _named(day.year, language[:2]).get(day, "")
    found = chinese_calendar.constants.holidays.get(day) or chinese_calendar.constants.workdays.get(day)
    if found is None:
        return ""
    return next(
        (holiday.chinese if language.startswith("zh") else holiday.value
         for holiday in chinese_calendar.Holiday if holiday.value == found), str(found),
    )  # fmt: skip


def is_provisional(year: int) -> bool:
    return year not in _published()[2]


def answer(day: date, entered: Mapping[date, bool]) -> DayAnswer:
    """Is `day` a working day? `entered` holds the commission's own entries (date -> works)."""
    if day in entered:
        return DayAnswer(day, entered[day], Source.ENTERED)
    workdays, free, years = _published()
    if day.year in years:
        if day in workdays:
            return DayAnswer(day, True, Source.PUBLISHED)
        if day in free:
            return DayAnswer(day, False, Source.PUBLISHED)
        return DayAnswer(day, day.weekday() < 5, Source.PUBLISHED)
    works = day.weekday() < 5 and day not in _provisional(day.year)
    return DayAnswer(day, works, Source.PROVISIONAL)


def add_workdays(start: date, count: int, entered: Mapping[date, bool]) -> date:
    """The `count`-th working day after `start`; `start` itself never counts."""
    if count < 0:
        raise ValueError("count of working days is negative")
    day = start
    left = count
    while left:
        day += timedelta(days=1)
        if answer(day, entered).is_workday:
            left -= 1
    return day


def workdays_between(begin: datetime, end: datetime, entered: Mapping[date, bool]) -> int:
    """Working days after the day of `begin`, up to and including the day of `end` (settled point 8).

    Midnight is the end of a day: who hands on at 24:00 is not booked the day that begins, who takes over then is.
    """
    day, last = local_date(begin - _INSTANT), local_date(end - _INSTANT)
    total = 0
    while day < last:
        day += timedelta(days=1)
        total += answer(day, entered).is_workday
    return total


def workday_deadline(begin: datetime, count: int, entered: Mapping[date, bool]) -> datetime:
    """24:00 of the `count`-th working day after the day of `begin` (D6)."""
    return midnight(add_workdays(local_date(begin), count, entered) + timedelta(days=1))


def next_workday(day: date, entered: Mapping[date, bool]) -> date:
    """`day` itself when it is a working day, else the first one after it."""
    while not answer(day, entered).is_workday:
        day += timedelta(days=1)
    return day
