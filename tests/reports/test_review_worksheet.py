"""The receiver's worksheet: groups, filters, what it shows and what it keeps to itself (M5.4, M6.1)."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.http import QueryDict

from ningde_projects.projects.rules import Light, completion_percent, light_of
from ningde_projects.projects.selectors import Thresholds
from reports.models import Report
from reports.selectors import review as read
from reports.selectors.review_rows import state_of
from reports.services import filing, reviewing
from reports.workflow import ReportStatus
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reports.many import many_reports
from tests.reports.story import OCTOBER, figures, filed, november, opened, problem, report_of
from tests.reports.walks import report_in

LIST, MATRIX = "/review/?month=2026-10", "/review/?month=2026-10&view=matrix"


def _filters(text: str) -> read.Filters:
    return read.Filters.read(QueryDict(text))


@pytest.mark.parametrize("status", ReportStatus.values)
def test_m5_4_every_state_of_a_report_stands_in_exactly_one_group(cast: Cast, status: str) -> None:
    report = report_in(cast, status)
    groups = [
        state for state, rule in read.STATES.items() if Report.objects.filter(rule, pk=report.pk).exists()
    ]
    assert groups == [state_of(report)]


def test_a_report_taken_up_again_for_correction_waits_among_the_returned(cast: Cast) -> None:
    report = report_in(cast, "accepted")
    filing.revise(report, by=cast.actor(cast.owner_xp, november(9)), at=november(9), reason="数字填错")
    assert state_of(report) == "returned"
    assert Report.objects.filter(read.STATES["returned"], pk=report.pk).exists()


@pytest.mark.parametrize(
    "year", ["833.33", "833.34", "833.32", "733.33", "733.34", "733.32", "0", "1200", None]
)
def test_the_lights_filter_judges_as_the_rule_does(cast: Cast, year: str | None) -> None:
    opened()
    report = report_of(cast.project_xp)
    amount = None if year is None else Decimal(year)
    Report.objects.filter(pk=report.pk).update(
        submitted_at=november(5), annual_plan=1000, year_cumulative=amount, month_investment=0
    )
    thresholds = Thresholds(OCTOBER)
    rule = light_of(completion_percent(amount, Decimal(1000)), OCTOBER, thresholds["amber_points"])
    lights = read.LightRule.of(OCTOBER, thresholds)
    found = [
        light
        for light in read.LIGHTS
        if Report.objects.filter(lights.condition(light), pk=report.pk).exists()
    ]
    assert found == [rule.value]


def test_a_recalled_report_has_no_light_and_shows_no_figure(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5), progress="鹭江二号墩身完成 17 米")
    filing.recall(report, by=cast.actor(cast.owner_xp, november(5, 10)), at=november(5, 10))
    lights = read.LightRule.of(OCTOBER, Thresholds(OCTOBER))
    assert Report.objects.filter(lights.condition(Light.NONE.value), pk=report.pk).exists()
    page = desk.text(cast.bureau_xp, LIST)
    assert "霞浦滨海产业园" in page
    # As a figure of its own: the random keys in forms and addresses may hold these digits too.
    assert not re.search(r"(?<![\w-])420(?![\w-])", page)
    pane = desk.text(cast.bureau_xp, f"/review/{report.public_id}/")
    assert "鹭江二号" not in pane
    assert "15,890" not in pane


def test_the_chips_count_the_groups_and_done_ones_fold_away(cast: Cast, desk: Desk) -> None:
    many_reports(cast, 8)
    opened()
    page = desk.get(cast.bureau_xp, LIST)
    chips = {chip.label: chip.count for chip in page.context["chips"]}
    due = Report.objects.monthly(OCTOBER).filter(receiver=cast.bureau_xp.organisation).count()
    assert chips == {"待审核": 2, "已退回": 2, "未报": 2 + 2, "已签收": 2, "全部": due}
    assert [group.state for group in page.context["groups"] if not group.rows] == ["accepted"]
    opened_page = desk.get(cast.bureau_xp, f"{LIST}&open=accepted")
    assert all(group.rows for group in opened_page.context["groups"])


def test_an_exempt_report_gets_its_own_chip_and_counts_as_neither_due_nor_missing(
    cast: Cast, desk: Desk
) -> None:
    report = report_in(cast, "exempt")
    page = desk.get(cast.bureau_xp, LIST)
    assert ("免报", 1) in [(chip.label, chip.count) for chip in page.context["chips"]]
    assert page.context["counted"].due == 1
    assert "停工经批准" in desk.text(cast.bureau_xp, f"{LIST}&status=exempt")
    assert report.status == "exempt"


@pytest.mark.parametrize(
    ("filters", "shown"),
    [("level=provincial", True), ("level=municipal", False), ("problems=with", True), ("problems=nil", False),
     ("q=滨海", True), ("q=不存在", False), ("light=r", True), ("light=g", False), ("status=accepted", False),
     ("status=nonsense", True), ("level=%00", True)],
)  # fmt: skip
def test_filters_live_in_the_address_and_nonsense_is_left_out(
    cast: Cast, desk: Desk, filters: str, shown: bool
) -> None:
    filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem())
    rows = desk.get(cast.bureau_xp, f"{LIST}&{filters}").context["rows"]
    assert any(row.report.project == cast.project_xp for row in rows) is shown


def test_the_order_of_work_is_by_group_and_the_longest_waiting_first(cast: Cast, desk: Desk) -> None:
    many_reports(cast, 12)
    rows = desk.get(cast.bureau_xp, LIST).context["rows"]
    states = [row.state for row in rows]
    assert states == sorted(states, key=list(read.STATES).index)
    moments = [row.report.submitted_at for row in rows if row.state == "submitted"]
    assert moments == sorted(moments)
    largest = desk.get(cast.bureau_xp, f"{LIST}&status=submitted&sort=-rate").context["rows"]
    rates = [row.percent for row in largest]
    assert rates == sorted(rates, reverse=True)


def test_a_failed_check_is_marked_in_the_list(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    Report.objects.filter(pk=report.pk).update(
        year_cumulative=420, month_investment=420, total_cumulative=100
    )
    row = next(r for r in desk.get(cast.bureau_xp, LIST).context["rows"] if r.report.pk == report.pk)
    assert row.failed


def test_overdue_days_and_chases_stand_beside_a_missing_report(cast: Cast, desk: Desk) -> None:
    opened()
    report = report_of(cast.project_xp)
    reviewing.chase([report], by=cast.actor(cast.bureau_xp, november(8)), at=november(8))
    desk.at(november(9))
    row = next(r for r in desk.get(cast.bureau_xp, LIST).context["rows"] if r.report.pk == report.pk)
    assert (row.overdue, row.chases, row.chip[0]) == (2, 1, "overdue")
    assert row.chased_at == november(8)


def test_a_month_that_is_not_open_says_when_it_will_be(cast: Cast, desk: Desk) -> None:
    opened()
    page = desk.text(cast.bureau_xp, "/review/?month=2026-12")
    assert "1月1日" in page
    assert 'data-empty="early"' in page


def test_the_matrix_shows_each_steps_date_and_its_cells_open_the_acts(cast: Cast, desk: Desk) -> None:
    report = report_in(cast, "returned")
    page = desk.get(cast.bureau_xp, MATRIX)
    cells = {c.step: c for c in page.context["matrix"].rows[0].cells}
    assert (cells["accept"].look, cells["file"].look, cells["forward"].look) == ("bk", "ok", "no")
    acts = desk.text(cast.bureau_xp, f"/review/{report.public_id}/steps/accept/")
    assert "请写明桩号" in acts
    assert "黄文澜" in acts
    assert desk.get(cast.bureau_xp, f"/review/{report.public_id}/steps/nonsense/").status_code == 404


def test_the_commission_reads_its_own_municipal_managed_reports_and_no_countys(
    cast: Cast, desk: Desk
) -> None:
    filed(cast, cast.project_municipal, cast.owner_sj, november(5))
    rows = desk.get(cast.commission, LIST).context["rows"]
    assert [row.report.project for row in rows] == [cast.project_municipal]
    matrix = desk.get(cast.commission, MATRIX).context["matrix"]
    assert matrix.steps == ("fill", "file", "industry", "accept")


@pytest.mark.parametrize(
    ("role", "status"),
    [("bureau_xp", 200), ("viewer_xp", 200), ("commission", 200), ("owner_xp", 403), ("department_xp", 403),
     ("government_xp", 403), ("idle", 403), ("statistics", 403)],
)  # fmt: skip
def test_the_worksheet_is_for_those_who_receive_reports(
    cast: Cast, desk: Desk, role: str, status: int
) -> None:
    opened()
    assert desk.get(cast.people[role], LIST).status_code == status


def test_who_only_reads_along_finds_no_buttons(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    page = desk.text(cast.viewer_xp, LIST)
    assert 'name="report"' not in page
    assert "/chase/" not in page
    pane = desk.text(cast.viewer_xp, f"/review/{report.public_id}/")
    assert 'form="accept-form"' not in pane
    report.refresh_from_db()
    assert report.opened_at is None


def test_the_export_holds_the_rows_of_the_screen_and_says_its_filters(cast: Cast, desk: Desk) -> None:
    filed(cast, cast.project_xp, cast.owner_xp, november(5))
    response = desk.get(cast.bureau_xp, "/review/export.csv?month=2026-10&status=submitted")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "霞浦滨海产业园" in text
    assert "霞浦至福安公路" not in text
    assert desk.get(cast.bureau_xp, "/review/export.pdf").status_code == 404


def test_what_a_recalled_report_said_is_not_exported(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5), **figures("431.07", "5290", "15890"))
    filing.recall(report, by=cast.actor(cast.owner_xp, november(5, 10)), at=november(5, 10))
    response = desk.get(cast.bureau_xp, "/review/export.csv?month=2026-10")
    assert "431.07" not in b"".join(response.streaming_content).decode("utf-8-sig")


def test_when_every_report_is_accepted_their_group_stands_open(cast: Cast, desk: Desk) -> None:
    opened()
    many_reports(cast, 4)
    Report.objects.filter(month=OCTOBER).update(status=ReportStatus.ACCEPTED)
    own = read.base(cast.actor(cast.bureau_xp, november(9)), OCTOBER)
    page = desk.get(cast.bureau_xp, LIST)
    (group,) = page.context["groups"]
    assert (group.state, len(group.rows)) == ("accepted", own.count())
    # As soon as another group has something to do, what is done folds away again.
    Report.objects.filter(pk=own.latest("pk").pk).update(status=ReportStatus.SUBMITTED)
    folded = {g.state: len(g.rows) for g in desk.get(cast.bureau_xp, LIST).context["groups"]}
    assert folded == {"submitted": 1, "accepted": 0}
