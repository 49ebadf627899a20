"""The three-tier list: drawn, proposed, written, approved, issued; its items signed for, followed up, struck off."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dispatch.models import FollowUp, Item, ListEdition, TierList
from dispatch.rules import tiers
from dispatch.rules.tiers import Matter
from dispatch.services import drawing, item_handover, item_sweep, items, sealing, tier_lists
from ningde_projects.notices.models import Notice
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState
from tests.cast import Cast
from tests.dispatch.items_story import (
    act,
    begun,
    december,
    item_in,
    item_of,
    list_in,
    november,
    problem,
    red,
    written,
)  # fmt: skip
from tests.reports.many import many_reports
from tests.reports.story import OCTOBER

pytestmark = pytest.mark.django_db


# ---- M8.2: what comes on it ------------------------------------------------------------------------------------


def test_m8_2_the_tier_follows_the_rule_of_the_notice() -> None:
    assert tiers.propose([]).tier == "county"
    assert tiers.propose([Matter("department", 0, "01", "")]) == tiers.Proposal("department", ("asked",))
    up = tiers.propose([Matter("county", 2, "01", "")])
    assert (up.tier, up.why, up.cycles) == ("department", ("unresolved",), 2)
    assert tiers.propose([Matter("county", 1, "01", "")]).tier == "county"
    assert tiers.propose([Matter("department", 2, "01", "")]).tier == "leader"
    assert tiers.propose([Matter("county", 0, "03", "林地须报省林业局审核")]).why == ("province",)
    assert tiers.propose([Matter("county", 0, "01", "须报省厅")]).tier == "county", "only land and sea use"
    assert tiers.propose([], is_municipal=True).tier == "department"
    assert tiers.propose_for_carried("county", 2, is_done=False).tier == "department"
    assert tiers.propose_for_carried("county", 2, is_done=True).tier == "county"


def test_m8_2_lagging_projects_and_matters_asked_in_vain_are_drawn_once(cast: Cast) -> None:
    asked = problem(
        cast, cast.project_municipal, "用海审批未批复", since=OCTOBER.plus(-2), level="department"
    )
    joined = problem(cast, cast.project_xp, "征迁剩余23户")
    problem(cast, cast.project_cross, "只问了一个月", since=OCTOBER, level="leader")
    found = begun(cast)
    assert set(Item.objects.values_list("project", "origin")) == {
        (cast.project_xp.pk, "lag"), (cast.project_fa.pk, "lag"), (cast.project_municipal.pk, "problem"),
    }  # fmt: skip
    xp, sj = item_of(cast.project_xp), item_of(cast.project_municipal)
    assert list(xp.problems.all()) == [joined]
    assert (xp.tier, xp.unit, xp.leader) == ("county", cast.office("XP", "zf"), cast.government_xp)
    assert (xp.problem_text, xp.requirement) == ("征迁剩余23户", "征迁剩余23户的请求")
    assert xp.due_on == date(2026, 11, 30)
    assert list(sj.problems.all()) == [asked]
    assert sj.tier == "leader", "department asked, two cycles in vain"
    assert "2" in sj.proposal
    assert item_of(cast.project_fa).problem_text == "完成年度计划52.6%，落后序时进度30.7个百分点"
    before = list(Item.objects.values_list("pk", "number"))
    assert drawing.draw(found, november(17)) == (0, 0)
    assert list(Item.objects.values_list("pk", "number")) == before


def test_m8_2_drawing_again_keeps_what_the_commission_wrote_and_took_off(cast: Cast) -> None:
    found = written(cast)
    item = item_of(cast.project_fa)
    tier_lists.take_off(item, **act(cast, cast.commission, november(16)), reason="当月已赶上序时")
    tier_lists.draw(found, **act(cast, cast.commission, november(17)))
    assert item_of(cast.project_fa).status == "removed"
    assert item_of(cast.project_xp).requirement.startswith("完成迁改方案")
    tier_lists.put_back(item, **act(cast, cast.commission, november(17)))
    assert item_of(cast.project_fa).status == "proposed"


def test_m8_2_what_is_unsettled_goes_over_with_its_age_and_is_proposed_higher(cast: Cast) -> None:
    item = item_in(cast, "working")
    items.finish(item_of(cast.project_xp), **act(cast, cast.government_xp, november(28)), text="已恢复施工")
    perform(item_of(cast.project_xp), "verify", **act(cast, cast.commission, november(29)), reason="属实")
    december_list = begun(cast, at=december(16), month=OCTOBER.next)
    carried = december_list.listings.get(item__project=cast.project_fa)
    assert carried.is_carried
    assert not december_list.listings.filter(item=item).exists(), "struck off stays off"
    assert december_list.listings.filter(item__project=cast.project_xp, is_carried=False).exists(), (
        "red again: a new item"
    )
    assert carried.item.proposed_tier == "county"
    later = begun(cast, at=december(30), month=OCTOBER.plus(2))
    again = later.listings.get(item__project=cast.project_fa).item
    assert (again.tier, again.proposed_tier) == ("county", "department")


def test_m8_2_another_tier_needs_a_reason_and_an_incomplete_item_stops_the_sending(cast: Cast) -> None:
    found = begun(cast)
    with pytest.raises(RuleBroken) as refused:
        tier_lists.send(found, **act(cast, cast.commission, november(17)))
    assert cast.project_xp.name in str(refused.value)
    for item in Item.objects.all():
        values = {"requirement": "限期整改", "tier": "department"}
        tier_lists.edit_item(item, values, **act(cast, cast.commission, november(17)), version=item.version)
    with pytest.raises(RuleBroken):
        tier_lists.send(found, **act(cast, cast.commission, november(17)))
    for item in Item.objects.all():
        tier_lists.edit_item(
            item, {"tier_reason": "县级已无手段"}, **act(cast, cast.commission, november(17)), version=None
        )
    tier_lists.send(found, **act(cast, cast.commission, november(17)))
    assert found.status == "reviewing"
    with pytest.raises(WrongState):
        tier_lists.edit_item(item_of(cast.project_xp), {"requirement": "改"}, **act(cast, cast.commission, november(17)),
                             version=None)  # fmt: skip


def test_m8_2_a_key_project_is_added_by_hand_and_put_in_order(cast: Cast) -> None:
    found = written(cast)
    item = tier_lists.add_item(
        found, cast.project_municipal, **act(cast, cast.commission, november(16)), tier="leader"
    )
    assert (item.origin, item.tier) == ("added", "leader")
    with pytest.raises(NotAllowed):
        tier_lists.add_item(found, cast.project_municipal, **act(cast, cast.bureau_xp, november(16)))
    first = [row.item_id for row in found.listings.filter(item__tier="county").order_by("order")]
    tier_lists.move(found, Item.objects.get(pk=first[1]), up=True, **act(cast, cast.commission, november(16)))
    assert [r.item_id for r in found.listings.filter(item__tier="county").order_by("order")] == first[::-1]


def test_m8_2_an_edit_on_a_stale_version_is_refused(cast: Cast) -> None:
    begun(cast)
    item = item_of(cast.project_xp)
    shown = item.version
    tier_lists.edit_item(
        item, {"requirement": "甲"}, **act(cast, cast.commission, november(16)), version=shown
    )
    with pytest.raises(StaleVersion):
        tier_lists.edit_item(
            item, {"requirement": "乙"}, **act(cast, cast.commission2, november(16)), version=shown
        )


# ---- M8.3: its way ---------------------------------------------------------------------------------------------


def test_m8_3_what_is_approved_is_sealed_and_each_unit_is_told_once(cast: Cast) -> None:
    found = list_in(cast, "approved")
    edition = ListEdition.objects.get(list=found)
    assert edition.digest == sealing.digest_of(edition.content)
    assert [row["project"] for row in edition.content["items"]] == [
        row.item.project.name for row in found.listings.select_related("item__project")
    ]
    assert bytes(edition.workbook)[:2] == b"PK"
    red(cast.project_municipal)
    tier_lists.issue(found, **act(cast, cast.commission, november(18, 15)))
    assert set(Item.objects.values_list("status", flat=True)) == {"issued"}
    told = Notice.objects.filter(kind="items_issued")
    assert told.filter(recipient=cast.government_xp).count() == 1
    assert told.filter(recipient=cast.bureau_xp).count() == 1
    assert not told.filter(recipient=cast.owner_xp).exists()
    assert cast.project_fa.name not in str(told.get(recipient=cast.government_xp).params)
    with pytest.raises(WrongState):
        tier_lists.issue(found, **act(cast, cast.commission, november(18, 16)))


def test_m8_3_nobody_passes_on_or_approves_his_own_and_it_can_be_returned(cast: Cast) -> None:
    found = list_in(cast, "approving")
    perform(found, "return_by_government", **act(cast, cast.city_government, november(18)), reason="时限太宽")
    assert (found.status, found.return_reason) == ("returned", "时限太宽")
    assert Notice.objects.filter(kind="tier_list_returned", recipient=cast.commission).exists()


def test_m8_3_an_item_is_signed_for_worked_on_sent_back_and_struck_off(cast: Cast) -> None:
    item = item_in(cast, "issued")
    items.sign_for(item, **act(cast, cast.bureau_xp, november(19)))
    items.progress(item, **act(cast, cast.government_xp, november(20)), text="已签约20户")
    items.finish(item, **act(cast, cast.government_xp, november(24)), text="全部签约")
    assert Notice.objects.filter(kind="item_done", recipient=cast.commission).exists()
    perform(item, "send_back", **act(cast, cast.commission, november(25)), reason="缺移交单")
    assert (item.status, item.return_reason, item.finished_at) == ("working", "缺移交单", None)
    items.finish(item, **act(cast, cast.government_xp, november(26)), text="移交单已上传")
    perform(item, "verify", **act(cast, cast.commission, november(27)), reason="属实")
    assert item.status == "closed"
    kinds = list(FollowUp.objects.filter(item=item).order_by("id").values_list("kind", flat=True))
    assert kinds == ["progress", "finish", "send_back", "finish", "close"]


def test_m8_3_a_change_after_issue_tells_and_another_unit_signs_anew(cast: Cast) -> None:
    item = item_in(cast, "working")
    Item.objects.filter(pk=item.pk).update(overdue_told_at=november(20))
    with pytest.raises(RuleBroken):
        items.amend(
            item, {"due_on": date(2026, 11, 1)}, **act(cast, cast.commission, november(20)), reason="延期"
        )
    department = cast.office("SJ", "gxj")
    items.amend(item, {"unit": department, "due_on": date(2026, 12, 15)}, **act(cast, cast.commission, november(20)),
                reason="转市直部门")  # fmt: skip
    item.refresh_from_db()
    assert (item.status, item.unit, item.signed_for_at, item.overdue_told_at) == (
        "issued",
        department,
        None,
        None,
    )
    assert Notice.objects.filter(kind="item_amended", recipient=cast.muni_department).exists()


def test_the_named_leader_is_handed_over_with_his_account(cast: Cast) -> None:
    item = item_in(cast, "working")
    assert item.leader == cast.government_xp
    [open_item] = item_handover.items(cast.government_xp, november(26))
    assert cast.project_xp.name in open_item.title
    item_handover.move(
        cast.government_xp, cast.government2_xp, cast.actor(cast.admin_system, november(26)), november(26)
    )
    assert item_of(cast.project_xp).leader == cast.government2_xp


# ---- M11.1: followed up ----------------------------------------------------------------------------------------


def test_m11_1_due_days_are_reminded_and_called_once(cast: Cast) -> None:
    item = item_in(cast, "working")
    assert item.due_on == date(2026, 11, 30)
    for day, expected in ((26, 0), (27, 1), (28, 0), (29, 1), (30, 1)):
        before = Notice.objects.filter(kind="item_due", recipient=cast.government_xp).count()
        item_sweep.remind_and_call(november(day, 9))
        item_sweep.remind_and_call(november(day, 10))
        after = Notice.objects.filter(kind="item_due", recipient=cast.government_xp).count()
        assert after - before == expected, day
    assert not item.is_overdue(november(30, 23))
    item_sweep.remind_and_call(december(1))
    item_sweep.remind_and_call(december(2))
    for user in (cast.government_xp, cast.commission):
        assert Notice.objects.filter(kind="item_overdue", recipient=user).count() == 1
    found = Item.objects.filter(pk=item.pk)
    assert items.chase_overdue(found, **act(cast, cast.commission, december(2))) == 1
    assert Notice.objects.filter(kind="item_chased", recipient=cast.government_xp).count() == 1


def test_m11_1_a_pressing_item_is_followed_up_every_week_and_told_once(cast: Cast) -> None:
    item = item_in(cast, "working")
    assert item.next_on == date(2026, 12, 18), "monthly"
    items.amend(item, {"pace": "weekly"}, **act(cast, cast.commission, november(20)), reason="急")
    assert item.next_on == date(2026, 11, 27)
    item_sweep.remind_and_call(november(26))
    assert not Notice.objects.filter(kind="item_follow_up").exists()
    item_sweep.remind_and_call(november(27))
    item_sweep.remind_and_call(november(27, 15))
    item_sweep.remind_and_call(november(28))
    for user in (cast.government_xp, cast.commission):
        assert Notice.objects.filter(kind="item_follow_up", recipient=user).count() == 1
    item.refresh_from_db()
    perform(item, "check", **act(cast, cast.commission, november(28)), reason="已签约22户")
    assert item.next_on == date(2026, 12, 5)
    item_sweep.remind_and_call(december(5))
    assert Notice.objects.filter(kind="item_follow_up", recipient=cast.commission).count() == 2


# ---- pages -----------------------------------------------------------------------------------------------------


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: november(26, 12))


def page(cast: Cast, client: Client, role: str, url: str, **more: str) -> tuple[int, str]:
    answer = cast.login(client, cast.people[role]).get(url, headers=more or None)
    return answer.status_code, answer.content.decode()


URLS = ("/dispatch/list/?month=2026-10", "/dispatch/items/?state=all")


@pytest.mark.usefixtures("at_noon")
def test_the_commission_writes_in_the_pane(cast: Cast, client: Client) -> None:
    written(cast)
    item = item_of(cast.project_xp)
    status, html = page(cast, client, "commission", URLS[0])
    assert status == 200
    assert cast.project_xp.name in html
    assert "报委领导审核" in html
    status, html = page(
        cast, client, "commission", f"/dispatch/items/{item.public_id}/", **{"HX-Target": "pane"}
    )
    assert status == 200
    assert "<html" not in html
    assert "data-autosave" in html
    data = {
        "version": str(item.version), "tier": "department", "tier_reason": "需市局评审", "problem_text": "方案未定",
        "requirement": "完成评审", "unit": str(cast.office("SJ", "gxj").public_id), "leader_text": "余长风",
        "due_on": "2026-11-28", "pace": "weekly", "co_units": [str(cast.office("XP", "zf").public_id)],
    }  # fmt: skip
    url = f"/dispatch/items/{item.public_id}/edit/"
    shown = {"HX-Request": "true", "HX-Current-URL": "http://testserver/dispatch/list/?month=2026-10"}
    answer = client.post(url, data, headers=shown)
    assert answer.status_code == 200, answer.content.decode()
    assert f'id="item-{item.public_id}" class="cur" hx-swap-oob' in answer.content.decode()
    item = item_of(cast.project_xp)
    assert (item.tier, item.leader, item.due_on, item.pace) == (
        "department",
        cast.muni_signer,
        date(2026, 11, 28),
        "weekly",
    )
    assert [o.pk for o in item.co_units.all()] == [cast.office("XP", "zf").pk]
    assert client.post(url, data, headers={"HX-Request": "true"}).status_code == 409, "stale"
    assert client.post(url, data | {"version": str(item.version), "due_on": "昨天"}).status_code == 422
    status, html = page(cast, client, "commission", f"/dispatch/items/{item.public_id}/")
    assert status == 200
    assert "完成评审" in html
    for path in ("print", "compare"):
        status, html = page(cast, client, "commission", f"/dispatch/list/2026-10/{path}/")
        assert status == 200
    assert "送审稿" in page(cast, client, "commission", "/dispatch/list/2026-10/print/")[1]
    for path in ("add/", "draw/", "send/"):
        assert page(cast, client, "commission", f"/dispatch/list/2026-10/{path}")[0] == 200
    assert (
        client.post(
            "/dispatch/list/2026-10/add/", {"project": cast.project_municipal.name, "tier": "leader"}
        ).status_code
        == 302
    )
    assert item_of(cast.project_municipal).tier == "leader"


@pytest.mark.usefixtures("at_noon")
def test_the_government_reads_from_submission_and_approves(cast: Cast, client: Client) -> None:
    found = list_in(cast, "reviewing")
    assert cast.project_xp.name not in page(cast, client, "city_government", URLS[0])[1]
    tier_lists.pass_on(found, **act(cast, cast.commission_head, november(17, 15)))
    status, html = page(cast, client, "city_government", URLS[0])
    assert cast.project_xp.name in html
    assert "添加项目" not in html
    key = str(uuid.uuid4())
    url = "/dispatch/list/2026-10/approve/"
    assert client.get(url).status_code == 200
    data = {"version": found.version, "idempotency_key": key}
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 302, "the second click gets the first one's answer"
    assert ListEdition.objects.count() == 1
    answer = client.get("/dispatch/list/2026-10/editions/1/")
    assert answer.content == bytes(ListEdition.objects.get().workbook)
    cast.login(client, cast.commission)
    data = {"version": TierList.objects.get().version, "idempotency_key": str(uuid.uuid4())}
    for _click in range(2):
        assert client.post("/dispatch/list/2026-10/issue/", data).status_code == 302
    assert Notice.objects.filter(kind="items_issued", recipient=cast.government_xp).count() == 1


@pytest.mark.usefixtures("at_noon")
def test_counties_see_their_own_and_only_what_is_issued(cast: Cast, client: Client) -> None:
    list_in(cast, "approved")
    xp, fa = item_of(cast.project_xp), item_of(cast.project_fa)
    for role in ("bureau_xp", "government_xp", "owner_xp", "muni_department", "oversight"):
        assert page(cast, client, role, f"/dispatch/items/{xp.public_id}/")[0] == 404, role
        for url in URLS:
            assert cast.project_xp.name not in page(cast, client, role, url)[1], role
    tier_lists.issue(TierList.objects.get(), **act(cast, cast.commission, november(18, 15)))
    for role in ("bureau_xp", "government_xp", "owner_xp"):
        assert page(cast, client, role, f"/dispatch/items/{xp.public_id}/")[0] == 200, role
        assert page(cast, client, role, f"/dispatch/items/{fa.public_id}/")[0] == 404, role
        for url in URLS:
            status, html = page(cast, client, role, url)
            assert (status, cast.project_xp.name in html, fa.requirement in html) == (200, True, False), (
                role,
                url,
            )
    for role in ("admin_system", "admin_security", "admin_audit", "idle"):
        for url in (*URLS, f"/dispatch/items/{xp.public_id}/", "/dispatch/list/2026-10/print/"):
            assert page(cast, client, role, url)[0] == 404, (role, url)
    for role in ("owner_xp", "bureau_fa", "muni_department2"):
        assert page(cast, client, role, f"/dispatch/items/{xp.public_id}/sign_for/")[0] in (403, 404), role
    cast.login(client, cast.government_xp)
    assert client.post(
        f"/dispatch/items/{xp.public_id}/sign_for/", {"version": xp.version + 1}
    ).status_code in (302, 409)
    assert "清单" in page(cast, client, "government_xp", f"/projects/{cast.project_xp.public_id}/")[1]


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("verb", ["progress", "finish", "check", "chase", "amend"])
def test_each_act_opens_its_dialog_and_bad_input_keeps_what_was_typed(
    cast: Cast, client: Client, verb: str
) -> None:
    item = item_in(cast, "working")
    role = "government_xp" if verb in ("progress", "finish") else "commission"
    url = f"/dispatch/items/{item.public_id}/{verb}/"
    assert page(cast, client, role, url)[0] == 200
    bad = client.post(url, {"version": item.version, "reason": ""})
    assert bad.status_code == (302 if verb == "chase" else 422)


@pytest.mark.usefixtures("at_noon")
def test_the_files_are_the_rows_of_the_page(cast: Cast, client: Client) -> None:
    list_in(cast, "issued")
    cast.login(client, cast.commission)
    for kind in ("dispatch-list", "dispatch-items"):
        answer = client.get(f"/exports/{kind}/?month=2026-10")
        assert answer.status_code in (200, 302), kind
    cast.login(client, cast.admin_system)
    assert client.get("/exports/dispatch-list/?month=2026-10").status_code == 404


def _cost(cast: Cast, client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        status, _html = page(cast, client, "commission", url)
    assert status == 200
    return len(queries)


@pytest.mark.usefixtures("at_noon")
def test_the_pages_and_the_draw_cost_the_same_for_sixty_items(cast: Cast, client: Client) -> None:
    found = begun(cast)
    _cost(cast, client, URLS[0])
    few = [_cost(cast, client, url) for url in (*URLS, "/dispatch/list/2026-10/print/")]
    for report in many_reports(cast, 60):
        red(report.project)
    with CaptureQueriesContext(connection) as queries:
        drawing.draw(found, november(16))
    assert Item.objects.count() >= 62
    assert len(queries) < 40
    many = [_cost(cast, client, url) for url in (*URLS, "/dispatch/list/2026-10/print/")]
    assert many == few
