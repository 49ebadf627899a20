"""周期进度条: where the month stands between its nodes, and which node is mine (DESIGN §4).

Positions are computed here and given out as classes (``nd-x-31h`` is 31.5 %), because the page may carry
no style attribute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from . import formats
from .due import Due, due

Text = str | Promise
State = Literal["done", "part", "now", "later"]


def position_class(percent: float) -> str:
    """The class that places something at this share of the axis, in steps of half a per cent."""
    halves = min(200, max(0, round(percent * 2)))
    return f"nd-x-{halves // 2}{'h' if halves % 2 else ''}"


@dataclass(frozen=True, slots=True)
class PeriodNode:
    """One node of the month.

    ``at`` is the deadline's half-open instant (00:00 of the 8th stands for 7日 24:00), or, with ``opens``,
    the instant something begins. ``done`` and ``total`` give the second line "n / N"; ``gap`` is what is
    missing, in red ("未报 5"). A passed node with a gap is amber. ``state`` is computed unless given.
    """

    at: datetime
    title: Text
    note: Text = ""
    gap: Text = ""
    done: int | None = None
    total: int | None = None
    mine: bool = False
    opens: bool = False
    state: State | None = None
    act: Text = ""
    """For the phone's one line: what I have to do by then ("报送"); falls back to the title."""

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date() if self.opens else formats.last_day(self.at)

    @property
    def finished(self) -> bool:
        """Nothing is left to do, whatever the clock says; without figures nobody knows."""
        return self.total is not None and self.done is not None and self.done >= self.total and not self.gap

    @property
    def incomplete(self) -> bool:
        return bool(self.gap) or (self.done is not None and self.total is not None and self.done < self.total)


@dataclass(frozen=True, slots=True)
class PlacedNode:
    node: PeriodNode
    state: State
    x: str
    align: Literal["", "l", "r"]
    date_text: str

    @property
    def icon(self) -> str:
        return {"done": "check", "part": "exclamation-mark"}.get(self.state, "")


@dataclass(frozen=True, slots=True)
class PeriodBar:
    """Nodes in order of time, seen at ``now``. The axis runs from the first node's day to the last one's."""

    now: datetime
    nodes: Sequence[PeriodNode]

    def percent(self, day: date) -> float:
        first, last = self.nodes[0].day, self.nodes[-1].day
        length = (last - first).days or 1
        return min(100.0, max(0.0, (day - first).days / length * 100))

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    @property
    def today_x(self) -> str:
        return position_class(self.percent(self.today))

    @property
    def today_percent(self) -> str:
        return f"{round(self.percent(self.today) * 2) / 2:g}%"

    @property
    def today_align(self) -> Literal["", "l", "r"]:
        return _align(self.percent(self.today))

    @property
    def today_text(self) -> str:
        return _("Today {date}").format(date=_with_weekday(self.today, month=True))

    @property
    def placed(self) -> list[PlacedNode]:
        found: list[PlacedNode] = []
        waiting = True
        for index, node in enumerate(self.nodes):
            state = node.state or self._state(node, first_waiting=waiting)
            waiting = waiting and state != "now"
            percent = self.percent(node.day)
            text = _with_weekday(node.day, month=index == 0, weekday=state == "now" or node.mine)
            found.append(PlacedNode(node, state, position_class(percent), _align(percent), text))
        return found

    def _state(self, node: PeriodNode, *, first_waiting: bool) -> State:
        if self.now >= node.at:
            return "part" if node.incomplete else "done"
        return "now" if first_waiting else "later"

    @property
    def my_node(self) -> PeriodNode:
        """Mine; else the one now due; else the last."""
        mine = [node for node in self.nodes if node.mine]
        ahead = [node for node in self.nodes if self.now < node.at]
        return (mine or ahead or [self.nodes[-1]])[0]

    @property
    def my_due(self) -> Due:
        return due(self.my_node.at, self.now)

    @property
    def my_progress(self) -> str:
        node = self.my_node
        return f"{node.note} {node.done} / {node.total}".strip() if node.total is not None else ""

    @property
    def my_line(self) -> str:
        """The phone's title: 7日（周六）24:00 前报送."""
        node = self.my_node
        return pgettext("deadline", "{act} by {until}").format(
            act=node.act or node.title, until=formats.until(node.at)
        )


def _align(percent: float) -> Literal["", "l", "r"]:
    return "l" if percent < 6 else "r" if percent > 94 else ""


def _with_weekday(day: date, *, month: bool, weekday: bool = True) -> str:
    text = formats.day_month(day) if month else pgettext("date in prose", "{day}").format(day=day.day)
    if not weekday:
        return text
    return pgettext("period bar", "{day} {weekday}").format(day=text, weekday=formats.weekday(day))
