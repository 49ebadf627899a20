"""The leader's page: projects, problems, clocks, duties and decisions on one page (M4.3, M4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hookups import cards
from hookups.selectors.leading import leading
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Delegation
from ningde_projects.projects.models import Post, Project, Responsible
from reports.models import Problem
from reports.services import filing
from tests.cast import Cast
from tests.hookups.meeting_story import decided, recorded
from tests.reports.story import figures, november, opened, problem, report_of

AT = november(12)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def with_problem(cast: Cast, at: datetime) -> Problem:
    opened()
    report = report_of(cast.project_xp)
    filing.submit(report, figures(**problem()), by=cast.actor(cast.owner_xp, at), at=at)
    return Problem.objects.get()


def home_of(cast: Cast, client: Client, role: str) -> str:
    cast.login(client, cast.people[role])
    return str(client.get("/")["Location"])


def test_m4_3_a_leader_sees_projects_problems_clocks_and_duties_on_one_page(
    cast: Cast, client: Client
) -> None:
    found = with_problem(cast, november(5))
    recorded(
        cast,
        at=november(4),
        decisions=[decided(cast.government_xp.organisation, date(2026, 11, 10), text="协调资金")],
    )
    cast.login(client, cast.government_xp)
    page = client.get("/hookups/leading/").content.decode()
    assert cast.project_xp.name in page
    assert cast.canary("fa") not in page
    assert "滞后" in page, "5,290 of 12,000 in October is behind schedule"
    assert "5,290" in page
    assert found.number in page
    assert "2026年11月 调度会" in page, "the month that runs has no meeting yet"
    assert "/hookups/meetings/new/?kind=dispatch&amp;chair=me" in page
    assert "协调资金" in page
    assert "逾期" in page


def test_m4_3_the_figures_open_the_lists_behind_them(cast: Cast) -> None:
    with_problem(cast, november(5))
    view = leading(cast.actor(cast.government_xp, AT), AT)
    (row,) = view.rows
    assert row.progress is not None
    assert (row.progress.year_total, row.progress.plan, row.progress.light) == (
        Decimal(5290), Decimal(12000), "r",
    )  # fmt: skip
    assert row.problems is not None
    assert (row.problems.count, row.problems.url.startswith("/problems/?q=")) == (1, True)
    assert [(d.kind, d.done, d.total) for d in view.duties] == [("dispatch", 0, 1)]


def test_m4_1_the_clock_of_three_working_days_is_shown_to_both_and_lies_with_one(cast: Cast) -> None:
    with_problem(cast, november(5))  # a Thursday; due after Tuesday the 10th
    day = november(6)
    direct, leader = (leading(cast.actor(u, day), day).clocks for u in (cast.direct_xp, cast.government_xp))
    assert [(c.is_mine, c.is_overdue) for c in direct] == [(True, False)]
    assert [(c.is_mine, c.is_overdue) for c in leader] == [(False, False)]
    assert leader[0].due == direct[0].due
    assert cast.direct_xp.name in leader[0].holder
    late = leading(cast.actor(cast.government_xp, AT), AT)
    assert late.overdue_clocks == 1


def test_m4_3_a_departments_leader_sees_the_quarters_session(cast: Cast, client: Client) -> None:
    view = leading(cast.actor(cast.muni_signer, AT), AT)
    assert [(d.kind, d.period, d.missing) for d in view.duties] == [("on_site", "2026Q4", 1)]
    assert view.meets == "on_site"
    cast.login(client, cast.muni_signer)
    page = client.get("/hookups/leading/").content.decode()
    assert "2026年第4季度 现场办公" in page
    assert "本季现场办公" in page


def test_m4_3_whoever_acts_for_a_leader_sees_his_page(cast: Cast) -> None:
    Delegation.objects.create(
        principal=cast.government_xp, delegate=cast.viewer_xp, duty=Duty.LEAD,
        organisation=cast.government_xp.organisation, valid_from=november(1), valid_to=november(30), reason="出差",
        created_by=cast.government_xp, created_at=november(1),
    )  # fmt: skip
    view = leading(cast.actor(cast.viewer_xp, AT), AT)
    assert [row.project for row in view.rows] == [cast.project_xp]
    assert view.duties[0].total == 1


def test_m4_3_the_page_is_the_home_of_those_without_another_desk(cast: Cast, client: Client) -> None:
    page = "/hookups/leading/"
    assert home_of(cast, client, "muni_signer") == page
    assert home_of(cast, client, "direct_xp") == page
    assert home_of(cast, client, "government_xp") == "/approvals/"
    assert home_of(cast, client, "muni_department") == "/opinions/"
    assert home_of(cast, client, "bureau_head_xp") == "/review/"
    assert home_of(cast, client, "commission_head").startswith("/month/")


@pytest.mark.parametrize("role", ["owner_xp", "bureau_xp", "statistics", "viewer_xp"])
def test_who_leads_nothing_is_told_whose_page_it_is(cast: Cast, client: Client, role: str) -> None:
    cast.login(client, cast.people[role])
    assert client.get("/hookups/leading/").status_code == 403


def test_an_empty_page_says_when_projects_come(cast: Cast, client: Client) -> None:
    cast.login(client, cast.government2_xp)
    page = client.get("/hookups/leading/").content.decode()
    assert "目前没有你负责的项目" in page


def test_the_page_asks_the_same_number_of_queries_for_one_and_for_fifty_projects(
    cast: Cast, client: Client
) -> None:
    with_problem(cast, november(5))
    cast.login(client, cast.government_xp)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/hookups/leading/").status_code == 200
        return len(seen)

    asked()
    few = asked()
    more = Project.objects.bulk_create(
        Project(name=f"霞浦项目{n}", place=cast.project_xp.place, owner=cast.project_xp.owner, stage="under_way",
                level="municipal", municipal_department=cast.project_xp.municipal_department)
        for n in range(50)
    )  # fmt: skip
    Responsible.objects.bulk_create(
        Responsible(project=p, post=Post.COUNTY_LEADER, user=cast.government_xp, valid_from=date(2025, 1, 1))
        for p in more
    )
    assert asked() == few
    assert few < 70


def test_without_registrations_the_cards_are_empty(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    for name in ("_progress", "_problems", "_clocks", "_concerns"):
        monkeypatch.setattr(cards, name, [])
    view = leading(cast.actor(cast.government_xp, AT), AT)
    assert [(row.progress, row.problems) for row in view.rows] == [(None, None)]
    assert view.clocks == []
    assert cards.concerned(1) == set()
