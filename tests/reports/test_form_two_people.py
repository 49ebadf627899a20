"""Two people, or two windows, on one form: nothing is overwritten unseen (lessons.md)."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from reports.forms.drafts import BLOCK, differences, merged
from reports.forms.report import Lists
from reports.forms.wording import Wording
from reports.models import Report, Submission
from reports.services import filing
from tests.cast import Cast
from tests.reports.desk import Desk, words_of
from tests.reports.desk import desk as desk
from tests.reports.pen import Pen, drafted, stored
from tests.reports.story import OCTOBER, figures, november, opened, problem, report_of

WORDS = Wording(OCTOBER, [], Lists([], []), ["0a1b2c3d", "0badcafe"])


@pytest.fixture
def pen(desk: Desk, cast: Cast) -> Pen:
    opened()
    desk.at(november(5))
    return Pen(desk, cast.owner_xp)


@pytest.fixture
def report(cast: Cast, pen: Pen) -> Report:
    return drafted(cast, report_of(cast.project_xp), figures(progress="先保存的进度", head="甲"))


def choice_on(page: str) -> dict[str, Any]:
    """The comparison's hidden values, as its form would send them."""
    mine = re.search(r'name="mine" value="([^"]*)"', page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert mine
    assert version
    return {"mine": html.unescape(mine[1]), "version": version[1]}


def test_a_stale_save_answers_409_with_both_texts_of_every_field_that_differs(
    pen: Pen, report: Report
) -> None:
    response = pen.save(report, figures(progress="后写的进度", head="甲", next_plan="铺设"), version=1)
    page = words_of(response)
    assert response.status_code == 409
    for text in ("先保存的进度", "后写的进度", "铺设"):
        assert text in page
    assert set(re.findall(r'name="take-([a-z_]+)"', page)) == {"progress", "next_plan"}
    assert stored(report)["progress"] == "先保存的进度"


@pytest.mark.parametrize("version", [1, 999, -1, None], ids=["old", "from the future", "nonsense", "none"])
def test_a_form_without_the_right_version_overwrites_nothing(
    pen: Pen, report: Report, version: int | None
) -> None:
    values = figures(progress="后写的进度")
    if version is None:
        path = f"/reports/{report.public_id}/"
        assert pen.desk.post(pen.writer, path, values | {"do": "save"}).status_code == 409
    else:
        assert pen.save(report, values, version=version).status_code == 409
    assert stored(report)["progress"] == "先保存的进度"


def test_a_field_that_i_left_empty_is_offered_as_it_is_saved(pen: Pen, report: Report, cast: Cast) -> None:
    report = drafted(cast, report, figures(progress="先保存的进度", next_plan="同事写的计划"))
    page = words_of(pen.save(report, figures(progress="后写的进度"), version=1))
    offered = dict(re.findall(r'name="take-(\w+)" value="(\w+)" checked', page))
    assert offered == {"progress": "mine", "next_plan": "theirs"}


def test_the_choice_is_saved_field_by_field_and_filing_goes_on(pen: Pen, report: Report) -> None:
    page = words_of(pen.save(report, figures(progress="后写的进度", head="乙"), version=1))
    taken = choice_on(page) | {"take-progress": "theirs", "take-head": "mine"}
    path = f"/reports/{report.public_id}/merge/"
    assert pen.desk.post(pen.writer, path, taken).status_code == 302
    assert (stored(report)["progress"], stored(report)["head"]) == ("先保存的进度", "乙")
    assert pen.file(report, stored(report)).status_code == 302


def test_what_was_not_chosen_stays_as_it_is_saved(pen: Pen, report: Report) -> None:
    page = words_of(pen.save(report, figures(progress="后写的进度", head="乙"), version=1))
    pen.desk.post(pen.writer, f"/reports/{report.public_id}/merge/", choice_on(page))
    assert (stored(report)["progress"], stored(report)["head"]) == ("先保存的进度", "甲")


def test_a_third_save_in_between_is_compared_again(pen: Pen, report: Report, cast: Cast) -> None:
    page = words_of(pen.save(report, figures(progress="后写的进度"), version=1))
    report.refresh_from_db()
    drafted(cast, report, figures(progress="第三次保存的进度"))
    response = pen.desk.post(
        pen.writer, f"/reports/{report.public_id}/merge/", choice_on(page) | {"take-progress": "mine"}
    )
    assert response.status_code == 409
    assert "第三次保存的进度" in words_of(response)
    assert stored(report)["progress"] == "第三次保存的进度"


@pytest.mark.parametrize("mine", ["", "not json", "[1]", '{"new": '])
def test_a_choice_that_lost_what_was_typed_wipes_nothing(pen: Pen, report: Report, mine: str) -> None:
    report.refresh_from_db()
    data = {"mine": mine, "version": report.version, "take-progress": "mine"}
    response = pen.desk.post(pen.writer, f"/reports/{report.public_id}/merge/", data)
    assert response.status_code == 400
    assert stored(report)["progress"] == "先保存的进度"


def test_autosave_says_who_was_faster_and_leads_to_the_comparison(pen: Pen, report: Report) -> None:
    response = pen.autosave(report, figures(progress="后写的进度"), version=1)
    page = words_of(response)
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#save-state"
    assert "郑示安" in page
    assert 'value="compare"' in page
    assert stored(report)["progress"] == "先保存的进度"


def test_the_same_content_sent_twice_is_no_conflict(pen: Pen, report: Report) -> None:
    """A button pressed while the autosave of the very same values is on its way."""
    same = stored(report)
    assert pen.autosave(report, same, version=1).status_code == 200
    assert pen.save(report, same, version=1).status_code == 302
    assert pen.file(report, same, version=1).status_code == 302
    assert Submission.objects.count() == 1


def test_a_form_filed_meanwhile_shows_both_and_loses_nothing(pen: Pen, report: Report, cast: Cast) -> None:
    at = november(5, 10)
    filing.submit(report, figures(progress="已报送的进度"), by=cast.actor(cast.owner_xp, at), at=at)
    values = figures(progress="还在写的进度")
    response = pen.save(report, values, version=2)
    page = words_of(response)
    assert response.status_code == 409
    assert "已报送的进度" in page
    assert "还在写的进度" in page
    assert pen.autosave(report, values, version=2).status_code == 409
    report.refresh_from_db()
    assert (report.status, report.progress) == ("submitted", "已报送的进度")


def test_a_colleague_goes_on_where_the_first_one_stopped(pen: Pen, report: Report, cast: Cast) -> None:
    page = pen.desk.text(cast.owner_xp, f"/reports/{report.public_id}/")
    assert "先保存的进度" in page
    cast.idle.organisation = cast.owner_xp.organisation
    cast.idle.save()
    cast.idle.assignments.create(duty="report", organisation=cast.idle.organisation, valid_from=november(1))
    page = pen.desk.text(cast.idle, f"/reports/{report.public_id}/")
    assert "先保存的进度" in page
    assert cast.owner_xp.name in page


# ---- values ----------------------------------------------------------------------------------------------------


def test_figures_are_compared_as_figures_and_texts_without_their_ends() -> None:
    one = {"month_investment": "5,290", "progress": "K1 \r\n", "next_plan": ""}
    other = {"month_investment": "5290.00", "progress": "K1"}
    assert differences(one, other, WORDS) == []


def test_a_problem_that_only_one_side_has_is_one_row() -> None:
    mine, theirs = problem(), problem("0badcafe", description="另一个问题")
    rows = differences(theirs, mine, WORDS)
    assert {row.name for row in rows} == {BLOCK + "0a1b2c3d", BLOCK + "0badcafe"}
    assert {row.theirs for row in rows} >= {"另一个问题"}
    both = merged(theirs, mine, {BLOCK + "0a1b2c3d"})
    assert both["new"] == ["0badcafe", "0a1b2c3d"]
    assert both["n-0a1b2c3d-description"] == mine["n-0a1b2c3d-description"]
    assert merged(theirs, mine, {BLOCK + "0badcafe"})["new"] == []
    assert merged(theirs, mine, set()) == theirs


def test_a_value_reads_as_the_page_shows_it_and_not_as_its_code() -> None:
    rows = differences({"in_statistics": "yes"}, {"in_statistics": "no"}, WORDS)
    assert not {rows[0].theirs, rows[0].mine} & {"yes", "no"}
    assert json.dumps([rows[0].label]) != '["in_statistics"]'
