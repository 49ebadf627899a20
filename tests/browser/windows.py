"""A person at a browser window; what the window must never do is noted while the person works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as configured
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from ningde_projects.organizations.models import User
from tests.cast import PASSWORD

AXE = Path(configured.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
#: Nothing is on its way into the page, and nothing fades in or out.
AT_REST = """() => !document.querySelector('.htmx-request,.htmx-swapping,.htmx-settling')
    && document.getAnimations().every(a => a.playState !== 'running')"""
#: The browser writes every answer of 400 and above into its console; a test that wants one says which.
_ANSWERED = "Failed to load resource"


class Windows:
    """`windows.of(cast.owner_xp, 390)` signs the person in through the page and answers the window."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.host = urlsplit(address).netloc
        self.contexts: list[BrowserContext] = []
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        #: Statuses that this test brings about on purpose.
        self.expected: tuple[int, ...] = ()

    def of(self, who: User, width: int = 1440, path: str = "/") -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", base_url=self.address
        )
        self.contexts.append(context)
        context.on("request", self._requested)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(path)
        page.fill("#id_username", who.username)
        page.fill("#id_password", PASSWORD)
        page.press("#id_password", "Enter")
        page.wait_for_url(lambda url: "/signin/" not in url)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.foreign == []
        assert not self.complaints, f"complaints: {self.complaints}"

    def _requested(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.foreign.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        wanted = _ANSWERED in message.text and any(
            f"of {status} " in message.text for status in self.expected
        )
        if message.type == "error" and not wanted:
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")


def check(page: Page) -> None:
    """No fault for reading aids, and nothing sticks out at the side."""
    page.wait_for_function(AT_REST)
    if not page.evaluate("!!window.axe"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    faults = [(v["id"], [node["target"] for node in v["nodes"]]) for v in found["violations"]]
    assert faults == [], f"{page.url}: {faults}"
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} px wide on a screen of {wide[1]}"


def confirm(page: Page, opener: Locator, **typed: str) -> None:
    """Open a dialog, fill what it asks for, press its button; it leads to another page."""
    opener.click()
    dialog = page.locator("#nd-dialog")
    expect(dialog.locator("footer .btn-primary")).to_be_visible()
    for name, value in typed.items():
        control = dialog.locator(f"[name={name}]")
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    check(page)
    dialog.locator("footer .btn-primary").click()
    expect(dialog).to_be_hidden()


def fill(form: Locator, values: Mapping[str, Any]) -> None:
    """Type into the controls of these names; a list ticks boxes, and a radio button is chosen by its label."""
    for name, value in values.items():
        control = form.locator(f"[name={name}]")
        kind = control.first.evaluate("e => e.type")
        if kind == "checkbox" and isinstance(value, list):
            for one in value:
                form.locator(f'[name={name}][value="{one}"]').check()
        elif kind == "checkbox":
            control.check()
        elif kind == "radio":
            form.locator(f'label:has([name={name}][value="{value}"])').click()
        elif kind.startswith("select"):
            control.select_option(value)
        else:
            control.fill(value)


def becomes(question: Callable[[], bool], seconds: float = 5) -> None:
    """The server has it within a few seconds."""
    until = monotonic() + seconds
    while not question():
        assert monotonic() < until, "it did not happen"
        sleep(0.05)
