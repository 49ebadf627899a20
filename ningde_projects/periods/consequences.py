"""Where later apps register what a deadline does; this app knows none of them (house rule: one-way imports)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .month import Month

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Firing:
    """One thing that a deadline makes happen, once."""

    code: str
    #: "deadline", or "remind-3", "remind-1", "remind-0"
    phase: str
    month: Month
    due_at: datetime
    #: Only these organisations (an extension that ran out); None = all but `excluded`.
    only: frozenset[int] | None = None
    #: Organisations whose deadline was extended beyond this instant.
    excluded: frozenset[int] = frozenset()
    extension_id: int | None = None

    @property
    def job(self) -> str:
        suffix = "" if self.extension_id is None else f":ext{self.extension_id}"
        return f"{self.code}:{self.phase}{suffix}"

    @property
    def period(self) -> str:
        return str(self.month)

    @property
    def days_before(self) -> int | None:
        """For a reminder: days before the day of the deadline."""
        return int(self.phase.removeprefix("remind-")) if self.phase.startswith("remind-") else None


#: Does the work in the transaction that the engine opened; answers how many rows it touched.
Consequence = Callable[[Firing, datetime], int]
#: Looks at single items at every tick; safe to repeat because the items' own state says what is done.
ItemSweep = Callable[[datetime], int]

_deadlines: dict[str, Consequence] = {}
_reminders: dict[str, Consequence] = {}
_sweeps: dict[str, ItemSweep] = {}
_titles: dict[str, StrOrPromise] = {}


def on_deadline(code: str) -> Callable[[Consequence], Consequence]:
    return _registrar(_deadlines, code)


def on_reminder(code: str) -> Callable[[Consequence], Consequence]:
    return _registrar(_reminders, code)


def on_every_tick(name: str, title: StrOrPromise = "") -> Callable[[ItemSweep], ItemSweep]:
    """`title` says in words what the page of the runs shows; without one it shows the name."""

    def register(function: ItemSweep) -> ItemSweep:
        if name in _sweeps:
            raise ValueError(f"{name} is registered twice")
        _sweeps[name] = function
        _titles[name] = title or name
        return function

    return register


def _registrar(table: dict[str, Consequence], code: str) -> Callable[[Consequence], Consequence]:
    def register(function: Consequence) -> Consequence:
        if code in table:
            raise ValueError(f"{code} is registered twice")
        table[code] = function
        return function

    return register


def deadlines() -> dict[str, Consequence]:
    return _deadlines


def reminders() -> dict[str, Consequence]:
    return _reminders


def sweeps() -> dict[str, ItemSweep]:
    return _sweeps


def sweep_title(name: str) -> str:
    """The words for a sweep; '' when no app registered it."""
    return str(_titles.get(name, ""))
