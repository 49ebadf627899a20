"""When which edition of the municipal problem list may be sealed (M8.1, D4, settled point 5). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

#: The columns of the paper; a list keeps the version that it was made with (point 10).
LAYOUT_VERSION = 1
LABELS = ("first", "second", "supplement", "erratum")


@dataclass(frozen=True)
class Standing:
    """What the month's list stands at."""

    is_open: bool
    labels: tuple[str, ...]
    counties: int
    forwarded: int
    opinions_owed: int
    #: Lines that no sealed edition of the month has.
    fresh: int
    #: The first instant after the 10th, and after the 15th.
    lists_due: datetime
    opinions_due: datetime


def sealing_refusal(label: str, now: Standing, at: datetime) -> str:
    """Why this edition cannot be sealed now, or ''.

    Version 1 waits for the 10th 24:00 unless every county has forwarded before; version 2 for the 15th 24:00 unless
    every opinion has come.
    """
    if not now.is_open:
        return _("The month has not been opened yet; there is nothing to list.")
    if label == "first":
        return _first(now, at)
    if "first" not in now.labels:
        return _("Version 1 has to be sealed first.")
    if label == "second":
        return _second(now, at)
    if label == "supplement" and not now.fresh:
        return _("Nothing has come in since the last sealing.")
    return ""


def _first(now: Standing, at: datetime) -> str:
    if "first" in now.labels:
        return _("Version 1 is sealed already; a correction is an erratum.")
    if at < now.lists_due and now.forwarded < now.counties:
        return _(
            "{n} counties may still forward until 24:00 on the 10th; version 1 can be sealed then."
        ).format(n=now.counties - now.forwarded)
    return ""


def _second(now: Standing, at: datetime) -> str:
    if "second" in now.labels:
        return _("Version 2 is sealed already; a correction is an erratum.")
    if at < now.opinions_due and now.opinions_owed:
        return _("{n} opinions may still come until 24:00 on the 15th; version 2 can be sealed then.").format(
            n=now.opinions_owed
        )
    return ""


@dataclass(frozen=True)
class Difference:
    """Two editions side by side, by the numbers of their problems."""

    came: tuple[str, ...]
    went: tuple[str, ...]
    #: Number -> the keys whose words differ.
    changed: dict[str, tuple[str, ...]]


#: What counts as a change of a line; its age grows by itself.
COMPARED = ("category", "text", "request", "unit", "level", "opinions", "status", "handling", "sources")


def difference(before: list[dict[str, object]], after: list[dict[str, object]]) -> Difference:
    old, new = ({str(line["number"]): line for line in lines} for lines in (before, after))
    changed = {
        number: keys
        for number, line in new.items()
        if number in old and (keys := tuple(k for k in COMPARED if old[number].get(k) != line.get(k)))
    }
    return Difference(
        tuple(number for number in new if number not in old),
        tuple(number for number in old if number not in new),
        changed,
    )
