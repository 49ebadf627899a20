"""The ledger's filters say how many rows they would show: the very rows of the list."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import product

import time_machine
from django.http import QueryDict
from django.test import Client
from openpyxl import load_workbook

from reports.models import Category, Opinion, Problem, ProblemStatement
from reports.selectors.month import month_view, opinions_of_month
from reports.selectors.problems import LedgerFilters, facets, ledger
from reports.services import filing
from reports.workflow import ProblemStatus
from tests.access.contents import body_of
from tests.cast import Cast
from tests.reports.story import OCTOBER, figures, november, opened, problem, report_of


def _six_problems(cast: Cast) -> None:
    opened()
    for project, person in ((cast.project_xp, cast.owner_xp), (cast.project_fa, cast.owner_fa)):
        at, report = november(3), report_of(project)
        blocks = [problem(f"0a1b2c3{n}") for n in range(3)]
        typed = figures() | {key: value for block in blocks for key, value in block.items()}
        typed["new"] = [key for block in blocks for key in block["new"]]
        filing.submit(report, typed, by=cast.actor(person, at), at=at)
    other = Category.objects.exclude(code="03").earliest("order")
    for n, found in enumerate(Problem.objects.order_by("pk")):
        values = (
            {"status": ProblemStatus.WORKING} if n % 3 == 1 else {"category": other} if n % 3 == 2 else {}
        )
        Problem.objects.filter(pk=found.pk).update(**values)


def test_each_number_is_that_of_the_rows_behind_it(cast: Cast) -> None:
    _six_problems(cast)
    actor = cast.actor(cast.commission, november(5))
    codes = ["", *Problem.objects.order_by().values_list("category__code", flat=True).distinct()]
    assert len(codes) == 3
    for status, category, place in product(("all", "unsettled", "open", "closed"), codes, ("", "XP", "FA")):
        asked = replace(LedgerFilters.read(QueryDict("")), status=status, category=category, place=place)
        counted = facets(actor, asked)
        for value, number in counted.statuses.items():
            assert ledger(actor, replace(asked, status=value)).count() == number
        for value, number in counted.categories.items():
            assert ledger(actor, replace(asked, category=value)).count() == number
        for value, number in counted.places.items():
            assert ledger(actor, replace(asked, place=value)).count() == number


def test_the_problems_that_the_month_counts_are_those_of_the_list_behind_the_number(cast: Cast) -> None:
    _six_problems(cast)
    ProblemStatement.objects.filter(problem=Problem.objects.earliest("pk")).update(answer="solved")
    actor = cast.actor(cast.commission, november(5))
    view = month_view(OCTOBER, november(5))
    assert view.total.problems == 5, "what a report calls solved is not counted"
    for row in [*view.rows, view.total]:
        for code, number in [*row.categories.items(), ("", row.problems)]:
            asked = LedgerFilters.read(
                QueryDict(f"status=all&month={OCTOBER}&place={row.code}&category={code}")
            )
            assert ledger(actor, asked).count() == number


def test_each_number_of_a_departments_opinions_opens_its_list_and_unsent_words_stay_hidden(
    cast: Cast,
) -> None:
    _six_problems(cast)
    office = cast.muni_department.organisation
    for n, raised in enumerate(Problem.objects.order_by("pk")[:3]):
        said = (
            {"status": "sent", "sent_at": november(14), "result": "working"} if n else {"status": "drafting"}
        )
        Opinion.objects.create(
            problem=raised, month=OCTOBER, department=office, due_at=november(16), passed_at=november(8),
            text="甲组意见" if n else "未报送的草稿", **said,
        )  # fmt: skip
    actor = cast.actor(cast.commission, november(20))
    (row,) = month_view(OCTOBER, november(20)).departments
    assert dict(row["cells"]) == {"asked": 3, "sent": 2, "late": 0, "owed": 1}
    for state, number in row["cells"]:
        assert opinions_of_month(actor, OCTOBER, str(office.public_id), state).count() == number
    client = Client()
    with time_machine.travel(november(20), tick=True):
        Cast.login(client, cast.commission)
        page = client.get(f"/month/{OCTOBER}/opinions/?department={office.public_id}").content.decode()
        file = body_of(client.get(f"/opinions/export/?month={OCTOBER}&department={office.public_id}"))
    assert page.count("<tr data-row") == 3
    assert "甲组意见" in page
    assert "未报送的草稿" not in page
    cells = [str(c.value) for r in load_workbook(io.BytesIO(file)).worksheets[0].iter_rows() for c in r]
    assert cells.count("甲组意见") == 2
    assert "未报送的草稿" not in cells
