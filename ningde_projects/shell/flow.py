"""Plain values that the flow components draw: approval steps, life of a project, timeline, checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise

Text = str | Promise
StepState = Literal["done", "now", "back", "later"]
Tone = Literal["", "red", "green", "sea", "violet", "amber"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an approval: its name, the person or office with the time, and where it stands."""

    title: Text
    detail: Text = ""
    state: StepState = "later"


@dataclass(frozen=True, slots=True)
class LifeStage:
    """One stage of a project's life; ``detail`` is the date line under it."""

    title: Text
    detail: Text = ""
    state: Literal["done", "now", "later"] = "later"


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One act in 流转记录 / 操作留痕, newest first."""

    verb: Text
    who: Text = ""
    at: datetime | None = None
    icon: str = "point"
    tone: Tone = ""
    note: Text = ""
    url: str = ""
    """The copy as it was filed then."""
    url_text: Text = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of 系统校核 with the sum written out. Failures block, warnings do not."""

    result: Literal["pass", "warn", "fail"]
    text: Text
    url: str = ""
    url_text: Text = ""

    @property
    def icon(self) -> str:
        return {"pass": "circle-check", "warn": "alert-triangle", "fail": "circle-x"}[self.result]

    @property
    def css(self) -> str:
        return {"pass": "ok", "warn": "warn", "fail": "bad"}[self.result]


def tally(checks: Sequence[Check]) -> dict[str, int]:
    """How many passed, warn, failed."""
    return {kind: sum(1 for check in checks if check.result == kind) for kind in ("pass", "warn", "fail")}
