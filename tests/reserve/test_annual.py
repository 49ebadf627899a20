"""The annual key-project list: proposed, decided, on the same record; removed with reason (M5.1 follows)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ningde_projects.notices.models import Notice
from ningde_projects.notices.todo import todo_for
from ningde_projects.periods.month import Month
from ningde_projects.projects.models import ProjectPart
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState
from reports.basics import load_categories
from reports.models import Report
from reports.services.opening import open_month
from reserve.models import AnnualBatch, AnnualItem
from reserve.rules.annual import has_stood_still, highest
from reserve.services import annual
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reserve.plans import at, open_batch, pooled, proposed

MAY = at(2026, 5, 8)


def decided(cast: Cast, project: Any, **more: Any) -> AnnualItem:
    """One project through a batch of its own."""
    batch = open_batch(
        cast, level=more.pop("level", "municipal"), title=more.pop("title", "2026年市重点项目（第一批）")
    )
    item = proposed(cast, batch, project, **more)
    by = cast.actor(cast.commission, MAY)
    annual.accept_all(batch, [item], by=by, at=MAY)
    annual.decide(batch, "宁发改重点〔2026〕3号", by=by, at=MAY)
    item.refresh_from_db()
    return item


def test_m5_1_a_promoted_project_under_way_owes_a_report_of_the_next_month(cast: Cast) -> None:
    project = pooled(cast, "霞浦锂电材料", total=20000)
    load_categories()
    open_month(Month(2026, 4), at(2026, 5, 1, 0))
    assert not Report.objects.filter(project=project).exists()
    item = decided(cast, project)
    project.refresh_from_db()
    assert (item.status, project.level, project.stage, project.annual_goal) == (
        "listed",
        "municipal",
        "under_way",
        "完成主体结构",
    )
    plan = project.plans.get(year=2026)
    assert (plan.investment, plan.part) == (Decimal(8000), None)
    open_month(Month(2026, 5), at(2026, 6, 1, 0))
    report = Report.objects.get(project=project)
    assert (report.month, report.annual_plan, report.receiver) == (
        Month(2026, 5),
        Decimal(8000),
        cast.office("XP", "fgj"),
    )
    removed = perform(
        item, "remove", by=cast.actor(cast.commission, at(2026, 6, 20)), at=at(2026, 6, 20), reason="停缓建"
    )
    assert removed.data["level"] == "other"
    open_month(Month(2026, 6), at(2026, 7, 1, 0))
    assert Report.objects.filter(project=project).count() == 1


def test_a_preliminary_key_project_owes_no_report_yet(cast: Cast) -> None:
    project = pooled(cast, "霞浦预备项目")
    decided(cast, project, stage="preliminary")
    project.refresh_from_db()
    assert (project.level, project.stage) == ("municipal", "preliminary")
    load_categories()
    open_month(Month(2026, 5), at(2026, 6, 1, 0))
    assert not Report.objects.filter(project=project).exists()


def test_a_project_across_counties_keeps_its_parts(cast: Cast) -> None:
    project = pooled(
        cast,
        "霞浦福安供水",
        municipal_department=cast.office("SJ", "jtj"),
        management="municipal",
        total=90000,
    )
    parts = {
        ProjectPart.objects.create(
            project=project, place=cast.place("XP"), owner=cast.office("XP", "yz"), is_lead=True
        ): 6000,
        ProjectPart.objects.create(
            project=project, place=cast.place("FA"), owner=cast.office("FA", "yz")
        ): 4000,
    }
    batch = open_batch(cast)
    with pytest.raises(RuleBroken):
        proposed(cast, batch, project)  # one plan for the whole does not do
    item = proposed(cast, batch, project, parts=parts, who=cast.bureau_fa)
    by = cast.actor(cast.commission, MAY)
    annual.accept_all(batch, [item], by=by, at=MAY)
    annual.decide(batch, "", by=by, at=MAY)
    item.refresh_from_db()
    assert item.investment == Decimal(10000)
    assert {p.part: p.investment for p in project.plans.filter(year=2026)} == {
        p: Decimal(v) for p, v in parts.items()
    }
    assert project.parts.count() == 2
    load_categories()
    open_month(Month(2026, 5), at(2026, 6, 1, 0))
    assert {r.place.code for r in Report.objects.filter(project=project)} == {"XP", "FA"}


def test_provincial_projects_are_listed_by_a_document_only(cast: Cast) -> None:
    batch = open_batch(cast, level="provincial", title="2026年省重点项目")
    item = proposed(cast, batch, pooled(cast, "霞浦核电配套"))
    by = cast.actor(cast.commission, MAY)
    annual.accept_all(batch, [item], by=by, at=MAY)
    with pytest.raises(RuleBroken) as refused:
        annual.decide(batch, " ", by=by, at=MAY)
    assert "document" in refused.value.errors
    annual.decide(batch, "闽发改重产〔2026〕15号", by=by, at=MAY)
    item.project.refresh_from_db()
    assert (item.project.level, batch.document_number) == ("provincial", "闽发改重产〔2026〕15号")


def test_a_removed_provincial_project_stays_municipal_while_that_list_holds_it(cast: Cast) -> None:
    project = pooled(cast, "霞浦双列项目")
    decided(cast, project)
    item = decided(cast, project, level="provincial", title="2026年省重点项目（增补）")
    project.refresh_from_db()
    assert project.level == "provincial"
    perform(
        item,
        "remove",
        by=cast.actor(cast.commission, MAY),
        at=MAY,
        reason="两年未开工",
        data={"document": "闽发改〔2026〕9号"},
    )
    project.refresh_from_db()
    assert (project.level, item.removal_document) == ("municipal", "闽发改〔2026〕9号")
    assert highest("other") == "other"


def test_every_proposal_is_decided_before_the_batch(cast: Cast) -> None:
    batch = open_batch(cast)
    by = cast.actor(cast.commission, MAY)
    with pytest.raises(RuleBroken):
        annual.decide(batch, "", by=by, at=MAY)
    item = proposed(cast, batch, pooled(cast, "霞浦甲"))
    other = proposed(cast, batch, pooled(cast, "霞浦乙"), who=cast.department_xp)
    annual.accept_all(batch, [item], by=by, at=MAY)
    with pytest.raises(RuleBroken):
        annual.decide(batch, "", by=by, at=MAY)
    with pytest.raises(RuleBroken):
        perform(other, "decline", by=by, at=MAY)
    perform(other, "decline", by=by, at=MAY, reason="前期不成熟")
    assert Notice.objects.filter(kind="annual_declined", recipient=cast.department_xp).count() == 1
    annual.decide(batch, "", by=by, at=MAY)
    with pytest.raises(WrongState):
        perform(other, "accept", by=by, at=MAY)
    with pytest.raises(WrongState):
        proposed(cast, batch, pooled(cast, "霞浦丙"))
    assert Notice.objects.filter(kind="annual_decided", recipient=cast.owner_xp).count() == 1


@pytest.mark.parametrize(
    ("facts", "change"),
    [({"amount": 0}, {}), ({"amount": 30000}, {}), ({"stage": "preliminary"}, {"stage": "under_way"}),
     ({}, {"stage": "planning"}), ({}, {"stage": "exited"}), ({}, {"stage": "suspended"})],
)  # fmt: skip
def test_what_cannot_be_listed_is_refused_at_its_field(
    cast: Cast, facts: dict[str, Any], change: dict[str, Any]
) -> None:
    project = pooled(cast, "霞浦丁", **change)
    with pytest.raises(RuleBroken) as refused:
        proposed(cast, open_batch(cast), project, **facts)
    assert set(refused.value.errors) & {"investment", "stage", "project"}


def test_only_the_offices_in_charge_propose_and_once_only(cast: Cast) -> None:
    batch, project = open_batch(cast), pooled(cast, "霞浦戊")
    for who in (
        "bureau_fa",
        "department_fa",
        "department2_xp",
        "muni_department2",
        "commission",
        "viewer_xp",
        "government_xp",
    ):
        with pytest.raises(NotAllowed):
            proposed(cast, batch, project, who=cast.people[who])
    proposed(cast, batch, project, who=cast.muni_department)
    with pytest.raises(RuleBroken):
        proposed(cast, batch, project)


def test_a_countys_proposals_are_not_for_the_other_county(cast: Cast, desk: Desk) -> None:
    batch = open_batch(cast)
    item = proposed(cast, batch, pooled(cast, f"霞浦拟报（{cast.canary('xp')}）"))
    url = f"/reserve/annual/batches/{batch.public_id}/"
    assert cast.canary("xp") in desk.text(cast.bureau_xp, url)
    assert cast.canary("xp") in desk.text(cast.commission, url)
    for who in ("bureau_fa", "department_fa", "city_government", "muni_department2"):
        assert cast.canary("xp") not in desk.text(cast.people[who], url), who
    assert cast.canary("xp") not in desk.text(cast.bureau_fa, url + "propose/")
    for act in ("decline", "withdraw", "remove"):
        assert desk.get(cast.bureau_fa, f"/reserve/annual/items/{item.public_id}/{act}/").status_code == 404
    for who in ("admin_system", "owner_xp", "idle"):
        for path in (url, "/reserve/annual/", "/reserve/annual/batches/"):
            assert desk.get(cast.people[who], path).status_code == 404


def test_the_whole_way_in_the_browser(cast: Cast, desk: Desk) -> None:
    desk.at(at(2026, 4, 10))
    form = {
        "year": 2026,
        "level": "municipal",
        "kind": "addition",
        "title": "五月增补",
        "due_on": "2026-04-30",
    }
    commission, bureau = desk.client(cast.commission), desk.client(cast.bureau_xp)
    assert commission.post("/reserve/annual/batches/new/", form | {"title": ""}).status_code == 422
    assert commission.post("/reserve/annual/batches/new/", form).status_code == 302
    assert commission.post("/reserve/annual/batches/new/", form).status_code == 422
    batch = AnnualBatch.objects.get()
    assert Notice.objects.filter(kind="annual_opened", recipient=cast.bureau_fa).exists()
    assert desk.get(cast.bureau_xp, "/reserve/annual/batches/new/").status_code == 403
    project = pooled(cast, "霞浦锂电材料")
    here = f"/reserve/annual/batches/{batch.public_id}/"
    assert "霞浦锂电材料" in bureau.get(here + "propose/").content.decode()
    propose = f"{here}propose/?project={project.public_id}"
    bad = bureau.post(propose, {"stage": "under_way", "investment": "1.5亿", "goal": "封顶", "grounds": ""})
    assert bad.status_code == 422
    assert "1.5亿" in bad.content.decode()
    values = {"stage": "under_way", "investment": "8,000", "goal": "封顶", "grounds": ""}
    assert bureau.post(propose, values).status_code == 302
    assert bureau.post(propose, values).status_code == 422
    item = AnnualItem.objects.get()
    groups = {g.key: g for g in todo_for(cast.actor(cast.commission, desk.now), desk.now)}
    assert groups["annual"].total == 1
    assert desk.post(cast.bureau_xp, here + "accept/", {"items": [item.public_id]}).status_code == 403
    assert commission.post(here + "accept/", {"items": [item.public_id, "kein-uuid"]}).status_code == 302
    assert commission.post(here + "decide/", {"document": "", "version": batch.version}).status_code == 302
    page = desk.text(cast.bureau_xp, "/reserve/annual/?year=2026")
    assert "霞浦锂电材料" in page
    assert "五月增补" in page
    assert "五月增补" in desk.text(cast.bureau_xp, f"/projects/{project.public_id}/")
    exported = desk.get(cast.bureau_xp, "/exports/annual-list/?year=2026&form=csv")
    assert "霞浦锂电材料" in b"".join(exported.streaming_content).decode()
    remove = f"/reserve/annual/items/{item.public_id}/remove/"
    assert commission.post(remove, {"reason": ""}).status_code == 422
    assert desk.get(cast.bureau_xp, remove).status_code == 403
    assert commission.post(remove, {"reason": "停缓建"}).status_code == 302
    assert "霞浦锂电材料" not in desk.text(cast.bureau_xp, "/reserve/annual/?year=2026")
    assert "停缓建" in desk.text(cast.bureau_xp, "/reserve/annual/?year=2026&state=removed")
    assert Act.objects.filter(machine="project", name="update", project_id=project.pk).count() == 2


def test_a_proposal_is_withdrawn_by_the_office_that_made_it(cast: Cast, desk: Desk) -> None:
    batch = open_batch(cast)
    desk.at(at(2026, 4, 16))
    first = proposed(cast, batch, pooled(cast, "霞浦己"))
    second = proposed(cast, batch, pooled(cast, "霞浦庚"), who=cast.department_xp)
    for item, who, other in (
        (first, cast.bureau2_xp, cast.department_xp),
        (second, cast.department_xp, cast.bureau_xp),
    ):
        url = f"/reserve/annual/items/{item.public_id}/withdraw/"
        assert desk.get(other, url).status_code == 404
        assert desk.post(who, url, {"version": item.version}).status_code == 302
        item.refresh_from_db()
        assert item.status == "withdrawn"
    assert proposed(cast, batch, first.project).status == "proposed"


def test_a_stale_page_decides_nothing(cast: Cast) -> None:
    batch = open_batch(cast)
    item = proposed(cast, batch, pooled(cast, "霞浦辛"))
    by = cast.actor(cast.commission, MAY)
    perform(item, "accept", by=by, at=MAY)
    with pytest.raises(StaleVersion):
        annual.decide(batch, "", by=by, at=MAY, version=batch.version + 1)


def test_two_list_years_without_start_are_named_for_removal(cast: Cast, desk: Desk) -> None:
    project = pooled(cast, "霞浦久拖项目", since=at(2025, 1, 5))
    decided(cast, project, stage="preliminary")
    desk.at(at(2028, 1, 10))
    assert "霞浦久拖项目" in desk.text(cast.commission, "/reserve/annual/?year=2026&state=still")
    project.stage = "under_way"
    project.save()
    assert "霞浦久拖项目" not in desk.text(cast.commission, "/reserve/annual/?year=2026&state=still")
    assert not has_stood_still(2026, at(2027, 12, 31).date(), False)


def test_projects_of_published_lists_stand_in_the_list_too(cast: Cast, desk: Desk) -> None:
    page = desk.text(cast.commission, "/reserve/annual/?year=2026")
    assert cast.canary("xp") in page
    assert cast.canary("cross") in page
    assert cast.canary("fa") not in desk.text(cast.bureau_xp, "/reserve/annual/?year=2026")
    assert cast.canary("cross") in desk.text(cast.bureau_fa, "/reserve/annual/?year=2026")


def test_the_lists_cost_the_same_with_one_and_with_sixty(cast: Cast, desk: Desk) -> None:
    batch = open_batch(cast)
    proposed(cast, batch, pooled(cast, "项目零"))
    here = f"/reserve/annual/batches/{batch.public_id}/"
    pages = (("commission", here), ("commission", "/reserve/annual/batches/"), ("bureau_xp", here + "propose/"),
             ("bureau_xp", "/reserve/annual/?year=2026"))  # fmt: skip
    pooled(cast, "项目零零")
    few = [desk.queries(cast.people[who], page) for who, page in pages]
    items = [proposed(cast, batch, pooled(cast, f"项目{number + 1}")) for number in range(60)]
    for number in range(20):
        pooled(cast, f"待报{number}")
    assert [desk.queries(cast.people[who], page) for who, page in pages] == few
    by = cast.actor(cast.commission, MAY)
    annual.accept_all(batch, [*items, AnnualItem.objects.get(project__name="项目零")], by=by, at=MAY)
    annual.decide(batch, "", by=by, at=MAY)
    assert desk.queries(cast.bureau_xp, "/reserve/annual/?year=2026") == few[-1]
    assert max(few) <= 40
