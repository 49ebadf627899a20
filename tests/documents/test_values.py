"""What people write in cells, and what is made of it (D22–D24)."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ningde_projects.documents.values import Expected, Kind, Reading, read_value
from ningde_projects.periods.month import Month

CHOICES = (("provincial", "省重点"), ("municipal", "市重点"))


def read(kind: Kind, raw: Any, **expected: Any) -> Reading:
    return read_value(raw, Expected(kind, **expected))


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1,234.5", "1234.50"),
        ("１２３", "123.00"),
        (" 12 345.60 ", "12345.60"),
        ("1，234．50", "1234.50"),
        ("−12.5", "-12.50"),
        ("－12.5", "-12.50"),
        ("￥8500万元", "8500.00"),
        ("8500 万", "8500.00"),
        (0.1 + 0.2, "0.30"),
        (123456789012.34, "123456789012.34"),
        (420, "420.00"),
        ("-0", "0.00"),
        (-0.0, "0.00"),
        ("1e3", "1000.00"),
    ],
)
def test_amounts_are_read_as_people_write_them(raw: Any, value: str) -> None:
    reading = read("money", raw)
    assert (str(reading.value), reading.problem, reading.question) == (value, None, None)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("3.2亿", "32000.00"), ("3.2 亿元", "32000.00"), ("4200000元", "420.00"), (12.345, "12.35")],
)
def test_a_converted_amount_comes_with_a_question_that_names_it(raw: Any, value: str) -> None:
    reading = read("money", raw)
    assert str(reading.value) == value
    assert reading.question is not None
    assert f"{Decimal(value):,}" in reading.question.rule


@pytest.mark.parametrize(
    "raw",
    ["约420", "1e309", "NaN", "inf", float("inf"), float("nan"), "1,23", "1,2345", "12.3.4", "", "--5", "4百", True,
     date(2026, 1, 1), 1e15, "9" * 400, "1" * 13, "3.2亿亿"],
)  # fmt: skip
def test_what_is_no_amount_is_no_value(raw: Any) -> None:
    reading = read("money", raw)
    assert reading.value is None
    assert (reading.problem is None) == (raw == "")


@pytest.mark.parametrize("raw", ["—", "-", "/", "无", "N/A", None, "  "])
def test_the_signs_for_nothing_are_nothing(raw: Any) -> None:
    assert read("money", raw) == Reading(None)
    assert read("date", raw) == Reading(None)


def test_percentages_are_points_whether_formatted_or_typed() -> None:
    assert read_value(0.622, Expected("percent"), is_percent_format=True).value == Decimal("62.20")
    assert read("percent", "62.2%").value == Decimal("62.20")
    assert read("percent", "６２．２％").value == Decimal("62.20")
    assert read("percent", 62.2).value == Decimal("62.20")


def test_a_fraction_without_percent_format_is_asked_about() -> None:
    reading = read("percent", 0.622)
    assert reading.value == Decimal("0.62")
    assert reading.question is not None
    assert "62.2" in reading.question.way_out


@pytest.mark.parametrize(
    "raw",
    ["2026-11-7", "2026/11/07", "2026.11.7", "2026年11月7日", "2026 年 11 月 7 日", "20261107", 20261107,
     "二〇二六年十一月七日", "２０２６－１１－０７", datetime.fromisoformat("2026-11-07T09:30"), date(2026, 11, 7),
     "2026-11-07 00:00:00", "2026-11-07T08:00:00+08:00", "2026年11月7号"],
)  # fmt: skip
def test_a_date_is_read_in_every_shape(raw: Any) -> None:
    reading = read("date", raw)
    assert (reading.value, reading.problem, reading.question) == (date(2026, 11, 7), None, None)


def test_a_serial_number_is_read_as_a_date_with_a_question() -> None:
    for raw in (46333, 46333.0, "46333"):
        reading = read("date", raw)
        assert reading.value == date(2026, 11, 7)
        assert reading.question is not None


def test_a_time_in_another_zone_becomes_the_day_in_ningde_with_a_question() -> None:
    reading = read("date", "2026-11-06T20:00:00Z")
    assert reading.value == date(2026, 11, 7)
    assert reading.question is not None


@pytest.mark.parametrize(
    ("raw", "word"),
    [("2026/2/30", "2026-2-30"), ("11月", "11月"), ("11月7日", "11月7日"), ("二〇二六年", "2026年"),
     ("0026-11-07", "0026"),
     ("26-11-07", "26"), ("2026-13-01", "2026-13-1"), ("月底", "月底"),
     ("2026-10", "2026-10"), (time(9, 0), ""), (True, "")],
)  # fmt: skip
def test_what_is_no_date_says_why(raw: Any, word: str) -> None:
    reading = read("date", raw)
    assert reading.value is None
    assert reading.problem is not None
    assert word in reading.problem.rule


@pytest.mark.parametrize(
    "raw",
    [
        "2026年10月",
        "2026-10",
        "2026/10",
        "202610",
        202610,
        "2026年10月份",
        date(2026, 10, 31),
        Month(2026, 10),
        "2026-10-05",
    ],
)
def test_a_month_is_read_in_every_shape(raw: Any) -> None:
    assert read("month", raw).value == Month(2026, 10)


@pytest.mark.parametrize("raw", ["10月", 2026.1, "2026-13", "上月", "1026-10"])
def test_what_is_no_month_is_refused(raw: Any) -> None:
    assert read("month", raw).problem is not None


@pytest.mark.parametrize("raw", ["省重点", " 省 重点 ", "provincial", "☑省重点 □市重点", "■省重点□市重点"])
def test_a_choice_is_found_by_its_word_its_code_or_its_tick(raw: str) -> None:
    assert read("choice", raw, choices=CHOICES).value == "provincial"


def test_boxes_without_a_tick_choose_nothing() -> None:
    reading = read("choice", "□省重点 □市重点", choices=CHOICES)
    assert (reading.value, reading.problem) == (None, None)


@pytest.mark.parametrize("raw", ["国重点", "☑省重点 ☑市重点"])
def test_a_wrong_choice_names_the_right_ones(raw: str) -> None:
    reading = read("choice", raw, choices=CHOICES)
    assert reading.problem is not None
    assert "省重点、市重点" in reading.problem.way_out


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("是", True),
        ("√", True),
        ("有", True),
        (True, True),
        (1, True),
        ("否", False),
        ("×", False),
        ("无", False),
        (0, False),
    ],
)
def test_marks_for_yes_and_no(raw: Any, value: bool) -> None:
    assert read("yesno", raw).value is value


def test_a_number_that_has_lost_its_digits_is_not_taken_for_text() -> None:
    assert read("text", 350902199001011234).problem is not None
    assert read("text", 20240001).value == "20240001"
    assert read("text", "350902199001011234").value == "350902199001011234"


def test_text_is_cleaned_and_bounded() -> None:
    assert read("text", "  a\x00b\u202ec\r\nd\x0be ").value == "abc\nd\ne"
    assert read("text", "字" * 6, max_length=5).problem is not None
    assert read("text", "字" * 32_767, max_length=10**6).problem is not None


def test_bounds_are_kept() -> None:
    expected = {"minimum": Decimal(0), "maximum": Decimal(100)}
    assert read("percent", -1, **expected).problem is not None
    assert read("percent", 101, **expected).problem is not None
    assert read("percent", 100, **expected).problem is None


@given(
    st.sampled_from(["text", "money", "integer", "percent", "date", "month", "choice", "yesno"]),
    st.one_of(
        st.none(),
        st.text(),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.dates(),
        st.times(),
        st.datetimes(),
    ),
)
def test_nothing_that_can_stand_in_a_cell_raises(kind: Kind, raw: Any) -> None:
    with translation.override("en"):
        reading = read(kind, raw, choices=CHOICES)
    assert reading.problem is None or reading.value is None


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_an_amount_survives_being_a_number_in_excel(amount: Decimal) -> None:
    assert read("money", float(amount)).value == amount
