"""The industry department's check, the question put to it, urgent and direct reports (M5.2, M5.3, M6.2, M6.3)."""

from __future__ import annotations

import pytest

from ningde_projects.notices.models import Notice
from ningde_projects.notices.todo import todo_for
from ningde_projects.organizations.models import User
from reports.forms.at_once import Place
from reports.models import Problem, Report
from reports.models.reports import ReportKind
from reports.selectors import review_industry as read
from reports.services.urgent import report_at_once
from tests.cast import Cast
from tests.reports.desk import DIALOG, PANE, Desk, words_of
from tests.reports.desk import desk as desk
from tests.reports.story import OCTOBER, filed, november, opened, problem, report_of

LIST = "/review/industry/?month=2026-10"


@pytest.fixture
def report(cast: Cast, desk: Desk) -> Report:
    return filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem(level="department"))


def _states(desk: Desk, user: User) -> dict[str, str]:
    return {row.report.project.name: row.state for row in desk.get(user, LIST).context["rows"]}


def _url(report: Report, act: str) -> str:
    return f"/review/{report.public_id}/{act}/"


def test_m5_2_the_department_finds_the_reports_of_its_projects_and_no_others(
    cast: Cast, desk: Desk, report: Report
) -> None:
    filed(cast, cast.project_fa, cast.owner_fa, november(6))
    assert _states(desk, cast.department_xp) == {cast.project_xp.name: "waiting"}
    assert _states(desk, cast.department_fa) == {cast.project_fa.name: "waiting"}
    assert list(_states(desk, cast.department2_xp).values()) == ["missing"]


def test_confirming_and_querying_move_the_report_between_the_groups(
    cast: Cast, desk: Desk, report: Report
) -> None:
    assert desk.post(cast.department_xp, _url(report, "confirm")).status_code == 302
    assert _states(desk, cast.department_xp)[cast.project_xp.name] == "confirmed"
    bare = desk.post(cast.department_xp, _url(report, "query"), headers=DIALOG)
    assert bare.status_code == 422
    asked = desk.post(
        cast.department_xp, _url(report, "query"), {"reason": "完成量与监理月报不符"}, headers=DIALOG
    )
    assert asked.status_code == 204
    assert _states(desk, cast.department_xp)[cast.project_xp.name] == "queried"
    assert "完成量与监理月报不符" in desk.text(cast.bureau_xp, f"/review/{report.public_id}/", headers=PANE)
    assert Notice.objects.filter(recipient=cast.bureau_xp, kind="receipt_queried").exists()


def test_the_bureau_has_the_department_verify_and_sees_the_answer(
    cast: Cast, desk: Desk, report: Report
) -> None:
    desk.post(cast.department_xp, _url(report, "confirm"))
    data = {"reason": "请核实 K2+140 完成量"}
    assert desk.post(cast.bureau_xp, _url(report, "ask"), data, headers=DIALOG).status_code == 204
    receipt = report.receipts.get(decides=False)
    assert (receipt.status, receipt.confirmed_at, receipt.note) == ("waiting", None, "请核实 K2+140 完成量")
    assert Notice.objects.filter(recipient=cast.department_xp, kind="receipt_asked").exists()
    assert "请核实 K2+140 完成量" in desk.text(cast.department_xp, LIST)
    todo = todo_for(cast.actor(cast.department_xp, desk.now), desk.now)
    assert [i.detail for g in todo if g.key == "industry" for i in g.items] == ["请核实 K2+140 完成量"]
    desk.post(cast.department_xp, _url(report, "confirm"))
    receipt.refresh_from_db()
    assert receipt.status == "confirmed"


def test_the_question_needs_words_and_a_department(cast: Cast, desk: Desk, report: Report) -> None:
    assert desk.post(cast.bureau_xp, _url(report, "ask"), headers=DIALOG).status_code == 422
    report.receipts.filter(decides=False).delete()
    refused = desk.post(cast.bureau_xp, _url(report, "ask"), {"reason": "请核实"})
    assert refused.status_code == 409


def test_m6_2_the_department_sees_which_problems_can_go_up_and_how_many_went(
    cast: Cast, desk: Desk, report: Report
) -> None:
    raised = Problem.objects.get()
    pane = desk.text(cast.department_xp, f"/review/{report.public_id}/", headers=PANE)
    assert f"/passing/{raised.public_id}/" in pane
    department = cast.muni_department.organisation
    data = {"department": str(department.public_id), "note": "县级已会商"}
    desk.post(cast.department_xp, f"/passing/{raised.public_id}/?month=2026-10", data)
    row = desk.get(cast.department_xp, LIST).context["rows"][0]
    assert row.passed == 1
    assert f"/passing/{raised.public_id}/" not in desk.text(
        cast.bureau_xp, f"/review/{report.public_id}/", headers=PANE
    )


@pytest.mark.parametrize("role", ["bureau_xp", "owner_xp", "government_xp", "direct_xp", "idle"])
def test_the_industry_worksheet_is_for_departments(cast: Cast, desk: Desk, role: str) -> None:
    opened()
    response = desk.get(cast.people[role], LIST)
    assert response.status_code == 403
    assert "行业" in words_of(response)


def test_the_count_of_the_menu_is_that_of_the_list(cast: Cast, desk: Desk, report: Report) -> None:
    actor = cast.actor(cast.department_xp, desk.now)
    assert read.waiting(actor, OCTOBER).count() == 1
    assert read.waiting(cast.actor(cast.bureau_xp, desk.now), OCTOBER).count() == 0


# ---- outside of the month --------------------------------------------------------------------------------------


def _at_once(cast: Cast, kind: ReportKind) -> Report:
    opened()
    at = november(7)
    return report_at_once(
        Place(cast.project_xp, None),
        kind,
        problem() | {"filler": "郑示安", "filler_phone": "10000000000"},
        by=cast.actor(cast.owner_xp, at),
        at=at,
    )


def test_m5_3_an_urgent_report_stands_before_everything_else_until_it_is_signed(
    cast: Cast, desk: Desk
) -> None:
    report = _at_once(cast, ReportKind.URGENT)
    for role in ("bureau_xp", "commission"):
        page = desk.text(cast.people[role], "/review/?month=2026-10")
        assert f"/review/{report.public_id}/" in page
        groups = todo_for(cast.actor(cast.people[role], desk.now), desk.now)
        assert groups[0].key == "urgent"
    assert desk.post(cast.bureau_xp, _url(report, "accept"), {"version": report.version}).status_code == 302
    assert desk.post(cast.commission, _url(report, "sign")).status_code == 302
    assert set(
        report.receipts.exclude(organisation=cast.department_xp.organisation).values_list("status", flat=True)
    ) == {"confirmed"}
    assert f"/review/{report.public_id}/" not in desk.text(cast.bureau_xp, "/review/?month=2026-10")


def test_m6_3_a_direct_report_is_decided_by_the_commission_and_signed_by_the_bureau(
    cast: Cast, desk: Desk
) -> None:
    report = _at_once(cast, ReportKind.DIRECT)
    assert desk.post(cast.bureau_xp, _url(report, "accept"), {"version": report.version}).status_code == 403
    assert desk.post(cast.bureau_xp, _url(report, "sign")).status_code == 302
    assert desk.post(cast.bureau_xp, _url(report, "sign")).status_code == 409
    assert desk.post(cast.commission, _url(report, "accept"), {"version": report.version}).status_code == 302


def test_a_monthly_report_is_accepted_not_signed(cast: Cast, desk: Desk, report: Report) -> None:
    assert desk.post(cast.bureau_xp, _url(report, "sign")).status_code == 409
    assert report_of(cast.project_xp).status == "submitted"
