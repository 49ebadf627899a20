"""The one vocabulary of states (DESIGN §5): code → tone, icon, word.

Words carry the context "status", so that "Open" the state and "Open" the button do not share a translation.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class Status(NamedTuple):
    tone: str
    icon: str
    word: Promise


class Light(NamedTuple):
    tone: str
    word: Promise


def _s(tone: str, icon: str, word: Promise) -> Status:
    return Status(tone, icon, word)


STATUSES: dict[str, Status] = {
    # the monthly report
    "todo": _s("plain", "circle-dashed", pgettext_lazy("status", "Not started")),
    "draft": _s("slate", "pencil", pgettext_lazy("status", "Draft")),
    "submitted": _s("sea", "clock-hour-4", pgettext_lazy("status", "Awaiting review")),
    "resubmit": _s("sea", "refresh", pgettext_lazy("status", "Resubmitted")),
    "returned": _s("red", "arrow-back-up", pgettext_lazy("status", "Returned")),
    "accepted": _s("green", "check", pgettext_lazy("status", "Accepted")),
    "overdue": _s("solid-red", "alert-triangle", pgettext_lazy("status", "Overdue")),
    "late": _s("amber", "clock-exclamation", pgettext_lazy("status", "Filed late")),
    "nil": _s("slate", "circle-number-0", pgettext_lazy("status", "Nil report")),
    # summary tables and lists
    "building": _s("slate", "pencil", pgettext_lazy("status", "Compiling")),
    "drafting": _s("slate", "pencil", pgettext_lazy("status", "Drafting")),
    "approving": _s("violet", "writing-sign", pgettext_lazy("status", "Awaiting approval")),
    "approved": _s("green", "rubber-stamp", pgettext_lazy("status", "Approved")),
    "forwarded": _s("sea", "send", pgettext_lazy("status", "Forwarded")),
    "issued": _s("sea", "file-export", pgettext_lazy("status", "Issued")),
    "received": _s("green", "checks", pgettext_lazy("status", "Receipt signed")),
    # problems
    "open": _s("amber", "circle-dot", pgettext_lazy("status", "Open")),
    "working": _s("sea", "progress", pgettext_lazy("status", "In coordination")),
    "escalated": _s("violet", "arrow-up-right", pgettext_lazy("status", "Escalated")),
    "confirm": _s("sea", "user-question", pgettext_lazy("status", "Awaiting owner")),
    "resolved": _s("green", "check", pgettext_lazy("status", "Resolved")),
    "closed": _s("slate", "archive", pgettext_lazy("status", "Closed")),
    "urged": _s("amber", "bell-ringing", pgettext_lazy("status", "Reminded")),
    # registration for statistics
    "nodb": _s("amber", "database-off", pgettext_lazy("status", "Not registered")),
    "indb": _s("green", "database", pgettext_lazy("status", "Registered")),
}

LIGHTS: dict[str, Light] = {
    "g": Light("g", pgettext_lazy("light", "On track")),
    "y": Light("y", pgettext_lazy("light", "At risk")),
    "r": Light("r", pgettext_lazy("light", "Lagging")),
    "n": Light("n", pgettext_lazy("light", "Not rated")),
}
LIGHT_ALIASES = {"green": "g", "yellow": "y", "amber": "y", "red": "r", "none": "n", "": "n", None: "n"}

GRADES: dict[str, tuple[str, Promise]] = {
    "provincial": ("k-s", pgettext_lazy("grade", "Provincial key project")),
    "municipal": ("k-c", pgettext_lazy("grade", "Municipal key project")),
    "city_managed": ("", pgettext_lazy("grade", "City-managed")),
}

SIX_WORDS: dict[str, Promise] = {
    "on": pgettext_lazy("six months", "on time"),
    "late": pgettext_lazy("six months", "filed late"),
    "missing": pgettext_lazy("six months", "not filed"),
    "none": pgettext_lazy("six months", "not due"),
}
LADDER: tuple[Promise, ...] = (
    pgettext_lazy("ladder", "Reminder"),
    pgettext_lazy("ladder", "Circular"),
    pgettext_lazy("ladder", "Supervision"),
    pgettext_lazy("ladder", "Discipline"),
)


def register_status(code: str, tone: str, icon: str, word: Promise) -> None:
    """Let a later app add a word of its own; a code can be given once only."""
    if code in STATUSES:
        message = f"status {code!r} already has a word"
        raise ValueError(message)
    STATUSES[code] = Status(tone, icon, word)


def light_of(code: str | None) -> Light:
    return LIGHTS[LIGHT_ALIASES.get(code, code or "n")]
