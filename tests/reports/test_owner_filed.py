"""A report that is locked: as filed, why, and what its owner can still do (M5.4, settled points 6 and 7)."""

from __future__ import annotations

import re

import pytest

from ningde_projects.documents.models import Attachment
from ningde_projects.workflow.models import Act
from reports.models import Problem, Report, Submission
from reports.selectors.attachments import may_read, refuse_change
from reports.services import filing, receipts, reviewing
from tests.cast import Cast
from tests.reports.desk import DIALOG, Desk
from tests.reports.desk import desk as desk
from tests.reports.pen import Pen, drafted
from tests.reports.story import figures, filed, november, opened, problem, report_of
from tests.reports.walks import report_in


def page_of(desk: Desk, cast: Cast, report: Report) -> str:
    return desk.text(cast.owner_xp, f"/reports/{report.public_id}/")


# ---- who -------------------------------------------------------------------------------------------------------

OWN = ("", "preview/", "problems/new/", "recall/", "revise/", "submissions/1/")
POSTED = ("", "autosave/", "merge/", "recall/", "revise/")


@pytest.mark.parametrize("tail", OWN)
def test_e4_somebody_elses_report_is_not_there(cast: Cast, desk: Desk, tail: str) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    for person in (cast.owner_fa, cast.owner_sj, cast.bureau_fa, cast.idle, cast.admin_system):
        assert desk.get(person, f"/reports/{report.public_id}/{tail}").status_code == 404


@pytest.mark.parametrize("tail", POSTED)
def test_e4_nobody_writes_into_somebody_elses_report(cast: Cast, desk: Desk, tail: str) -> None:
    opened()
    report = report_of(cast.project_xp)
    data = figures() | {"version": report.version, "do": "save", "reason": "x"}
    assert desk.post(cast.owner_fa, f"/reports/{report.public_id}/{tail}", data).status_code == 404
    # The receiver sees it and may not write it.
    assert desk.post(cast.bureau_xp, f"/reports/{report.public_id}/{tail}", data).status_code == 403
    report.refresh_from_db()
    assert (report.status, report.draft) == ("todo", {})


def test_what_is_being_typed_is_the_owners_alone(cast: Cast, desk: Desk) -> None:
    opened()
    report = drafted(cast, report_of(cast.project_xp), figures(progress="还没写完的进度"))
    for person in (cast.bureau_xp, cast.commission, cast.direct_xp):
        page = desk.text(person, f"/reports/{report.public_id}/")
        assert "还没写完的进度" not in page
        assert 'id="report-form"' not in page


# ---- why it is locked ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["submitted", "accepted", "exempt"])
def test_a_locked_report_is_read_only_and_says_why(cast: Cast, desk: Desk, status: str) -> None:
    report = report_in(cast, status)
    page = page_of(desk, cast, report)
    assert f'data-state="{status}"' in page
    assert 'id="report-form"' not in page
    pen = Pen(desk, cast.owner_xp)
    assert pen.save(report, figures(progress="硬改")).status_code in (302, 409)
    assert pen.autosave(report, figures(progress="硬改")).status_code == 409
    report.refresh_from_db()
    assert report.status == status


@pytest.mark.parametrize("status", ["todo", "draft", "returned"])
def test_an_owed_report_is_a_form(cast: Cast, desk: Desk, status: str) -> None:
    assert 'id="report-form"' in page_of(desk, cast, report_in(cast, status))


def test_a_returned_report_shows_reason_day_and_what_is_still_unchanged(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem())
    raised, at = Problem.objects.get(), november(6)
    reviewing.return_report(
        report, by=cast.actor(cast.bureau_xp, at), at=at, reason="请写明桩号", refile_by=november(7, 18),
        fields=["problem", str(raised.public_id), "progress"],
    )  # fmt: skip
    report.refresh_from_db()
    page = page_of(desk, cast, report)
    assert "请写明桩号" in page
    assert "18:00" in page
    checks = page[page.index('id="return-checks"') :][:3000]
    assert len(re.findall(r'<li class="bad">', checks)) == 2  # the problem once, the progress once
    drafted(cast, report, report.draft | {"n-0a1b2c3d-description": "K2+140 处迁改，影响 80 米"})
    checks = (page := page_of(desk, cast, report))[page.index('id="return-checks"') :][:3000]
    assert len(re.findall(r'<li class="ok">', checks)) == 1
    assert len(re.findall(r'<li class="bad">', checks)) == 1


def test_settled_7_a_recalled_filing_is_no_measure_of_what_has_changed(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    at, bureau, owner = (
        november(6),
        cast.actor(cast.bureau_xp, november(6)),
        cast.actor(cast.owner_xp, november(6)),
    )
    reviewing.return_report(report, by=bureau, at=at, reason="请写明桩号", fields=["progress"])
    better = filing.first_draft(report, "", "") | {"progress": "K0+120—K0+380 段抛石完成，占 75%"}
    filing.submit(report, better, by=owner, at=november(6, 10))
    filing.recall(report, by=owner, at=november(6, 11))
    desk.at(november(6, 12))
    page = page_of(desk, cast, report)
    assert "需修改的内容" in page, "what was asked still stands"
    assert "形象进度：已修改" in page
    report.refresh_from_db()
    filing.submit(report, report.draft, by=owner, at=november(6, 13))
    desk.at(november(6, 14))
    read = desk.text(cast.bureau_xp, f"/review/{report.public_id}/")
    assert "形象进度：已修改" in read
    assert "与第1次报送" in read


# ---- recalling -------------------------------------------------------------------------------------------------


def test_settled_6_it_can_be_recalled_until_a_receiver_opens_it(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    desk.at(november(5, 10))
    url = f"/reports/{report.public_id}/recall/"
    assert url in page_of(desk, cast, report)
    assert desk.get(cast.owner_xp, url, headers=DIALOG).status_code == 200
    assert desk.post(cast.owner_xp, url).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.first_submitted_at) == ("draft", None)
    assert Pen(desk, cast.owner_xp).file(report, report.draft).status_code == 302
    desk.text(cast.bureau_xp, f"/reports/{report.public_id}/")  # the receiver looks: now it is opened
    report.refresh_from_db()
    assert report.opened_at is not None
    page = page_of(desk, cast, report)
    assert url not in page
    assert 'id="no-recall"' in page
    assert desk.post(cast.owner_xp, url).status_code in (409, 422)
    report.refresh_from_db()
    assert report.status == "submitted"


def test_what_was_recalled_is_its_owners_alone_again(cast: Cast, desk: Desk) -> None:
    """The page keeps what the dialog promised: the receiver no longer sees it, and does not open it by looking."""
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    desk.at(november(5, 10))
    said = report.submissions.get().values["progress"]
    assert said
    assert desk.post(cast.owner_xp, f"/reports/{report.public_id}/recall/").status_code == 302
    assert said not in desk.text(cast.bureau_xp, f"/reports/{report.public_id}/")
    assert desk.get(cast.bureau_xp, f"/reports/{report.public_id}/submissions/1/").status_code == 404
    assert desk.get(cast.owner_xp, f"/reports/{report.public_id}/submissions/1/").status_code == 200
    report.refresh_from_db()
    assert report.opened_at is None


def test_a_bystander_who_looks_does_not_open_it(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    desk.text(cast.viewer_xp, f"/reports/{report.public_id}/")
    desk.text(cast.direct_xp, f"/reports/{report.public_id}/")
    report.refresh_from_db()
    assert report.opened_at is None


def test_recalling_warns_that_it_will_be_late(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    url = f"/reports/{report.public_id}/recall/"
    before = desk.at(november(6)).text(cast.owner_xp, url)
    after = desk.at(november(9)).text(cast.owner_xp, url)
    assert "24:00" in before
    assert before != after
    assert "24:00" not in after


# ---- correcting ------------------------------------------------------------------------------------------------


def accepted(cast: Cast) -> Report:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5), progress="原来的进度")
    reviewing.accept(report, by=cast.actor(cast.bureau_xp, november(6)), at=november(6))
    return report


def test_m5_4_an_accepted_report_is_corrected_only_with_a_reason(cast: Cast, desk: Desk) -> None:
    report = accepted(cast)
    desk.at(november(9))
    url = f"/reports/{report.public_id}/revise/"
    response = desk.post(cast.owner_xp, url, {"reason": "  "})
    assert response.status_code == 422
    report.refresh_from_db()
    assert report.status == "accepted"
    assert desk.post(cast.owner_xp, url, {"reason": "误填上月数"}).status_code == 302
    report.refresh_from_db()
    assert report.status == "draft"
    page = page_of(desk, cast, report)
    assert "误填上月数" in page
    assert "原来的进度" in page


def test_m5_4_the_corrected_report_keeps_the_old_one_readable_and_shows_what_changed(
    cast: Cast, desk: Desk
) -> None:
    report = accepted(cast)
    at = november(9)
    filing.revise(report, by=cast.actor(cast.owner_xp, at), at=at, reason="误填上月数")
    filing.submit(report, figures(progress="更正的进度") | problem(), by=cast.actor(cast.owner_xp, at), at=at)
    desk.at(at)
    first = desk.text(cast.owner_xp, f"/reports/{report.public_id}/submissions/1/")
    assert "原来的进度" in first
    assert "更正的进度" not in first
    second = desk.text(cast.bureau_xp, f"/reports/{report.public_id}/submissions/2/")
    for text in ("误填上月数", "更正的进度", "原来的进度", "路基接顺 60 米"):
        assert text in second
    assert '<del class="nd-del">' in second
    assert Submission.objects.get(number=1).values["progress"] == "原来的进度"
    report.refresh_from_db()
    assert not report.is_late()  # the first valid filing was on time


def test_a_filing_that_never_was_is_not_there(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    for number in (0, 2, 99):
        assert (
            desk.get(cast.owner_xp, f"/reports/{report.public_id}/submissions/{number}/").status_code == 404
        )


def test_a_filing_carries_its_project_as_it_stood(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    cast.project_xp.content = "后来改过的建设内容"
    cast.project_xp.save()
    page = desk.text(cast.owner_xp, f"/reports/{report.public_id}/submissions/1/")
    assert "后来改过的建设内容" not in page
    assert cast.canary("xp") in page


# ---- beside it -------------------------------------------------------------------------------------------------


def test_m5_2_every_receiver_is_shown_with_how_far_it_is(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    receipts.open_as(report, cast.actor(cast.department_xp, november(6)), november(6))
    page = page_of(desk.at(november(6)), cast, report)
    assert re.findall(r'data-receipt="(\w+)"', page) == ["waiting", "opened"]
    assert cast.department_xp.name in page


def test_e3_the_record_tells_every_act_with_its_person_and_links_each_filing(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    at = november(6)
    reviewing.return_report(report, by=cast.actor(cast.bureau_xp, at), at=at, reason="请写明桩号")
    filing.submit(report, figures(), by=cast.actor(cast.owner_xp, at), at=at)
    page = page_of(desk, cast, report)
    for number in (1, 2):
        assert f"/reports/{report.public_id}/submissions/{number}/" in page
    assert "请写明桩号" in page
    assert cast.bureau_xp.name in page


def test_after_filing_the_next_owed_report_is_one_click_away(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    other = Report.objects.get(project=cast.project_cross, owner=cast.owner_xp.organisation)
    page = page_of(desk.at(november(6)), cast, report)
    assert f'btn-primary" href="/reports/{other.public_id}/"' in page


# ---- files -----------------------------------------------------------------------------------------------------


def test_files_are_added_while_the_form_is_open_and_read_by_those_who_see_the_filing(cast: Cast) -> None:
    opened()
    report = report_of(cast.project_xp)
    owner, bureau = cast.actor(cast.owner_xp, november(5)), cast.actor(cast.bureau_xp, november(5))
    stranger = cast.actor(cast.owner_fa, november(5))
    file = Attachment(subject_type="report", subject_id=report.public_id)
    assert refuse_change(owner, report.public_id) == ""
    assert refuse_change(bureau, report.public_id)
    assert refuse_change(stranger, report.public_id) is None
    assert [may_read(a, file) for a in (owner, bureau, stranger)] == [True, False, False]
    filing.submit(report, figures(), by=owner, at=november(5))
    assert refuse_change(owner, report.public_id)
    assert [may_read(a, file) for a in (owner, bureau, stranger)] == [True, True, False]


def test_every_act_of_the_owner_is_in_the_record(cast: Cast, desk: Desk) -> None:
    opened()
    report, pen = report_of(cast.project_xp), Pen(desk.at(november(5)), cast.owner_xp)
    pen.save(report, figures())
    pen.file(report, figures())
    desk.post(cast.owner_xp, f"/reports/{report.public_id}/recall/")
    assert list(
        Act.objects.filter(machine="report").order_by("id").values_list("name", "user_text").distinct()
    ) == [(name, cast.owner_xp.name) for name in ("start", "submit", "recall")]
