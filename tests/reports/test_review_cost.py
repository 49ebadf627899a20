"""What the county's pages cost does not follow how many reports there are (performance.md, figure 3)."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reports.many import many_reports
from tests.reports.story import OCTOBER, opened

PAGES = {
    "list": ("bureau_xp", "/review/?month=2026-10&open=accepted"),
    "filtered": ("bureau_xp", "/review/?month=2026-10&light=r&sort=-rate"),
    "matrix": ("bureau_xp", "/review/?month=2026-10&view=matrix"),
    "industry": ("department_xp", "/review/industry/?month=2026-10"),
    "summary": ("bureau_xp", "/summaries/2026-10/"),
}


@pytest.fixture
def costs(cast: Cast, desk: Desk) -> dict[str, list[int]]:
    """Queries of each page with fifty reports, then with five thousand."""
    opened(OCTOBER.previous)
    opened()
    found: dict[str, list[int]] = {name: [] for name in PAGES}
    for more in (50, 4950):
        many_reports(cast, more)
        for name, (role, path) in PAGES.items():
            found[name].append(desk.queries(cast.people[role], path))
    return found


def test_pages_cost_as_many_queries_with_fifty_reports_as_with_five_thousand(
    costs: dict[str, list[int]],
) -> None:
    assert {name: few for name, (few, _many) in costs.items()} == {
        name: many for name, (_few, many) in costs.items()
    }
    assert max(few for few, _many in costs.values()) <= 40
