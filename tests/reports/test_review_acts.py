"""What a receiver does with a report on the pages: read, accept, return, exempt, chase, ask (M5.4)."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from ningde_projects.notices.models import Notice
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import WrongState
from reports.models import Report
from reports.services import filing
from tests.cast import Cast
from tests.reports.desk import DIALOG, PANE, Desk, words_of
from tests.reports.desk import desk as desk
from tests.reports.story import figures, filed, november, opened, problem, report_of

REASON = "请写明桩号、完成量"


@pytest.fixture
def report(cast: Cast, desk: Desk) -> Report:
    return filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem())


def _url(report: Report, act: str = "") -> str:
    return f"/review/{report.public_id}/" + (f"{act}/" if act else "")


def _returning(**more: Any) -> dict[str, Any]:
    return {
        "reasons": ["problem"],
        "text": REASON,
        "points": ["progress"],
        "refile_by": "2026-11-09T12:00",
    } | more


# ---- reading ---------------------------------------------------------------------------------------------------


def test_looking_at_a_filed_report_opens_it_and_it_cannot_be_recalled(
    cast: Cast, desk: Desk, report: Report
) -> None:
    desk.text(cast.bureau_xp, _url(report), headers=PANE)
    report.refresh_from_db()
    assert report.opened_at == desk.now
    assert report.receipts.get(decides=True).status == "opened"
    with pytest.raises(WrongState):
        filing.recall(report, by=cast.actor(cast.owner_xp, desk.now), at=desk.now)


def test_pane_and_page_say_the_same_and_the_pane_is_only_a_part(
    cast: Cast, desk: Desk, report: Report
) -> None:
    pane, page = (
        desk.text(cast.bureau_xp, _url(report), headers=PANE),
        desk.text(cast.bureau_xp, _url(report)),
    )
    assert "<html" in page
    assert "<html" not in pane
    for words in ("本年累计", "15,890", "路基全部完成", "管线迁改方案未定", "霞浦县工信局"):
        assert words in pane, words
        assert words in page, words


def test_both_receivers_states_are_seen_by_both(cast: Cast, desk: Desk, report: Report) -> None:
    desk.post(cast.department_xp, _url(report, "confirm"))
    pane = desk.text(cast.bureau_xp, _url(report), headers=PANE)
    assert "许砚秋" in pane
    assert "黄文澜" in desk.text(cast.department_xp, _url(report), headers=PANE)


def test_point_7_a_report_filed_again_is_marked_against_the_filing_before(
    cast: Cast, desk: Desk, report: Report
) -> None:
    desk.post(cast.bureau_xp, _url(report, "return"), _returning())
    values = (
        figures(month="430", year="5290", total="15890", progress="K0+000—K2+260 路基全部完成，占 56%")
        | problem()
    )
    filing.submit(report, values, by=cast.actor(cast.owner_xp, november(8, 15)), at=november(8, 15))
    desk.at(november(9))
    pane = desk.text(cast.bureau_xp, _url(report), headers=PANE)
    assert "<del" in pane
    assert "K2+260" in pane
    assert ">420</del>" in pane.replace("\n", "")
    assert [c.result for c in desk.get(cast.bureau_xp, _url(report)).context["reading"].checks][:2] == [
        "fail",
        "pass",
    ]


@pytest.mark.parametrize(
    ("role", "status"),
    [("bureau_xp", 200), ("bureau_fa", 404), ("department_xp", 200), ("department2_xp", 404), ("commission", 200),
     ("owner_xp", 403), ("owner_fa", 404), ("government_xp", 403), ("idle", 404)],
)  # fmt: skip
def test_the_page_is_for_receivers_hidden_from_others_and_not_the_owners(
    cast: Cast, desk: Desk, report: Report, role: str, status: int
) -> None:
    assert desk.get(cast.people[role], _url(report)).status_code == status


def test_the_countys_opinion_is_the_countys_alone(cast: Cast, desk: Desk, report: Report) -> None:
    desk.post(cast.bureau_xp, _url(report, "opinion"), {"opinion": "县级已会商三次", "opinion_before": ""})
    assert "县级已会商三次" in desk.text(cast.bureau2_xp, _url(report), headers=PANE)
    for role in ("department_xp", "commission"):
        assert "县级已会商三次" not in desk.text(cast.people[role], _url(report), headers=PANE)


# ---- accepting -------------------------------------------------------------------------------------------------


def test_accepting_in_the_pane_keeps_the_opinion_and_asks_for_the_next_row(
    cast: Cast, desk: Desk, report: Report
) -> None:
    data = {"version": report.version, "opinion": "县自然资源局已组卷", "opinion_before": ""}
    response = desk.post(cast.bureau_xp, _url(report, "accept"), data, headers=PANE)
    assert response.status_code == 200
    assert response["HX-Trigger-After-Swap"] == "nd:next"
    assert f'id="state-{report.public_id}" hx-swap-oob="true"' in words_of(response)
    for said in ('<b id="chip-submitted" hx-swap-oob="true">0</b>', '<b id="chip-accepted" hx-swap-oob="true">1</b>',
                 '<span id="group-accepted" hx-swap-oob="innerHTML">1</span>', 'id="period-bar" hx-swap-oob="true"',
                 '''hx-swap-oob="outerHTML:[data-nav='review']"'''):  # fmt: skip
        assert said in words_of(response)
    report.refresh_from_db()
    assert (report.status, report.county_opinion) == ("accepted", "县自然资源局已组卷")


def test_accepting_without_script_leads_to_the_next_waiting_report(
    cast: Cast, desk: Desk, report: Report
) -> None:
    lead = cast.project_cross.parts.get(place__code="XP")
    other = report_of(cast.project_cross, part=lead)
    filing.submit(other, figures(), by=cast.actor(cast.owner_xp, november(6)), at=november(6))
    response = desk.post(cast.bureau_xp, _url(report, "accept"), {"version": report.version, "next": "1"})
    assert response["Location"].startswith(_url(other))
    last = desk.post(cast.bureau_xp, _url(other, "accept"), {"version": other.version, "next": "1"})
    assert last["Location"].startswith("/review/?")


def test_of_two_reviewers_at_once_one_wins_and_the_other_is_told(
    cast: Cast, desk: Desk, report: Report
) -> None:
    shown = {"version": report.version, "opinion": "第二个人写的意见", "opinion_before": ""}
    assert desk.post(cast.bureau_xp, _url(report, "accept"), {"version": report.version}).status_code == 302
    late = desk.post(
        cast.bureau2_xp, _url(report, "return"), _returning(version=report.version), headers=DIALOG
    )
    assert late.status_code == 409
    again = desk.post(cast.bureau2_xp, _url(report, "accept"), shown, headers=PANE)
    assert again.status_code == 409
    assert again["X-Shell-Error"] == "1"
    report.refresh_from_db()
    assert report.status == "accepted"
    assert Act.objects.filter(machine="report", name__in=["accept", "return"]).count() == 1


def test_a_colleagues_opinion_is_not_overwritten_unseen(cast: Cast, desk: Desk, report: Report) -> None:
    desk.post(cast.bureau_xp, _url(report, "opinion"), {"opinion": "甲的意见", "opinion_before": ""})
    late = desk.post(cast.bureau2_xp, _url(report, "opinion"), {"opinion": "乙的意见", "opinion_before": ""})
    assert late.status_code == 409
    assert "乙的意见" in words_of(late)
    report.refresh_from_db()
    assert report.county_opinion == "甲的意见"


def test_the_same_button_twice_is_one_act(cast: Cast, desk: Desk, report: Report) -> None:
    data = {"version": report.version, "idempotency_key": str(uuid4())}
    client = desk.client(cast.bureau_xp)
    first, second = (client.post(_url(report, "accept"), data) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert second["X-Repeated"] == "1"
    assert Act.objects.filter(machine="report", name="accept").count() == 1


def test_a_report_with_a_failed_check_is_not_accepted_and_the_opinion_stays(
    cast: Cast, desk: Desk, report: Report
) -> None:
    Report.objects.filter(pk=report.pk).update(total_cumulative=100, year_cumulative=420)
    data = {"version": report.version, "opinion": "先写下的意见", "opinion_before": ""}
    response = desk.post(cast.bureau_xp, _url(report, "accept"), data)
    assert response.status_code == 422
    report.refresh_from_db()
    assert (report.status, report.county_opinion) == ("submitted", "先写下的意见")


# ---- returning -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["reasons", "text", "refile_by"])
def test_a_return_demands_reason_words_and_day_and_keeps_what_was_typed(
    cast: Cast, desk: Desk, report: Report, missing: str
) -> None:
    data = _returning()
    del data[missing]
    response = desk.post(cast.bureau_xp, _url(report, "return"), data, headers=DIALOG)
    assert response.status_code == 422
    if missing != "text":
        assert REASON in words_of(response)
    report.refresh_from_db()
    assert (report.status, report.return_count) == ("submitted", 0)


@pytest.mark.parametrize("day", ["2026-11-08T08:59", "2027-02-01T12:00", "31.11.", "2026-11-31T12:00"])
def test_the_day_of_filing_again_is_ahead_and_within_a_month(
    cast: Cast, desk: Desk, report: Report, day: str
) -> None:
    response = desk.post(cast.bureau_xp, _url(report, "return"), _returning(refile_by=day), headers=DIALOG)
    assert response.status_code == 422
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_return_names_the_fields_the_day_and_reaches_the_owner(
    cast: Cast, desk: Desk, report: Report
) -> None:
    raised = report.statements.get().problem
    dialog = desk.text(cast.bureau_xp, _url(report, "return"), headers=DIALOG)
    assert "退回业主" in dialog
    assert "管线迁改方案未定" in dialog
    data = _returning(points=["progress", str(raised.public_id)])
    response = desk.post(cast.bureau_xp, _url(report, "return"), data, headers=DIALOG)
    assert response.status_code == 204
    report.refresh_from_db()
    assert report.return_fields == ["problem", "progress", str(raised.public_id)]
    assert REASON in report.return_reason
    assert report.refile_by == november(9, 12)
    assert Notice.objects.filter(recipient=cast.owner_xp, kind="report_returned").exists()


# ---- in bulk ---------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(cast: Cast, desk: Desk, report: Report) -> dict[str, Report]:
    """One awaiting review, one not filed; both of the Xiapu bureau."""
    lead = cast.project_cross.parts.get(place__code="XP")
    return {"submitted": report, "missing": report_of(cast.project_cross, part=lead)}


def test_a_bulk_acceptance_acts_where_it_fits_and_names_what_it_skipped_and_why(
    cast: Cast, desk: Desk, mixed: dict[str, Report]
) -> None:
    foreign = filed(cast, cast.project_fa, cast.owner_fa, november(6))
    client = desk.client(cast.bureau_xp)
    ids = [str(r.public_id) for r in (*mixed.values(), foreign)] + ["nonsense"]
    response = client.post("/review/bulk/?month=2026-10", {"action": "accept", "report": ids}, follow=True)
    outcome = response.context["outcome"]
    assert outcome["done"] == [mixed["submitted"].project.name]
    [(name, why)] = outcome["skipped"]
    assert name == mixed["missing"].project.name
    assert "未填报" in why
    assert name in words_of(response)
    foreign.refresh_from_db()
    assert foreign.status == "submitted"
    assert client.get("/review/?month=2026-10").context["outcome"] is None


def test_a_bulk_return_asks_first_and_demands_a_reason(
    cast: Cast, desk: Desk, mixed: dict[str, Report]
) -> None:
    ids = [str(r.public_id) for r in mixed.values()]
    asked = desk.post(cast.bureau_xp, "/review/bulk/?month=2026-10", {"action": "return", "report": ids})
    assert asked.status_code == 200
    assert mixed["submitted"].project.name in words_of(asked)
    bare = desk.post(cast.bureau_xp, "/review/return/?month=2026-10", {"report": ids, "text": REASON})
    assert bare.status_code == 422
    client = desk.client(cast.bureau_xp)
    done = client.post("/review/return/?month=2026-10", _returning(report=ids), follow=True)
    assert done.context["outcome"]["done"] == [mixed["submitted"].project.name]
    assert len(done.context["outcome"]["skipped"]) == 1
    mixed["submitted"].refresh_from_db()
    assert (mixed["submitted"].status, mixed["submitted"].refile_by) == ("returned", november(9, 12))


def test_all_rows_under_the_filters_can_be_meant(cast: Cast, desk: Desk, mixed: dict[str, Report]) -> None:
    data = {"action": "accept", "all_matching": "1"}
    client = desk.client(cast.bureau_xp)
    outcome = client.post("/review/bulk/?month=2026-10&status=submitted", data, follow=True).context[
        "outcome"
    ]
    assert (outcome["done"], outcome["skipped"]) == ([mixed["submitted"].project.name], [])


def test_a_bulk_act_without_a_tick_does_nothing(cast: Cast, desk: Desk, report: Report) -> None:
    response = desk.client(cast.bureau_xp).post(
        "/review/bulk/?month=2026-10", {"action": "accept"}, follow=True
    )
    assert response.context["outcome"]["done"] == []
    report.refresh_from_db()
    assert report.status == "submitted"


def test_who_only_reads_along_cannot_act_in_bulk(cast: Cast, desk: Desk, report: Report) -> None:
    client = desk.client(cast.viewer_xp)
    data = {"action": "accept", "report": [str(report.public_id)]}
    outcome = client.post("/review/bulk/?month=2026-10", data, follow=True).context["outcome"]
    assert outcome["done"] == []
    assert "霞浦县发改局" in outcome["skipped"][0][1]


def test_ticked_rows_can_be_taken_out(cast: Cast, desk: Desk, mixed: dict[str, Report]) -> None:
    client = desk.client(cast.bureau_xp)
    data = {"action": "export", "report": [str(mixed["submitted"].public_id)]}
    outcome = client.post("/review/bulk/?month=2026-10", data, follow=True).context["outcome"]
    book = client.get(outcome["file"].replace("export.xlsx", "export.csv"))
    text = b"".join(book.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert mixed["submitted"].project.name in text
    assert mixed["missing"].project.name not in text


# ---- chasing, exempting ----------------------------------------------------------------------------------------


def test_a_report_is_chased_once_a_day(cast: Cast, desk: Desk) -> None:
    opened()
    report = report_of(cast.project_xp)
    assert desk.post(cast.bureau_xp, _url(report, "chase")).status_code == 302
    assert Notice.objects.filter(recipient=cast.owner_xp, kind="report_chased").count() == 1
    again = desk.post(cast.bureau2_xp, _url(report, "chase"))
    assert again.status_code == 409
    assert "今天已催报" in words_of(again)
    desk.at(november(9))
    assert desk.post(cast.bureau_xp, _url(report, "chase")).status_code == 302
    assert report.chases.count() == 2


def test_all_that_have_not_filed_are_chased_with_one_notice_to_each_owner(cast: Cast, desk: Desk) -> None:
    opened()
    dialog = desk.text(cast.bureau_xp, "/review/chase/?month=2026-10", headers=DIALOG)
    assert re.search(r"催报 2 ", dialog)
    assert desk.post(cast.bureau_xp, "/review/chase/?month=2026-10").status_code == 302
    assert Notice.objects.filter(recipient=cast.owner_xp, kind="report_chased").count() == 1
    assert Report.objects.filter(chases__isnull=False).distinct().count() == 2


def test_an_exemption_needs_a_reason_and_only_the_commission_takes_it_back(cast: Cast, desk: Desk) -> None:
    opened()
    report = report_of(cast.project_xp)
    assert desk.post(cast.bureau_xp, _url(report, "exempt"), headers=DIALOG).status_code == 422
    assert desk.post(cast.bureau_xp, _url(report, "exempt"), {"reason": "停工经批准"}).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.exempt_reason) == ("exempt", "停工经批准")
    assert desk.post(cast.bureau_xp, _url(report, "oblige"), {"reason": "复工"}).status_code == 403
    assert desk.post(cast.commission, _url(report, "oblige"), {"reason": "复工"}).status_code == 302
    report.refresh_from_db()
    assert report.status == "todo"


def test_a_filed_report_cannot_be_exempted(cast: Cast, desk: Desk, report: Report) -> None:
    response = desk.post(cast.bureau_xp, _url(report, "exempt"), {"reason": "停工"})
    assert response.status_code == 409


@pytest.mark.parametrize(
    ("act", "data"), [("accept", {}), ("return", _returning()), ("exempt", {"reason": "x"}), ("chase", {}),
                      ("ask", {"reason": "x"}), ("oblige", {"reason": "x"}), ("sign", {}), ("confirm", {}),
                      ("query", {"reason": "x"}), ("opinion", {"opinion": "x"})],
)  # fmt: skip
@pytest.mark.parametrize(
    "role", ["bureau_fa", "department_fa", "government_xp", "owner_xp", "viewer_xp", "idle"]
)
def test_acts_of_others_change_nothing(
    cast: Cast, desk: Desk, report: Report, act: str, data: dict[str, Any], role: str
) -> None:
    before, acts = Report.objects.values().get(pk=report.pk), Act.objects.count()
    response = desk.post(cast.people[role], _url(report, act), data)
    assert response.status_code in (403, 404, 409, 422)
    assert Report.objects.values().get(pk=report.pk) == before
    assert Act.objects.count() == acts
