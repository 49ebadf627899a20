"""Nothing of another county stands on a county's pages, and its unreleased work changes no byte (security.md, canary)."""

from __future__ import annotations

import pytest

from reports.models import Report, Summary
from reports.services import reviewing, summaries
from tests.access.contents import body_of, text_of
from tests.access.world import World, build
from tests.cast import Cast
from tests.reports.desk import PANE, Desk, still
from tests.reports.desk import desk as desk
from tests.reports.story import november, opened, report_of

FOREIGN = ("fa", "owner_fa", "municipal", "owner_sj")
PAGES = {
    "bureau_xp": [
        "/review/?month=2026-10", "/review/?month=2026-10&view=matrix", "/review/?month=2026-10&open=accepted",
        "/review/export.xlsx?month=2026-10", "/review/export.csv?month=2026-10", "/review/chase/?month=2026-10",
        "/summaries/2026-10/", "/summaries/2026-10/print/", "/review/{report}/", "/review/{report}/steps/accept/",
        "/review/{report}/steps/forward/",
    ],
    "department_xp": ["/review/industry/?month=2026-10", "/review/{report}/"],
    "government_xp": ["/approvals/", "/approvals/?tab=done", "/approvals/{summary}/"],
}  # fmt: skip


@pytest.fixture
def world(desk: Desk) -> World:
    found = build(desk.cast)
    desk.at(november(13))
    return found


def _pages(world: World) -> list[tuple[str, str]]:
    known = {"report": world.report.public_id, "summary": world.summary.public_id}
    return [(role, path.format(**known)) for role, paths in PAGES.items() for path in paths]


def test_no_word_of_another_county_stands_on_any_page_pane_or_file(desk: Desk, world: World) -> None:
    cast = world.cast
    for role, path in _pages(world):
        for headers in ({}, PANE):
            response = desk.get(cast.people[role], path, headers=headers)
            assert response.status_code == 200, path
            said = text_of(response)
            assert not [key for key in FOREIGN if cast.canary(key) in said], path


def test_anothers_unreleased_work_changes_no_byte(desk: Desk, world: World) -> None:
    cast = world.cast
    pages = [(role, path) for role, path in _pages(world) if ".xlsx" not in path]

    def bytes_of(role: str, path: str) -> str:
        return still(body_of(desk.get(cast.people[role], path)).decode())

    for page in pages:  # the first look is noted on the page itself
        bytes_of(*page)
    before = {page: bytes_of(*page) for page in pages}
    bureau = cast.actor(cast.bureau_fa, desk.now)
    reviewing.keep_opinion(world.report_fa, "福安内部意见", by=bureau, at=desk.now)
    summary = Summary.objects.get(place__code="FA", month=world.summary.month)
    item = summary.items.get()
    summaries.edit_item(item, {"text": "福安正在改写"}, by=bureau, at=desk.now, version=item.version)
    Report.objects.filter(pk=world.report_fa.pk).update(progress="福安改了", month_investment=1)
    assert {page: bytes_of(*page) for page in pages} == before


@pytest.mark.parametrize("path", ["/review/{r}/", "/review/{r}/steps/accept/", "/review/{r}/return/"])
def test_another_countys_report_is_not_found(cast: Cast, desk: Desk, path: str) -> None:
    opened()
    foreign = report_of(cast.project_fa)
    for role in ("bureau_xp", "department_xp", "owner_xp", "government_xp"):
        assert desk.get(cast.people[role], path.format(r=foreign.public_id)).status_code == 404


def test_the_search_of_the_list_stays_inside(cast: Cast, desk: Desk) -> None:
    build(cast)
    page = desk.text(cast.bureau_xp, f"/review/?month=2026-10&q={cast.canary('fa')}")
    assert cast.project_fa.name not in page
