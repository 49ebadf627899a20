"""What the pages of the monthly chain ask of the database: as much for five thousand projects as for fifty.

The numbers are written down so that nobody raises one unaware; who lowers one writes the lower one. Session, person,
duties, the counts of the menu and the bell are in them. Making five thousand projects takes the time, so it is done once.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from ningde_projects.notices.models import Notice
from reports.models import Category, Opinion, Problem, Report
from reports.models.problems import AskedLevel
from reports.workflow import OpinionStatus, ProblemStatus
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reports.many import many_reports
from tests.reports.story import OCTOBER, november, opened

#: Page: who opens it, its address, and how many queries it may ask.
BUDGETS = {
    "month": ("commission", "/month/2026-10/", 52),
    "reports of the month": ("commission", "/month/2026-10/reports/", 8),
    "worksheet": ("bureau_xp", "/review/?month=2026-10&open=accepted", 16),
    "matrix": ("bureau_xp", "/review/?month=2026-10&view=matrix", 17),
    "problems": ("commission", "/problems/", 9),
    "timeliness": ("commission", "/timeliness/", 9),
    "opinions": ("muni_department", "/opinions/?month=2026-10", 21),
    "owner's home": ("owner_xp", "/reports/?month=2026-10", 18),
    "inbox": ("owner_xp", "/notices/", 7),
}


def _notices(cast: Cast, number: int) -> None:
    begun = Notice.objects.count()
    params = {"project": "批量项目", "month": "2026年10月", "office": "发改局"}
    Notice.objects.bulk_create(
        Notice(
            recipient=cast.owner_xp, kind="report_accepted", params=params, at=november(4), dedupe=f"many-{n}"
        )
        for n in range(begun, begun + number)
    )


def _problems(cast: Cast, reports: list[Report]) -> None:
    """A problem for every third report, with the opinion that the city's department owes on it."""
    category = Category.objects.earliest("order")
    department = cast.muni_department.organisation
    begun = Problem.objects.count()
    problems = Problem.objects.bulk_create(
        Problem(
            number=f"XP-2026-{begun + n:05d}", project_id=r.project_id, place=r.place, owner=r.owner, category=category,
            status=ProblemStatus.OPEN, description="管线迁改方案未定", request="确定迁改方案", unit=department,
            occurred_on=november(1).date() - timedelta(days=n % 90), level=AskedLevel.DEPARTMENT,
            reported_at=november(3), reported_by=cast.owner_xp, first_report=r, first_month=OCTOBER,
        )
        for n, r in enumerate(reports[::3])
    )  # fmt: skip
    Opinion.objects.bulk_create(
        Opinion(
            problem=p, department=department, month=OCTOBER, source="county_department",
            status=OpinionStatus.WAITING, due_at=november(15), passed_at=november(9),
            passed_from=cast.department_xp.organisation,
        )
        for p in problems
    )  # fmt: skip


def _more(cast: Cast, number: int) -> None:
    _problems(cast, many_reports(cast, number))
    _notices(cast, number)


@pytest.fixture
def costs(cast: Cast, desk: Desk) -> dict[str, list[list[str]]]:
    """The queries of each page with fifty projects, then with five thousand."""
    with connection.cursor() as cursor:
        # On a busy machine the making of thousands, in one transaction, may pause for longer than a request may.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    opened(OCTOBER.previous)
    opened()
    found: dict[str, list[list[str]]] = {name: [] for name in BUDGETS}
    for more in (50, 4950):
        _more(cast, more)
        for name, (role, path, _ceiling) in BUDGETS.items():
            found[name].append(desk.asked(cast.people[role], path))
    return found


def test_pages_ask_as_much_for_fifty_projects_as_for_five_thousand_and_no_more_than_is_written_here(
    costs: dict[str, list[list[str]]],
) -> None:
    few = {name: len(first) for name, (first, _second) in costs.items()}
    many = {name: len(second) for name, (_first, second) in costs.items()}
    assert few == many
    assert few == {name: ceiling for name, (_role, _path, ceiling) in BUDGETS.items()}
