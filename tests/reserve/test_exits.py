"""Out of the pool and back, by decision and with a reason; nothing is deleted (M1.4)."""

from __future__ import annotations

import pytest

from ningde_projects.notices.models import Notice
from ningde_projects.projects.models import Project
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState
from reserve.services import pool
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.story import november
from tests.reserve.pool_story import NAME, exited, filed, pooled, record_of

POOL = "/reserve/"


def act_url(project: Project, act: str) -> str:
    return f"/reserve/pool/{project.public_id}/{act}/"


def test_m1_4_a_project_leaves_with_a_reason_stays_readable_and_comes_back(cast: Cast, desk: Desk) -> None:
    project = exited(cast, pooled(cast))
    record = record_of(project)
    assert (project.stage, record.status, record.exit_category, record.exit_stage) == (
        "exited", "exited", "no_land", "reserve",
    )  # fmt: skip
    assert NAME not in desk.text(cast.bureau_xp, POOL)
    assert "选址与红线冲突" in desk.text(cast.bureau_xp, POOL + "?part=exited")
    assert "选址与红线冲突" in desk.text(cast.owner_xp, f"/projects/{project.public_id}/")
    assert Notice.objects.filter(kind="reserve_exited", recipient=cast.owner_xp).exists()
    at = november(20)
    with pytest.raises(RuleBroken):
        pool.act(project, "restore", " ", by=cast.actor(cast.bureau_xp, at), at=at)
    pool.act(project, "restore", "新选址已获意见", by=cast.actor(cast.commission, at), at=at)
    project.refresh_from_db()
    record = record_of(project)
    assert (project.stage, record.status, record.exit_reason) == ("reserve", "pooled", "")
    assert record.in_pool_since == november(4)
    names = list(Act.objects.filter(machine="reserve_record").order_by("id").values_list("name", flat=True))
    assert names == ["enter", "exit_bureau", "restore_city"]


def test_m1_4_it_comes_back_to_the_stage_in_which_it_left(cast: Cast) -> None:
    project = pooled(cast)
    Project.objects.filter(pk=project.pk).update(stage="preliminary")
    project = exited(cast, Project.objects.get(pk=project.pk))
    at = november(20)
    pool.act(project, "restore", "继续推进", by=cast.actor(cast.bureau_xp, at), at=at)
    project.refresh_from_db()
    assert project.stage == "preliminary"


@pytest.mark.parametrize("category", ["", "nonsense"])
def test_an_exit_names_why(cast: Cast, category: str) -> None:
    project, at = pooled(cast), november(10)
    with pytest.raises(RuleBroken) as refused:
        pool.act(project, "exit", "不建了", by=cast.actor(cast.bureau_xp, at), at=at, category=category)
    assert refused.value.field == "category"


def test_owner_and_department_propose_and_bureau_or_commission_decides(cast: Cast) -> None:
    project, at = pooled(cast), november(10)
    owner, bureau = cast.actor(cast.owner_xp, at), cast.actor(cast.bureau_xp, at)
    for who in ("owner_xp", "department_xp", "bureau_fa", "government_xp", "muni_department"):
        with pytest.raises(NotAllowed):
            pool.act(project, "exit", "不建", by=cast.actor(cast.people[who], at), at=at, category="owner")
    pool.act(project, "propose_exit", "资金链断裂", by=owner, at=at, category="no_funds")
    assert Notice.objects.filter(kind="reserve_exit_proposed", recipient=cast.bureau_xp).exists()
    project.refresh_from_db()
    assert project.stage == "reserve"
    pool.act(project, "keep", "先协调银团", by=bureau, at=at)
    assert record_of(project).exit_proposed_at is None
    with pytest.raises(WrongState):
        pool.act(project, "keep", "再留", by=bureau, at=at)
    pool.act(project, "propose_exit", "仍无资金", by=owner, at=at, category="no_funds")
    pool.act(project, "exit", "同意退库", by=bureau, at=at, category="no_funds")
    project.refresh_from_db()
    assert project.stage == "exited"


def test_a_project_under_way_does_not_leave_the_pool_any_more(cast: Cast) -> None:
    project, at = pooled(cast), november(10)
    Project.objects.filter(pk=project.pk).update(stage="under_way")
    with pytest.raises(WrongState):
        pool.act(project, "exit", "不建", by=cast.actor(cast.bureau_xp, at), at=at, category="owner")


def test_the_pages_of_the_decisions(cast: Cast, desk: Desk) -> None:
    project = pooled(cast)
    version = record_of(project).version
    assert desk.get(cast.bureau_xp, act_url(project, "exit")).status_code == 200
    assert desk.get(cast.owner_xp, act_url(project, "exit")).status_code == 403
    assert desk.get(cast.bureau_fa, act_url(project, "exit")).status_code == 404
    assert desk.get(cast.admin_audit, act_url(project, "exit")).status_code == 404
    assert desk.get(cast.bureau_xp, act_url(project, "explode")).status_code == 404
    assert desk.get(cast.bureau_xp, act_url(project, "restore")).status_code == 409
    data = {"category": "no_land", "reason": "占用生态红线", "version": version}
    assert desk.post(cast.bureau_xp, act_url(project, "exit"), data | {"reason": ""}).status_code == 422
    assert desk.post(cast.bureau_xp, act_url(project, "exit"), data | {"category": "x"}).status_code == 422
    assert (
        desk.post(cast.bureau_xp, act_url(project, "exit"), data | {"version": version + 5}).status_code
        == 409
    )
    assert desk.post(cast.bureau_xp, act_url(project, "exit"), data).status_code == 302
    assert desk.post(cast.bureau_xp, act_url(project, "exit"), data).status_code == 409
    back = {"reason": "红线已调整", "version": version + 1}
    assert desk.post(cast.bureau_xp, act_url(project, "restore"), back).status_code == 302
    assert (
        desk.post(
            cast.owner_xp, act_url(project, "confirm"), {"reason": "仍在推进", "version": version + 2}
        ).status_code
        == 302
    )


def test_a_project_that_is_not_in_the_pool_is_not_decided_on(cast: Cast, desk: Desk) -> None:
    assert desk.get(cast.bureau_xp, act_url(cast.project_xp, "exit")).status_code == 409
    application = filed(cast)
    assert application.project is not None
    assert desk.get(cast.bureau_xp, act_url(application.project, "exit")).status_code == 409


def test_an_exited_project_can_be_applied_for_anew(cast: Cast) -> None:
    from reserve.services import applications
    from tests.reserve.pool_story import passed, typed

    project, at = exited(cast, pooled(cast)), november(12)
    actor = cast.actor(cast.owner_xp, at)
    application = applications.start(cast.owner_xp.organisation, by=actor, at=at, project=project)
    applications.submit(application, typed(cast, confirm="on"), by=actor, at=at)
    passed(cast, application, november(13))
    project.refresh_from_db()
    assert (project.stage, record_of(project).status) == ("reserve", "pooled")


def test_decisions_to_take_are_in_the_to_do_of_who_takes_them(cast: Cast) -> None:
    from ningde_projects.notices.todo import todo_for

    project, at = pooled(cast), november(10)
    pool.act(project, "propose_exit", "无地", by=cast.actor(cast.owner_xp, at), at=at, category="no_land")

    def keys(who: str) -> set[str]:
        return {group.key for group in todo_for(cast.actor(cast.people[who], at), at)}

    assert "reserve_exits" in keys("bureau_xp")
    assert "reserve_exits" not in keys("bureau_fa")
    assert "reserve_exits" not in keys("owner_xp")
