"""The page of a project (screen 07): light, life, figures, tabs, follow, dossier; hidden is 404."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from ningde_projects.periods.month import Month
from ningde_projects.projects.life import life_of
from ningde_projects.projects.lights import Judgement, Lag, Node, Progress, judge, missed_by_a_month
from ningde_projects.projects.models import Follow, NodeKind, PlanNode, Project, Stage
from ningde_projects.projects.rules import Light
from ningde_projects.workflow.models import Act
from tests.access.contents import body_of
from tests.cast import Cast

OCTOBER = Month(2026, 10)
TEN = Decimal(10)
LATE_NOVEMBER = date(2026, 11, 24)


def progress(done: str, plan: str = "12000", month: Month = OCTOBER) -> Progress:
    return Progress(
        month,
        Decimal(done),
        rated=Decimal(done),
        planned=Decimal(plan),
        due_twelfths=Decimal(plan) * month.number,
    )


def judged(
    found: Progress | None, *nodes: Node, stage: str = "under_way", on: date = LATE_NOVEMBER
) -> Judgement:
    return judge(stage, found, nodes, on, TEN)


# ---- the light (settled point 9) -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "light"),
    [
        ("10000", Light.GREEN),  # exactly the schedule of October, 10/12
        ("10000.01", Light.GREEN),
        ("9999.99", Light.AMBER),
        ("8800", Light.AMBER),  # exactly ten points behind
        ("8799.99", Light.RED),
        ("0", Light.RED),
    ],
)
def test_the_light_is_green_on_schedule_amber_within_ten_points_red_beyond(done: str, light: Light) -> None:
    found = judged(progress(done))
    assert found.light is light
    assert (Lag.INVESTMENT in found.lags) is (light is Light.RED)


def test_the_published_case_is_red_with_the_sum_written_out() -> None:
    found = judged(progress("5290", "8500"))
    assert found.light is Light.RED
    for part in ("62.2", "83.3", "21.1"):
        assert part in found.why


def test_parts_of_counties_are_judged_as_one_sum_each_by_its_own_month() -> None:
    both = Progress(
        OCTOBER, rated=Decimal(9000), planned=Decimal(12000),
        due_twelfths=Decimal(6000) * 10 + Decimal(6000) * 8, parts=2,
    )  # fmt: skip
    assert both.schedule == Decimal(75)
    assert judged(both).light is Light.GREEN


@pytest.mark.parametrize(
    ("planned", "on", "missed"),
    [
        (date(2026, 10, 15), date(2026, 11, 15), False),
        (date(2026, 10, 15), date(2026, 11, 16), True),
        (date(2026, 1, 31), date(2026, 2, 28), False),
        (date(2026, 1, 31), date(2026, 3, 1), True),
        (date(2025, 12, 31), date(2026, 2, 1), True),
    ],
)
def test_a_node_is_missed_when_more_than_a_month_has_passed(planned: date, on: date, missed: bool) -> None:
    assert missed_by_a_month(Node("start", planned, None), on) is missed
    assert missed_by_a_month(Node("start", planned, on), on) is False


@pytest.mark.parametrize(("kind", "lag"), [("start", Lag.START), ("completion", Lag.COMPLETION)])
def test_a_missed_start_or_completion_is_red_whatever_the_money_says(kind: str, lag: Lag) -> None:
    found = judged(progress("12000"), Node(kind, date(2026, 9, 1), None))
    assert found.light is Light.RED
    assert found.lags == (lag,)
    assert "2026-09-01" in found.why


def test_other_nodes_do_not_make_a_light_red() -> None:
    assert judged(progress("12000"), Node("other", date(2026, 1, 1), None)).light is Light.GREEN


@pytest.mark.parametrize("stage", ["planning", "reserve", "completed", "exited", "suspended"])
def test_no_rule_no_light(stage: str) -> None:
    assert judged(progress("0"), Node("start", date(2020, 1, 1), None), stage=stage).light is Light.NONE


def test_before_the_start_of_works_only_a_missed_start_is_red() -> None:
    assert judged(None, stage="preliminary").light is Light.NONE
    assert judged(None, Node("start", date(2026, 9, 1), None), stage="preliminary").lags == (Lag.START,)


def test_without_plan_or_figure_there_is_no_light_and_it_says_why() -> None:
    for found in (judged(None), judged(Progress(OCTOBER, done=Decimal(5)))):
        assert found.light is Light.NONE
        assert found.why


# ---- the strip -------------------------------------------------------------------------------------------------


def states(project: Project) -> list[str]:
    return [stage.state for stage in life_of(project, list(project.nodes.all()))]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("planning", "now later later later later later"),
        ("reserve", "done now later later later later"),
        ("preliminary", "done done now later later later"),
        ("under_way", "done done done done now later"),
        ("completed", "done done done done done done"),
        ("suspended", "now later later later later later later"),
    ],
)
def test_the_strip_shows_every_stage(cast: Cast, stage: str, expected: str) -> None:
    cast.project_xp.stage = stage
    assert " ".join(states(cast.project_xp)) == expected


def test_who_left_or_rests_stands_after_the_last_node_reached(cast: Cast) -> None:
    PlanNode.objects.create(project=cast.project_xp, kind=NodeKind.PRELIMINARY, reached_on=date(2025, 5, 1))
    for stage in (Stage.SUSPENDED, Stage.EXITED):
        cast.project_xp.stage = stage
        strip = life_of(cast.project_xp, list(cast.project_xp.nodes.all()))
        assert [s.state for s in strip] == ["done", "done", "done", "now", "later", "later", "later"]
        assert strip[3].title == stage.label


# ---- the page --------------------------------------------------------------------------------------------------


def url(project: Project, name: str = "detail") -> str:
    return reverse(f"projects:{name}", args=[project.public_id])


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize(
    "tab", ["overview", "reports", "problems", "preliminary", "documents", "record", "<b>x"]
)
def test_every_tab_opens_for_every_stage_without_a_blank(
    cast: Cast, client: Client, stage: str, tab: str
) -> None:
    Project.objects.filter(pk=cast.project_xp.pk).update(stage=stage)
    cast.login(client, cast.commission)
    answer = client.get(url(cast.project_xp), {"tab": tab, "year": "abc"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "<b>x" not in text
    if tab in ("reports", "problems", "documents", "preliminary"):
        assert "data-empty=" in text


@pytest.mark.parametrize(
    "role", ["bureau_fa", "owner_fa", "department_fa", "muni_factor", "admin_system", "idle"]
)
@pytest.mark.parametrize("name", ["detail", "dossier", "follow"])
def test_the_page_the_dossier_and_following_are_hidden_from_strangers(
    cast: Cast, client: Client, role: str, name: str
) -> None:
    cast.login(client, cast.people[role])
    answer = (client.post if name == "follow" else client.get)(url(cast.project_xp, name))
    assert answer.status_code == 404
    assert cast.canary("xp") not in answer.content.decode()
    assert not Follow.objects.exists()


def test_following_is_ones_own_and_twice_is_once(cast: Cast, client: Client) -> None:
    cast.login(client, cast.owner_xp)
    for _twice in range(2):
        assert client.post(url(cast.project_xp, "follow"), {"follow": "1"}).status_code == 302
    assert Follow.objects.filter(user=cast.owner_xp, project=cast.project_xp).count() == 1
    assert Act.objects.filter(machine="own_list", name="follow").count() == 1
    assert client.get(url(cast.project_xp)).context["follows"] is True
    followed = client.get(reverse("projects:list"), {"followed": "yes"})
    assert [row.pk for row in followed.context["page"]] == [cast.project_xp.pk]
    other = cast.login(Client(), cast.bureau_xp)
    assert other.get(url(cast.project_xp)).context["follows"] is False
    client.post(url(cast.project_xp, "follow"), {"follow": "0"})
    assert not Follow.objects.exists()
    assert client.get(url(cast.project_xp, "follow")).status_code == 405


def test_who_follows_does_not_stand_on_the_page_of_the_project(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    client.post(url(cast.project_xp, "follow"), {"follow": "1"})
    other = cast.login(Client(), cast.owner_xp)
    assert "关注项目" not in other.get(url(cast.project_xp), {"tab": "record"}).content.decode()


def book(answer: Any) -> Any:
    return load_workbook(io.BytesIO(body_of(answer)))


def words(workbook: Any) -> str:
    return " ".join(
        str(cell) for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row if cell
    )


def test_the_dossier_holds_facts_plans_nodes_and_people(cast: Cast, client: Client) -> None:
    PlanNode.objects.create(project=cast.project_xp, kind=NodeKind.START, planned_on=date(2025, 6, 1))
    cast.login(client, cast.owner_xp)
    answer = client.get(url(cast.project_xp, "dossier"))
    assert answer.status_code == 200
    found = book(answer)
    assert found.sheetnames == ["基本情况", "年度计划", "计划节点", "双挂钩责任人"]
    text = words(found)
    for part in (cast.project_xp.name, "36,000", "12000", "2025-06-01", "刘闻笛", "100****"):
        assert part in text, part
    assert cast.government_xp.phone not in text
    act = Act.objects.get(machine="own_list", name="dossier")
    assert act.object_id == cast.project_xp.pk


def test_a_name_that_looks_like_a_formula_stays_text_in_the_dossier(cast: Cast, client: Client) -> None:
    Project.objects.filter(pk=cast.project_xp.pk).update(name="=1+1", annual_goal="@cmd")
    cast.login(client, cast.owner_xp)
    sheet = book(client.get(url(cast.project_xp, "dossier"))).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
