"""Rows of many lists in one statement, and the loaders of the list that are read so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from ningde_projects.organizations.models import Place
from ningde_projects.projects.columns import Loaded, RowLoader
from ningde_projects.projects.list_columns import figures, followed, leaders, lights, year_plans
from ningde_projects.projects.models import AnnualPlan, NodeKind, PlanNode, Project
from ningde_projects.shell.together import rows_together
from tests.cast import Cast
from tests.reports.story import november


def test_the_rows_of_many_lists_come_with_one_statement_each_in_its_order(cast: Cast) -> None:
    project = cast.project_xp
    PlanNode.objects.create(project=project, kind=NodeKind.START, planned_on=date(2026, 3, 1))
    wanted: dict[str, Any] = {
        "places": Place.objects.order_by("-order").values_list("code", "name"),
        "none": Place.objects.none().values_list("code"),
        "nobody": Place.objects.filter(code="%s '").values_list("code"),
        "same name": Project.objects.filter(pk=project.pk).values_list("name", "place__name", "owner__name"),
        "sums": AnnualPlan.objects.filter(project=project).values_list("investment"),
        "counted": Project.objects.order_by("place").values_list("place").annotate(number=Count("pk")),
        "days": project.nodes.values_list("planned_on", "reached_on"),
    }
    with CaptureQueriesContext(connection) as queries:
        found = rows_together(wanted)
    assert len(queries) == 1
    assert found["places"] == [list(row) for row in wanted["places"]]
    assert found["none"] == found["nobody"] == []
    assert found["same name"] == [[project.name, project.place.name, project.owner.name]]
    assert found["sums"] == [[plan] for plan in wanted["sums"].values_list("investment", flat=True)]
    assert all(isinstance(sum_, Decimal) for (sum_,) in found["sums"])
    assert found["counted"] == [list(row) for row in wanted["counted"]]
    assert found["days"] == [["2026-03-01", None]]


def test_nothing_wanted_asks_nothing(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert rows_together({}) == {}
        assert rows_together({"none": Place.objects.none().values_list("code")}) == {"none": []}
    assert not queries


def test_loaders_are_read_together_and_answer_as_each_alone(cast: Cast) -> None:
    actor, at = cast.actor(cast.commission, november(8)), november(8)
    wanted = (year_plans, lights, followed, leaders)
    loaded = Loaded(actor, at)
    with CaptureQueriesContext(connection) as queries:
        loaded.together(wanted)
        together = [loaded.of(loader) for loader in (*wanted, figures)]
    assert len(queries) == 1
    assert together == [loader(actor, at, None) for loader in (*wanted, figures)]


def test_a_page_takes_what_the_list_has_read_and_asks_for_its_own_rows_only(cast: Cast) -> None:
    asked: list[Any] = []

    def rows(actor: Any, at: Any, ids: Any) -> dict[str, Any]:
        asked.append(ids)
        return {"names": Project.objects.values_list("pk", "name")}

    one = RowLoader(rows, lambda loaded, found: dict(found["names"]))
    other = RowLoader(rows, lambda loaded, found: {pk: name * 2 for pk, name in found["names"]})
    whole = Loaded(cast.actor(cast.commission, november(8)), november(8))
    whole.together([one])
    page = whole.for_page([cast.project_xp.pk])
    assert page.of(one)[cast.project_xp.pk] == cast.project_xp.name
    assert page.of(other)[cast.project_xp.pk] == cast.project_xp.name * 2
    assert asked == [None, [cast.project_xp.pk]]
