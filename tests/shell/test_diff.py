"""What changed between last month's text and this one's."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from ningde_projects.shell.diff import changes, marked

OLD = "道路：K0+000—K2+050 路基完成。防护堤：沉箱安放 36 座。"
NEW = "道路：K0+000—K2+140 路基全部完成，占 56%。防护堤：沉箱安放 38/40 座。"


def test_a_stake_number_changes_as_a_whole() -> None:
    html = marked(OLD, NEW)
    assert '<del class="nd-del">K2+050</del><ins class="nd-ins">K2+140</ins>' in html
    assert '<del class="nd-del">36</del><ins class="nd-ins">38/40</ins>' in html


def test_what_stayed_is_not_marked() -> None:
    html = marked(OLD, NEW)
    assert html.startswith("道路：K0+000—")
    assert "。防护堤：沉箱安放 " in html


def test_same_texts_have_no_marks_and_nothing_is_nothing() -> None:
    assert marked(OLD, OLD) == OLD
    assert marked(None, None) == ""
    assert marked(None, "新增") == '<ins class="nd-ins">新增</ins>'
    assert marked("取消", "") == '<del class="nd-del">取消</del>'


def test_markup_in_either_text_is_shown_not_run() -> None:
    html = marked("<script>a</script>", "<img src=x onerror=alert(1)> & ok")
    assert "<script" not in html
    assert "<img" not in html
    assert "&amp; ok" in html


def test_line_breaks_are_kept() -> None:
    assert marked("一\n二", "一\n二") == "一<br>二"


texts = st.text(alphabet="路基完成占比，。；K0123+ <>&\n", max_size=60)


@given(texts, texts)
def test_the_pieces_always_add_up_to_both_texts(old: str, new: str) -> None:
    found = changes(old, new)
    assert "".join(before for _kind, before, _after in found) == old
    assert "".join(after for _kind, _before, after in found) == new


def test_very_long_texts_are_compared_by_sentence_and_quickly() -> None:
    old = "路基完成，占百分之五十六；水稳层完成一点四二公里。" * 400
    new = old.replace("五十六", "五十七", 1)
    started = time.perf_counter()
    found = changes(old, new)
    assert time.perf_counter() - started < 2
    assert "".join(after for _kind, _before, after in found) == new
