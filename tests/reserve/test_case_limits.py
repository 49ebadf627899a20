"""The days and sums that the 3+N consultation goes by are the commission's dated figures (settled point 10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ningde_projects.periods.month import Month
from ningde_projects.projects.services import thresholds
from reserve.services.case_limits import funds_limits, opinion_day, renewed_day, slip_factor
from tests.cast import Cast
from tests.reserve.plans import at

MAY, JUNE = at(2026, 5, 8), at(2026, 6, 8)


def test_m2_2_the_days_for_an_opinion_change_from_a_month_on(cast: Cast) -> None:
    by = cast.actor(cast.commission, MAY)
    thresholds.add_version("opinion_days", Decimal(5), Month(2026, 6), "提速", by=by, at=MAY)
    thresholds.add_version("opinion_renewed_days", Decimal(3), Month(2026, 6), "提速", by=by, at=MAY)
    assert (opinion_day(MAY), renewed_day(MAY)) == (date(2026, 5, 18), date(2026, 5, 15))
    assert (opinion_day(JUNE), renewed_day(JUNE)) == (date(2026, 6, 13), date(2026, 6, 11))


def test_m2_3_so_do_the_sums_that_are_questioned(cast: Cast) -> None:
    by = cast.actor(cast.commission, MAY)
    thresholds.add_version("funds_share_percent", Decimal(3), Month(2026, 6), "从严", by=by, at=MAY)
    assert funds_limits(MAY) == (Decimal(5), Decimal(2000))
    assert funds_limits(JUNE) == (Decimal(3), Decimal(2000))
    assert slip_factor(MAY) == 10
