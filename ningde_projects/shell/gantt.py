"""问题时间线: when each matter began, changed level and ended, as bars over the months of a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise

from . import formats
from .drawing import number

Text = str | Promise


class Bar(NamedTuple):
    """From the first day to the last, both included; ``css`` is its colour (k-county, k-dept, k-city, k-done)."""

    first: date
    last: date
    css: str


@dataclass(frozen=True, slots=True)
class GanttRow:
    label: Text
    bars: Sequence[Bar]
    note: Text = ""
    """Printed behind the last bar: 120 天."""
    quiet: bool = False
    """Settled: in grey."""
    lead: Text = ""
    """Printed bold before the label."""


class Drawn(NamedTuple):
    x: str
    width: str
    css: str


@dataclass(frozen=True, slots=True)
class DrawnRow:
    row: GanttRow
    bars: list[Drawn]
    end: str
    words: str


@dataclass(frozen=True, slots=True)
class Gantt:
    """A year's axis; ``today`` draws the dark line."""

    year: int
    rows: Sequence[GanttRow]
    today: date | None = None
    every: int = 2
    """Months between two marks of the axis."""
    months: list[tuple[str, str]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        for month in range(1, 13, self.every):
            first = date(self.year, month, 1)
            self.months.append((number(self.percent(first)), formats.month_name(first)))

    def percent(self, day: date) -> float:
        start, end = date(self.year, 1, 1), date(self.year + 1, 1, 1)
        return min(100.0, max(0.0, (day - start).days / (end - start).days * 100))

    @property
    def today_x(self) -> str:
        return number(self.percent(self.today)) if self.today else ""

    @property
    def drawn(self) -> list[DrawnRow]:
        found = []
        for row in self.rows:
            bars = [self._drawn(bar) for bar in row.bars]
            end = number(max((self.percent(bar.last) for bar in row.bars), default=0.0))
            words = "，".join(f"{bar.first:%m-%d}—{bar.last:%m-%d}" for bar in row.bars)
            found.append(DrawnRow(row, bars, end, words))
        return found

    def _drawn(self, bar: Bar) -> Drawn:
        left, right = self.percent(bar.first), self.percent(bar.last)
        return Drawn(number(left), number(max(0.4, right - left)), bar.css)
