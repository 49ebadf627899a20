"""Every button of the form, with script and without: add, delete, put back, preview, file from the preview (M5.1)."""

from __future__ import annotations

import re

import pytest

from reports.forms.report import MAX_NEW_PROBLEMS
from reports.models import Problem, Report, Submission
from tests.cast import Cast
from tests.reports.desk import HTMX, Desk, words_of
from tests.reports.desk import desk as desk
from tests.reports.pen import Pen, stored
from tests.reports.story import figures, november, opened, problem, report_of


@pytest.fixture
def pen(desk: Desk, cast: Cast) -> Pen:
    opened()
    desk.at(november(5))
    return Pen(desk, cast.owner_xp)


@pytest.fixture
def report(cast: Cast, pen: Pen) -> Report:
    return report_of(cast.project_xp)


def test_a_problem_is_added_without_script_and_the_page_opens_at_it(pen: Pen, report: Report) -> None:
    response = pen.press(report, "add:", figures())
    (key,) = stored(report)["new"]
    assert response["Location"].endswith(f"#n-{key}")
    page = pen.desk.text(pen.writer, f"/reports/{report.public_id}/")
    assert f'id="n-{key}"' in page
    assert stored(report)["progress"] == figures()["progress"]


def test_a_problem_is_added_with_script_and_numbered_after_those_on_the_page(
    pen: Pen, report: Report
) -> None:
    path = f"/reports/{report.public_id}/problems/new/?new=0a1b2c3d&carried=1"
    page = words_of(pen.desk.get(pen.writer, path, headers=HTMX))
    assert re.search(r"<b>[^<]*3[^<]*</b>", page)
    assert re.search(r'name="new" value="[0-9a-f]{8}"', page)
    assert "nd-err" not in page
    report.refresh_from_db()
    assert report.status == "todo"


def test_no_more_than_thirty_new_problems(pen: Pen, report: Report) -> None:
    keys = [f"{n:08x}" for n in range(MAX_NEW_PROBLEMS + 5)]
    pen.save(report, figures() | {"new": keys})
    assert len(stored(report)["new"]) == MAX_NEW_PROBLEMS
    pen.press(report, "add:", figures() | {"new": keys})
    assert len(stored(report)["new"]) == MAX_NEW_PROBLEMS


@pytest.mark.parametrize("script", [True, False])
def test_a_deleted_problem_keeps_what_was_typed_and_can_be_put_back(
    pen: Pen, report: Report, script: bool
) -> None:
    values = figures() | problem()
    if script:
        page = words_of(pen.autosave(report, values, button="remove:0a1b2c3d"))
        assert 'id="n-0a1b2c3d" hx-swap-oob="outerHTML"' in page
    else:
        pen.press(report, "remove:0a1b2c3d", values)
    assert stored(report)["new"] == []
    page = pen.desk.text(pen.writer, f"/reports/{report.public_id}/")
    assert 'value="restore:0a1b2c3d"' in page
    pen.press(report, "restore:0a1b2c3d", stored(report))
    assert stored(report)["new"] == ["0a1b2c3d"]
    assert stored(report)["n-0a1b2c3d-description"] == problem()["n-0a1b2c3d-description"]


def test_an_empty_problem_block_vanishes_without_a_trace(pen: Pen, report: Report) -> None:
    page = words_of(pen.autosave(report, figures() | {"new": ["0badcafe"]}, button="remove:0badcafe"))
    assert 'id="n-0badcafe" hx-swap-oob="delete"' in page


def test_a_deleted_problem_is_not_filed(pen: Pen, report: Report) -> None:
    pen.press(report, "remove:0a1b2c3d", figures() | problem())
    assert pen.file(report, stored(report)).status_code == 302
    assert not Problem.objects.exists()
    assert Submission.objects.get().problems == []


@pytest.mark.parametrize(
    "button", ["restore:0a1b2c3d", "remove:0a1b2c3d", "take:progress", "take:", "add", "nonsense:1", "remove:'\"<x>"]
)  # fmt: skip
def test_a_button_for_what_is_not_there_changes_nothing_else(pen: Pen, report: Report, button: str) -> None:
    assert pen.press(report, button, figures()).status_code == 302
    draft = stored(report)
    assert draft["progress"] == figures()["progress"]
    assert len(draft["new"]) == (1 if button == "add" else 0)
    assert pen.autosave(report, figures(), button=button).status_code == 200


def test_the_preview_shows_what_would_be_filed_and_files_the_stored_draft(pen: Pen, report: Report) -> None:
    response = pen.press(report, "preview", figures() | problem())
    assert response["Location"] == f"/reports/{report.public_id}/preview/"
    page = pen.desk.text(pen.writer, response["Location"])
    assert "路基接顺 60 米" in page
    assert 'value="submit-draft"' in page
    assert 'name="progress"' not in page
    assert not Submission.objects.exists()
    assert pen.press(report, "submit-draft", {}).status_code == 302
    assert Submission.objects.get().values["progress"] == figures()["progress"]
    assert Problem.objects.count() == 1


def test_the_preview_of_an_incomplete_draft_links_back_to_each_field_and_offers_no_filing(
    pen: Pen, report: Report
) -> None:
    pen.save(report, figures(filler=""))
    page = pen.desk.text(pen.writer, f"/reports/{report.public_id}/preview/")
    assert f"/reports/{report.public_id}/#id_filler" in page
    assert "submit-draft" not in page


def test_the_preview_filed_meanwhile_leads_to_the_report(pen: Pen, report: Report) -> None:
    pen.file(report, figures())
    response = pen.desk.get(pen.writer, f"/reports/{report.public_id}/preview/")
    assert response.status_code == 302
    assert pen.press(report, "submit-draft", {}).status_code in (302, 409)
    assert Submission.objects.count() == 1


def test_enter_in_a_field_saves_and_does_not_file(pen: Pen, report: Report) -> None:
    """The first submit button of the form is the one that Enter presses."""
    page = pen.desk.text(pen.writer, f"/reports/{report.public_id}/")
    form = page[page.index('id="report-form"') :]
    first = re.search(r'<button[^>]*name="do" value="([^"]*)"', form)
    assert first
    assert first[1] == "save"
