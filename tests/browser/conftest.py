"""One Chromium for the room, and the month that is being reported, open for everyone of the cast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from ningde_projects.periods.month import Month, reporting_month
from reports.basics import load_categories
from reports.services.opening import open_month
from tests.browser.windows import Windows
from tests.cast import Cast


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
