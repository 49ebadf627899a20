"""E2: each number of the timeliness page opens the very reports that it counts, for whoever sees the number."""

from __future__ import annotations

import re
from typing import Any

import pytest

from reports.services import filing, reviewing
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reports.story import OCTOBER, figures, november, opened, report_of

SPAN = "from=2026-09&to=2026-10"


@pytest.fixture
def month(cast: Cast, desk: Desk) -> None:
    """福安 files late; 霞浦 in time, is returned; the others have not filed by the 20th."""
    opened()
    at = november(3)
    report = report_of(cast.project_xp)
    filing.submit(report, figures(), by=cast.actor(cast.owner_xp, at), at=at)
    reviewing.return_report(
        report,
        by=cast.actor(cast.bureau_xp, november(4)),
        at=november(4),
        reason="请写明桩号",
        fields=["progress"],
    )
    late = november(12)
    filing.submit(report_of(cast.project_fa), figures(), by=cast.actor(cast.owner_fa, late), at=late)
    desk.at(november(20))


def links(page: str) -> list[tuple[str, int]]:
    found = re.findall(r'<a class="num[^"]*" href="([^"]+)">(\d+)</a>', page)
    return [(url.replace("&amp;", "&"), int(number)) for url, number in found]


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize("by", ["place", "owner", "project", "department"])
@pytest.mark.parametrize(
    "role", ["commission", "bureau_xp", "owner_fa", "government_xp", "department_fa", "direct_xp"]
)
def test_e2_each_number_opens_the_very_rows_it_counts(cast: Cast, desk: Desk, role: str, by: str) -> None:
    person = cast.people[role]
    found = links(desk.text(person, f"/timeliness/?{SPAN}&by={by}"))
    assert found
    for url, number in found:
        context: Any = desk.get(person, url).context
        assert context["page"].paginator.count == number, url
        assert len(context["rows"]) == number
        for _report, _late, _overdue, page in context["rows"]:
            assert desk.get(person, page).status_code == 200, (role, page)


@pytest.mark.usefixtures("month")
def test_late_missing_and_returned_are_told_apart(cast: Cast, desk: Desk) -> None:
    for state, place, project in (
        ("late", "FA", cast.project_fa), ("returned", "XP", cast.project_xp), ("on_time", "XP", cast.project_xp),
    ):  # fmt: skip
        rows = desk.get(
            cast.commission, f"/timeliness/reports/?{SPAN}&by=place&key={place}&state={state}"
        ).context["rows"]
        assert [row[0].project for row in rows] == [project], state
    missing = desk.get(cast.commission, f"/timeliness/reports/?{SPAN}&state=missing").context["rows"]
    assert len(missing) >= 2
    assert all(row[2] for row in missing)


@pytest.mark.usefixtures("month")
def test_another_countys_key_does_not_exist_and_the_list_is_ones_own(cast: Cast, desk: Desk) -> None:
    assert (
        desk.get(cast.bureau_xp, f"/timeliness/reports/?{SPAN}&by=place&key=FA&state=late").status_code == 404
    )
    foreign = f"/timeliness/reports/?{SPAN}&by=project&key={cast.project_fa.public_id}"
    assert desk.get(cast.bureau_xp, foreign).status_code == 404
    assert desk.get(cast.commission, foreign).status_code == 200
    page = desk.text(cast.bureau_xp, f"/timeliness/reports/?{SPAN}&state=due")
    assert cast.canary("fa") not in page
    for odd in ("key=x&by=project", "key=%00&by=owner&state=zz"):
        assert desk.get(cast.bureau_xp, f"/timeliness/reports/?{odd}").status_code in (200, 404)
    assert desk.get(cast.admin_audit, f"/timeliness/reports/?{SPAN}").status_code == 404
    assert desk.get(cast.idle, f"/timeliness/reports/?{SPAN}").status_code == 404


@pytest.mark.usefixtures("month")
def test_the_export_has_the_rows_of_the_screen(cast: Cast, desk: Desk) -> None:
    url = f"/timeliness/reports.csv?{SPAN}&by=place&key=XP&state=returned"
    said = b"".join(desk.get(cast.bureau_xp, url).streaming_content).decode()
    assert cast.project_xp.name in said
    assert str(OCTOBER) in said
    assert cast.canary("fa") not in said


@pytest.mark.usefixtures("month")
def test_a_list_costs_the_same_whatever_the_number_of_rows(cast: Cast, desk: Desk) -> None:
    one = desk.queries(cast.commission, f"/timeliness/reports/?{SPAN}&state=late")
    assert desk.queries(cast.commission, f"/timeliness/reports/?{SPAN}&state=due") == one
    assert one <= 14
