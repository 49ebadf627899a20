"""The countdown: days as the offices count them, tones one tick before, at and after each boundary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from ningde_projects.shell.due import due
from tests.shell.conftest import at

SEVENTH = at(11, 8)  # 7日 24:00
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "tone", "short"),
    [
        (at(11, 3, 23, 59), "ok", "剩 4 天"),
        (at(11, 4) - TICK, "ok", "剩 4 天"),
        (at(11, 4), "soon", "剩 3 天"),
        (at(11, 5, 14, 32), "soon", "剩 2 天"),
        (at(11, 7) - TICK, "soon", "剩 1 天"),
        (at(11, 7), "today", "今日截止"),
        (SEVENTH - TICK, "today", "今日截止"),
        (SEVENTH, "over", "逾期 1 天"),
        (SEVENTH + TICK, "over", "逾期 1 天"),
        (at(11, 9, 16), "over", "逾期 2 天"),
    ],
)
def test_tone_and_short_words_follow_the_calendar_day(now: datetime, tone: str, short: str) -> None:
    found = due(SEVENTH, now)
    assert (found.tone, found.short) == (tone, short)


def test_the_full_words_name_date_weekday_hour_and_time_left() -> None:
    found = due(SEVENTH, at(11, 5, 14, 32))
    assert (found.until, found.left) == ("11月7日（周六）24:00", "剩 2 天 9 小时")


def test_a_deadline_within_the_day_counts_hours() -> None:
    noon = at(11, 10, 12)
    assert due(noon, at(11, 9, 23)).left == "剩 13 小时"
    assert due(noon, at(11, 10, 11, 48)).left == "剩 12 分钟"
    assert due(noon, at(11, 10, 13, 5)).short == "逾期 1 小时"


def test_the_tag_shows_the_date_in_both_forms(rendered: Callable[..., str]) -> None:
    full = rendered("{% due instant now %}", instant=SEVENTH, now=at(11, 5, 14, 32))
    short = rendered('{% due instant now "short" %}', instant=SEVENTH, now=at(11, 5, 14, 32))
    assert "11月7日（周六）24:00 截止，剩 2 天 9 小时" in full
    assert 'class="nd-due soon"' in full
    assert "剩 2 天" in short
    assert "11月7日（周六）24:00" in short


def test_something_without_a_deadline_is_not_overdue(rendered: Callable[..., str]) -> None:
    html = rendered("{% due instant now %}", instant=None, now=at(11, 5))
    assert html.strip() == '<span class="nd-nil">—</span>'


def test_the_countdown_speaks_english_too() -> None:
    with translation.override("en"):
        assert due(SEVENTH, at(11, 5, 14, 32)).left == "2 days 9 hours left"
        assert due(SEVENTH, at(11, 8, 1)).short == "1 day overdue"
