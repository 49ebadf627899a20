"""Urgent and direct reports: at any time, to everyone concerned at that moment (M5.3, M6.3)."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from ningde_projects.notices.models import Notice
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken
from reports.forms.at_once import KEY, Place
from reports.models import Opinion, Problem, Report, Submission
from reports.models.reports import ReportKind
from reports.selectors.basis import carried_problems
from reports.services import receipts, reviewing
from reports.services.urgent import report_at_once
from tests.cast import Cast
from tests.reports.desk import HTMX, Desk
from tests.reports.desk import desk as desk
from tests.reports.pen import Pen
from tests.reports.story import november, opened, report_of

URL = "/reports/urgent/"


def typed(project: Any, kind: str = "urgent", **more: str) -> dict[str, Any]:
    values = {
        "category": "06", "occurred_on": "2026-11-20", "level": "leader", "unit_text": "三沙镇人民政府",
        "description": "K1+200 处路基滑塌，阻断便道 80 米", "request": "请立即组织抢险",
    } | more  # fmt: skip
    head = {
        "project": str(project.public_id),
        "kind": kind,
        "filler": "郑示安",
        "filler_phone": "0593-8812016",
    }
    return head | {"new": KEY, **{f"n-{KEY}-{name}": value for name, value in values.items()}}


@pytest.fixture
def open_desk(cast: Cast, desk: Desk) -> Desk:
    opened()
    return desk.at(november(20))  # no month is being reported


def sent(desk: Desk, cast: Cast, **more: Any) -> Report:
    response = desk.post(cast.owner_xp, URL, typed(cast.project_xp, **more))
    assert response.status_code == 302
    report: Report = Report.objects.exclude(kind="monthly").get()
    assert response["Location"] == f"/reports/{report.public_id}/"
    return report


def test_m5_3_one_button_delivers_to_bureau_department_commission_and_leaders_at_that_moment(
    cast: Cast, open_desk: Desk
) -> None:
    report = sent(open_desk, cast)
    problem = Problem.objects.get()
    assert (report.kind, report.status, problem.is_urgent) == ("urgent", "submitted", True)
    assert {r.organisation for r in report.receipts.all()} == {
        cast.bureau_xp.organisation, cast.department_xp.organisation, cast.commission.organisation
    }  # fmt: skip
    assert {r.delivered_at for r in report.receipts.all()} == {november(20)}
    told = {n.recipient for n in Notice.objects.filter(kind="report_urgent")}
    assert told >= {
        cast.bureau_xp, cast.department_xp, cast.commission, cast.government_xp, cast.direct_xp
    }  # fmt: skip
    assert cast.bureau_fa not in told
    assert Notice.objects.filter(kind="report_urgent", recipient=cast.government_xp).get().at == november(20)


def test_m5_3_the_page_shows_each_receivers_state_and_who_has_read_it(cast: Cast, open_desk: Desk) -> None:
    report = sent(open_desk, cast)
    path = f"/reports/{report.public_id}/"
    assert re.findall(r'data-receipt="(\w+)"', open_desk.text(cast.owner_xp, path)) == ["waiting"] * 3
    receipts.open_as(report, cast.actor(cast.commission, november(20, 10)), november(20, 10))
    Notice.objects.filter(recipient=cast.government_xp).update(read_at=november(20, 11))
    page = open_desk.text(cast.owner_xp, path)
    assert sorted(re.findall(r'data-receipt="(\w+)"', page)) == ["opened", "waiting", "waiting"]
    assert cast.government_xp.name in page
    assert "11-20 11:00" in page


def test_m6_3_a_direct_report_is_decided_by_the_commission_and_seen_by_bureau_and_department(
    cast: Cast, open_desk: Desk
) -> None:
    report = sent(open_desk, cast, kind="direct")
    assert report.receiver == cast.commission.organisation
    assert Problem.objects.get().is_direct
    for person in (cast.bureau_xp, cast.department_xp, cast.commission):
        assert "K1+200" in open_desk.text(person, f"/reports/{report.public_id}/")
    at = november(21)
    reviewing.accept(report, by=cast.actor(cast.commission, at), at=at)
    assert report.status == "accepted"


def test_a_municipal_projects_urgent_problem_lies_with_its_department_at_once(
    cast: Cast, open_desk: Desk
) -> None:
    response = open_desk.post(cast.owner_sj, URL, typed(cast.project_municipal))
    assert response.status_code == 302
    assert Opinion.objects.get().department == cast.muni_department2.organisation


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"project": ""}, "id_project"),
        ({"project": str(uuid.UUID(int=7))}, "id_project"),
        ({"kind": "monthly"}, "id_kind_0"),
        ({f"n-{KEY}-category": ""}, f"id_n-{KEY}-category"),
        ({f"n-{KEY}-description": ""}, f"id_n-{KEY}-description"),
        ({f"n-{KEY}-description": "字" * 501}, f"id_n-{KEY}-description"),
        ({f"n-{KEY}-unit_text": ""}, f"id_n-{KEY}-unit"),
        ({f"n-{KEY}-impact_amount": "-1"}, f"id_n-{KEY}-impact_amount"),
        ({"filler": ""}, "id_filler"),
        ({"filler_phone": ""}, "id_filler_phone"),
    ],
)
def test_an_error_names_its_field_keeps_what_was_typed_and_sends_nothing(
    cast: Cast, open_desk: Desk, change: dict[str, str], field: str
) -> None:
    response = open_desk.post(cast.owner_xp, URL, typed(cast.project_xp) | change)
    page = response.content.decode()
    assert response.status_code == 422
    assert f'<a href="#{field}">' in page
    assert "请立即组织抢险" in page
    assert not Report.objects.exclude(kind="monthly").exists()
    assert not Problem.objects.exists()
    assert not Notice.objects.filter(kind="report_urgent").exists()


def test_e4_another_owners_project_cannot_be_chosen_nor_reported_on(cast: Cast, open_desk: Desk) -> None:
    assert cast.canary("fa") not in open_desk.text(cast.owner_xp, URL)
    assert open_desk.post(cast.owner_xp, URL, typed(cast.project_fa)).status_code == 422
    raw = {k: v for k, v in typed(cast.project_fa).items() if k not in ("project", "kind")} | {"new": [KEY]}
    with pytest.raises(NotAllowed):
        report_at_once(
            Place(cast.project_fa, None), ReportKind.URGENT, raw,
            by=cast.actor(cast.owner_xp, november(20)), at=november(20),
        )  # fmt: skip
    assert not Report.objects.exclude(kind="monthly").exists()


@pytest.mark.parametrize("odd", [{"new": []}, {"new": [KEY, "0badcafe"]}, {"new": [KEY], "is_nil": "on"}])
def test_it_carries_exactly_one_problem_and_is_never_nil(
    cast: Cast, open_desk: Desk, odd: dict[str, Any]
) -> None:
    raw = {k: v for k, v in typed(cast.project_xp).items() if k not in ("project", "kind")}
    raw |= {k.replace(KEY, "0badcafe"): v for k, v in raw.items() if k.startswith("n-")} | odd
    place, owner = Place(cast.project_xp, None), cast.actor(cast.owner_xp, november(20))
    with pytest.raises(RuleBroken):
        report_at_once(place, ReportKind.URGENT, raw, by=owner, at=november(20))
    assert not Report.objects.exclude(kind="monthly").exists()


def test_the_same_form_sent_twice_is_one_report(cast: Cast, open_desk: Desk) -> None:
    data = typed(cast.project_xp) | {"idempotency_key": str(uuid.UUID(int=1))}
    client = open_desk.client(cast.owner_xp)
    first, second = client.post(URL, data), client.post(URL, data)
    assert first["Location"] == second["Location"]
    assert Report.objects.exclude(kind="monthly").count() == 1


def test_with_script_the_page_goes_on_by_itself(cast: Cast, open_desk: Desk) -> None:
    response = open_desk.post(cast.owner_xp, URL, typed(cast.project_xp), headers=HTMX)
    assert response.status_code == 204
    assert response["HX-Redirect"].startswith("/reports/")


def test_who_gets_it_is_said_when_the_project_is_chosen(cast: Cast, open_desk: Desk) -> None:
    path = f"{URL}receivers/?project={cast.project_xp.public_id}"
    page = open_desk.text(cast.owner_xp, path)
    for person in (cast.bureau_xp, cast.department_xp, cast.commission):
        assert person.name in page
    other = open_desk.text(cast.owner_xp, f"{URL}receivers/?project={cast.project_fa.public_id}")
    assert cast.bureau_fa.name not in other


def test_no_figures_are_asked_and_the_months_report_is_owed_as_before(cast: Cast, open_desk: Desk) -> None:
    report = sent(open_desk, cast)
    assert report.month_investment is None
    assert report_of(cast.project_xp).status == "todo"
    assert Submission.objects.get().problems[0]["answer"] == "new"


def test_the_problem_is_carried_into_the_report_of_its_month(cast: Cast, open_desk: Desk) -> None:
    report = sent(open_desk, cast)
    october = report_of(cast.project_xp)
    assert carried_problems(october) == []
    opened(report.month)
    assert carried_problems(report_of(cast.project_xp, report.month)) == [Problem.objects.get()]


def test_a_returned_urgent_report_is_corrected_and_sent_again(cast: Cast, open_desk: Desk) -> None:
    report = sent(open_desk, cast)
    at = november(21)
    reviewing.return_report(report, by=cast.actor(cast.bureau_xp, at), at=at, reason="请补充人员伤亡情况")
    pen = Pen(open_desk.at(at), cast.owner_xp)
    page = open_desk.text(cast.owner_xp, f"/reports/{report.public_id}/")
    assert "请补充人员伤亡情况" in page
    assert "K1+200" in page
    again = typed(cast.project_xp, description="K1+200 处路基滑塌，无人员伤亡")
    assert pen.save(report, again).status_code == 302
    assert pen.file(report, again | {f"n-{KEY}-request": ""}).status_code == 422
    assert pen.file(report, again, version=1).status_code == 409
    assert pen.file(report, again).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.submission_count) == ("submitted", 2)
    assert Problem.objects.get().description == "K1+200 处路基滑塌，无人员伤亡"
