"""The annual key-project list in plain values (facts.md §3.3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

#: A listed project that has not started after so many list years is taken up for removal.
YEARS_WITHOUT_START = 2
_ORDER = {"other": 0, "municipal": 1, "provincial": 2}


def highest(*levels: str) -> str:
    """省重点 goes before 市重点: a project in both lists is a provincial one."""
    return max(levels, key=lambda level: _ORDER.get(level, 0), default="other")


def plan_error(investment: Decimal | None, total: Decimal | None) -> str:
    """The plan of the year is required, and cannot exceed the whole."""
    if investment is None or investment <= 0:
        return _("Give the planned investment of the year; a key project has one.")
    if total is not None and investment > total:
        return _("The plan of the year exceeds the total investment of the project.")
    return ""


def has_stood_still(first_year: int, today: date, started: bool) -> bool:
    """Two list years are over and works have not begun (列省重点两年仍未开工)."""
    return not started and today.year - first_year >= YEARS_WITHOUT_START
