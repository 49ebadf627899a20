"""The components as pages use them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_noop

from ningde_projects.shell import drawing, icons, statuses
from ningde_projects.shell.flow import Check, LifeStage, Step, TimelineItem, tally
from ningde_projects.shell.queries import changed_query
from tests.shell.conftest import at

Render = Callable[..., str]
# DESIGN §5, word for word.
WORDS = {
    "todo": ("未填报", "Not started"),
    "draft": ("草稿", "Draft"),
    "submitted": ("待审核", "Awaiting review"),
    "resubmit": ("重报待审", "Resubmitted"),
    "returned": ("已退回", "Returned"),
    "accepted": ("已签收", "Accepted"),
    "overdue": ("逾期未报", "Overdue"),
    "late": ("逾期补报", "Filed late"),
    "nil": ("零报告", "Nil report"),
    "building": ("汇总中", "Compiling"),
    "drafting": ("拟制中", "Drafting"),
    "approving": ("待审定", "Awaiting approval"),
    "approved": ("已审定", "Approved"),
    "forwarded": ("已上报", "Forwarded"),
    "issued": ("已下发", "Issued"),
    "received": ("已签收", "Receipt signed"),
    "open": ("待协调", "Open"),
    "working": ("协调中", "In coordination"),
    "escalated": ("已提级", "Escalated"),
    "confirm": ("待业主确认", "Awaiting owner"),
    "resolved": ("已办结", "Resolved"),
    "closed": ("已销号", "Closed"),
    "urged": ("已催办", "Reminded"),
    "nodb": ("未入库", "Not registered"),
    "indb": ("已入库", "Registered"),
}


@pytest.mark.parametrize("code", sorted(WORDS))
def test_each_state_has_the_agreed_word_in_both_languages(code: str, rendered: Render) -> None:
    chinese, english = WORDS[code]
    assert chinese in rendered("{% chip code %}", code=code)
    with translation.override("en"):
        assert english in rendered("{% chip code %}", code=code)


@pytest.mark.parametrize("code", sorted(statuses.STATUSES))
def test_every_state_also_those_of_other_apps_has_an_icon_a_tone_and_a_chinese_word(code: str) -> None:
    status = statuses.STATUSES[code]
    assert icons.body(status.icon, filled=False)
    assert status.tone in {"plain", "slate", "sea", "green", "amber", "red", "violet", "solid-red"}
    assert re.search(r"[一-鿿]", str(status.word))


def test_a_later_word_is_added_once_only(monkeypatch: pytest.MonkeyPatch, rendered: Render) -> None:
    monkeypatch.setattr(statuses, "STATUSES", dict(statuses.STATUSES))
    statuses.register_status("frozen", "slate", "snowflake", gettext_noop("Frozen"))  # type: ignore[arg-type]
    assert "Frozen" in rendered('{% chip "frozen" %}')
    with pytest.raises(ValueError, match="open"):
        statuses.register_status("open", "slate", "x", gettext_noop("Open"))  # type: ignore[arg-type]


def test_a_chip_carries_its_addition_escaped(rendered: Render) -> None:
    assert "第2次" in rendered('{% chip "resubmit" "第2次" %}')
    assert "<b>" not in rendered('{% chip "resubmit" extra %}', extra="<b>x</b>")


@pytest.mark.parametrize(
    ("code", "word"), [("g", "正常"), ("yellow", "预警"), ("r", "滞后"), (None, "未定"), ("", "未定")]
)
def test_a_light_always_says_its_word_even_as_a_dot(code: str | None, word: str, rendered: Render) -> None:
    assert word in rendered("{% light code %}", code=code)
    assert f'visually-hidden">{word}' in rendered('{% light code "dot" %}', code=code)


def test_icons_are_inlined_and_hidden_from_readers(rendered: Render) -> None:
    html = rendered('{% icon "send" "lg" %}')
    assert html.startswith('<svg class="nd-i lg"')
    assert 'aria-hidden="true"' in html
    assert "<path" in html


def test_no_value_is_a_dash_and_nought_is_nought(rendered: Render) -> None:
    assert "—" in rendered("{{ v|wan }}", v=None)
    assert rendered("{{ v|wan }}", v=0) == "0"
    assert rendered("{{ v|dash }}", v=0) == "0"
    assert "—" in rendered("{{ v|stamp }}{{ v|longdate }}", v=None)


@pytest.mark.parametrize(
    ("rate", "target", "css"),
    [(83.3, 83.3, "r-g"), (83.2, 83.3, "r-y"), (73.3, 83.3, "r-y"), (73.2, 83.3, "r-r"), (50, None, "r-s")],
)
def test_the_rate_bar_turns_amber_below_the_target_and_red_beyond_ten_points(
    rate: float, target: float | None, css: str, rendered: Render
) -> None:
    assert css in rendered("{% ratebar rate target %}", rate=rate, target=target)


def test_the_rate_bar_stays_inside_its_frame(rendered: Render) -> None:
    html = rendered("{% ratebar 140 100 %}")
    assert 'class="fg" y="3" width="56"' in html
    assert 'class="tk" x="54"' in html
    assert "140.0%" in html
    assert "—" in rendered("{% ratebar None 83.3 %}")


def test_parts_of_a_bar_never_exceed_the_whole() -> None:
    parts = drawing.segments([(60, "a"), (30, "b"), (40, "c"), (None, "d")], 100)
    assert [(part.x, part.width) for part in parts] == [("0", "60"), ("60", "30"), ("90", "10"), ("100", "0")]


def test_nothing_of_nothing_is_an_empty_bar() -> None:
    assert drawing.share(3, 0) == 0
    assert drawing.share(None, 5) == 0
    assert drawing.heat(0, 10) == 0
    assert drawing.heat(Decimal("0.1"), 100) == 1
    assert drawing.heat(100, 100) == 6


def test_six_months_are_told_in_words_as_well(rendered: Render) -> None:
    html = rendered("{% sixmonths marks %}", marks=[("5月", "on"), ("6月", "late"), ("7月", "missing")])
    assert 'aria-label="5月 按时，6月 补报，7月 未报"' in html
    assert html.count("<i ") == 3


def test_steps_say_which_is_now_and_which_was_returned_to(rendered: Render) -> None:
    html = rendered("{% steps s vertical=True %}", s=[Step("报送", "", "done"), Step("签收", "甲", "back")])
    assert 'class="nd-steps v"' in html
    assert html.count('aria-current="step"') == 1
    assert "退回到本步" in html


def test_the_ladder_marks_the_current_step(rendered: Render) -> None:
    html = rendered("{% ladder 2 %}")
    assert re.findall(r'<li class="([^"]*)"', html) == ["on1", "on2 cur", "", ""]
    assert "aria-current" not in rendered("{% ladder 0 %}")


def test_checks_are_told_apart_without_colour_and_counted(rendered: Render) -> None:
    found = [Check("pass", "甲"), Check("warn", "乙"), Check("fail", "丙", "/x/", "去补上")]
    html = rendered("{% checks c %}", c=found)
    assert [word in html for word in ("通过：", "提示：", "不通过：", 'href="/x/"')] == [True] * 4
    assert tally(found) == {"pass": 1, "warn": 1, "fail": 1}


def test_life_and_timeline_escape_what_people_wrote(rendered: Render) -> None:
    html = rendered(
        "{% lifecycle l %}{% timeline t %}",
        l=[LifeStage("在建", "<i>25 个月", "now")],
        t=[TimelineItem("退回", "郑文斌", at(11, 4, 16, 40), "arrow-back-up", "red", "<b>请写明")],
    )
    assert "<i>25" not in html
    assert "<b>请写明" not in html
    assert "11-04 16:40" in html


def with_query(snippet: str, query: str, **values: object) -> str:
    request: HttpRequest = RequestFactory().get(f"/list/?{query}")
    return Template("{% load nd %}" + snippet).render(Context({"request": request, **values}))


def test_changing_a_filter_keeps_the_others_and_leads_back_to_the_first_page() -> None:
    assert with_query('{% qs status="returned" %}', "level=city&page=3") == "?level=city&amp;status=returned"
    assert with_query("{% qs level=None %}", "level=city&status=x") == "?status=x"
    assert with_query("{% qs page=2 %}", "level=city") == "?level=city&amp;page=2"


def test_a_parameter_may_have_several_values() -> None:
    assert changed_query(QueryDict("a=1&a=2"), {"b": ["x", "y"]}) == "?a=1&a=2&b=x&b=y"
    assert (
        changed_query(QueryDict(""), {"q": "三沙 & 渔港"}) == "?q=%E4%B8%89%E6%B2%99+%26+%E6%B8%94%E6%B8%AF"
    )


def test_a_set_filter_shows_itself_and_can_take_itself_away() -> None:
    snippet = '{% filter_chip "level" "city" "市领导协调" 4 removable=True %}'
    chosen = with_query(snippet, "level=city&status=x")
    assert 'href="?status=x"' in chosen
    assert 'aria-current="true"' in chosen
    assert 'href="?status=x&amp;level=city"' in with_query(snippet, "status=x")
    everything = with_query('{% filter_chip "status" "" "全部" %}', "level=city")
    assert "nd-fchip on" in everything


def test_the_pager_says_where_we_are_and_keeps_the_filter() -> None:
    page = Paginator(range(120), 50).page(2)
    html = with_query("{% pager page %}", "level=city&page=2", page=page)
    assert "51—100 / 120" in html
    assert 'href="?level=city&amp;page=1" rel="prev"' in html
    assert 'href="?level=city&amp;page=3" rel="next"' in html


def test_each_rendering_has_its_own_idempotency_key(rendered: Render) -> None:
    keys = re.findall(r'value="([0-9a-f-]{36})"', rendered("{% idempotency %}{% idempotency %}"))
    assert len(set(keys)) == 2


def test_a_county_does_not_read_its_own_name_on_every_line(rendered: Render) -> None:
    assert rendered('{{ n|noplace:"霞浦县" }}', n="霞浦县三沙渔港") == "三沙渔港"
    assert rendered('{{ n|noplace:"霞浦县" }}', n="福建崇儒茶业") == "福建崇儒茶业"
    assert rendered('{{ n|noplace:"霞浦县" }}', n="霞浦县") == "霞浦县"


@pytest.mark.parametrize("kind", ["done", "early", "filtered", "nil", "nodata", "failed"])
def test_an_empty_state_has_fact_reason_and_one_way_on(kind: str, rendered: Render) -> None:
    html = rendered(
        '{% include "shell/inc/empty.html" with title="无" text="因为" url="/x/" action="去办" %}', kind=kind
    )
    assert f'data-empty="{kind}"' in html
    assert html.count("<svg") == 1
    assert html.count("<a ") == 1
