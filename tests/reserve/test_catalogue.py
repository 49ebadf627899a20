"""Planning guidance catalogues and tasks: drafted, approved, issued, met by linked projects (M1.5)."""

from __future__ import annotations

from typing import Any

import pytest

from ningde_projects.notices.models import Notice
from ningde_projects.notices.todo import todo_for
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal, RuleBroken, StaleVersion, WrongState
from reserve.models import Catalogue, PlanningTask, TaskLink
from reserve.services import catalogue, planning_tasks
from reserve.services.catalogue import Entry
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reserve.plans import at, catalogue_draft, issued_catalogue, pooled, sent_catalogue

JANUARY = at(2026, 1, 20)


def task_of(made: Catalogue, place: str = "XP") -> PlanningTask:
    return PlanningTask.objects.get(catalogue=made, place__code=place)


def test_m1_5_a_catalogue_is_drafted_approved_issued_and_met_by_linked_projects(
    cast: Cast, desk: Desk
) -> None:
    made = sent_catalogue(cast)
    assert {n.recipient for n in Notice.objects.filter(kind="catalogue_to_approve")} == {cast.city_government}
    client = desk.client(cast.city_government)
    assert "工业策划指导目录" in client.get("/reserve/catalogues/approvals/").content.decode()
    assert (
        client.post(f"/reserve/catalogues/{made.public_id}/approve/", {"version": made.version}).status_code
        == 302
    )
    made.refresh_from_db()
    issue = f"/reserve/catalogues/{made.public_id}/issue/"
    assert desk.post(cast.muni_department, issue, {"version": made.version}).status_code == 302
    told = {n.recipient for n in Notice.objects.filter(kind="catalogue_issued")}
    assert {cast.bureau_xp, cast.bureau_fa, cast.department_xp, cast.commission} <= told
    assert cast.department2_xp not in told  # transport is not this department's industry
    project = pooled(cast, "霞浦锂电回收", total=26000)
    task = task_of(made)
    url = f"/reserve/tasks/{task.public_id}/"
    assert desk.post(cast.bureau_xp, url + "link/", {"project": project.public_id}).status_code == 302
    page = desk.text(cast.muni_department, "/reserve/tasks/")
    assert "1 / 2" in page
    assert "26,000 / 50,000" in page
    assert "霞浦锂电回收" in desk.text(cast.department_xp, url)
    link = TaskLink.objects.get()
    assert desk.post(cast.department_xp, f"{url}links/{link.public_id}/unlink/").status_code == 302
    assert not TaskLink.objects.exists()
    assert list(
        Act.objects.filter(machine="planning_task").order_by("id").values_list("name", flat=True)
    ) == ["link", "unlink"]


def test_what_has_left_the_pool_no_longer_counts_for_the_task(cast: Cast, desk: Desk) -> None:
    task = task_of(issued_catalogue(cast))
    project = pooled(cast, "霞浦试验线", total=60000)
    planning_tasks.link(task, project, by=cast.actor(cast.bureau_xp, JANUARY), at=JANUARY)
    assert "1 / 2" in desk.text(cast.bureau_xp, "/reserve/tasks/")
    project.stage = "exited"
    project.save()
    assert "0 / 2" in desk.text(cast.bureau_xp, "/reserve/tasks/")


def test_only_ones_own_countys_pool_projects_can_be_linked(cast: Cast, desk: Desk) -> None:
    task = task_of(issued_catalogue(cast))
    other = pooled(cast, f"福安项目（{cast.canary('fa')}）", "FA")
    by = cast.actor(cast.bureau_xp, JANUARY)
    for wrong in (other, cast.project_xp):  # another county's; one that is under way already
        with pytest.raises(RuleBroken):
            planning_tasks.link(task, wrong, by=by, at=JANUARY)
    for who in ("bureau_fa", "department_fa", "muni_department", "commission", "viewer_xp"):
        with pytest.raises(NotAllowed):
            planning_tasks.link(task, other, by=cast.actor(cast.people[who], JANUARY), at=JANUARY)
    url = f"/reserve/tasks/{task.public_id}/"
    answer = desk.post(cast.bureau_xp, url + "link/", {"project": other.public_id})
    assert answer.status_code == 422
    assert cast.canary("fa") not in answer.content.decode()
    assert desk.post(cast.bureau_fa, url + "link/", {"project": other.public_id}).status_code == 404
    assert desk.get(cast.commission, url + "link/").status_code == 403


def test_a_county_sees_no_draft_and_never_another_countys_task(cast: Cast, desk: Desk) -> None:
    draft = catalogue_draft(cast, canary="紫藤未下达")
    url = f"/reserve/catalogues/{draft.public_id}/"
    hidden = ("bureau_xp", "department_xp", "government_xp", "bureau_fa", "muni_department2", "city_government",
              "commission", "admin_system", "owner_xp", "idle", "statistics", "oversight")  # fmt: skip
    for who in hidden:
        assert desk.get(cast.people[who], url).status_code == 404, who
    for who in ("bureau_xp", "commission", "city_government", "muni_department2"):
        for page in ("/reserve/catalogues/", "/reserve/tasks/", "/reserve/catalogues/overview/?year=2026"):
            assert "紫藤未下达" not in desk.text(cast.people[who], page), (who, page)
    assert "紫藤未下达" in desk.text(cast.muni_department, url)
    issued = issued_catalogue(cast, at(2026, 2, 3), half=None)
    mine, theirs = task_of(issued), task_of(issued, "FA")
    assert desk.get(cast.bureau_fa, f"/reserve/tasks/{mine.public_id}/").status_code == 404
    for page in (f"/reserve/catalogues/{issued.public_id}/", "/reserve/tasks/"):
        assert "石斛福安" not in desk.text(cast.bureau_xp, page)
        assert "石斛福安" in desk.text(cast.bureau_fa, page)
    assert desk.get(cast.bureau_xp, f"/reserve/tasks/{theirs.public_id}/").status_code == 404
    exported = desk.get(cast.bureau_xp, "/exports/planning-tasks/?form=csv")
    assert "石斛福安" not in b"".join(exported.streaming_content).decode()
    for who in ("admin_system", "owner_xp"):
        assert desk.get(cast.people[who], "/reserve/tasks/").status_code == 404


def test_nobody_approves_what_he_filed_and_a_return_says_why(cast: Cast, desk: Desk) -> None:
    made = sent_catalogue(cast)
    with pytest.raises(Refusal):
        perform(made, "return_by_government", by=cast.actor(cast.city_government, JANUARY), at=JANUARY)
    answer = desk.post(cast.city_government, f"/reserve/catalogues/{made.public_id}/return/",
                       {"reason": "任务数偏低，请增加", "version": made.version})  # fmt: skip
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.status, made.return_reason) == ("returned", "任务数偏低，请增加")
    assert "任务数偏低" in desk.text(cast.muni_department, f"/reserve/catalogues/{made.public_id}/")
    group = next(
        g for g in todo_for(cast.actor(cast.muni_department, JANUARY), JANUARY) if g.key == "catalogues"
    )
    assert group.items[0].rank == 0
    perform(made, "send_for_approval", by=cast.actor(cast.muni_department, JANUARY), at=JANUARY)
    assert made.first_sent_at == at(2026, 1, 12)
    Act.objects.filter(machine="catalogue", name="send_for_approval")
    both = cast.actor(cast.city_government, JANUARY)
    filed = Act.objects.filter(machine="catalogue", name="send_for_approval").last()
    assert filed
    assert filed.user != both.user
    perform(made, "withdraw", by=cast.actor(cast.muni_department, JANUARY), at=JANUARY)
    with pytest.raises(WrongState):
        perform(made, "approve", by=both, at=JANUARY)


def test_a_new_edition_replaces_the_old_one_which_stays_as_issued(cast: Cast, desk: Desk) -> None:
    first = issued_catalogue(cast)
    project = pooled(cast, "霞浦锂电一期")
    by = cast.actor(cast.muni_department, JANUARY)
    planning_tasks.link(task_of(first), project, by=cast.actor(cast.bureau_xp, JANUARY), at=JANUARY)
    with pytest.raises(WrongState):
        catalogue.save_content(first, "改名", [], [], by=by, at=JANUARY, version=None)
    with pytest.raises(RuleBroken):
        catalogue.revise(first, reason=" ", by=by, at=JANUARY)
    second = catalogue.revise(first, reason="新增储能方向", by=by, at=JANUARY)
    with pytest.raises(WrongState):
        catalogue.revise(first, reason="又一版", by=by, at=JANUARY)
    assert (second.number, second.due_at, second.entries.count(), second.tasks.count()) == (2, None, 1, 2)
    assert TaskLink.objects.filter(task__catalogue=first).count() == 1
    for act, who in (
        ("send_for_approval", "muni_department"),
        ("approve", "city_government"),
        ("issue", "muni_department"),
    ):
        perform(second, act, by=cast.actor(cast.people[who], JANUARY), at=JANUARY)
    first.refresh_from_db()
    assert (first.status, second.status) == ("replaced", "issued")
    assert TaskLink.objects.get(task__catalogue=second).project == project
    assert "锂电新能源" in desk.text(cast.bureau_xp, f"/reserve/catalogues/{first.public_id}/")
    assert PlanningTask.objects.visible_to(cast.actor(cast.bureau_xp, JANUARY)).in_force().count() == 1
    with pytest.raises(WrongState):
        planning_tasks.link(
            task_of(first), pooled(cast, "霞浦锂电二期"), by=cast.actor(cast.bureau_xp, JANUARY), at=JANUARY
        )


def body(made: Catalogue, cast: Cast, **more: Any) -> dict[str, Any]:
    xp = cast.place("XP").pk
    return {
        "version": made.version, "title": "工业目录", "e-TOTAL_FORMS": 2, "e-INITIAL_FORMS": 1,
        "e-0-direction": "储能", "e-0-funding": "government_bond", "e-0-description": "电网侧", "e-0-requirements": "",
        "e-1-direction": "", "e-1-funding": "special_fund", "e-1-description": "", "e-1-requirements": "",
        f"count-{xp}": "3", f"sum-{xp}": "1,200.5", f"due-{xp}": "2026-06-30", f"what-{xp}": "储能电站",
    } | more  # fmt: skip


def test_the_editor_saves_the_whole_and_names_what_is_wrong(cast: Cast, desk: Desk) -> None:
    desk.at(JANUARY)
    made = catalogue_draft(cast)
    url, xp = f"/reserve/catalogues/{made.public_id}/edit/", cast.place("XP").pk
    assert "锂电新能源" in desk.text(cast.muni_department, url)
    assert desk.post(cast.muni_department, url, body(made, cast)).status_code == 302
    made.refresh_from_db()
    assert [e.direction for e in made.entries.all()] == ["储能"]
    assert [(t.count, str(t.investment)) for t in made.tasks.all()] == [(3, "1200.50")]
    for wrong in ({f"count-{xp}": "x"}, {f"due-{xp}": ""}, {f"count-{xp}": ""}, {"e-0-direction": ""},
                  {f"sum-{xp}": "3亿"},
                  {"title": ""}):  # fmt: skip
        answer = desk.post(cast.muni_department, url, body(made, cast, **wrong))
        assert answer.status_code == 422, wrong
        assert "储能电站" in answer.content.decode()
    assert desk.post(cast.muni_department, url, body(made, cast, version=1)).status_code == 409
    assert desk.get(cast.muni_department2, url).status_code == 404
    with pytest.raises(StaleVersion):
        catalogue.save_content(
            made, "x", [], [], by=cast.actor(cast.muni_department, JANUARY), at=JANUARY, version=77
        )
    twice = [Entry("储能", "other"), Entry("储能", "other")]
    with pytest.raises(RuleBroken):
        catalogue.save_content(
            made, "x", twice, [], by=cast.actor(cast.muni_department, JANUARY), at=JANUARY, version=None
        )


def test_one_issue_a_half_year_and_extra_ones_whenever_needed(cast: Cast, desk: Desk) -> None:
    desk.at(JANUARY)
    client = desk.client(cast.muni_department)
    office = str(cast.office("SJ", "gxj").public_id)
    form = {"department": office, "year": 2026, "half": 1, "title": "工业目录"}
    key = {"idempotency_key": "7a000000-0000-4000-8000-000000000002"}
    assert client.post("/reserve/catalogues/new/", form | key).status_code == 302
    assert (
        client.post("/reserve/catalogues/new/", form | key).status_code == 302
    )  # the second click of the same form
    assert Catalogue.objects.count() == 1
    assert client.post("/reserve/catalogues/new/", form).status_code == 422
    assert client.post("/reserve/catalogues/new/", form | {"half": 0}).status_code == 302
    assert (
        client.post(
            "/reserve/catalogues/new/", form | {"department": str(cast.office("SJ", "jtj").public_id)}
        ).status_code
        == 422
    )
    assert list(Catalogue.objects.order_by("pk").values_list("half", "due_at")) == [
        (1, at(2026, 2, 1, 0)),
        (None, None),
    ]
    for who in ("muni_factor", "bureau_xp", "commission"):
        assert desk.get(cast.people[who], "/reserve/catalogues/new/").status_code == 403
    assert desk.get(cast.bureau_xp, "/reserve/catalogues/approvals/").status_code == 403
    empty = Catalogue.objects.order_by("pk").first()
    assert empty
    with pytest.raises(RuleBroken):
        perform(empty, "send_for_approval", by=cast.actor(cast.muni_department, JANUARY), at=JANUARY)
    send = f"/reserve/catalogues/{empty.public_id}/send/"
    assert client.post(send, {"version": empty.version}).status_code == 422


def test_the_lists_cost_the_same_with_one_and_with_sixty(cast: Cast, desk: Desk) -> None:
    made = issued_catalogue(cast)
    pages = {
        "bureau_xp": "/reserve/tasks/",
        "muni_department": "/reserve/catalogues/",
        "commission": "/reserve/catalogues/overview/?year=2026",
    }
    task = task_of(made)
    planning_tasks.link(task, pooled(cast, "项目零"), by=cast.actor(cast.bureau_xp, JANUARY), at=JANUARY)
    few = {who: desk.queries(cast.people[who], page) for who, page in pages.items()}
    one = desk.queries(cast.bureau_xp, f"/reserve/tasks/{task.public_id}/")
    for number in range(60):
        project = pooled(cast, f"项目{number + 1}")
        planning_tasks.link(task, project, by=cast.actor(cast.bureau_xp, JANUARY), at=JANUARY)
    for number in range(8):
        issued_catalogue(cast, at(2026, 2, number + 1), half=None)
    assert {who: desk.queries(cast.people[who], page) for who, page in pages.items()} == few
    assert desk.queries(cast.bureau_xp, f"/reserve/tasks/{task.public_id}/") == one
    assert max([one, *few.values()]) <= 40
