"""Map of tiles, timeline of matters, two figures on a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from ningde_projects.shell.gantt import Bar, Gantt, GanttRow
from ningde_projects.shell.tile_map import HEIGHT, PLACES, WIDTH, Tile, placed

Render = Callable[..., str]


def test_the_ten_places_have_tiles_inside_the_frame_and_apart() -> None:
    tiles = placed(Tile(name, "1", 1) for name in PLACES)
    assert len(tiles) == 10
    corners = [tuple(map(float, pair.split(","))) for tile in tiles for pair in tile.points.split()]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in corners)
    assert len({(tile.x, tile.name_y) for tile in tiles}) == 10


def test_a_place_is_found_by_its_long_name_and_what_is_none_has_no_tile() -> None:
    found = placed([Tile("霞浦县", "8", 5), Tile("东侨经济技术开发区", "2", 1), Tile("市本级", "6", 3)])
    assert [tile.tile.name for tile in found] == ["霞浦县", "东侨经济技术开发区"]


def test_a_tile_leads_to_its_list_and_is_escaped(rendered: Render) -> None:
    html = rendered('{% tilemap tiles "示意图" %}', tiles=[Tile("霞浦<b>", "8 · 17%", 5, "/list/?place=XP")])
    assert 'href="/list/?place=XP"' in html
    assert "霞浦&lt;b&gt;" in html
    assert 'class="lv-5"' in html


def test_a_bar_lies_where_its_days_are() -> None:
    chart = Gantt(2026, [GanttRow("用海", [Bar(date(2026, 7, 2), date(2026, 12, 31), "k-dept")], "120 天")])
    drawn = chart.drawn[0]
    assert drawn.bars[0].x == "49.9"
    assert float(drawn.bars[0].x) + float(drawn.bars[0].width) <= 100
    assert drawn.words == "07-02—12-31"


def test_what_began_last_year_or_ends_next_is_cut_at_the_axis_and_a_single_day_is_seen() -> None:
    bars = [
        Bar(date(2025, 5, 1), date(2027, 2, 1), "k-done"),
        Bar(date(2026, 3, 1), date(2026, 3, 1), "k-done"),
    ]
    long, short = Gantt(2026, [GanttRow("x", bars)]).drawn[0].bars
    assert (long.x, long.width) == ("0", "100")
    assert short.width == "0.4"


def test_the_axis_names_every_other_month_and_marks_today(rendered: Render) -> None:
    chart = Gantt(2026, [GanttRow("x", [])], date(2026, 11, 12))
    assert [name for _x, name in chart.months] == ["1月", "3月", "5月", "7月", "9月", "11月"]
    assert rendered("{% gantt c %}", c=chart).count('class="now"') == 1
    assert "now" not in rendered("{% gantt c %}", c=Gantt(2026, [GanttRow("x", [])]))


def test_two_figures_on_a_line_say_which_is_larger(rendered: Render) -> None:
    html = rendered("{% dumbbell 5290 6480 8500 %}")
    assert 'class="more" x="62.2%"' in html
    assert 'aria-label="5,290 / 6,480"' in html
    assert 'class="less"' in rendered("{% dumbbell 9 3 10 %}")
    assert re.search(r'class="less" x="0%" y="5" width="0%"', rendered("{% dumbbell None None 10 %}"))
