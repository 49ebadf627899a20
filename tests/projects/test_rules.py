"""Arithmetic and checks of the register on plain values; the five published figures of 序时进度 (facts.md §0)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ningde_projects.periods.month import Month
from ningde_projects.projects.rules import (
    Light,
    completion_percent,
    light_of,
    name_key,
    name_pairs,
    names_alike,
    nodes_error,
    plan_questions,
    points_ahead,
    rank_error,
    read_project_code,
    schedule_percent,
    span_error,
    total_questions,
)

D = Decimal


@pytest.mark.parametrize(
    ("month", "schedule", "completed", "ahead"),
    [
        (8, D("66.7"), D("77.2"), D("10.5")),  # 宁德 1–8月
        (3, D("25"), D("28.22"), D("3.2")),  # 宁德 2024 一季度
        (5, D("41.7"), D("60.5"), D("18.8")),  # 漳州 1–5月
        (11, D("91.67"), D("103.91"), D("12.2")),  # 闽清 1–11月, printed as 12.24
        (10, D("83.3"), D("97.2"), D("13.9")),  # 某市 1–10月
    ],
)
def test_the_schedule_is_months_over_twelve_as_five_published_figures_show(
    month: int, schedule: Decimal, completed: Decimal, ahead: Decimal
) -> None:
    found = schedule_percent(Month(2025, month))
    assert abs(found - schedule) < D("0.05")
    assert points_ahead(completed, Month(2025, month)) == ahead


def test_completion_may_pass_a_hundred_and_is_unknown_without_a_plan() -> None:
    assert completion_percent(D(12_500), D(12_000)) == D(12_500) * 100 / D(12_000)
    assert completion_percent(D(1), None) is None
    assert completion_percent(D(1), D(0)) is None
    assert completion_percent(None, D(5)) is None


@pytest.mark.parametrize(
    ("percent", "light"),
    [
        (D(50), Light.GREEN),
        (D("49.99"), Light.AMBER),
        (D(40), Light.AMBER),
        (D("39.99"), Light.RED),
        (None, Light.NONE),
    ],
)
def test_the_lights_change_exactly_at_schedule_and_at_ten_points_behind(
    percent: Decimal | None, light: Light
) -> None:
    assert light_of(percent, Month(2026, 6), D(10)) == light


@pytest.mark.parametrize(
    "code", ["2403-350902-04-01-123456", "2019-350902-38-03-012345", "2012-350900-04-02-000001"]
)
def test_both_generations_of_codes_are_read_without_complaint(code: str) -> None:
    reading = read_project_code(code)
    assert not reading.error
    assert reading.warnings == ()


@pytest.mark.parametrize(
    "code",
    [
        "2403-350902-04-01-12345",
        "2403350902040112345",
        "24O3-350902-04-01-123456",
        "",
        "２４０３-350902-04-01-123456",
    ],
)
def test_another_shape_is_an_error(code: str) -> None:
    assert read_project_code(code).error


def test_oddities_are_warnings_and_the_check_digit_is_not_judged() -> None:
    assert len(read_project_code("2413-350902-04-01-123456").warnings) == 1
    assert len(read_project_code("2403-110000-04-01-123456").warnings) == 1
    assert len(read_project_code("2499-110000-04-01-123456").warnings) == 2
    for digit in range(10):
        assert not read_project_code(f"2403-350902-04-01-12345{digit}").error


@given(st.integers(2021, 2099), st.integers(1, 12), st.integers(0, 999_999))
def test_every_code_of_the_new_form_is_accepted(year: int, month: int, number: int) -> None:
    reading = read_project_code(f"{year % 100:02d}{month:02d}-350921-04-01-{number:06d}")
    assert not reading.error
    assert reading.warnings == ()


# ---- slips of unit --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "before", "asked"),
    [
        (D("2.64"), None, True),  # 亿元 written into a field of 万元
        (D("499.99"), None, True),
        (D(500), None, False),
        (D(26_400), None, False),
        (D(9_999_999), None, False),
        (D(10_000_000), None, True),  # 元 written into a field of 万元
        (D(26_400), D(26_000), False),
        (D(2_600_000), D(26_000), True),
        (D(2_599_999), D(26_000), False),
        (None, D(26_000), False),
        (D(0), D(26_000), False),
    ],
)
def test_a_sum_of_the_wrong_magnitude_is_questioned(
    total: Decimal | None, before: Decimal | None, asked: bool
) -> None:
    assert bool(total_questions(total, before, D(100))) is asked


def test_the_question_says_what_to_write_instead() -> None:
    (question,) = total_questions(D("2.64"), None, D(100))
    assert "26,400" in question.text
    assert question.field == "total_investment"


def test_a_plan_above_the_total_is_questioned() -> None:
    assert plan_questions(D(101), D(100))
    assert not plan_questions(D(100), D(100))
    assert not plan_questions(None, D(100))
    assert not plan_questions(D(100), None)


def test_spans_and_nodes_are_not_reversed() -> None:
    assert span_error(2027, 2026)
    assert not span_error(2026, 2026)
    assert not span_error(None, 2026)
    assert nodes_error(date(2026, 2, 1), date(2026, 1, 31))
    assert not nodes_error(date(2026, 2, 1), date(2026, 2, 1))


@pytest.mark.parametrize(
    ("post", "rank", "allowed"),
    [
        ("county_leader", "county_head", True),
        ("county_leader", "county", True),
        ("county_leader", "township", False),
        ("industry_leader", "county", True),
        ("industry_leader", "township", False),
        ("county_direct", "township", True),
        ("county_direct", "staff", False),
        ("industry_direct", "county", True),
        ("industry_direct", "", False),
    ],
)
def test_ranks_follow_measure_three(post: str, rank: str, allowed: bool) -> None:
    assert (rank_error(post, rank) == "") is allowed


# ---- names much alike -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("霞浦县城乡供水一体化项目", "霞浦县城乡供水一体化工程"),
        ("福鼎市龙安供水工程", "福鼎龙安供水工程（配水主管道）"),
        ("三都澳新区启动区路网(一期)工程", "三都澳新区启动区路网（一期）"),
        ("宁德Ａ厂房", "宁德a厂房建设项目"),
    ],
)
def test_the_same_project_written_differently_is_noticed(one: str, other: str) -> None:
    assert names_alike(one, other)
    assert names_alike(other, one)
    assert name_pairs(one) & name_pairs(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("赛江流域防洪二期工程", "赛江流域防洪三期工程"),
        ("漳湾作业区7#泊位工程", "漳湾作业区21#泊位工程"),
        ("霞浦县医院新院二期", "屏南县总医院扩容"),
        ("金漳路道路建设", "林特路道路建设"),
    ],
)
def test_phases_and_different_projects_are_not_confused(one: str, other: str) -> None:
    assert not names_alike(one, other)


def test_a_name_of_filler_words_only_still_has_a_key() -> None:
    assert name_key("建设项目")
