"""投资曲线: cumulative sums over the months of a year, as lines with their words at the end (DESIGN §6 Charts).

Drawn by the server in SVG, x in per cent and y in pixels, so that it needs no script and keeps its letters at any width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import Promise

from . import formats
from .drawing import number

HEIGHT = 226
#: The least distance between two words at line ends, px.
_APART = 17
_STEPS = (1, 2, 2.5, 3, 4, 5, 10)
_INTERVALS = 4


@dataclass(frozen=True, slots=True)
class Series:
    """One line: value by month 1—12, months without one left out; ``css`` c-plan, c-report or c-statistics."""

    name: str | Promise
    css: str
    values: Mapping[int, Decimal]
    dots: bool = True


class Piece(NamedTuple):
    x1: str
    y1: str
    x2: str
    y2: str


class Point(NamedTuple):
    x: str
    y: str
    words: str


@dataclass(frozen=True, slots=True)
class DrawnSeries:
    series: Series
    pieces: list[Piece]
    points: list[Point]
    end_x: str
    end_y: str
    label: str
    area: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Up to three lines on one axis from nought."""

    year: int
    series: Sequence[Series]

    @property
    def top(self) -> Decimal:
        return self.step * _INTERVALS

    @property
    def step(self) -> Decimal:
        """A round distance between grid lines, so that four of them hold the largest value."""
        largest = max((v for s in self.series for v in s.values.values()), default=Decimal(0))
        if largest <= 0:
            return Decimal(1)
        least = largest / _INTERVALS
        power = Decimal(10) ** least.adjusted()
        return next(Decimal(str(s)) * power for s in _STEPS if Decimal(str(s)) * power >= least)

    @property
    def grid(self) -> list[tuple[str, str]]:
        """(y, figure) from nought upwards."""
        return [
            (self._y(self.step * n), formats.figure(self.step * n, trim=True)) for n in range(_INTERVALS + 1)
        ]

    @property
    def months(self) -> list[tuple[str, str]]:
        return [(self._x(n), formats.month_name(date(self.year, n, 1))) for n in range(1, 13)]

    @property
    def drawn(self) -> list[DrawnSeries]:
        ends = self._ends()
        return [self._draw(series, ends[n]) for n, series in enumerate(self.series) if series.values]

    def _draw(self, series: Series, label_y: float) -> DrawnSeries:
        months = sorted(series.values)
        at = [(self._x(m), self._y(series.values[m])) for m in months]
        pieces = [Piece(*a, *b) for a, b in zip(at, at[1:], strict=False)]
        points = [
            Point(x, y, f"{self.year}-{m:02d} {formats.money(series.values[m])}")
            for m, (x, y) in zip(months, at, strict=True)
        ]
        last = months[-1]
        area = " ".join(
            [f"{self._x(months[0])},{HEIGHT}", *(f"{x},{y}" for x, y in at), f"{self._x(last)},{HEIGHT}"]
        )
        label = f"{series.name} {formats.money(series.values[last])}"
        return DrawnSeries(
            series,
            pieces,
            points,
            self._x(last),
            number(label_y),
            label,
            area if series.css == "c-report" else "",
        )

    def _ends(self) -> dict[int, float]:
        """Where the words stand: beside the end of the line, moved apart where two would touch."""
        wanted = sorted(
            (float(self._y(s.values[max(s.values)])), n) for n, s in enumerate(self.series) if s.values
        )
        placed: dict[int, float] = {}
        floor = 0.0
        for y, n in wanted:
            placed[n] = max(y, floor)
            floor = placed[n] + _APART
        return placed

    @staticmethod
    def _x(month: int) -> str:
        return number((month - 1) / 11 * 100)

    def _y(self, value: Decimal) -> str:
        return number(HEIGHT - float(value / self.top) * HEIGHT)
