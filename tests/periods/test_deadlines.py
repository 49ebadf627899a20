"""Months, working days and the instants of deadlines, one tick before, at and after (measures.md §0)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ningde_projects.periods.month import ZONE, Month, midnight, reporting_month
from ningde_projects.periods.rules import DEFAULT_RULES, deadline_instant, reminder_instants
from ningde_projects.periods.workdays import (
    Source,
    add_workdays,
    answer,
    is_provisional,
    workday_deadline,
    workdays_between,
)

OCTOBER = Month(2026, 10)
RULES = {spec.code: spec for spec in DEFAULT_RULES}

NOON = timedelta(hours=12)


def test_the_seventh_ends_at_midnight_in_ningde_whatever_the_server_zone() -> None:
    due = deadline_instant(RULES["D2"], OCTOBER, {})
    assert due == datetime(2026, 11, 7, 16, 0, tzinfo=UTC)
    assert datetime(2026, 11, 7, 23, 59, 59, tzinfo=ZONE) < due
    assert datetime(2026, 11, 8, 0, 0, 0, tzinfo=ZONE) >= due


@pytest.mark.parametrize(
    ("code", "last_day"), [("D2", date(2026, 11, 7)), ("D3", date(2026, 11, 10)), ("D4", date(2026, 11, 10)),
                           ("D5", date(2026, 11, 15)), ("D7", date(2026, 10, 31))])  # fmt: skip
def test_each_monthly_deadline_is_the_end_of_its_day(code: str, last_day: date) -> None:
    assert deadline_instant(RULES[code], OCTOBER, {}) == midnight(last_day + timedelta(days=1))


def test_d1_opens_the_month_just_ended_at_midnight_of_the_first() -> None:
    assert deadline_instant(RULES["D1"], OCTOBER, {}) == midnight(date(2026, 11, 1))


def test_the_turn_of_the_year_reports_december_in_january() -> None:
    december = Month(2026, 12)
    assert deadline_instant(RULES["D2"], december, {}) == midnight(date(2027, 1, 8))
    assert reporting_month(datetime(2027, 1, 3, tzinfo=ZONE)) == december
    assert reporting_month(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)) == Month(2026, 11)
    assert reporting_month(datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC)) == december


def test_deadlines_stay_on_holidays_unless_the_setting_moves_them() -> None:
    rule = RULES["D2"]
    september = Month(2026, 9)
    assert deadline_instant(rule, september, {}) == midnight(date(2026, 10, 8))
    moving = type(rule)(**{**rule.__dict__, "moves_for_holidays": True})
    assert deadline_instant(moving, september, {}) == midnight(date(2026, 10, 9))


def test_reminders_come_three_days_one_day_and_on_the_day_itself_at_eight() -> None:
    due = deadline_instant(RULES["D2"], OCTOBER, {})
    assert [(n, at.astimezone(ZONE).strftime("%m-%d %H:%M")) for n, at in reminder_instants(RULES["D2"], due)] == [
        (3, "11-04 08:00"), (1, "11-06 08:00"), (0, "11-07 08:00")]  # fmt: skip


@pytest.mark.parametrize("day", [date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)])
def test_a_make_up_saturday_or_sunday_is_a_working_day_and_says_so(day: date) -> None:
    found = answer(day, {})
    assert found.is_workday
    assert found.is_make_up
    assert found.source is Source.PUBLISHED


def test_the_commissions_entry_wins_over_the_published_calendar() -> None:
    day = date(2026, 11, 6)
    assert answer(day, {}).is_workday
    assert not answer(day, {day: False}).is_workday
    assert answer(day, {day: False}).source is Source.ENTERED


def test_a_year_without_a_published_calendar_is_provisional() -> None:
    assert is_provisional(2027)
    assert answer(date(2027, 1, 1), {}).source is Source.PROVISIONAL
    assert not answer(date(2027, 1, 1), {}).is_workday
    assert not is_provisional(2026)


def test_three_working_days_skip_the_national_holiday_and_count_the_make_up_saturday() -> None:
    # Wednesday 30 September; 1–7 October free, Saturday the 10th works.
    assert add_workdays(date(2026, 9, 30), 3, {}) == date(2026, 10, 10)
    assert add_workdays(date(2026, 10, 3), 3, {}) == date(2026, 10, 10)
    assert workday_deadline(datetime(2026, 9, 30, 17, tzinfo=ZONE), 3, {}) == midnight(date(2026, 10, 11))


@given(st.dates(date(2024, 1, 1), date(2028, 12, 1)), st.integers(1, 30))
def test_the_nth_working_day_is_a_working_day_with_n_of_them_up_to_it(start: date, n: int) -> None:
    last = add_workdays(start, n, {})
    assert answer(last, {}).is_workday
    assert workdays_between(midnight(start) + NOON, midnight(last) + NOON, {}) == n


def test_settled_8_who_is_passed_over_after_three_days_is_booked_three_and_the_next_begins_with_the_fourth() -> (
    None
):
    reported = datetime(2026, 11, 2, 16, 30, tzinfo=ZONE)
    passed = workday_deadline(reported, 3, {})
    assert passed == midnight(date(2026, 11, 6))
    assert workdays_between(reported, passed, {}) == 3
    assert workdays_between(passed, midnight(date(2026, 11, 6)) + NOON, {}) == 1


@given(st.integers(2020 * 12, 2030 * 12), st.integers(-40, 40))
def test_months_add_and_subtract(index: int, n: int) -> None:
    month = Month(index // 12, index % 12 + 1)
    assert month.plus(n) - month == n
    assert Month.parse(str(month)) == month
    assert month.last_day + timedelta(days=1) == month.next.first_day


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-01", "二〇二六-10", "2026-10 ", "1999-12", ""])
def test_what_is_not_a_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)
