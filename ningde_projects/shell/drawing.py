"""Bars and small charts as figures in SVG attributes. A strict policy forbids style attributes; SVG's are
not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .formats import Number, decimal_of

AMBER_BAND = 10
"""Within ten points of the target is amber, beyond it red (DESIGN §12.4; the light itself is computed
elsewhere).
"""


def number(value: float) -> str:
    """A coordinate with one decimal and without idle zeros."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def share(value: Number | None, whole: Number | None) -> float:
    """Per cent of the whole, 0..100, 0 where there is none."""
    part, total = decimal_of(value), decimal_of(whole)
    if part is None or not total:
        return 0.0
    return min(100.0, max(0.0, float(part / total * 100)))


@dataclass(frozen=True, slots=True)
class RateBar:
    """完成率 with the tick at the target; 56 by 14 units."""

    rate: Number | None
    target: Number | None
    tone: str = ""
    width: int = 56

    @property
    def fill(self) -> str:
        return number(share(self.rate, 100) / 100 * self.width)

    @property
    def tick(self) -> str:
        at = share(self.target, 100) / 100 * self.width
        return number(min(self.width - 2.0, max(0.0, at - 1)))

    @property
    def css(self) -> str:
        if self.tone:
            return f"r-{self.tone}"
        rate, target = decimal_of(self.rate), decimal_of(self.target)
        if rate is None or target is None:
            return "r-s"
        gap = rate - target
        return "r-g" if gap >= 0 else "r-y" if gap >= -AMBER_BAND else "r-r"


class Segment(NamedTuple):
    x: str
    width: str
    css: str


def segments(parts: Sequence[tuple[Number | None, str]], whole: Number) -> list[Segment]:
    """Parts of one bar side by side, in per cent of the whole: ``[(31, "k-county"), (17, "k-dept")]``."""
    found: list[Segment] = []
    start = 0.0
    for value, css in parts:
        width = min(share(value, whole), 100 - start)
        found.append(Segment(number(start), number(width), css))
        start += width
    return found


def hexagon(cx: float, cy: float, radius: float) -> str:
    """The points of a pointy-top hexagon."""
    corners = (math.radians(60 * k - 90) for k in range(6))
    return " ".join(f"{cx + radius * math.cos(a):.1f},{cy + radius * math.sin(a):.1f}" for a in corners)


def heat(value: Number | None, largest: Number | None) -> int:
    """Step 0..6 of a sequential scale; anything above nothing is at least 1."""
    v, top = decimal_of(value), decimal_of(largest)
    if v is None or v <= 0 or not top:
        return 0
    return max(1, min(6, round(float(v / top) * 6 + 0.2)))
