"""周期进度条: places, states and words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from ningde_projects.shell.period_bar import PeriodBar, PeriodNode, position_class
from tests.shell.conftest import at

NODES = [
    PeriodNode(at(11, 1), "开始填报", opens=True),
    PeriodNode(at(11, 8), "业主报送", note="按时", done=46, total=46, act="报送"),
    PeriodNode(at(11, 11), "县汇总上报", note="已签收", done=29, total=46, mine=True, act="汇总上报"),
    PeriodNode(at(11, 16), "市直协调意见"),
    PeriodNode(at(11, 21), "清单下发"),
]


def states(now: datetime) -> list[str]:
    return [placed.state for placed in PeriodBar(now, NODES).placed]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(11, 1), ["done", "now", "later", "later", "later"]),
        (at(11, 7, 23, 59, 59), ["done", "now", "later", "later", "later"]),
        (at(11, 8), ["done", "done", "now", "later", "later"]),
        (at(11, 11), ["done", "done", "part", "now", "later"]),
        (at(11, 25), ["done", "done", "part", "done", "done"]),
    ],
)
def test_a_node_is_past_only_after_its_last_day_and_amber_where_something_is_missing(
    now: datetime, expected: list[str]
) -> None:
    assert states(now) == expected


def test_a_gap_makes_a_passed_node_amber_even_without_figures() -> None:
    nodes = [NODES[0], replace(NODES[3], at=at(11, 8), gap="屏南县未报"), NODES[4]]
    assert PeriodBar(at(11, 9), nodes).placed[1].state == "part"


def test_places_are_proportional_to_the_days() -> None:
    bar = PeriodBar(at(11, 5, 14, 32), NODES)
    assert [placed.x for placed in bar.placed] == ["nd-x-0", "nd-x-31h", "nd-x-47h", "nd-x-73h", "nd-x-100"]
    assert (bar.today_x, bar.today_percent) == ("nd-x-21", "21%")


def test_today_stays_on_the_axis_before_and_after_it() -> None:
    assert PeriodBar(at(10, 28), NODES).today_x == "nd-x-0"
    assert PeriodBar(at(11, 29), NODES).today_x == "nd-x-100"


def test_every_place_that_can_be_given_out_has_its_class_in_the_style_sheet() -> None:
    sheet = (Path(settings.BASE_DIR) / "static" / "app.css").read_text(encoding="utf-8")
    defined = set(re.findall(r"\.(nd-x-\d+h?)\{left:", sheet))
    assert {position_class(half / 2) for half in range(201)} <= defined


def test_only_the_first_date_names_the_month_and_only_mine_and_the_due_one_the_weekday() -> None:
    texts = [placed.date_text for placed in PeriodBar(at(11, 5), NODES).placed]
    assert texts == ["11月1日", "7日 周六", "10日 周二", "15日", "20日"]


def test_the_phone_gets_my_node_in_one_line() -> None:
    bar = PeriodBar(at(11, 9, 16), NODES)
    assert bar.my_line == "11月10日（周二）24:00 前汇总上报"
    assert bar.my_progress == "已签收 29 / 46"
    without_mine = PeriodBar(at(11, 9, 16), [replace(node, mine=False) for node in NODES])
    assert without_mine.my_node.title == "县汇总上报"


def test_the_bar_is_text_and_classes_without_a_style_attribute(rendered: Callable[..., str]) -> None:
    html = rendered("{% period_bar bar %}", bar=PeriodBar(at(11, 9, 16), NODES))
    assert "style=" not in html
    assert "今天 11月9日 周一" in html
    assert "我的节点" in html
    assert html.count('aria-current="step"') == 1


def test_node_words_are_escaped(rendered: Callable[..., str]) -> None:
    nodes = [NODES[0], replace(NODES[1], gap="<b>未报</b>"), NODES[4]]
    assert "<b>未报" not in rendered("{% period_bar bar %}", bar=PeriodBar(at(11, 9), nodes))
