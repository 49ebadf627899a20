"""The dated figures of judgement of the 3+N consultation and its funds, as they stand on a day (settled point 10)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from ningde_projects.periods.month import Month
from ningde_projects.projects.selectors import Thresholds

from ..rules.cases import day_after

#: Keys in the table of thresholds; pages/cases.py says what a new installation begins with.
OPINION_DAYS, RENEWED_DAYS, SLIP = "opinion_days", "opinion_renewed_days", "case_slip_factor"
FUNDS_SHARE, FUNDS_UNUSUAL = "funds_share_percent", "funds_unusual"


def opinion_day(at: datetime) -> date:
    """The last day that is offered for an opinion asked for now."""
    return day_after(at, int(Thresholds(Month.at(at))[OPINION_DAYS]))


def renewed_day(at: datetime) -> date:
    """The same for one that is asked for again."""
    return day_after(at, int(Thresholds(Month.at(at))[RENEWED_DAYS]))


def slip_factor(at: datetime) -> Decimal:
    return Thresholds(Month.at(at))[SLIP]


def funds_limits(at: datetime) -> tuple[Decimal, Decimal]:
    """Share of the total investment in per cent; the sum in 万元 where no total is known."""
    limits = Thresholds(Month.at(at))
    return limits[FUNDS_SHARE], limits[FUNDS_UNUSUAL]
