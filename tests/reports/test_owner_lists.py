"""The owner's ledger, archive and rules: filters in the address, the same rows in Excel (E2)."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from ningde_projects.projects.models import Threshold
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from reports.models import Problem
from reports.selectors.owner_lists import (
    ArchiveFilters,
    ProblemFilters,
    archive_of,
    ledger_rows,
    problem_counts,
    problems_of,
)
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reports.many import many_reports
from tests.reports.pen import september_filed
from tests.reports.story import OCTOBER, filed, november, opened, problem, report_of
from tests.reports.walks import problem_in

LEDGER, ARCHIVE = "/reports/problems/", "/reports/archive/"


def rows_of(response: Any) -> list[tuple[Any, ...]]:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return [row for row in sheet.iter_rows(values_only=True) if any(row)]


# ---- problems --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("open", {"unsettled"}),
        ("confirm", {"unsettled", "confirm"}),
        ("resolved", {"settled"}),
        ("closed", {"settled"}),
    ],
)
def test_a_problem_stands_under_the_states_it_is_in(
    cast: Cast, desk: Desk, status: str, shown: set[str]
) -> None:
    raised = problem_in(cast, status)
    actor = cast.actor(cast.owner_xp, november(12))
    counts = problem_counts(actor, ProblemFilters())
    assert {s for s in ("unsettled", "confirm", "settled") if counts[s]} == shown
    for state in ("unsettled", "confirm", "settled", "all"):
        page = desk.text(cast.owner_xp, f"{LEDGER}?state={state}")
        assert (raised.number in page) is (state in shown | {"all"})


def test_the_owner_confirms_or_denies_what_others_call_solved(cast: Cast, desk: Desk) -> None:
    raised = problem_in(cast, "confirm")
    page = desk.at(november(12)).text(cast.owner_xp, LEDGER)
    confirm, deny = (f"/problems/{raised.public_id}/{name}/" for name in ("confirm_solved", "deny_solved"))
    assert confirm in page
    assert deny in page
    assert desk.post(cast.owner_xp, deny, {"reason": ""}).status_code == 422
    assert desk.post(cast.owner_xp, deny, {"reason": "管线仍未迁"}).status_code == 302
    raised.refresh_from_db()
    assert raised.status == "working"
    perform(raised, "settle", by=cast.actor(cast.direct_xp, november(12)), at=november(12), reason="已迁")
    assert desk.post(cast.owner_xp, confirm).status_code == 302
    raised.refresh_from_db()
    assert raised.status == "resolved"


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=管线", True), ("q=路基 60", True), ("q=XP-2026", True), ("q=电梯", False), ("category=03", True),
     ("category=01", False), ("category=' or 1=1", False), ("state=nonsense", True), ("q=%25", False)],
)  # fmt: skip
def test_filters_are_in_the_address(cast: Cast, desk: Desk, query: str, found: bool) -> None:
    raised = problem_in(cast, "open")
    page = desk.text(cast.owner_xp, f"{LEDGER}?{query}")
    assert (raised.number in page) is found
    assert ('data-empty="filtered"' in page) is not found


def test_e2_the_ledger_in_excel_has_the_rows_of_the_page_and_the_export_is_recorded(
    cast: Cast, desk: Desk
) -> None:
    problem_in(cast, "open")
    filed(cast, cast.project_fa, cast.owner_fa, november(5), **problem(description=cast.canary("fa")))
    rows = rows_of(desk.get(cast.owner_xp, f"{LEDGER}export.xlsx?state=all"))
    text = str(rows)
    assert "XP-2026-0001" in text
    assert cast.canary("fa") not in text
    assert Act.objects.filter(name="export", user=cast.owner_xp).exists()
    assert "XP-2026-0001" not in str(rows_of(desk.get(cast.owner_xp, f"{LEDGER}export.xlsx?state=settled")))
    assert desk.get(cast.bureau_xp, f"{LEDGER}export.xlsx").status_code == 403
    assert desk.get(cast.owner_xp, f"{LEDGER}export.exe").status_code == 404


# ---- archive ---------------------------------------------------------------------------------------------------


def test_every_report_of_every_month_is_in_the_archive_newest_first(cast: Cast, desk: Desk) -> None:
    september_filed(cast)
    actor = cast.actor(cast.owner_xp, november(5))
    months = [r.month for r in archive_of(actor, ArchiveFilters())]
    assert months == sorted(months, reverse=True)
    assert set(months) == {OCTOBER, OCTOBER.previous}
    page = desk.text(cast.owner_xp, ARCHIVE)
    assert f"/reports/{report_of(cast.project_xp, OCTOBER.previous).public_id}/" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [({}, 4), ({"status": ["accepted"]}, 1), ({"status": ["owed"]}, 3), ({"status": ["late"]}, 0),
     ({"year": ["2026"]}, 4),
     ({"year": ["2025"]}, 0), ({"month": ["2026-09"]}, 2), ({"month": ["x"]}, 4), ({"kind": ["urgent"]}, 0),
     ({"kind": ["zzz"]}, 4), ({"year": ["٢٠٢٦"]}, 4), ({"q": ["滨海"]}, 2), ({"q": ["没有"]}, 0)],
)  # fmt: skip
def test_archive_filters(cast: Cast, query: dict[str, list[str]], expected: int) -> None:
    september_filed(cast)
    found = archive_of(cast.actor(cast.owner_xp, november(5)), ArchiveFilters.read(query))
    assert found.count() == expected


def test_e2_the_archive_in_excel_has_the_rows_of_the_page(cast: Cast, desk: Desk) -> None:
    september_filed(cast)
    every = rows_of(desk.get(cast.owner_xp, f"{ARCHIVE}export.xlsx"))
    accepted = rows_of(desk.get(cast.owner_xp, f"{ARCHIVE}export.xlsx?status=accepted"))
    assert len(every) - len(accepted) in (2, 3)  # a filtered sheet carries one more line, its filter
    assert "4870" in str(accepted) or "4,870" in str(accepted)


@pytest.mark.parametrize("path", [LEDGER + "?state=all", ARCHIVE])
def test_lists_cost_as_many_queries_with_sixty_rows_as_with_five(cast: Cast, desk: Desk, path: str) -> None:
    opened()
    many_reports(cast, 5)
    few = desk.queries(cast.owner_xp, path)
    many_reports(cast, 55)
    assert desk.queries(cast.owner_xp, path) == few


def test_two_hundred_reports_come_in_pages(cast: Cast, desk: Desk) -> None:
    opened()
    many_reports(cast, 60)
    first, last = desk.text(cast.owner_xp, ARCHIVE), desk.text(cast.owner_xp, ARCHIVE + "?page=3")
    assert len(re.findall("<tr data-row>", first)) == 50
    assert 0 < len(re.findall("<tr data-row>", last)) < 50
    assert desk.get(cast.owner_xp, ARCHIVE + "?page=999").status_code == 200


# ---- rules -----------------------------------------------------------------------------------------------------


def test_the_rules_page_quotes_the_thresholds_in_force(cast: Cast, desk: Desk) -> None:
    opened()
    desk.at(november(5))
    assert "77%" not in desk.text(cast.owner_xp, "/reports/rules/")
    Threshold.objects.create(key="similarity_percent", value=77, valid_from=OCTOBER, reason="试行")
    page = desk.text(cast.owner_xp, "/reports/rules/")
    assert "77%" in page
    assert "24:00" in page
    for category in ("安征迁", "筹融资", "用林用地报批"):
        assert category in page


def test_the_days_of_a_problem_end_when_it_is_settled(cast: Cast) -> None:
    filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem())
    raised = Problem.objects.get()
    perform(raised, "confirm_solved", by=cast.actor(cast.owner_xp, november(7)), at=november(7))
    rows = problems_of(cast.actor(cast.owner_xp, november(7)), ProblemFilters(state="settled"))
    (row,) = ledger_rows(list(rows), november(30))
    assert (row.days, row.tone, row.asks_me) == (20, "ok", False), "from 18 October, when it occurred"
