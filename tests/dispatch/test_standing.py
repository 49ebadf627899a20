"""How key projects stand, judged month by month, and the page that says why (M8.2, settled points 9 and 10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dispatch.models import Standing, TierList
from dispatch.selectors import lag
from dispatch.services import standing
from ningde_projects.periods.month import Month
from ningde_projects.projects.models import NodeKind, PlanNode, Threshold
from reports.models import Report
from tests.cast import Cast
from tests.reports.many import many_reports
from tests.reports.story import OCTOBER, filed, november, opened

pytestmark = pytest.mark.django_db
AT = november(8)


def reported(project: Any, year: str, month: Month = OCTOBER, part: Any = None) -> None:
    """The month's figure of the year as it stands filed."""
    Report.objects.filter(project=project, month=month, part=part).update(
        submitted_at=november(5), first_submitted_at=november(5), year_cumulative=Decimal(year)
    )


def of(project: Any, month: Month = OCTOBER, part: Any = None) -> Standing:
    return Standing.objects.get(project=project, month=month, part=part)


def test_m8_2_a_project_beyond_ten_points_behind_is_red_and_says_why(cast: Cast) -> None:
    opened()
    # Plan 12,000; schedule of October 83.3 %.
    reported(cast.project_xp, "8700")  # 72.5 %: 10.8 points behind
    reported(cast.project_fa, "7200")  # 75.0 % of 9,600: 8.3 points behind
    reported(cast.project_municipal, "40000")  # 83.33 % of 48,000: on schedule to the last digit
    standing.assess(OCTOBER, AT)
    red, amber, green = of(cast.project_xp), of(cast.project_fa), of(cast.project_municipal)
    assert [s.light for s in (red, amber, green)] == ["r", "y", "g"]
    assert (red.lags, amber.lags, green.lags) == ("investment", "", "")
    assert "72.5" in red.reasons[0]
    assert "10.8" in red.reasons[0]
    assert (red.percent, red.annual_plan, red.year_cumulative) == (Decimal("72.5"), 12000, 8700)
    assert red.rule["amber_points"] == "10"
    assert (red.red_months, amber.red_months) == (1, 0)


def test_m8_2_a_node_missed_by_a_month_makes_it_red_whatever_the_figures_say(cast: Cast) -> None:
    opened()
    reported(cast.project_xp, "12000")
    late = PlanNode.objects.create(
        project=cast.project_xp, kind=NodeKind.COMPLETION, planned_on=date(2026, 9, 29)
    )
    PlanNode.objects.create(project=cast.project_fa, kind=NodeKind.START, planned_on=date(2026, 9, 30))
    standing.assess(OCTOBER, AT)
    assert (of(cast.project_xp).light, of(cast.project_xp).lags) == ("r", "completion")
    # Of the 30th: on the 31st of October a month and one day have gone by.
    assert of(cast.project_fa).lags == "start"
    # What was reached after the month's end was open at the month's end.
    PlanNode.objects.filter(pk=late.pk).update(reached_on=date(2026, 11, 3))
    standing.assess(OCTOBER, AT)
    assert of(cast.project_xp).lags == "completion"
    PlanNode.objects.filter(pk=late.pk).update(reached_on=date(2026, 10, 31))
    standing.assess(OCTOBER, AT)
    assert (of(cast.project_xp).light, of(cast.project_xp).lags) == ("g", "")


def test_m8_2_each_countys_part_is_judged_by_itself(cast: Cast) -> None:
    opened()
    xp, fa = cast.project_cross.parts.order_by("-is_lead")
    reported(cast.project_cross, "18000", part=xp)  # all of it
    reported(cast.project_cross, "6000", part=fa)  # half
    standing.assess(OCTOBER, AT)
    assert [of(cast.project_cross, part=part).light for part in (xp, fa)] == ["g", "r"]
    whole = of(cast.project_cross)
    assert (whole.annual_plan, whole.year_cumulative, whole.light) == (30000, 24000, "y")


def test_months_in_a_row_are_counted_and_a_better_month_ends_them(cast: Cast) -> None:
    for number, (month, year) in enumerate(
        [(Month(2026, 8), "2000"), (Month(2026, 9), "3000"), (OCTOBER, "4000")], 1
    ):
        opened(month)
        reported(cast.project_xp, year, month)
        standing.assess(month, AT)
        assert of(cast.project_xp, month).red_months == number
    reported(cast.project_xp, "12000")
    standing.assess(OCTOBER, AT)
    assert of(cast.project_xp).red_months == 0


def test_an_approved_list_keeps_the_standings_and_the_rule_it_was_made_with(cast: Cast) -> None:
    opened()
    reported(cast.project_xp, "8700")
    standing.assess(OCTOBER, AT)
    TierList.objects.create(month=OCTOBER, status="approved", begun_at=AT, approved_at=AT)
    Threshold.objects.create(key="amber_points", value=20, valid_from=Month(2026, 1), reason="放宽")
    reported(cast.project_xp, "12000")
    assert standing.assess(OCTOBER, november(20)) == 0
    kept = of(cast.project_xp)
    assert (kept.light, kept.rule["amber_points"], kept.judged_at) == ("r", "10", AT)


def test_a_threshold_of_a_later_month_does_not_change_the_judgement_of_this_one(cast: Cast) -> None:
    opened()
    reported(cast.project_xp, "8700")
    Threshold.objects.create(key="amber_points", value=20, valid_from=OCTOBER.next, reason="放宽")
    standing.assess(OCTOBER, AT)
    assert of(cast.project_xp).light == "r"


def test_the_tick_judges_anew_what_was_filed_since_and_nothing_else(cast: Cast) -> None:
    opened()
    assert standing.keep_fresh(november(2)) > 0  # the month's first look, before anybody filed
    assert of(cast.project_xp).light == "n"
    assert standing.keep_fresh(november(2, 10)) == 0
    filed(cast, cast.project_xp, cast.owner_xp, november(2, 11))
    assert standing.keep_fresh(november(2, 11, 1)) > 0
    assert of(cast.project_xp).light == "r"
    standing.keep_fresh(november(2, 11, 2))  # once more, for what was on its way at that moment
    assert standing.keep_fresh(november(2, 11, 30)) == 0
    assert standing.keep_fresh(november(3, 0, 1)) > 0  # once a day, for plans and nodes


def test_assessing_costs_as_many_queries_for_many_projects_as_for_few(cast: Cast) -> None:
    opened()
    with CaptureQueriesContext(connection) as few:
        standing.assess(OCTOBER, AT)
    many_reports(cast, 200)
    with CaptureQueriesContext(connection) as many:
        assert standing.assess(OCTOBER, AT) > 200
    assert len(many) == len(few)


# ---- the page --------------------------------------------------------------------------------------------------


@pytest.fixture
def judged(cast: Cast) -> Cast:
    opened()
    reported(cast.project_xp, "8700")
    reported(cast.project_fa, "9600")
    standing.assess(OCTOBER, AT)
    return cast


def test_m8_2_the_page_says_why_it_is_red(judged: Cast, client: Client) -> None:
    page = (
        judged.login(client, judged.commission).get("/dispatch/lag/?month=2026-10&light=r").content.decode()
    )
    assert judged.canary("xp") in page
    assert judged.canary("fa") not in page
    assert "落后10.8个百分点" in page or "10.8" in page
    assert "投资滞后" in page


def test_every_number_on_the_filters_counts_what_it_opens(judged: Cast) -> None:
    actor = judged.actor(judged.commission, AT)
    counts = lag.counts(actor, lag.LagFilters(OCTOBER))
    for light, number in counts.lights.items():
        assert lag.listed(actor, lag.LagFilters(OCTOBER, light=light)).count() == number
    assert counts.lights["r"] == counts.lags["investment"] == 1
    assert sum(counts.lights.values()) == counts.total == 4


def test_no_county_sees_how_another_countys_projects_stand(judged: Cast, client: Client) -> None:
    page = judged.login(client, judged.bureau_fa).get("/dispatch/lag/?month=2026-10").content.decode()
    assert judged.canary("xp") not in page
    assert judged.canary("fa") in page
    # Of the project across both counties Fu'an sees the whole and its own part, not Xiapu's.
    parts = Standing.objects.visible_to(judged.actor(judged.bureau_fa, AT)).filter(part__isnull=False)
    assert {row.part.place.code for row in parts} == {"FA"}


@pytest.mark.parametrize("who", ["admin_system", "admin_security", "admin_audit", "idle"])
def test_whoever_has_no_business_here_does_not_know_the_page(judged: Cast, client: Client, who: str) -> None:
    judged.login(client, getattr(judged, who))
    assert client.get("/dispatch/lag/").status_code == 404
    assert client.get("/exports/dispatch-lag/").status_code == 404


def test_the_file_holds_the_rows_of_the_page(judged: Cast, client: Client) -> None:
    answer = judged.login(client, judged.commission).get(
        "/exports/dispatch-lag/?month=2026-10&light=r&form=csv"
    )
    text = answer.getvalue().decode("utf-8-sig")
    assert judged.canary("xp") in text
    assert judged.canary("fa") not in text


def test_a_month_without_judgement_and_a_filter_without_result_say_so(judged: Cast, client: Client) -> None:
    judged.login(client, judged.commission)
    assert "尚未判定" in client.get("/dispatch/lag/?month=2026-01").content.decode()
    assert "没有符合条件的项目" in client.get("/dispatch/lag/?month=2026-10&q=无此项目").content.decode()


def test_the_page_asks_the_same_for_many_projects(judged: Cast, client: Client) -> None:
    judged.login(client, judged.commission)
    client.get("/dispatch/lag/?month=2026-10")
    with CaptureQueriesContext(connection) as few:
        client.get("/dispatch/lag/?month=2026-10")
    many_reports(judged, 120)
    standing.assess(OCTOBER, AT)
    with CaptureQueriesContext(connection) as many:
        assert client.get("/dispatch/lag/?month=2026-10").status_code == 200
    assert len(many) <= len(few) <= 18
