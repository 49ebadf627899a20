"""The pages as people have them: on a screen and a phone, under the strict policy, with the page's own scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from ningde_projects.signin.models import Session
from tests.cast import PASSWORD, Cast

AXE = Path(configured.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, live_server: object, cast: Cast) -> Iterator[OpenPage]:
    complaints: list[str] = []
    contexts = []

    def open_at(path: str, width: int = 1440) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            base_url=live_server.url,  # type: ignore[attr-defined]
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


def enter(page: Page, name: str, password: str = PASSWORD) -> None:
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")


def check(page: Page) -> None:
    """No fault for reading aids, and nothing sticks out at the side."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_before_the_door_pass_axe_and_fit_the_screen(open_page: OpenPage, width: int) -> None:
    page = open_page("/signin/", width)
    check(page)
    enter(page, "t_owner_xp", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("还可以再试 9 次")
    check(page)
    for path in ("/signin/forgotten/", "/signin/reset/none/"):
        page.goto(path)
        check(page)
    page.goto("/signin/")
    for _ in range(9):
        enter(page, "t_owner_xp", "wrong")
    expect(page.get_by_role("heading", name="登录已锁定")).to_be_visible()
    check(page)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_the_account_pass_axe_and_fit_the_screen(open_page: OpenPage, width: int) -> None:
    page = open_page("/signin/?next=/account/", width)
    enter(page, "t_owner_xp")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    check(page)
    for path in ("/account/password/", "/account/factor/"):
        page.goto(path)
        check(page)


def test_a_session_that_ran_out_is_renewed_in_place_and_the_click_goes_through(open_page: OpenPage) -> None:
    page = open_page("/signin/?next=/account/")
    enter(page, "t_owner_xp")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    page.fill("#id_email", "half@typed.example")
    Session.objects.update(last_seen_at=timezone.now() - timedelta(minutes=31))
    page.evaluate(
        "htmx.ajax('GET', '/account/factor/codes/', {target: '#nd-dialog-body', source: document.body})"
    )
    dialog = page.locator("#nd-again")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("t_owner_xp")
    check(page)
    dialog.locator("#id_password").fill("wrong")
    dialog.locator("#id_password").press("Enter")
    expect(dialog).to_contain_text("还可以再试 9 次")
    dialog.locator("#id_password").fill(PASSWORD)
    dialog.locator("#id_password").press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#nd-dialog")).to_contain_text("重新生成恢复码")  # what was asked for has come
    assert page.input_value("#id_email") == "half@typed.example"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="保存").click()  # with the fresh token
    expect(page.get_by_role("status").filter(has_text="已保存")).to_be_visible()
