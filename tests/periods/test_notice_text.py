"""The State Council's notice, as it is pasted, becomes days; what cannot be read is named by its line."""

from __future__ import annotations

from datetime import date

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ningde_projects.periods.notice_text import read_notice

#: The notice of 2025-11-04, as published.
NOTICE_2026 = """
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
"""


def test_the_notice_of_2026_gives_the_very_days_of_the_published_calendar() -> None:
    read = read_notice(NOTICE_2026, 2026)
    assert read.errors == []
    works = {day for day, (is_workday, _note) in read.days.items() if is_workday}
    assert works == {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20),
                     date(2026, 10, 10)}  # fmt: skip
    for day, (is_workday, _note) in read.days.items():
        assert chinese_calendar.is_workday(day) == is_workday, day
    free = {day for day in chinese_calendar.constants.holidays if day.year == 2026}
    assert free <= set(read.days)
    assert read.days[date(2026, 2, 17)] == (False, "春节")
    assert read.days[date(2026, 9, 20)] == (True, "国庆节")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1月1日放假，与周末连休。", {date(2027, 1, 1): False}),
        ("2月14日（周日）、28日（周日）上班。", {date(2027, 2, 14): True, date(2027, 2, 28): True}),
        ("12月31日至1月2日放假。", {date(2027, 12, 31): False, date(2028, 1, 1): False, date(2028, 1, 2): False}),
        ("2026年12月31日至2027年1月1日放假。", {date(2026, 12, 31): False, date(2027, 1, 1): False}),
        ("2月６日—2月７日放假调休。", {date(2027, 2, 6): False, date(2027, 2, 7): False}),
        ("1月1日放假，1月3日上班。", {date(2027, 1, 1): False, date(2027, 1, 3): True}),
        ("2027-05-01,休,劳动节", {date(2027, 5, 1): False}),
        ("2027/5/8\t班", {date(2027, 5, 8): True}),
        ("", {}),
        ("各地区、各部门要妥善安排好值班和安全工作。", {}),
    ],
)  # fmt: skip
def test_ways_of_writing_days(text: str, days: dict[date, bool]) -> None:
    read = read_notice(text, 2027)
    assert read.errors == []
    assert {day: works for day, (works, _note) in read.days.items()} == days


@pytest.mark.parametrize(
    ("text", "line"),
    [("\n2月30日放假。", 2), ("2027-02-30,休", 1), ("2027-02-03,也许", 1), ("1月5日至1日放假。", 1),
     ("1月1日至2月20日放假。", 1), ("2027-05-01,休\n2027-05-01,班", 2), ("1月1日放假上班。", 1), ("13月1日放假。", 1)],
)  # fmt: skip
def test_what_cannot_be_read_is_named_by_its_line(text: str, line: int) -> None:
    errors = read_notice(text, 2027).errors
    assert errors
    assert errors[0].startswith(f"第{line}行")


@given(
    st.text(alphabet="一二三0123456789年月日至、，。：（）放假上班调休共天 \n-,休班", max_size=200),
    st.integers(2020, 2040),
)
def test_no_text_breaks_the_reader(text: str, year: int) -> None:
    read_notice(text, year)
