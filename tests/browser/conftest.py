"""One Chromium for the room, and the month that is being reported, open for everyone of the cast."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from ningde_projects.periods.month import Month, reporting_month
from reports.basics import load_categories
from reports.services.opening import open_month
from tests.browser.windows import Windows
from tests.cast import Cast

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not here; on Debian: apt-get install chromium fonts-noto-cjk")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright runs a loop in this thread, and Django would refuse the database there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def windows(chromium: Browser, live_server: LiveServer, cast: Cast) -> Iterator[Windows]:
    opened = Windows(chromium, live_server.url)
    yield opened
    opened.close()


@pytest.fixture
def month(cast: Cast) -> Month:
    """The month being reported today, opened as the clock opens it."""
    now = timezone.now()
    found = reporting_month(now)
    load_categories()
    open_month(found, now)
    return found
