"""Sums, slips and the nil report as the form shows and judges them (M5.1, settled point 4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ningde_projects.periods.month import Month
from reports import rules
from reports.forms.drafts import filled_in, with_computed
from reports.models import Problem, Report
from reports.selectors.owner_form import FormState, state_of
from reports.services import filing
from tests.cast import Cast
from tests.reports.desk import Desk, words_of
from tests.reports.desk import desk as desk
from tests.reports.pen import SEPTEMBER, Pen, september_filed, stored
from tests.reports.story import figures, november, opened, problem, report_of

LIMITS = rules.Limits(Decimal(85), Decimal(100), Decimal(30), Decimal(20))


def state(report: Report, **values: Any) -> FormState:
    return state_of(report, {"new": [], **values}, november(5), strict=False)


@pytest.fixture
def pen(desk: Desk, cast: Cast) -> Pen:
    desk.at(november(5))
    return Pen(desk, cast.owner_xp)


# ---- sums ------------------------------------------------------------------------------------------------------


def test_m5_1_the_years_figure_is_computed_when_last_month_was_filed(cast: Cast, pen: Pen) -> None:
    report = september_filed(cast)
    found = state(report, month_investment="420", year_cumulative="1")
    assert found.year_is_computed
    assert found.raw["year_cumulative"] == "5,290"
    pen.file(report, figures("420", "999999", "15890"))
    report.refresh_from_db()
    assert (report.status, report.year_cumulative) == ("submitted", Decimal(5290))


def test_without_last_months_report_the_years_figure_is_typed(cast: Cast) -> None:
    opened()
    found = state(report_of(cast.project_xp), month_investment="420", year_cumulative="5290")
    assert not found.year_is_computed
    assert found.raw["year_cumulative"] == "5290"


def test_a_new_year_begins_at_zero() -> None:
    january = rules.Circumstances(
        Month(2027, 1), rules.Basis(Month(2026, 12), Decimal(9), Decimal(900), Decimal(9000)), LIMITS
    )
    assert with_computed({"month_investment": "88"}, january)["year_cumulative"] == "88"
    assert with_computed({"month_investment": "八十八"}, january)["year_cumulative"] == ""


def test_the_cumulative_figure_shows_the_sum_and_offers_the_right_value(cast: Cast, pen: Pen) -> None:
    report = september_filed(cast)
    found = state(report, month_investment="420", total_cumulative="15894")
    assert found.right_total == Decimal(15890)
    assert found.right_total_sum == "15,470 + 420"
    assert "15,890" in found.form.report.errors["total_cumulative"][0]
    wrong = figures("420", "5290", "15894")
    response = pen.file(report, wrong)
    assert response.status_code == 422
    assert "15,890" in words_of(response)
    assert pen.press(report, "take:total_cumulative", wrong).status_code == 302
    assert stored(report)["total_cumulative"] == "15,890"
    assert pen.file(report, stored(report)).status_code == 302


def test_last_months_value_stands_beside_each_figure(cast: Cast, pen: Pen) -> None:
    report = september_filed(cast)
    page = pen.desk.text(pen.writer, f"/reports/{report.public_id}/")
    for figure in ("690", "4,870", "15,470"):
        assert f">{figure}</td>" in page


@pytest.mark.parametrize("typed", ["0", "0.01", "１２３．４５", "1,080.5", "420 万元", "420万"])
def test_amounts_are_read_as_people_type_them(cast: Cast, typed: str) -> None:
    opened()
    assert (
        "month_investment" not in state(report_of(cast.project_xp), month_investment=typed).form.report.errors
    )


@pytest.mark.parametrize(
    "typed", ["-1", "−3", "4.2亿元", "1.234", "1e5", "四百", "99999999999999", "NaN", "٣"]
)
def test_what_is_no_amount_of_ten_thousand_yuan_is_refused_at_its_field(cast: Cast, typed: str) -> None:
    opened()
    found = state(report_of(cast.project_xp), month_investment=typed)
    assert found.form.report.errors["month_investment"]
    assert found.raw["month_investment"] == typed


def test_an_amount_in_yi_is_told_what_it_is_in_wan(cast: Cast) -> None:
    opened()
    errors = state(report_of(cast.project_xp), month_investment="1.5亿").form.report.errors
    assert "15,000" in errors["month_investment"][0]


@pytest.mark.parametrize(
    ("total", "ok"), [("15470", False), ("15889.99", False), ("15890", True), ("15890.01", False)]
)
def test_a_cumulative_figure_is_last_months_plus_this_months_to_the_cent(
    cast: Cast, total: str, ok: bool
) -> None:
    found = state(september_filed(cast), month_investment="420", total_cumulative=total)
    assert ("total_cumulative" not in found.form.report.errors) is ok


def test_after_a_gap_a_cumulative_figure_may_not_fall(cast: Cast) -> None:
    opened(Month(2026, 8))
    august = report_of(cast.project_xp, Month(2026, 8))
    at = SEPTEMBER.start.replace(day=5)
    filing.submit(august, figures("690", "4870", "15470"), by=cast.actor(cast.owner_xp, at), at=at)
    opened()
    report = report_of(cast.project_xp)
    assert (
        "total_cumulative" in state(report, month_investment="0", total_cumulative="15469").form.report.errors
    )
    assert (
        "total_cumulative"
        not in state(report, month_investment="0", total_cumulative="15470").form.report.errors
    )


@pytest.mark.parametrize(
    ("typed", "asked"), [("69000", True), ("68999.99", False), ("6.9", True), ("6.91", False)]
)
def test_a_slip_of_unit_is_questioned_and_not_blocked(cast: Cast, typed: str, asked: bool) -> None:
    report = september_filed(cast)
    Report.objects.filter(pk=report.pk).update(annual_plan=None)
    report.refresh_from_db()
    found = state(report, month_investment=typed)
    slips = [r for r in found.remarks.get("month_investment", []) if "yuan" in r.text or "元" in r.text]
    assert bool(slips) is asked
    assert "month_investment" not in found.form.report.errors


# ---- nil -------------------------------------------------------------------------------------------------------


def carried(cast: Cast) -> tuple[Report, Problem]:
    report = september_filed(cast, **problem(occurred_on="2026-09-18"))
    return report, Problem.objects.get()


def test_nil_cannot_be_switched_on_while_a_carried_problem_is_open(cast: Cast, pen: Pen) -> None:
    report, raised = carried(cast)
    key = f"p-{raised.public_id}"
    page = pen.desk.text(pen.writer, f"/reports/{report.public_id}/")
    assert 'id="id_is_nil" value="on" disabled' in page
    for answer in ("unsolved", "progress"):
        assert not state(report, **{f"{key}-answer": answer}).nil_possible
    values = figures() | {f"{key}-answer": "unsolved", "is_nil": "on"}
    response = pen.file(report, values)
    assert response.status_code == 422
    assert '<a href="#id_is_nil">' in words_of(response)
    solved = figures() | {
        f"{key}-answer": "solved",
        f"{key}-note": "已批复",
        "is_nil": "on",
        "nil_answer": "雨季",
    }
    assert state(report, **solved).nil_possible
    assert pen.file(report, solved).status_code == 302
    raised.refresh_from_db()
    assert raised.status == "resolved"


def test_every_carried_problem_has_to_be_answered(cast: Cast, pen: Pen) -> None:
    report, raised = carried(cast)
    page = words_of(pen.file(report, figures()))
    assert f'<a href="#id_p-{raised.public_id}-answer_0">' in page
    page = words_of(pen.file(report, figures() | {f"p-{raised.public_id}-answer": "progress"}))
    assert f'<a href="#id_p-{raised.public_id}-note">' in page


def test_settled_4_a_nil_report_behind_schedule_gets_one_question_and_the_answer_is_kept(
    cast: Cast, pen: Pen
) -> None:
    report = september_filed(cast)
    quiet = figures()
    assert not state(report, **quiet).question
    values = quiet | {"is_nil": "on"}
    assert state(report, **values).question
    shown = words_of(pen.autosave(report, values))
    assert 'name="nil_answer"' in shown
    # While somebody types the answer, the field is not replaced under his hands.
    again = words_of(pen.autosave(report, values | {"nil_answer": "雨", "question_shown": "1"}))
    assert 'name="nil_answer"' not in again
    assert pen.file(report, values).status_code == 422
    assert pen.file(report, values | {"nil_answer": "雨季停工 12 天，已恢复"}).status_code == 302
    report.refresh_from_db()
    assert (report.is_nil, report.nil_answer) == (True, "雨季停工 12 天，已恢复")


def test_a_nil_report_on_schedule_is_asked_nothing(cast: Cast) -> None:
    report = september_filed(cast)
    Report.objects.filter(pk=report.pk).update(annual_plan=Decimal(6000))
    report.refresh_from_db()
    assert not state(report, **(figures() | {"is_nil": "on"})).question


# ---- how much is filled in -------------------------------------------------------------------------------------


def test_the_progress_bar_counts_nine_things() -> None:
    assert filled_in({}, []) == 0
    full = figures() | {"next_plan": "铺设", "in_statistics": "yes", "head": "林", "is_nil": "on"}
    assert filled_in(full, []) == 9
    assert filled_in(full | {"is_nil": ""}, []) == 8
    assert filled_in(full | {"is_nil": "", **problem()}, []) == 9
    assert filled_in(full | {"is_nil": "", **problem()}, ["a"]) == 8
    assert filled_in(full | {"is_nil": "", "p-a-answer": "unsolved"}, ["a"]) == 9
    assert filled_in({"progress": "   "}, []) == 0
