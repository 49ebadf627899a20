"""The cockpit: everything on it opens its list and equals it (screen 05, M8.2)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dispatch.models import Counted, ReportSums
from dispatch.selectors import cockpit as read
from dispatch.services import standing, totals
from reports.models import Report
from reports.services import reviewing
from tests.cast import Cast
from tests.reports.many import many_reports
from tests.reports.story import OCTOBER, filed, november, opened, problem

pytestmark = pytest.mark.django_db
AT = november(12)


@pytest.fixture
def month(cast: Cast) -> Cast:
    """One filed late with a problem, one on time and accepted, two missing."""
    opened()
    filed(cast, cast.project_xp, cast.owner_xp, november(9), **problem())
    report = filed(cast, cast.project_fa, cast.owner_fa, november(5))
    reviewing.accept(report, by=cast.actor(cast.bureau_fa, november(6)), at=november(6))
    standing.assess(OCTOBER, november(10))
    totals.refresh(OCTOBER, AT)
    return cast


def links(page: str) -> Iterator[tuple[int, str]]:
    """Every number that is a link: (number, address)."""
    for address, words in re.findall(r'<a[^>]*href="([^"]+)"[^>]*>([^<]*?)</a>', page):
        number = re.search(r"(?:^|\s)(\d+)$", words.strip())
        if number and ("reports/?" in address or "lag/?" in address or "problems/?" in address):
            yield int(number[1]), html.unescape(address)


def rows_of(client: Client, address: str) -> int:
    """How many rows the list behind an address has, as its pager or its table says."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    number: int = answer.context["page"].paginator.count
    return number


def test_every_number_equals_the_list_that_it_opens(
    month: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AT)
    month.login(client, month.commission)
    page = client.get("/dispatch/?month=2026-10").content.decode()
    found = list(links(page))
    assert len(found) > 12
    for number, address in found:
        assert rows_of(client, address) == number, address


def test_the_sums_follow_what_is_done_and_only_the_places_concerned_are_counted_anew(month: Cast) -> None:
    before = {row.place.code: row.at for row in Counted.objects.select_related("place")}
    report = Report.objects.get(project=month.project_xp, month=OCTOBER)
    reviewing.accept(report, by=month.actor(month.bureau_xp, november(12, 10)), at=november(12, 10))
    later = november(12, 11)
    assert totals.refresh(OCTOBER, later) >= 1
    view = read.cockpit(read.Scope(OCTOBER), later)
    xp = next(row for row in view.rows if row.place and row.place.code == "XP")
    assert (xp.counts["accepted"], xp.counts["late"], xp.counts["waiting"]) == (1, 1, 0)
    after = {row.place.code: row.at for row in Counted.objects.select_related("place")}
    assert after["XP"] == later
    assert set(after) == set(before)


def test_a_report_becomes_missing_in_the_sums_when_its_day_has_gone_by(cast: Cast) -> None:
    opened()
    totals.refresh(OCTOBER, november(2))
    assert sum(ReportSums.objects.filter(month=OCTOBER).values_list("missing", flat=True)) == 0
    totals.refresh(OCTOBER, november(8, 0, 0, 1))
    due = Report.objects.filter(month=OCTOBER, kind="monthly").count()
    assert sum(ReportSums.objects.filter(month=OCTOBER).values_list("missing", flat=True)) == due


@pytest.mark.parametrize("narrowed", ["level=provincial", "level=municipal", "industry=manufacturing"])
def test_narrowed_to_a_level_or_an_industry_it_still_equals_its_lists(
    month: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, narrowed: str
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AT)
    month.login(client, month.commission)
    for number, address in links(client.get(f"/dispatch/?month=2026-10&{narrowed}").content.decode()):
        assert rows_of(client, address) == number, address


def test_sums_counted_at_once_equal_sums_kept_up(month: Cast) -> None:
    kept = list(ReportSums.objects.order_by("place", "level", "industry").values())
    Counted.objects.all().delete()
    totals.refresh(OCTOBER, AT)
    again = list(ReportSums.objects.order_by("place", "level", "industry").values())
    assert [row | {"id": 0} for row in again] == [row | {"id": 0} for row in kept]


def test_the_page_costs_the_same_for_ten_times_the_projects(month: Cast, client: Client) -> None:
    month.login(client, month.commission)

    def asked() -> int:
        client.get("/dispatch/?month=2026-10")
        with CaptureQueriesContext(connection) as queries:
            client.get("/dispatch/?month=2026-10")
        return len(queries)

    few = asked()
    many_reports(month, 300)
    standing.assess(OCTOBER, AT + timedelta(days=1))
    assert asked() <= few <= 45


@pytest.mark.parametrize(
    "who", ["bureau_xp", "owner_xp", "muni_department", "statistics", "admin_audit", "idle"]
)
def test_the_citys_figures_are_the_commissions(month: Cast, client: Client, who: str) -> None:
    month.login(client, getattr(month, who))
    assert client.get("/dispatch/").status_code == 404
    assert client.get("/exports/cockpit-places/").status_code == 404


@pytest.mark.parametrize("part", ["places", "categories", "months"])
def test_each_part_goes_out_as_a_file(month: Cast, client: Client, part: str) -> None:
    answer: Any = month.login(client, month.commission).get(f"/exports/cockpit-{part}/?month=2026-10")
    assert answer.status_code == 200
    assert answer.getvalue()[:2] == b"PK"


def test_a_month_that_was_not_opened_says_so(month: Cast, client: Client) -> None:
    page = month.login(client, month.commission).get("/dispatch/?month=2026-01").content.decode()
    assert "It opens on" not in page
    assert "次月1日" in page
