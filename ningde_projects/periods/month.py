"""Month and Quarter as values: frozen, ordered, half-open (measures.md §0 Time)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: The offices' clock, whatever the server's zone.
ZONE = ZoneInfo("Asia/Shanghai")

_TEXT = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$", re.ASCII)


def local_date(at: datetime) -> date:
    """The date in Ningde at an instant."""
    return at.astimezone(ZONE).date()


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Ningde; 24:00 of the 7th is midnight of the 8th."""
    return datetime.combine(day, time.min, tzinfo=ZONE)


@dataclass(frozen=True, order=True)
class Month:
    """A reporting month: the month that figures describe."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (2000 <= self.year <= 2999 and 1 <= self.number <= 12):
            raise ValueError(f"not a month: {self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read '2026-10'; raises ValueError for anything else."""
        found = _TEXT.match(text)
        if not found:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(found.group(1)), int(found.group(2)))

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def at(cls, instant: datetime) -> Month:
        return cls.of(local_date(instant))

    def plus(self, months: int) -> Month:
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def next(self) -> Month:
        return self.plus(1)

    @property
    def previous(self) -> Month:
        return self.plus(-1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def start(self) -> datetime:
        return midnight(self.first_day)

    @property
    def end(self) -> datetime:
        """Exclusive."""
        return self.next.start

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.year, (self.number + 2) // 3)

    def day(self, number: int) -> date:
        """The day of this month; a number past the end means the last day."""
        return min(self.first_day + timedelta(days=number - 1), self.last_day)

    def until(self, last: Month) -> Iterator[Month]:
        """This month, and each one up to and including `last`."""
        month = self
        while month <= last:
            yield month
            month = month.next

    def __sub__(self, other: Month) -> int:
        return (self.year - other.year) * 12 + self.number - other.number

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    def __post_init__(self) -> None:
        if not (2000 <= self.year <= 2999 and 1 <= self.number <= 4):
            raise ValueError(f"not a quarter: {self.year}Q{self.number}")

    @property
    def first_month(self) -> Month:
        return Month(self.year, self.number * 3 - 2)

    @property
    def last_month(self) -> Month:
        return Month(self.year, self.number * 3)

    @property
    def months(self) -> tuple[Month, Month, Month]:
        first = self.first_month
        return (first, first.next, first.plus(2))

    def __str__(self) -> str:
        return f"{self.year:04d}Q{self.number}"


def reporting_month(at: datetime) -> Month:
    """The month being reported at an instant: the one just ended (settled: October is filed in November)."""
    return Month.at(at).previous
