"""Reads what people write in cells: typed values, or the rule that was broken and the way out.

Money is 万元 with two decimals; a percentage is in points (62.2 means 62.2 %). Whatever is converted on
the way (亿元 to 万元, a serial number to a date) comes back with a question: no figure changes unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .base import KINDS, Expected, Finding, Kind, Reading, Unreadable
from .days import read_date, read_month
from .figures import read_integer, read_money, read_percent
from .words import read_choice, read_text, read_yesno

__all__ = ["KINDS", "Expected", "Finding", "Kind", "Reading", "Unreadable", "read_value"]

_READERS: dict[Kind, Callable[[Any, Expected, bool], Reading]] = {
    "text": read_text,
    "money": read_money,
    "integer": read_integer,
    "percent": read_percent,
    "date": read_date,
    "month": read_month,
    "choice": read_choice,
    "yesno": read_yesno,
}


def read_value(raw: Any, expected: Expected, *, is_percent_format: bool = False) -> Reading:
    """Read the content of a cell (None, str, int, float, bool, date, time); never raises for bad input."""
    try:
        reading = _READERS[expected.kind](raw, expected, is_percent_format)
        _check_bounds(reading.value, expected)
        return reading
    except Unreadable as wrong:
        return Reading(problem=wrong.finding)


def _check_bounds(value: Any, expected: Expected) -> None:
    if expected.minimum is None and expected.maximum is None:
        return
    if not isinstance(value, Decimal | int) or isinstance(value, bool):
        return
    if expected.minimum is not None and value < expected.minimum:
        raise Unreadable(
            _("Smaller than the least value {least}").format(least=expected.minimum), _("Check the figure.")
        )
    if expected.maximum is not None and value > expected.maximum:
        raise Unreadable(
            _("Larger than the greatest value {greatest}").format(greatest=expected.maximum),
            _("Check the figure."),
        )
