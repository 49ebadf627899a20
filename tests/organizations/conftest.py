"""A morning in November on which the offices are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import User
from tests.cast import Cast

NOW = datetime(2026, 11, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

As = Callable[[User], Actor]


@pytest.fixture
def as_(cast: Cast) -> As:
    """The person with the duties held that morning."""
    return lambda user: cast.actor(user, NOW)


@pytest.fixture
def morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
