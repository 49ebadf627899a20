"""Alternating measurements, medians of ratios, and how they are shown."""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Measured = Callable[[], float]


@dataclass(frozen=True)
class Figure:
    """A ratio with its limit; `ours` and `base` are medians, in milliseconds where nothing else is said."""

    number: str
    what: str
    ratio: float
    limit: float
    lowest: float
    highest: float
    ours: float
    base: float
    note: str = ""

    @property
    def met(self) -> bool:
        return self.ratio <= self.limit

    @property
    def verdict(self) -> str:
        return "held" if self.met else "MISSED"


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call; garbage is collected before, not meanwhile."""
    gc.collect()
    gc.disable()
    try:
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun
    finally:
        gc.enable()


def alternate(rounds: int, *ways: Measured) -> list[list[float]]:
    """The seconds of each way, round by round; every second round runs backwards, so that none is always first."""
    taken: list[list[float]] = [[] for _ in ways]
    for number in range(rounds):
        order = list(enumerate(ways))
        for index, way in reversed(order) if number % 2 else order:
            taken[index].append(way())
    return taken


def compare(
    number: str,
    what: str,
    limit: float,
    ours: list[float],
    base: list[float],
    *,
    scale: float = 1.0,
    note: str = "",
) -> Figure:
    """The median of the rounds' ratios; `scale` divides them (ten times the rows: 10 for the cost of one)."""
    ratios = [a / b / scale for a, b in zip(ours, base, strict=True)]
    return Figure(
        number, what, statistics.median(ratios), limit, min(ratios), max(ratios),
        statistics.median(ours) * 1000, statistics.median(base) * 1000, note,
    )  # fmt: skip


def counted(number: str, what: str, limit: float, found: float, base: float = 1.0, note: str = "") -> Figure:
    """A figure that is counted, not measured."""
    ratio = found / base
    return Figure(number, what, ratio, limit, ratio, ratio, found, base, note)


def table(figures: list[Figure]) -> str:
    head = f"{'':<4}{'what':<66}{'ratio':>8}{'limit':>8}  {'lowest–highest':<16}{'ours':>10}{'beside':>10}  verdict"
    lines = [head, "-" * len(head)]
    for f in figures:
        spread = f"{f.lowest:.2f}–{f.highest:.2f}"
        lines.append(
            f"{f.number:<4}{f.what:<66}{f.ratio:>8.2f}{f.limit:>8.2f}  {spread:<16}{f.ours:>10.2f}{f.base:>10.2f}"
            f"  {f.verdict}"
        )
        if f.note:
            lines.append(f"    {f.note}")
    return "\n".join(lines)


def write(figures: list[Figure], file: Path, about: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()}
    content = {
        "about": about | machine,
        "figures": [asdict(f) | {"met": f.met} for f in figures],
    }
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
