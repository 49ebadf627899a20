"""The desk of the reports' tests serves here too; measure 2's people stand beside the cast."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.reports.desk import desk as desk
from tests.reserve.case_story import Walk
from tests.reserve.offices import Offices, open_offices


@pytest.fixture
def offices(cast: Cast) -> Offices:
    return open_offices(cast)


@pytest.fixture
def city(cast: Cast, offices: Offices) -> Walk:
    """The city's case: the municipal-managed project."""
    return Walk(cast, offices)


@pytest.fixture
def county(cast: Cast, offices: Offices) -> Walk:
    """Xiapu's own case (M2.4)."""
    return Walk(cast, offices, "XP")
