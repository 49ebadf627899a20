"""Nothing typed is ever lost: what the form keeps, and what it says meanwhile (M5.1, E5)."""

from __future__ import annotations

import pytest

from reports.models import Report, Submission
from tests.cast import Cast
from tests.reports.desk import Desk, words_of
from tests.reports.desk import desk as desk
from tests.reports.pen import Pen, stored
from tests.reports.story import figures, november, opened, problem, report_of

LONG = "桩" * 300_000


@pytest.fixture
def pen(desk: Desk, cast: Cast) -> Pen:
    opened()
    desk.at(november(5))
    return Pen(desk, cast.owner_xp)


@pytest.fixture
def report(cast: Cast, pen: Pen) -> Report:
    return report_of(cast.project_xp)


@pytest.mark.parametrize("tail", ["save", "autosave"])
@pytest.mark.parametrize(
    "typed",
    [
        {"month_investment": "四百二十"},
        {"month_investment": "-5"},
        {"progress": ""},
        {"filler": "名" * 500},
        {"n-0a1b2c3d-occurred_on": "上月底", "new": ["0a1b2c3d"]},
        {"n-0a1b2c3d-category": "没有这类", "new": ["0a1b2c3d"]},
        {"in_statistics": "也许"},
        {"progress": "<b>加粗</b> & “引号” \"半角\" '单'"},
        {},
    ],
    ids=["not a figure", "negative", "empty", "too long", "no date", "no category", "no choice", "markup", "nothing"],
)  # fmt: skip
def test_a_draft_keeps_incomplete_and_invalid_values_as_typed(
    pen: Pen, report: Report, typed: dict[str, str], tail: str
) -> None:
    response = pen.save(report, typed) if tail == "save" else pen.autosave(report, typed)
    assert response.status_code == (302 if tail == "save" else 200)
    draft = stored(report)
    assert {name: draft.get(name, "") for name in typed} == typed
    page = pen.desk.get(pen.writer, f"/reports/{report.public_id}/")
    assert page.status_code == 200
    assert not Submission.objects.exists()


def test_autosave_answers_the_new_version_the_open_points_and_what_follows_from_the_figures(
    pen: Pen, report: Report
) -> None:
    page = words_of(pen.autosave(report, {"month_investment": "420", "year_cumulative": "100"}))
    report.refresh_from_db()
    assert report.status == "draft"
    assert f'id="report-version" value="{report.version}"' in page
    for part in ("save-state", "open-points", "rm-year_cumulative", "rate-bar", "nil-switch", "mark-2"):
        assert f'id="{part}"' in page
    assert page.count("hx-swap-oob") > 10
    # The wrong sum is said at once, beside its field; a field that is still empty is not scolded.
    assert 'id="id_year_cumulative_error"' in page
    assert 'id="id_progress_error"' not in page


def test_a_form_opened_for_the_first_time_shows_no_error_and_saves_nothing(pen: Pen, report: Report) -> None:
    page = pen.desk.text(pen.writer, f"/reports/{report.public_id}/")
    assert "nd-err" not in page
    report.refresh_from_db()
    assert (report.status, report.draft) == ("todo", {})


def test_three_hundred_thousand_characters_are_kept_and_refused_by_field_only_when_filed(
    pen: Pen, report: Report
) -> None:
    assert pen.autosave(report, figures(progress=LONG)).status_code == 200
    assert len(stored(report)["progress"]) == 300_000
    response = pen.file(report, figures(progress=LONG))
    assert response.status_code == 422
    assert 'href="#id_progress"' in words_of(response)
    assert len(stored(report)["progress"]) == 300_000
    assert not Submission.objects.exists()


def test_a_draft_beyond_all_measure_is_refused_and_what_was_there_stays(pen: Pen, report: Report) -> None:
    pen.save(report, figures())
    response = pen.autosave(report, figures(progress="字" * 1_100_000))
    assert response.status_code == 422
    assert response["HX-Retarget"] == "#save-state"
    assert stored(report)["progress"] == figures()["progress"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"month_investment": ""}, "id_month_investment"),
        ({"month_investment": "0.123"}, "id_month_investment"),
        ({"month_investment": "4.2亿"}, "id_month_investment"),
        ({"month_investment": "-1"}, "id_month_investment"),
        ({"total_cumulative": "100"}, "id_total_cumulative"),
        ({"progress": "  "}, "id_progress"),
        ({"filler": ""}, "id_filler"),
        ({"in_statistics": "maybe"}, "id_in_statistics"),
        (problem(unit_text=""), "id_n-0a1b2c3d-unit"),
        (problem(category=""), "id_n-0a1b2c3d-category"),
        (problem(level=""), "id_n-0a1b2c3d-level_0"),
        (problem(occurred_on="2027-01-01"), "id_n-0a1b2c3d-occurred_on"),
        (problem(description="字" * 501), "id_n-0a1b2c3d-description"),
        (problem() | {"is_nil": "on"}, "id_is_nil"),
    ],
)
def test_filing_answers_422_with_each_error_linked_to_its_field_and_the_form_as_typed(
    pen: Pen, report: Report, typed: dict[str, str], field: str
) -> None:
    values = figures() | typed
    response = pen.file(report, values)
    page = words_of(response)
    assert response.status_code == 422
    assert f'<a href="#{field}">' in page
    assert f'id="{field}"' in page
    assert figures()["progress"] in page or "progress" in typed
    assert not Submission.objects.exists()
    assert stored(report) != {}


def test_all_errors_come_at_once(pen: Pen, report: Report) -> None:
    wrong = figures(month="x", total="y", filler="") | problem(category="", request="")
    page = words_of(pen.file(report, wrong))
    for field in ("id_month_investment", "id_total_cumulative", "id_filler", "id_n-0a1b2c3d-category",
                  "id_n-0a1b2c3d-request"):  # fmt: skip
        assert f'<a href="#{field}">' in page


def test_strange_input_names_are_not_kept(pen: Pen, report: Report) -> None:
    pen.save(
        report, {"progress": "K1", "status": "accepted", "owner": "1", "n-zz-x": "1", "p-1-answer": "solved"}
    )
    assert set(stored(report)) <= {"progress", "new", "year_cumulative"}
    report.refresh_from_db()
    assert report.status == "draft"


def test_a_sound_form_is_filed_and_cannot_be_taken_for_a_saved_one(pen: Pen, report: Report) -> None:
    assert pen.save(report, figures()).status_code == 302
    saved = pen.desk.text(pen.writer, f"/reports/{report.public_id}/")
    assert 'id="report-form"' in saved
    assert pen.file(report, figures()).status_code == 302
    filed = pen.desk.text(pen.writer, f"/reports/{report.public_id}/")
    assert 'data-state="submitted"' in filed
    assert 'id="report-form"' not in filed
    assert Submission.objects.get().values["month_investment"] == "420.00"


def test_the_button_pressed_twice_files_once(pen: Pen, report: Report) -> None:
    report.refresh_from_db()
    first = report.version
    assert pen.file(report, figures(), version=first).status_code == 302
    again = pen.file(report, figures(), version=first)
    assert again.status_code == 302
    assert Submission.objects.count() == 1


def test_a_late_report_can_still_be_filed_and_stays_marked(pen: Pen, report: Report) -> None:
    pen.desk.at(november(9))
    page = pen.desk.text(pen.writer, f"/reports/{report.public_id}/")
    assert 'data-status="overdue"' in page
    assert pen.file(report, figures()).status_code == 302
    assert 'data-status="late"' in pen.desk.text(pen.writer, f"/reports/{report.public_id}/")


def test_the_button_says_whom_it_notifies(pen: Pen, report: Report, cast: Cast) -> None:
    page = pen.desk.text(pen.writer, f"/reports/{report.public_id}/")
    for person in (cast.bureau_xp, cast.bureau2_xp, cast.department_xp):
        assert person.name in page
    assert cast.bureau_fa.name not in page
