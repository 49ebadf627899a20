"""The ledger's filters say how many rows they would show: the very rows of the list."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from django.http import QueryDict

from reports.models import Category, Problem, ProblemStatement
from reports.selectors.month import month_view
from reports.selectors.problems import LedgerFilters, facets, ledger
from reports.services import filing
from reports.workflow import ProblemStatus
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
