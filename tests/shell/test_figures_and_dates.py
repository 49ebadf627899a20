"""Figures, dates and telephone numbers as pages and exports print them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from ningde_projects.shell import formats
from tests.shell.conftest import at


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (15890, "15,890"),
        (Decimal("15890.50"), "15,891"),
        (Decimal("-270.00"), "−270"),
        (Decimal("-0.4"), "0"),
        (0, "0"),
        (None, "—"),
        ("", "—"),
        ("NaN", "—"),
        ("正常", "—"),
        ("1,234.5", "1,235"),
    ],
)
def test_amounts_in_lists_have_commas_no_decimals_and_a_dash_for_nothing(value: object, shown: str) -> None:
    assert formats.wan(value) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("420.00"), "420"), (Decimal("420.50"), "420.5"), (Decimal("420.456"), "420.46"), (None, "—")],
)
def test_amounts_in_forms_have_up_to_two_decimals(value: Decimal | None, shown: str) -> None:
    assert formats.money(value) == shown


def test_city_totals_are_in_hundred_millions() -> None:
    assert formats.yi(Decimal("7791000")) == "779.1"
    assert formats.yi(None) == "—"


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (420, 0, "+420"),
        (-270, 0, "−270"),
        (0, 0, "0"),
        (Decimal("4.86"), 1, "+4.9"),
        (Decimal("0.04"), 1, "0.0"),
    ],
)
def test_a_change_carries_its_sign_and_nought_carries_none(value: object, places: int, shown: str) -> None:
    assert formats.signed(value, places) == shown  # type: ignore[arg-type]


def test_halves_are_rounded_away_from_nought_as_the_offices_do() -> None:
    assert formats.wan(Decimal("0.5")) == "1"
    assert formats.pct(Decimal("62.25")) == "62.3%"


def test_a_date_in_prose_has_its_weekday_in_full_width_brackets() -> None:
    assert formats.long_date(date(2026, 11, 7)) == "11月7日（周六）"
    with translation.override("en"):
        assert formats.long_date(date(2026, 11, 7)) == "Sat 7 Nov"


def test_dates_in_tables_and_months_have_their_own_forms() -> None:
    assert formats.short_stamp(at(11, 7, 16, 40)) == "11-07 16:40"
    assert formats.short_stamp(date(2026, 11, 7)) == "11-07"
    assert formats.full_date(date(2026, 11, 7)) == "2026年11月7日"
    assert formats.month_name(date(2026, 10, 1)) == "10月"
    assert formats.month_name(date(2026, 10, 1), year=True) == "2026年10月"
    with translation.override("en"):
        assert formats.month_name(date(2026, 10, 1), year=True) == "Oct 2026"


def test_a_moment_stored_in_utc_is_shown_in_local_time() -> None:
    assert formats.short_stamp(datetime(2026, 11, 6, 16, 30, tzinfo=UTC)) == "11-07 00:30"


def test_midnight_is_the_end_of_the_day_before() -> None:
    assert formats.until(at(11, 8)) == "11月7日（周六）24:00"
    assert formats.until(at(11, 10, 12)) == "11月10日（周二）12:00"
    assert formats.until(datetime(2027, 1, 1, tzinfo=at(1, 1).tzinfo)) == "12月31日（周四）24:00"
    with translation.override("en"):
        assert formats.until(at(11, 8)) == "Sat 7 Nov 24:00"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812342071", "138****2071"),
        ("+86 13812342071", "138****2071"),
        ("0593-2876016", "0593-28**016"),
        ("0593-28760160", "0593-28**160"),
        ("", "—"),
        (None, "—"),
        ("12345", "****"),
        ("00441632960961", "****961"),
    ],
)
def test_telephone_numbers_are_masked_whatever_their_form(number: str | None, shown: str) -> None:
    assert formats.masked_phone(number) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(900, "900 字节"), (2048, "2 KB"), (1258291, "1.2 MB"), (None, "—")]
)
def test_file_sizes_read_in_the_unit_that_fits(count: int | None, shown: str) -> None:
    assert formats.file_size(count) == shown
