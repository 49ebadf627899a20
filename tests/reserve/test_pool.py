"""储备项目库: filters, counts, columns, export; what grows stale; the reserve facts (M1.2, M1.4, E2)."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from ningde_projects.notices.models import Notice
from ningde_projects.projects.models import Project
from ningde_projects.projects.services import register
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import RuleBroken
from reserve.services import pool, sweeping
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.story import OCTOBER, november
from tests.reserve.pool_story import NAME, exited, many_pooled, pooled, pooled_fa, record_of

POOL = "/reserve/"
MARCH = OCTOBER.plus(5).start


def names(answer: Any) -> list[str]:
    return [row.name for row in answer.context["page"]]


def test_m1_2_the_register_does_not_put_a_project_into_the_pool_nor_take_it_out(cast: Cast) -> None:
    project, at = pooled(cast), november(9)
    actor = cast.actor(cast.commission, at)
    for after in ("exited", "planning"):
        with pytest.raises(RuleBroken):
            register.update_project(project, {"stage": after}, by=actor, at=at, version=None)
    fresh = Project.objects.create(
        name="霞浦另一个", place=cast.place("XP"), owner=cast.owner_xp.organisation, stage="planning"
    )
    with pytest.raises(RuleBroken):
        register.update_project(fresh, {"stage": "reserve"}, by=actor, at=at, version=None)
    facts = {
        "name": "直接入库",
        "place": cast.place("XP"),
        "owner": cast.owner_xp.organisation,
        "stage": "reserve",
    }
    with pytest.raises(RuleBroken):
        register.create_project(facts, by=actor, at=at)
    gone = exited(cast, project)
    with pytest.raises(RuleBroken):
        register.update_project(gone, {"stage": "under_way"}, by=actor, at=at, version=None)


def test_the_pool_goes_on_to_preliminary_work_by_the_register(cast: Cast) -> None:
    project, at = pooled(cast), november(9)
    actor = cast.actor(cast.bureau_xp, at)
    assert register.update_project(project, {"stage": "preliminary"}, by=actor, at=at, version=None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, True), ({"place": "XP"}, True), ({"place": "FA"}, False), ({"industry": "manufacturing"}, True),
        ({"stage": "reserve"}, True), ({"stage": "preliminary"}, False), ({"maturity": "conceived"}, True),
        ({"maturity": "ripe"}, False), ({"direction": "government_bond"}, True), ({"direction": "special_fund"}, False),
        ({"q": "冷链"}, True), ({"q": "%"}, False), ({"stale": "yes"}, False), ({"lapsing": "yes"}, False),
        ({"part": "exited"}, False), ({"department": "nonsense"}, True), ({"sort": "-total", "page": "zz"}, True),
        ({"place": "ZZ", "sort": "evil"}, True),
    ],
)  # fmt: skip
def test_e2_each_filter_leaves_what_it_says(
    cast: Cast, desk: Desk, query: dict[str, str], found: bool
) -> None:
    pooled(cast)
    answer = desk.get(cast.bureau_xp, POOL, data=query)
    assert answer.status_code == 200
    assert (NAME in names(answer)) is found
    assert answer.context["number"] == len(names(answer))


def test_counts_of_the_filters_are_what_they_lead_to(cast: Cast, desk: Desk) -> None:
    pooled(cast)
    pooled_fa(cast)
    many_pooled(cast, 3)
    menus = desk.get(cast.commission, POOL).context["menus"]
    assert menus
    for menu in menus:
        for _label, count, href, _chosen in menu.options:
            assert desk.get(cast.commission, POOL + href).context["number"] == count


def test_e4_each_sees_the_part_of_the_pool_that_is_his(cast: Cast, desk: Desk) -> None:
    pooled(cast)
    pooled_fa(cast)
    for user, both in ((cast.commission, True), (cast.bureau_fa, False), (cast.owner_fa, False)):
        found = names(desk.get(user, POOL))
        assert (NAME in found) is both
        assert any("福安" in name for name in found)
    for user in (cast.admin_system, cast.admin_security, cast.admin_audit):
        assert desk.get(user, POOL).status_code == 404
    assert desk.get(cast.idle, POOL).status_code == 403
    for canary in ("owner_xp",):
        assert cast.canary(canary) not in desk.text(cast.bureau_fa, POOL)


def test_e2_the_file_has_the_rows_and_columns_of_the_screen(cast: Cast, desk: Desk) -> None:
    pooled(cast)
    pooled_fa(cast)
    path = reverse("documents:export", args=["reserve-pool"]) + "?place=XP&col=maturity&col=directions"
    answer = desk.get(cast.commission, path)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    )
    cells = [[c.value for c in row] for row in book.worksheets[0].iter_rows()]
    flat = [v for row in cells for v in row if v]
    assert NAME in flat
    assert not any("福安坂中" in str(v) for v in flat)
    head = next(row for row in cells if len([v for v in row if v]) > 3)
    assert len(head) == 5  # name, code, owner and the two that were chosen


def test_the_list_costs_the_same_with_1_and_with_60(cast: Cast, desk: Desk) -> None:
    many_pooled(cast, 1)
    few = desk.queries(cast.bureau_xp, POOL)
    many_pooled_more(cast)
    assert desk.queries(cast.bureau_xp, POOL) == few


def many_pooled_more(cast: Cast) -> None:
    Project.objects.filter(name="霞浦储备第0000号").update(name="霞浦储备首号")
    many_pooled(cast, 59)


# ---- stale -----------------------------------------------------------------------------------------------------


def test_m1_4_what_is_not_updated_for_long_is_listed_reminded_of_once_and_confirmed(
    cast: Cast, desk: Desk
) -> None:
    project = pooled(cast)
    assert sweeping.remind_of_stale(november(20)) == 0
    desk.at(MARCH)
    assert names(desk.get(cast.bureau_xp, POOL, data={"stale": "yes"})) == [NAME]
    assert sweeping.remind_of_stale(MARCH) >= 3
    assert sweeping.remind_of_stale(MARCH) == 0
    told = set(Notice.objects.filter(kind="reserve_stale").values_list("recipient__username", flat=True))
    assert {"t_owner_xp", "t_bureau_xp", "t_department_xp"} <= told
    assert not any(name.endswith("_fa") for name in told)
    actor = cast.actor(cast.owner_xp, MARCH)
    pool.act(project, "confirm", "业主确认3月底前完成可研", by=actor, at=MARCH)
    assert record_of(project).last_updated_at == MARCH
    assert names(desk.get(cast.bureau_xp, POOL, data={"stale": "yes"})) == []
    assert Act.objects.get(name="confirm_owner").reason == "业主确认3月底前完成可研"


def test_m1_4_stale_begins_at_midnight_after_the_months(cast: Cast) -> None:
    from datetime import timedelta

    from ningde_projects.periods.month import midnight

    project = pooled(cast)
    last = record_of(project).last_updated_at.date()
    edge = midnight(last.replace(year=last.year + 1, month=last.month - 9)) + timedelta(days=1)
    assert sweeping.remind_of_stale(edge - timedelta(seconds=1)) == 0
    assert sweeping.remind_of_stale(edge) > 0


# ---- the reserve facts -----------------------------------------------------------------------------------------


def edit_url(project: Project) -> str:
    return f"/reserve/pool/{project.public_id}/facts/"


def facts(**more: Any) -> dict[str, Any]:
    return {
        "nature": "new", "planned_start": "2027年5月", "planned_completion": "2028-12", "fund_special_bond": "16000",
        "settled_special_bond": "on", "fund_loan": "5000", "progress_note": "可研已送审", **more,
    }  # fmt: skip


def test_the_owner_updates_the_reserve_facts_and_the_record_tells_before_and_after(
    cast: Cast, desk: Desk
) -> None:
    project = pooled(cast)
    assert desk.get(cast.owner_xp, edit_url(project)).status_code == 200
    version = record_of(project).version
    answer = desk.post(cast.owner_xp, edit_url(project), facts(version=version))
    assert answer.status_code == 302
    record = record_of(project)
    assert str(record.planned_start) == "2027-05"
    assert set(record.funding.values_list("source", flat=True)) == {"special_bond", "loan"}
    changes = Act.objects.get(machine="reserve_record", name="update").data["changes"]
    assert changes["planned_start"] == ["2027-03", "2027-05"]
    assert changes["fund_local"] == ["10400.00", None]
    assert desk.post(cast.owner_xp, edit_url(project), facts(version=version)).status_code == 409
    text = desk.text(cast.owner_xp, f"/projects/{project.public_id}/")
    assert "可研已送审" in text


def test_bad_facts_answer_422_and_change_nothing(cast: Cast, desk: Desk) -> None:
    project = pooled(cast)
    version = record_of(project).version
    for wrong in (
        {"fund_loan": "99999"},
        {"planned_completion": "2026-01"},
        {"nature": "castle"},
        {"sea_mu": "许多"},
    ):
        answer = desk.post(cast.owner_xp, edit_url(project), facts(version=version, **wrong))
        assert answer.status_code == 422
    assert record_of(project).version == version


def test_who_sees_a_project_but_does_not_keep_it_does_not_change_its_facts(cast: Cast, desk: Desk) -> None:
    project = pooled(cast)
    assert desk.get(cast.government_xp, edit_url(project)).status_code == 403
    for user in (cast.bureau_fa, cast.owner_fa, cast.admin_system):
        assert desk.get(user, edit_url(project)).status_code == 404


def test_a_project_that_was_in_the_pool_before_records_gets_one_with_its_first_update(
    cast: Cast, desk: Desk
) -> None:
    project = Project.objects.create(
        name="霞浦旧储备项目", place=cast.place("XP"), owner=cast.owner_xp.organisation, stage="reserve",
        total_investment=90000,
    )  # fmt: skip
    assert project.name in desk.text(cast.bureau_xp, POOL)
    assert desk.get(cast.bureau_xp, f"/projects/{project.public_id}/").status_code == 200
    assert desk.get(cast.bureau_xp, edit_url(project)).status_code == 200
    assert desk.post(cast.bureau_xp, edit_url(project), facts(version=1)).status_code == 302
    assert record_of(project).status == "pooled"
