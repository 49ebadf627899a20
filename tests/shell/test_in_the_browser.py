"""What only a browser can show: the policy kept, nothing typed lost, one click one act, keys, reading aids."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, expect

from tests.shell import browser_pages

AXE = Path(configured.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server of our own in this process: none of its pages asks the database."""
    with override_settings(ROOT_URLCONF="tests.shell.browser_pages", ALLOWED_HOSTS=["*"]):
        server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
        server.daemon = True
        server.start()
        server.is_ready.wait()
        assert server.error is None
        yield f"http://127.0.0.1:{server.port}"
        server.terminate()


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Any]:
    complaints: list[str] = []
    contexts = []
    browser_pages.office.__init__()  # type: ignore[misc]

    def open_at(path: str, width: int = 1440) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", base_url=address
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
        )
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [1440, 1280, 390])
def test_every_component_passes_axe_and_fits_the_screen(width: int, open_page: Any) -> None:
    page = open_page("/guide/", width)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_targets_on_a_phone_are_44_pixels_high(open_page: Any) -> None:
    page = open_page("/guide/", 390)
    low = page.evaluate(
        """() => [...document.querySelectorAll('.btn:not(.btn-sm),.form-control,.form-select,.nd-mtab a,.nd-fchip')]
        .filter(e => e.offsetParent && !e.closest('.nd-file') && e.getBoundingClientRect().height < 44)
        .map(e => e.className + ' ' + e.textContent.trim().slice(0, 12))"""
    )
    assert low == []


def test_a_failed_autosave_says_so_in_place_and_can_be_repeated(open_page: Any) -> None:
    page = open_page("/sheet/")
    page.fill("#a", "broken")
    page.press("#a", "Tab")
    expect(page.locator("#save-state")).to_contain_text("保存失败，内容仍在本页")
    page.fill("#a", "kept")
    page.click("#save-state button")
    expect(page.locator("#save-state")).to_have_text("saved")
    assert browser_pages.office.saved[-1] == "kept"


def test_a_token_changed_in_another_tab_is_renewed_without_a_word(open_page: Any) -> None:
    page = open_page("/sheet/")
    page.context.new_page().goto("/other-tab/")
    page.fill("#a", "kept")
    page.press("#a", "Tab")
    expect(page.locator("#save-state")).to_have_text("saved")


def test_a_session_that_ends_while_typing_asks_in_place_and_then_saves(open_page: Any) -> None:
    page = open_page("/sheet/")
    browser_pages.office.signed_in = False
    page.fill("#a", "typed before the session ended")
    page.press("#a", "Tab")
    expect(page.locator("#word")).to_be_focused()
    page.fill("#word", "wrong")
    page.press("#word", "Enter")
    expect(page.locator("#said")).to_have_text("wrong")
    page.fill("#word", "right")
    page.press("#word", "Enter")
    expect(page.locator("#save-state")).to_have_text("saved")
    expect(page.locator("#nd-again")).not_to_be_visible()
    assert browser_pages.office.saved == ["typed before the session ended"]


def test_who_closes_the_sign_in_dialog_is_told_that_nothing_is_saved(open_page: Any) -> None:
    page = open_page("/sheet/")
    browser_pages.office.signed_in = False
    page.fill("#a", "typed")
    page.press("#a", "Tab")
    expect(page.locator("#word")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#save-state")).to_contain_text("保存失败，内容仍在本页")
    browser_pages.office.signed_in = True
    page.click("#save-state button")
    expect(page.locator("#save-state")).to_have_text("saved")


def test_a_double_click_files_once_and_the_button_works_again_after_going_back(open_page: Any) -> None:
    page = open_page("/sheet/")
    page.dblclick("#once", no_wait_after=True)
    page.wait_for_selector("#filed")
    assert browser_pages.office.filed == 1
    page.go_back()
    expect(page.locator("#once")).to_be_enabled()


def test_the_enter_that_ends_a_composition_does_not_submit(open_page: Any) -> None:
    page = open_page("/sheet/")
    press = """([id, composing]) => {
        const box = document.getElementById(id); box.focus();
        return box.dispatchEvent(new KeyboardEvent('keydown',
            {key: 'Enter', keyCode: composing ? 229 : 13, isComposing: composing, bubbles: true, cancelable: true}))}"""
    assert page.evaluate(press, ["q", True]) is False
    assert page.evaluate(press, ["q", False]) is True


def test_a_dialog_keeps_the_focus_shows_errors_and_gives_the_focus_back(open_page: Any) -> None:
    page = open_page("/sheet/")
    page.click("#ask")
    expect(page.locator("#nd-dialog [name=why]")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || !!document.activeElement.closest('#nd-dialog')"
        assert page.evaluate(inside)
    page.click("#nd-dialog footer .btn-primary")
    expect(page.locator("#nd-dialog .nd-errsum")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#nd-dialog")).not_to_be_visible()
    expect(page.locator("#ask")).to_be_focused()
    page.click("#ask")
    page.fill("#nd-dialog [name=why]", "请写明桩号")
    page.click("#nd-dialog footer .btn-primary")
    page.wait_for_selector("#done")


def test_a_refused_part_of_a_page_says_why_where_one_is(open_page: Any) -> None:
    page = open_page("/sheet/")
    page.click("#refused")
    expect(page.locator("#nd-dialog")).to_contain_text("只有县发改局可以签收。")
    page.keyboard.press("Escape")
    expect(page.locator("#refused")).to_be_focused()
    page.click("#gone")
    expect(page.locator("#nd-dialog")).to_contain_text("没有找到这个页面")


def test_a_refusal_inside_a_dialog_leaves_what_was_typed(open_page: Any) -> None:
    page = open_page("/sheet/")
    page.click("#ask")
    page.fill("#nd-dialog [name=why]", "refuse me")
    page.click("#nd-dialog footer .btn-primary")
    expect(page.locator("#nd-dialog [role=alert]")).to_contain_text("本表已锁定。")
    expect(page.locator("#nd-dialog [name=why]")).to_have_value("refuse me")
    expect(page.locator("#nd-dialog footer .btn-primary")).to_be_enabled()


def test_single_keys_move_tick_and_act_but_rest_while_one_types(open_page: Any) -> None:
    page = open_page("/sheet/")
    page.focus("#a")
    page.keyboard.press("j")
    expect(page.locator("[data-row].cur")).to_have_count(0)
    page.evaluate("document.activeElement.blur()")
    for key in ("j", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-row].cur")).to_contain_text("two")
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 1 项")
    page.keyboard.press("a")
    assert page.url.endswith("#accepted")
    page.evaluate("document.body.dataset.keys = 'off'")
    page.keyboard.press("k")
    expect(page.locator("[data-row].cur")).to_contain_text("two")


def test_characters_are_counted_as_the_server_counts_them(open_page: Any) -> None:
    page = open_page("/sheet/")
    page.fill("#b", "𠮷田")
    expect(page.locator("#b_count")).to_have_text("已写 2 / 10 字")


def test_a_photo_is_made_smaller_before_it_is_sent(open_page: Any, tmp_path: Path) -> None:
    from PIL import Image

    big = tmp_path / "现场.png"
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(big)
    page = open_page("/sheet/")
    page.set_input_files("#photo", str(big))
    expect(page.locator(".nd-up")).to_contain_text("已压缩为")
    name, size = page.evaluate("(f => [f.name, f.size])(document.getElementById('photo').files[0])")
    assert name == "现场.jpg"
    assert size < big.stat().st_size / 3


def test_the_width_of_the_navigation_is_kept_for_the_next_page(open_page: Any) -> None:
    page = open_page("/guide/")
    page.click(".nd-nav-w")
    expect(page.locator("#nd-shell")).to_have_class("nd-shell rail")
    page.reload()
    expect(page.locator("#nd-shell")).to_have_class("nd-shell rail")
