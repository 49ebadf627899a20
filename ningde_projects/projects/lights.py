"""红黄绿灯 (settled point 9): how a project stands against the schedule and its nodes, with the sum written out.

Plain values only. The list of lagging projects (M8.2) is made by the same rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.periods.month import Month

from .rules import Light


class Lag(Enum):
    """投资滞后, 开工滞后, 竣工滞后."""

    INVESTMENT = "investment"
    START = "start"
    COMPLETION = "completion"

    @property
    def label(self) -> str | Promise:
        return _LAGS[self]


_LAGS: dict[Lag, str | Promise] = {
    Lag.INVESTMENT: gettext_lazy("Investment lags"),
    Lag.START: gettext_lazy("Start of works lags"),
    Lag.COMPLETION: gettext_lazy("Completion lags"),
}
#: Kind of a plan node → the lag that missing it means.
_NODES = {"start": Lag.START, "completion": Lag.COMPLETION}
#: Stages in which something is due: works that should begin, works that should go on.
_JUDGED = frozenset({"preliminary", "under_way"})


class Node(NamedTuple):
    """A plan node as the rule needs it."""

    kind: str
    planned_on: date | None
    reached_on: date | None


class Progress(NamedTuple):
    """What the reports of one year say of a project up to `month`, 万元; the parts of counties are added once.

    `planned` and `due` cover the parts that have a plan and a figure: `due` is what they should have reached by
    the month that each of them has reported, months / 12 of its plan.
    """

    month: Month
    done: Decimal | None = None
    total: Decimal | None = None
    rated: Decimal = Decimal(0)
    planned: Decimal = Decimal(0)
    due_twelfths: Decimal = Decimal(0)
    parts: int = 1
    statistics: Decimal | None = None

    @property
    def percent(self) -> Decimal | None:
        return self.rated * 100 / self.planned if self.planned else None

    @property
    def schedule(self) -> Decimal | None:
        """序时进度 in percent."""
        return self.due_twelfths * 100 / (12 * self.planned) if self.planned else None

    @property
    def ahead(self) -> Decimal | None:
        """Points ahead of schedule, not rounded; negative = behind. One division, so the sign is exact."""
        if not self.planned:
            return None
        return (self.rated * 12 - self.due_twelfths) * 100 / (12 * self.planned)


@dataclass(frozen=True)
class Judgement:
    """The light, why it is so in words, and which lags were found."""

    light: Light
    lags: tuple[Lag, ...] = ()
    #: A list judges thousands and explains fifty: the words are made when they are asked for.
    _tell: Callable[[], Iterable[str]] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        return tuple(self._tell())

    @property
    def why(self) -> str:
        return "；".join(self.reasons)


def judge(
    stage: str, progress: Progress | None, nodes: Iterable[Node], on: date, amber_points: Decimal
) -> Judgement:
    """Green on or ahead of schedule, amber up to `amber_points` behind, red beyond, or a node missed by a month."""
    if stage not in _JUDGED:
        return Judgement(Light.NONE, (), _not_building)
    missed = (
        [(_NODES[n.kind], n) for n in nodes if n.kind in _NODES and missed_by_a_month(n, on)] if nodes else []
    )
    lags = [lag for lag, _node in missed]
    light = Light.RED if missed else Light.NONE
    ahead = progress.ahead if progress and stage == "under_way" else None
    if ahead is not None and progress is not None:
        if ahead < -amber_points:
            light = Light.RED
            lags.insert(0, Lag.INVESTMENT)
        elif not missed:
            light = Light.GREEN if ahead >= 0 else Light.AMBER

    def tell() -> Iterator[str]:
        if ahead is not None and progress is not None:
            yield _schedule_words(progress, ahead, amber_points)
        for lag, node in missed:
            yield _missed_words(lag, node)
        if ahead is None and stage == "under_way":
            yield _unrated_words(progress)
        elif ahead is None and not missed:
            yield _("No light: works have not begun, and no node is missed by a month.")

    return Judgement(light, tuple(dict.fromkeys(lags)), tell)


def _not_building() -> Iterator[str]:
    yield _("No light: the project is not in the stage of building.")


def missed_by_a_month(node: Node, on: date) -> bool:
    """Planned, not reached, and more than one month ago (of the 31st: the last day of a shorter month)."""
    if node.planned_on is None or node.reached_on is not None:
        return False
    return on > Month.of(node.planned_on).next.day(node.planned_on.day)


def _schedule_words(progress: Progress, ahead: Decimal, amber_points: Decimal) -> str:
    points = _tenth(abs(ahead))
    values = {
        "year": progress.month.year, "month": progress.month.number, "percent": _tenth(progress.percent),
        "schedule": _tenth(progress.schedule), "points": points, "limit": _plain(amber_points),
    }  # fmt: skip
    if ahead >= 0:
        return _(
            "By {year}-{month}: {percent} % of the plan, schedule {schedule} %, {points} points ahead"
        ).format(**values)
    if ahead >= -amber_points:
        return _(
            "By {year}-{month}: {percent} % of the plan, schedule {schedule} %, "
            "{points} points behind (amber up to {limit})"
        ).format(**values)
    return _(
        "By {year}-{month}: {percent} % of the plan, schedule {schedule} %, "
        "{points} points behind (red beyond {limit})"
    ).format(**values)


def _missed_words(lag: Lag, node: Node) -> str:
    return _("{lag}: planned for {day}, not reached a month later").format(
        lag=lag.label, day=f"{node.planned_on:%Y-%m-%d}"
    )


def _unrated_words(progress: Progress | None) -> str:
    if progress is None or progress.done is None:
        return _("No figure has been reported this year: completion is not rated.")
    return _("No plan of the year: completion is not rated.")


def _tenth(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP):f}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
