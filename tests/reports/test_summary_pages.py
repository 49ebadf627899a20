"""附件2 on the pages of the county bureau: pulling in, wording, order, sending (M6.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Delegation, Organisation
from reports.models import Report, Summary, SummaryItem
from reports.services import filing, reviewing, summaries
from tests.cast import Cast
from tests.reports.desk import DIALOG, HTMX, Desk, words_of
from tests.reports.desk import desk as desk
from tests.reports.story import OCTOBER, figures, filed, november, opened, problem, report_of

PAGE = "/summaries/2026-10/"


@pytest.fixture
def summary(cast: Cast, desk: Desk) -> Summary:
    """One accepted report with two problems, pulled in."""
    two = problem("0a1b2c3d") | {
        k: v
        for k, v in problem("0b1b2c3d", description="施工用电 800 千伏安未接入，影响 3 台桩机").items()
        if k != "new"
    }
    report = filed(
        cast, cast.project_xp, cast.owner_xp, november(5), **two | {"new": ["0a1b2c3d", "0b1b2c3d"]}
    )
    reviewing.accept(
        report, by=cast.actor(cast.bureau_xp, november(6)), at=november(6), opinion="县级已协调一次"
    )
    desk.post(cast.bureau_xp, f"{PAGE}draw/")
    return Summary.objects.get(place__code="XP", month=OCTOBER)


def _form(item: SummaryItem, **more: Any) -> dict[str, Any]:
    return {
        "version": item.version, "text": item.text, "county_opinion": item.county_opinion, "request": item.request,
        "level": item.level, "lead_department": "", "cooperating": "", "due_on": "", "note": "",
    } | more  # fmt: skip


def _url(item: SummaryItem, act: str = "") -> str:
    return f"{PAGE}items/{item.public_id}/" + (f"{act}/" if act else "")


def test_pulling_in_brings_every_problem_with_the_countys_first_opinion(
    cast: Cast, desk: Desk, summary: Summary
) -> None:
    page = desk.text(cast.bureau_xp, PAGE)
    assert summary.items.count() == 2
    assert {i.county_opinion for i in summary.items.all()} == {"县级已协调一次"}
    for words in ("管线迁改方案未定", "施工用电 800 千伏安", "县级已协调一次", cast.canary("owner_xp")):
        assert words in page


def test_the_countys_words_stand_beside_the_owners_and_survive_pulling_in_again(
    cast: Cast, desk: Desk, summary: Summary
) -> None:
    item = summary.items.first()
    assert item is not None
    response = desk.post(
        cast.bureau_xp, _url(item), _form(item, text="管线迁改待定，影响路基", due_on="2026-11-20")
    )
    assert response["Location"] == f"{PAGE}#line-{item.public_id}"
    desk.post(cast.bureau_xp, f"{PAGE}draw/")
    item.refresh_from_db()
    assert (item.text, str(item.due_on)) == ("管线迁改待定，影响路基", "2026-11-20")
    assert "管线迁改方案未定" in item.original_text
    page = desk.text(cast.bureau_xp, PAGE)
    assert "<ins" in page or "<del" in page


def test_a_line_is_edited_in_place_with_script_and_the_checks_follow(
    cast: Cast, desk: Desk, summary: Summary
) -> None:
    item = summary.items.first()
    assert item is not None
    form = desk.text(cast.bureau_xp, _url(item), headers=HTMX)
    assert form.startswith(f'<tr id="line-{item.public_id}"')
    bad = desk.post(cast.bureau_xp, _url(item), _form(item, text="", due_on="20.11."), headers=HTMX)
    assert bad.status_code == 422
    assert "20.11." in words_of(bad)
    good = desk.post(cast.bureau_xp, _url(item), _form(item, county_opinion="11月20日前完成"), headers=HTMX)
    assert good["HX-Reswap"] == "none"
    assert 'id="summary-aside" hx-swap-oob="true"' in words_of(good)
    assert "11月20日前完成" in words_of(good)


def test_a_way_up_to_the_departments_names_one(cast: Cast, desk: Desk, summary: Summary) -> None:
    item = summary.items.first()
    assert item is not None
    bare = desk.post(cast.bureau_xp, _url(item), _form(item, level="department"))
    assert bare.status_code == 422
    lead = cast.muni_department.organisation
    named = desk.post(
        cast.bureau_xp, _url(item), _form(item, level="department", lead_department=str(lead.public_id))
    )
    assert named.status_code == 302
    foreign = Organisation.objects.get(pk=cast.department_fa.organisation.pk)
    other = desk.post(cast.bureau_xp, _url(item), _form(item, lead_department=str(foreign.public_id)))
    assert other.status_code == 422


def test_of_two_who_edit_one_line_the_second_is_shown_what_the_first_wrote(
    cast: Cast, desk: Desk, summary: Summary
) -> None:
    item = summary.items.first()
    assert item is not None
    first, second = _form(item, county_opinion="甲写的意见"), _form(item, county_opinion="乙写的意见")
    assert desk.post(cast.bureau_xp, _url(item), first).status_code == 302
    late = desk.post(cast.bureau2_xp, _url(item), second)
    assert late.status_code == 409
    assert "甲写的意见" in words_of(late)
    assert "乙写的意见" in words_of(late)
    item.refresh_from_db()
    assert item.county_opinion == "甲写的意见"


def test_the_order_is_the_countys_and_new_lines_go_below_their_project(
    cast: Cast, desk: Desk, summary: Summary
) -> None:
    first, second = summary.items.order_by("order")
    desk.post(cast.bureau_xp, _url(first, "down"))
    assert list(summary.items.order_by("order")) == [second, first]
    lead = cast.project_cross.parts.get(place__code="XP")
    report = report_of(cast.project_cross, part=lead)
    filing.submit(
        report, figures() | problem("0c1b2c3d"), by=cast.actor(cast.owner_xp, november(8)), at=november(8)
    )
    reviewing.accept(report, by=cast.actor(cast.bureau_xp, november(8, 10)), at=november(8, 10))
    desk.at(november(8, 11)).post(cast.bureau_xp, f"{PAGE}draw/")
    ordered = list(summary.items.order_by("order"))
    assert ordered[:2] == [second, first]
    assert [i.order for i in ordered] == [1, 2, 3]
    desk.post(cast.bureau_xp, _url(second, "up"))
    assert summary.items.order_by("order").first() == second
    assert desk.post(cast.bureau_xp, _url(second, "sideways")).status_code == 404


def test_an_untouched_line_follows_the_report_that_is_filed_again(
    cast: Cast, desk: Desk, summary: Summary
) -> None:
    touched, untouched = summary.items.order_by("order")
    desk.post(cast.bureau_xp, _url(touched), _form(touched, text="县里改过的文字"))
    report = report_of(cast.project_xp)
    owner = cast.actor(cast.owner_xp, november(8, 12))
    filing.revise(report, by=owner, at=november(8, 12), reason="补充数据")
    raw = dict(report.draft)
    for key in raw["new"]:
        raw[f"n-{key}-description"] += "，已三次协商"
    filing.submit(report, raw, by=owner, at=november(8, 13))
    reviewing.accept(report, by=cast.actor(cast.bureau_xp, november(8, 14)), at=november(8, 14))
    page = desk.at(november(8, 15)).get(cast.bureau_xp, PAGE)
    assert page.context["stale"]
    desk.post(cast.bureau_xp, f"{PAGE}draw/")
    touched.refresh_from_db()
    untouched.refresh_from_db()
    assert touched.text == "县里改过的文字"
    assert touched.original_text.endswith("，已三次协商")
    assert untouched.text == untouched.original_text
    assert untouched.text.endswith("，已三次协商")


# ---- sending ---------------------------------------------------------------------------------------------------


def test_nothing_is_sent_before_the_accepted_reports_are_pulled_in(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem())
    reviewing.accept(report, by=cast.actor(cast.bureau_xp, november(6)), at=november(6))
    page = desk.get(cast.bureau_xp, PAGE)
    assert page.context["failed"] == 1
    assert f'href="{PAGE}send/"' not in words_of(page)
    assert desk.post(cast.bureau_xp, f"{PAGE}send/").status_code == 422
    assert Summary.objects.get(place__code="XP").status == "building"


def test_an_incomplete_line_blocks_the_sending_and_is_named(cast: Cast, desk: Desk, summary: Summary) -> None:
    item = summary.items.order_by("order").last()
    assert item is not None
    desk.post(cast.bureau_xp, _url(item), _form(item, county_opinion=""))
    page = desk.get(cast.bureau_xp, PAGE)
    failed = [c.text for c in page.context["checks"] if c.result == "fail"]
    assert len(failed) == 1
    assert "2" in failed[0]
    assert desk.post(cast.bureau_xp, f"{PAGE}send/").status_code == 422


def test_the_button_says_whom_it_tells_acting_persons_with_whom_they_stand_in_for(
    cast: Cast, desk: Desk, summary: Summary
) -> None:
    Delegation.objects.create(
        principal=cast.government_xp, delegate=cast.government_fa, duty=Duty.APPROVE,
        organisation=cast.government_xp.organisation, valid_from=november(1), valid_to=november(30),
        reason="出差", created_by=cast.government_xp, created_at=november(1),
    )  # fmt: skip
    dialog = desk.text(cast.bureau_xp, f"{PAGE}send/", headers=DIALOG)
    for name in ("刘闻笛", "蔡清和", "杨望舒"):
        assert name in dialog
    assert dialog.index("刘闻笛") < dialog.index("杨望舒")


def test_sent_it_is_locked_for_editing_and_says_why(cast: Cast, desk: Desk, summary: Summary) -> None:
    item = summary.items.first()
    assert item is not None
    assert desk.post(cast.bureau_xp, f"{PAGE}send/", {"version": summary.version + 9}).status_code == 409
    assert desk.post(cast.bureau_xp, f"{PAGE}send/").status_code == 302
    page = desk.text(cast.bureau_xp, PAGE)
    assert f"{_url(item)}" not in page
    for act in (_url(item), f"{PAGE}draw/", _url(item, "up")):
        assert desk.post(cast.bureau_xp, act, _form(item)).status_code == 409
    assert desk.get(cast.bureau_xp, _url(item)).status_code == 409


def test_it_is_withdrawn_until_the_government_opens_it(cast: Cast, desk: Desk, summary: Summary) -> None:
    desk.post(cast.bureau_xp, f"{PAGE}send/")
    assert desk.post(cast.bureau_xp, f"{PAGE}withdraw/").status_code == 302
    summary.refresh_from_db()
    assert (summary.status, summary.first_sent_at) == ("building", None)
    desk.post(cast.bureau_xp, f"{PAGE}send/")
    desk.text(cast.government_xp, f"/approvals/{summary.public_id}/")
    assert desk.post(cast.bureau_xp, f"{PAGE}withdraw/").status_code == 409
    assert f"{PAGE}withdraw/" not in desk.text(cast.bureau_xp, PAGE)


def test_missing_and_returned_reports_stand_in_the_annex(cast: Cast, desk: Desk, summary: Summary) -> None:
    names = {m.project for m in desk.get(cast.bureau_xp, PAGE).context["missing"]}
    assert names == {cast.project_cross.name}
    printed = desk.text(cast.bureau_xp, f"{PAGE}print/")
    assert cast.project_cross.name in printed
    assert "送审稿" in printed


def test_point_6_late_is_judged_by_the_asking_and_shown_beside_the_forwarding(
    cast: Cast, desk: Desk, summary: Summary
) -> None:
    summaries.send_for_approval(summary, by=cast.actor(cast.bureau_xp, november(10, 23)), at=november(10, 23))
    summaries.approve(summary, by=cast.actor(cast.government_xp, november(11)), at=november(11))
    summaries.forward(summary, by=cast.actor(cast.bureau_xp, november(11, 10)), at=november(11, 10))
    page = desk.at(november(12)).get(cast.bureau_xp, PAGE)
    assert (page.context["late"], page.context["forwarded_late"]) == (False, True)
    assert "11-10 23:00" in words_of(page)
    assert "11-11 10:00" in words_of(page)


def test_never_asked_and_past_the_deadline_is_late(cast: Cast, desk: Desk, summary: Summary) -> None:
    last = summary.due_at - timedelta(seconds=1)
    assert desk.at(last).get(cast.bureau_xp, PAGE).context["late"] is False
    assert desk.at(summary.due_at).get(cast.bureau_xp, PAGE).context["late"] is True


def test_a_month_without_a_summary_says_so(cast: Cast, desk: Desk) -> None:
    opened()
    assert 'data-empty="early"' in desk.text(cast.bureau_xp, "/summaries/2026-12/")
    assert 'data-empty="nodata"' in desk.text(cast.bureau_xp, "/summaries/2024-03/")
    for wrong in ("2026-13", "nonsense", "2026-1", "0000-00"):
        assert desk.get(cast.bureau_xp, f"/summaries/{wrong}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [("bureau_xp", 200), ("viewer_xp", 200), ("owner_xp", 404), ("department_xp", 404), ("government_xp", 404),
     ("commission", 404), ("idle", 404)],
)  # fmt: skip
def test_the_county_page_is_the_bureaus(
    cast: Cast, desk: Desk, summary: Summary, role: str, status: int
) -> None:
    assert desk.get(cast.people[role], PAGE).status_code == status


def test_another_countys_line_is_not_found(cast: Cast, desk: Desk, summary: Summary) -> None:
    item = summary.items.first()
    assert item is not None
    for act in ("", "up"):
        assert desk.post(cast.bureau_fa, _url(item, act), _form(item)).status_code == 404
    assert desk.get(cast.bureau_fa, _url(item)).status_code == 404


def test_the_months_before_are_listed_with_late_marks(cast: Cast, desk: Desk) -> None:
    opened(OCTOBER.previous, at=OCTOBER.start)
    opened()
    history = desk.get(cast.bureau_xp, PAGE).context["history"]
    assert [(past.summary.month, past.status) for past in history] == [(OCTOBER.previous, "late")]
    assert Report.objects.filter(month=OCTOBER.previous).exists()


def test_who_stands_in_for_another_county_keeps_to_the_one_he_looks_at(
    cast: Cast, desk: Desk, summary: Summary
) -> None:
    Delegation.objects.create(
        principal=cast.bureau_fa, delegate=cast.bureau_xp, duty=Duty.REVIEW,
        organisation=cast.bureau_fa.organisation, valid_from=november(1), valid_to=november(30), reason="出差",
        created_by=cast.bureau_fa, created_at=november(1),
    )  # fmt: skip
    assert "place=FA" in desk.text(cast.bureau_xp, PAGE)
    other = desk.text(cast.bureau_xp, f"{PAGE}?place=FA")
    assert f'action="{PAGE}draw/?place=FA"' in other
    desk.post(cast.bureau_xp, f"{PAGE}draw/?place=FA")
    assert Summary.objects.get(place__code="FA", month=OCTOBER).drawn_at == desk.now
    assert desk.get(cast.bureau_fa, f"{PAGE}?place=XP").status_code == 200
    assert desk.get(cast.bureau_fa, f"{PAGE}?place=XP").context.get("summary") is None
