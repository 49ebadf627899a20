"""Projects entered twice: warned of, never blocked; merged or kept apart by the commission (M1.2)."""

from __future__ import annotations

import pytest

from ningde_projects.projects.models import PlanNode, Project
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState
from reserve.models import Application, KeptApart, ProjectItem
from reserve.selectors.duplicates import pairs_in_pool
from reserve.services import applications, duplicates, items
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.story import november, opened
from tests.reserve.pool_story import NAME, begun, filed, pooled, record_of, typed
from tests.reserve.test_items import APPROVED, kind

SECOND = "霞浦溪南冷链物流园项目"


def twin(cast: Cast) -> Project:
    """The same undertaking under another name, filed by the bureau."""
    application = filed(cast, cast.bureau_xp, typed(cast, name=SECOND, confirm="on"))
    at = november(4)
    from reserve.services import reviewing

    reviewing.pass_side(application, "pass_county", by=cast.actor(cast.bureau2_xp, at), at=at)
    reviewing.pass_side(application, "pass_industry", by=cast.actor(cast.department_xp, at), at=at)
    return Project.objects.get(name=SECOND)


def merge(cast: Cast, source: Project, target: Project, who: str = "commission") -> Act:
    at = november(12)
    return duplicates.merge(source, target, "同一项目重复申报", by=cast.actor(cast.people[who], at), at=at)


def test_m1_2_a_similar_name_is_asked_about_and_does_not_block(cast: Cast) -> None:
    pooled(cast)
    application, at = begun(cast), november(5)
    actor = cast.actor(cast.owner_xp, at)
    with pytest.raises(RuleBroken) as refused:
        applications.submit(application, typed(cast, name=SECOND), by=actor, at=at)
    assert list(refused.value.errors) == ["confirm"]
    applications.submit(application, typed(cast, name=SECOND, confirm="on"), by=actor, at=at)
    assert any(NAME in text for text in application.filings.get().confirmed)


def test_e4_the_warning_names_only_what_the_applicant_may_see(cast: Cast, desk: Desk) -> None:
    Project.objects.create(
        name="霞浦溪南冷链物流园区", place=cast.place("XP"), owner=cast.owner_sj.organisation, stage="reserve",
        content=cast.canary("owner_sj"),
    )  # fmt: skip
    application = begun(cast)
    data = typed(cast) | {"version": application.version, "do": "submit"}
    answer = desk.post(cast.owner_xp, f"/reserve/applications/{application.public_id}/", data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "霞浦溪南冷链物流园区" not in text
    assert cast.canary("owner_sj") not in text
    assert 'name="confirm"' in text


def test_m1_2_merged_by_the_commission_one_stays_and_nothing_is_lost(cast: Cast, desk: Desk) -> None:
    target, source = pooled(cast), twin(cast)
    at = november(6)
    actor = cast.actor(cast.bureau_xp, at)
    items.set_item(source, kind("site"), APPROVED, by=actor, at=at, version=None)
    items.set_item(target, kind("proposal"), APPROVED, by=actor, at=at, version=None)
    items.set_item(source, kind("proposal"), {"state": "preparing"}, by=actor, at=at, version=None)
    PlanNode.objects.create(project=source, kind="start", planned_on=at.date())
    with pytest.raises(NotAllowed):
        merge(cast, source, target, "bureau_xp")
    merge(cast, source, target)
    source.refresh_from_db()
    record = record_of(source)
    assert (source.stage, record.status, record.merged_into) == ("exited", "merged", target)
    assert set(Application.objects.filter(project=target).values_list("name", flat=True)) == {NAME, SECOND}
    assert set(ProjectItem.objects.filter(project=target).values_list("kind__code", flat=True)) == {
        "site",
        "proposal",
    }
    # What the staying record says for itself stands; the other's word stays readable where it was.
    assert ProjectItem.objects.get(project=source).state == "preparing"
    assert target.nodes.count() == 1
    text = desk.text(cast.commission, f"/projects/{source.public_id}/")
    assert NAME in text
    assert SECOND in desk.text(cast.commission, f"/projects/{target.public_id}/")
    assert SECOND in desk.text(cast.commission, "/reserve/?part=merged")
    names = set(Act.objects.filter(project_id__in=[source.pk, target.pk]).values_list("name", flat=True))
    assert {"merge", "took_in"} <= names


def test_a_merged_record_stays_closed(cast: Cast) -> None:
    target, source = pooled(cast), twin(cast)
    merge(cast, source, target)
    at = november(13)
    for reverse in ((source, target), (target, source)):
        with pytest.raises((WrongState, RuleBroken)):
            duplicates.merge(*reverse, "再合并", by=cast.actor(cast.commission, at), at=at)
    actor, again = cast.actor(cast.owner_xp, at), Project.objects.get(pk=source.pk)
    with pytest.raises(WrongState):
        applications.start(cast.owner_xp.organisation, by=actor, at=at, project=again)


def test_m1_2_records_that_both_report_are_not_merged_and_the_page_says_why(cast: Cast, desk: Desk) -> None:
    other = Project.objects.create(
        name="霞浦滨海产业园项目", place=cast.place("XP"), owner=cast.owner_xp.organisation, stage="under_way",
        level="municipal", municipal_department=cast.muni_department.organisation,
        county_department=cast.department_xp.organisation,
    )  # fmt: skip
    opened()
    with pytest.raises(WrongState, match="monthly reports|月报|报告"):
        merge(cast, cast.project_xp, other)
    path = f"/reserve/pool/{cast.project_xp.public_id}/merge/"
    answer = desk.post(cast.commission, path, {"target": str(other.public_id), "reason": "重复"})
    assert answer.status_code in (409, 422)
    assert Project.objects.get(pk=cast.project_xp.pk).stage == "under_way"


def test_one_with_reports_is_the_one_that_stays(cast: Cast) -> None:
    opened()
    fresh = pooled(cast)
    with pytest.raises(WrongState):
        merge(cast, cast.project_xp, fresh)
    merge(cast, fresh, cast.project_xp)
    assert record_of(fresh).merged_into == cast.project_xp


def test_two_open_applications_are_decided_first(cast: Cast) -> None:
    one = filed(cast)
    other = filed(cast, values=typed(cast, name=SECOND, confirm="on"))
    assert one.project is not None
    assert other.project is not None
    with pytest.raises(WrongState):
        merge(cast, one.project, other.project)


def test_pairs_are_listed_until_they_are_kept_apart(cast: Cast, desk: Desk) -> None:
    one, other = pooled(cast), twin(cast)
    at = november(12)
    actor = cast.actor(cast.commission, at)
    assert [{p.first.pk, p.second.pk} for p in pairs_in_pool(actor)] == [{one.pk, other.pk}]
    assert SECOND in desk.text(cast.commission, "/reserve/duplicates/")
    path = f"/reserve/duplicates/{one.public_id}/{other.public_id}/"
    assert desk.post(cast.commission, path, {"reason": ""}).status_code == 422
    assert desk.post(cast.commission, path, {"reason": "一期与二期"}).status_code == 302
    assert KeptApart.objects.count() == 1
    assert pairs_in_pool(actor) == []


@pytest.mark.parametrize(
    ("who", "status"),
    [("commission", 200), ("bureau_xp", 403), ("owner_xp", 403), ("admin_system", 404), ("idle", 403)],
)
def test_e4_only_the_commission_opens_the_list(cast: Cast, desk: Desk, who: str, status: int) -> None:
    assert desk.get(cast.people[who], "/reserve/duplicates/").status_code == status


def test_the_merger_page_wants_a_record_and_a_reason(cast: Cast, desk: Desk) -> None:
    target, source = pooled(cast), twin(cast)
    path = f"/reserve/pool/{source.public_id}/merge/"
    assert desk.get(cast.commission, path).status_code == 200
    assert desk.post(cast.commission, path, {"reason": "重复"}).status_code == 422
    assert desk.post(cast.commission, path, {"target": "nonsense", "reason": "重复"}).status_code == 422
    assert (
        desk.post(cast.commission, path, {"target": str(source.public_id), "reason": "重复"}).status_code
        == 422
    )
    assert (
        desk.post(cast.commission, path, {"target": str(target.public_id), "reason": ""}).status_code == 422
    )
    assert (
        desk.post(cast.commission, path, {"target": str(target.public_id), "reason": "重复"}).status_code
        == 302
    )


def test_the_list_of_pairs_costs_the_same_with_one_and_with_many(cast: Cast, desk: Desk) -> None:
    pooled(cast)
    twin(cast)
    few = desk.queries(cast.commission, "/reserve/duplicates/")
    for i in range(20):
        Project.objects.create(
            name=f"霞浦溪南冷链物流园{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉'[i]}", place=cast.place("XP"),
            owner=cast.owner_xp.organisation, stage="planning",
        )  # fmt: skip
    assert desk.queries(cast.commission, "/reserve/duplicates/") == few


@pytest.mark.parametrize(("who", "status"), [("bureau_xp", 403), ("bureau_fa", 404), ("admin_system", 404)])
def test_e4_a_merger_is_refused_to_those_who_see_the_record_and_hidden_from_the_rest(
    cast: Cast, desk: Desk, who: str, status: int
) -> None:
    one, other = pooled(cast), twin(cast)
    for path in (f"pool/{one.public_id}/merge/", f"duplicates/{one.public_id}/{other.public_id}/"):
        assert desk.get(cast.people[who], f"/reserve/{path}").status_code == status
