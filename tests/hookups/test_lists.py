"""Measure 3, requirement by requirement: who leads, who answers directly, how lists are filed and changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hookups.models import HookupList, MajorPick
from hookups.selectors.checks import Book, faults_of, lines_of
from hookups.services import changing, lists, majors
from hookups.services.filing import file_verb
from ningde_projects.notices.models import Notice
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Rank, User
from ningde_projects.periods.month import local_date
from ningde_projects.projects.grants import PERMISSION
from ningde_projects.projects.models import Post, Project, Responsible
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState
from tests.cast import Cast
from tests.hookups.filing import YEAR, begun, filed, filled, line_of, march, on_file, person, put, staff

AT = march(10)


def faults(found: HookupList) -> str:
    return " ".join(faults_of(Book(found, AT), lines_of(found)))


def refused_filing(cast: Cast, found: HookupList, who: str = "bureau_xp") -> str:
    with pytest.raises(RuleBroken) as refused:
        perform(found, file_verb(found), by=cast.actor(cast.people[who], AT), at=AT)
    found.refresh_from_db()
    assert found.status == "drafting"
    return str(refused.value)


# ---- M3.1 ------------------------------------------------------------------------------------------------------


def test_m3_1_a_project_picked_as_major_is_led_by_a_head_of_the_county(cast: Cast) -> None:
    people = staff(cast)
    majors.pick(cast.project_xp, YEAR, "投资大", by=cast.actor(cast.commission, AT), at=AT)
    found = filled(cast)
    line = line_of(found, cast.project_xp, Post.COUNTY_LEADER)
    assert line.user == people["head_xp"]
    put(cast, line, cast.government_xp)
    said = refused_filing(cast, found)
    assert (
        "依据《若干措施》第（三）条，市发改委筛选的重大项目由县（市、区）党委、政府主要领导挂钩任责任领导"
        in said
    )
    put(cast, line, people["head_xp"])
    perform(found, "file_county", by=cast.actor(cast.bureau_xp, AT), at=AT)
    assert line_of(found, cast.project_xp, Post.COUNTY_LEADER).is_major


def test_m3_1_other_key_projects_are_led_by_another_county_level_leader(cast: Cast) -> None:
    people = staff(cast)
    found = filled(cast)
    line = line_of(found, cast.project_xp, Post.COUNTY_LEADER)
    put(cast, line, people["head_xp"])
    assert "其余重点项目责任领导为其他县处级领导" in refused_filing(cast, found)
    low = person(cast.government_xp.organisation, "乡科干部", Rank.TOWNSHIP, Duty.LEAD)
    put(cast, line, low)
    assert "属地责任领导由县级领导担任" in refused_filing(cast, found)


def test_m3_1_the_industry_side_is_led_by_a_division_leader_of_the_department(cast: Cast) -> None:
    staff(cast)
    found = filled(cast, "gxj")
    line = line_of(found, cast.project_xp, Post.INDUSTRY_LEADER)
    low = person(cast.muni_department.organisation, "科长乙", Rank.TOWNSHIP, Duty.LEAD)
    put(cast, line, low)
    assert "行业责任领导由处级领导担任" in refused_filing(cast, found, "muni_department")
    with pytest.raises(RuleBroken):
        put(cast, line, cast.muni_signer2)  # a division leader, but of another department


def test_m3_1_only_the_commission_picks_and_each_pick_has_its_reason(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        majors.pick(cast.project_xp, YEAR, "大", by=cast.actor(cast.bureau_xp, AT), at=AT)
    by = cast.actor(cast.commission, AT)
    with pytest.raises(RuleBroken):
        majors.pick(cast.project_xp, YEAR, "  ", by=by, at=AT)
    majors.pick(cast.project_xp, YEAR, "投资大", by=by, at=AT)
    with pytest.raises(WrongState):
        majors.pick(cast.project_xp, YEAR, "再次", by=by, at=AT)
    majors.withdraw(cast.project_xp, YEAR, "规模调减", by=by, at=AT)
    majors.pick(cast.project_xp, YEAR, "恢复", by=by, at=AT)
    assert MajorPick.objects.filter(project=cast.project_xp).count() == 2
    Project.objects.filter(pk=cast.project_fa.pk).update(level="other")
    with pytest.raises(RuleBroken):
        majors.pick(cast.project_fa, YEAR, "大", by=by, at=AT)


def test_m3_1_heads_of_a_county_are_kept_with_their_time(cast: Cast) -> None:
    by = cast.actor(cast.bureau_xp, AT)
    place = cast.place("XP")
    majors.set_head(place, "government", cast.government_xp, date(2026, 1, 5), by=by, at=AT)
    second = majors.set_head(place, "government", cast.government2_xp, date(2026, 3, 1), by=by, at=AT)
    first = second.__class__.objects.exclude(pk=second.pk).get(place=place)
    assert (first.valid_to, second.valid_to) == (date(2026, 2, 28), None)
    with pytest.raises(NotAllowed):
        majors.set_head(cast.place("FA"), "party", cast.government_fa, date(2026, 3, 1), by=by, at=AT)
    with pytest.raises(RuleBroken):
        majors.set_head(place, "party", cast.government_fa, date(2026, 3, 1), by=by, at=AT)
    with pytest.raises(RuleBroken):
        majors.set_head(place, "party", cast.government_xp, date(2026, 3, 11), by=by, at=AT)


# ---- M3.2, M3.3 ------------------------------------------------------------------------------------------------


def test_m3_2_a_municipal_enterprise_names_a_division_leader_for_its_municipal_projects(cast: Cast) -> None:
    people = staff(cast)
    found = begun(cast, "soe")
    posts = set(found.lines.values_list("project__name", "post"))
    for project in (cast.project_municipal, cast.project_cross):
        assert {(project.name, "soe_leader"), (project.name, "soe_direct")} <= posts
    assert "市本级重点项目由市属国有企业作为项目业主的，必须由处级领导任责任领导" in refused_filing(
        cast, found, "owner_sj"
    )
    filled(cast, "soe")
    low = person(people["soe_leader"].organisation, "部门经理", Rank.TOWNSHIP, Duty.LEAD)
    put(cast, line_of(found, cast.project_municipal, Post.SOE_LEADER), low)
    assert "必须由处级领导任责任领导；所选人员职级不够" in refused_filing(cast, found, "owner_sj")


def test_m3_2_other_owners_and_other_projects_owe_no_enterprise_leader(cast: Cast) -> None:
    Project.objects.filter(pk=cast.project_cross.pk).update(management="county")
    found = begun(cast, "soe")
    assert not found.lines.filter(project=cast.project_cross, post="soe_leader").exists()
    assert found.lines.filter(project=cast.project_cross, post="soe_direct").exists()
    with pytest.raises(NotAllowed):
        lists.open_list(cast.owner_xp.organisation, YEAR, by=cast.actor(cast.owner_xp, AT), at=AT)


def test_m3_3_each_place_department_and_enterprise_names_one_direct_person(cast: Cast) -> None:
    staff(cast)
    for key, expected in (("xp", 2), ("fa", 2), ("gxj", 2), ("jtj", 2), ("soe", 2)):
        found = begun(cast, key)
        direct = found.lines.filter(post__in=["county_direct", "industry_direct", "soe_direct"])
        assert direct.count() == expected, key
    found = filled(cast)
    line = line_of(found, cast.project_xp, Post.COUNTY_DIRECT)
    put(cast, line, None)
    assert "各地各部门（含国有企业）分别确定1名乡科级以上干部作为直接责任人" in refused_filing(cast, found)
    low = person(cast.direct_xp.organisation, "科员丙", Rank.STAFF, Duty.DIRECT)
    put(cast, line, low)
    assert "直接责任人应为乡科级及以上" in refused_filing(cast, found)


# ---- M3.4 ------------------------------------------------------------------------------------------------------


def test_m3_4_a_list_takes_effect_when_the_commission_has_put_it_on_file(cast: Cast) -> None:
    staff(cast)
    found = filled(cast)
    put(cast, line_of(found, cast.project_xp, Post.COUNTY_LEADER), cast.government2_xp)
    perform(found, "file_county", by=cast.actor(cast.bureau_xp, march(11)), at=march(11))
    now = Responsible.objects.get(project=cast.project_xp, post="county_leader", valid_to__isnull=True)
    assert now.user == cast.government_xp  # filed, not received: no effect
    perform(found, "receive", by=cast.actor(cast.commission2, march(12)), at=march(12))
    old, new = Responsible.objects.filter(project=cast.project_xp, post="county_leader").order_by(
        "valid_from"
    )
    assert (old.user, old.valid_to) == (cast.government_xp, date(2026, 3, 11))
    assert (new.user, new.valid_from, new.valid_to) == (cast.government2_xp, date(2026, 3, 12), None)
    kept = Responsible.objects.filter(project=cast.project_xp, post="county_direct")
    assert kept.count() == 1  # who stays, stays
    assert Notice.objects.filter(recipient=cast.government2_xp, kind="hookup_named").count() == 1
    unnamed = Notice.objects.get(recipient=cast.government_xp, kind="hookup_unnamed")
    sheet = Act.objects.get(machine="handover", name="handed_over", object_id=cast.government_xp.pk)
    assert str(sheet.public_id) in unnamed.url
    assert sheet.data["successor"]["name"] == cast.government2_xp.name
    assert cast.project_xp.name in str(sheet.data["groups"])


def test_m3_4_names_ranks_and_positions_stay_as_they_were_filed(cast: Cast) -> None:
    staff(cast)
    found = on_file(cast)
    line = line_of(found, cast.project_xp, Post.COUNTY_LEADER)
    name = cast.government_xp.name
    cast.government_xp.__class__.objects.filter(pk=cast.government_xp.pk).update(
        name="改名", rank="", title="退休"
    )
    line.refresh_from_db()
    assert (line.name_text, line.rank_text, line.title_text) == (name, "county", cast.government_xp.title)


def test_m3_4_the_commission_returns_with_a_reason_and_late_stays_late(cast: Cast) -> None:
    staff(cast)
    late = march(31, 23, 59) + timedelta(minutes=1)
    found = filed(cast, at=late)
    assert found.is_late(late)
    by = cast.actor(cast.commission, late)
    with pytest.raises(RuleBroken):
        perform(found, "return", by=by, at=late)
    perform(found, "return", by=by, at=late, reason="请核对直接责任人")
    assert (found.status, found.return_reason) == ("returned", "请核对直接责任人")
    first = found.first_filed_at
    again = late + timedelta(days=1)
    perform(found, "file_county", by=cast.actor(cast.bureau_xp, again), at=again)
    assert found.first_filed_at == first


def test_m3_4_one_tick_before_the_deadline_is_on_time(cast: Cast) -> None:
    staff(cast)
    assert not filed(cast, at=march(31, 23, 59, 59)).is_late(march(31, 23, 59, 59))


def test_m3_4_who_filed_does_not_receive(cast: Cast) -> None:
    """Also when the same person holds both duties (settled point 14)."""
    from ningde_projects.organizations.models import Assignment

    staff(cast)
    Assignment.objects.create(
        user=cast.bureau_xp,
        duty=Duty.DISPATCH,
        organisation=cast.commission.organisation,
        valid_from=march(1),
    )
    found = filed(cast)
    with pytest.raises(NotAllowed):
        perform(found, "receive", by=cast.actor(cast.bureau_xp, march(12)), at=march(12))
    with pytest.raises(NotAllowed):
        perform(found, "receive", by=cast.actor(cast.bureau2_xp, march(12)), at=march(12))


def test_m3_4_a_change_in_the_year_keeps_who_answered_when(cast: Cast) -> None:
    staff(cast)
    annual = on_file(cast)
    at = march(20)
    by = cast.actor(cast.bureau_xp, at)
    slot = changing.slot_of(annual, line_of(annual, cast.project_xp, Post.COUNTY_LEADER))
    assert slot is not None
    change: dict[str, Any] = {"effective_on": date(2026, 3, 18), "reason": "工作分工调整", "by": by, "at": at}
    with pytest.raises(RuleBroken):
        changing.change_post(annual, slot, cast.government2_xp, **{**change, "reason": " "})
    with pytest.raises(RuleBroken):
        changing.change_post(
            annual, slot, cast.government2_xp, **{**change, "effective_on": date(2026, 3, 21)}
        )
    line = changing.change_post(annual, slot, cast.government2_xp, **change)
    assert (line.list.number, line.list.status) == (1, "drafting")
    perform(line.list, "file_county", by=by, at=at)
    assert Responsible.objects.filter(project=cast.project_xp, user=cast.government2_xp).count() == 0
    perform(line.list, "receive", by=cast.actor(cast.commission, march(21)), at=march(21))
    spans = Responsible.objects.filter(project=cast.project_xp, post="county_leader").order_by("valid_from")
    assert list(spans.values_list("user", "valid_from", "valid_to")) == [
        (cast.government_xp.pk, date(2025, 1, 1), date(2026, 3, 17)),
        (cast.government2_xp.pk, date(2026, 3, 18), None),
    ]
    line.refresh_from_db()
    assert (line.before_text, line.name_text) == (cast.government_xp.name, cast.government2_xp.name)


def test_m3_4_a_change_waits_for_the_list_of_the_year(cast: Cast) -> None:
    staff(cast)
    found = filed(cast)
    slot = changing.slot_of(found, line_of(found, cast.project_xp, Post.COUNTY_LEADER))
    assert slot is not None
    with pytest.raises(WrongState):
        changing.change_post(found, slot, cast.government2_xp, effective_on=date(2026, 3, 1), reason="调整",
                             by=cast.actor(cast.bureau_xp, march(12)), at=march(12))  # fmt: skip


def test_m3_4_a_recalled_list_was_not_filed_and_an_opened_one_is_not_recalled(cast: Cast) -> None:
    from hookups.services.filing import look_at

    staff(cast)
    found = filed(cast)
    by = cast.actor(cast.bureau_xp, march(11))
    perform(found, "recall_county", by=by, at=march(11, 10))
    assert (found.status, found.first_filed_at) == ("drafting", None)
    perform(found, "file_county", by=by, at=march(11, 11))
    look_at(found, cast.actor(cast.commission, march(12)), march(12))
    found.refresh_from_db()
    with pytest.raises(WrongState):
        perform(found, "recall_county", by=by, at=march(12))


def test_m3_4_a_list_is_brought_up_to_date_and_keeps_what_was_chosen(cast: Cast) -> None:
    staff(cast)
    found = filled(cast)
    put(cast, line_of(found, cast.project_xp, Post.COUNTY_LEADER), cast.government2_xp)
    Project.objects.filter(pk=cast.project_cross.pk).update(stage="completed")
    new = Project.objects.create(
        name="霞浦新港", place=cast.place("XP"), owner=cast.owner_xp.organisation, level="municipal"
    )
    assert "请更新名单" in faults(found)
    counts = lists.draw(found, by=cast.actor(cast.bureau_xp, AT), at=AT)
    assert counts == {"new": 2, "dropped": 2}
    assert set(found.lines.values_list("project", flat=True)) == {cast.project_xp.pk, new.pk}
    assert line_of(found, cast.project_xp, Post.COUNTY_LEADER).user == cast.government2_xp


def test_m3_4_two_people_at_one_line_do_not_overwrite_each_other(cast: Cast) -> None:
    found = begun(cast)
    line = line_of(found, cast.project_xp, Post.COUNTY_LEADER)
    lists.choose(line, cast.government2_xp, by=cast.actor(cast.bureau_xp, AT), at=AT, version=line.version)
    with pytest.raises(StaleVersion):
        lists.choose(line, None, by=cast.actor(cast.bureau2_xp, AT), at=AT, version=line.version)


def test_m3_4_whoever_lost_duty_or_rank_before_receipt_sends_the_list_back(cast: Cast) -> None:
    staff(cast)
    found = filed(cast)
    cast.direct_xp.__class__.objects.filter(pk=cast.direct_xp.pk).update(is_active=False)
    used = found.lines.filter(user=cast.direct_xp).exists()
    assert used
    with pytest.raises(RuleBroken):
        perform(found, "receive", by=cast.actor(cast.commission, march(12)), at=march(12))
    found.refresh_from_db()
    assert found.status == "filed"


def changed(cast: Cast, found: HookupList, post: Post, user: User, at: datetime) -> HookupList:
    """A change of one post, drawn up by the county bureau."""
    slot = changing.slot_of(found, line_of(found, cast.project_xp, post))
    assert slot is not None
    line = changing.change_post(
        found, slot, user, effective_on=local_date(at), reason="调离",
        by=cast.actor(cast.bureau_xp, at), at=at,
    )  # fmt: skip
    return line.list


def test_permission_on_the_project_begins_and_ends_with_the_post(cast: Cast) -> None:
    """django-guardian: granted to the person, for as long as he answers (point 15)."""

    def may(user: object) -> bool:
        fresh = cast.government_xp.__class__.objects.get(pk=user.pk)  # type: ignore[attr-defined]
        return bool(fresh.has_perm(PERMISSION, cast.project_xp))

    staff(cast)
    found = filled(cast)
    put(cast, line_of(found, cast.project_xp, Post.COUNTY_LEADER), cast.government2_xp)
    perform(found, "file_county", by=cast.actor(cast.bureau_xp, march(11)), at=march(11))
    assert not may(cast.government2_xp)
    perform(found, "receive", by=cast.actor(cast.commission, march(12)), at=march(12))
    assert may(cast.government2_xp)
    assert not may(cast.government_xp)
    change = changed(cast, found, Post.COUNTY_LEADER, cast.government_xp, march(20))
    perform(change, "file_county", by=cast.actor(cast.bureau_xp, march(20)), at=march(20))
    perform(change, "receive", by=cast.actor(cast.commission, march(21)), at=march(21))
    assert may(cast.government_xp)
    assert not may(cast.government2_xp)


def test_a_direct_naming_and_a_hand_over_grant_and_end_the_permission_too(cast: Cast) -> None:
    from ningde_projects.organizations.services.handovers import hand_over
    from ningde_projects.projects.services.people import assign

    def may(user: object) -> bool:
        fresh = cast.government_xp.__class__.objects.get(pk=user.pk)  # type: ignore[attr-defined]
        return bool(fresh.has_perm(PERMISSION, cast.project_xp))

    assign(cast.project_xp, "county_leader", None, cast.government2_xp, date(2026, 3, 10),
           by=cast.actor(cast.bureau_xp, AT), at=AT)  # fmt: skip
    assert may(cast.government2_xp)
    hand_over(cast.government2_xp, cast.government_xp, by=cast.actor(cast.government2_xp, march(11)),
              at=march(11), reason="调离")  # fmt: skip
    assert may(cast.government_xp)
    assert not may(cast.government2_xp)


def test_old_assignments_in_force_get_their_grants_by_the_migration(cast: Cast) -> None:
    from importlib import import_module

    from django.apps import apps
    from guardian.models import UserObjectPermission

    assert not UserObjectPermission.objects.exists()  # the cast is written without services
    migration = import_module("ningde_projects.projects.migrations.0003_hookup_posts")
    for _again in range(2):
        migration.grant_those_in_force(apps, None)
        granted = set(UserObjectPermission.objects.values_list("user", "object_pk"))
        in_force = Responsible.objects.filter(valid_to__isnull=True).values_list("user", "project")
        assert granted == {(user, str(project)) for user, project in in_force}


# ---- the one door of a post on file -----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["bureau_xp", "commission"])
def test_m3_4_a_post_on_file_is_moved_by_a_filed_change_only(cast: Cast, who: str) -> None:
    from ningde_projects.projects.services.people import assign, dismiss

    staff(cast)
    on_file(cast)
    by, at = cast.actor(cast.people[who], march(20)), march(20)
    with pytest.raises(NotAllowed, match="2026"):
        assign(cast.project_xp, "county_leader", None, cast.government2_xp, date(2026, 3, 20), by=by, at=at)
    with pytest.raises(NotAllowed):
        dismiss(cast.project_xp, "county_leader", None, date(2026, 3, 19), "调离", by=by, at=at)
    assert not Act.objects.filter(machine="project", name="dismiss").exists()


def test_m3_4_a_project_that_came_after_filing_goes_on_file_as_a_change(cast: Cast) -> None:
    """Also the person who was named before: he is put on file as he is."""
    from hookups.selectors.on_file import on_file as covered
    from hookups.selectors.on_file import since_filing

    staff(cast)
    found = on_file(cast)
    found.lines.filter(project=cast.project_xp).delete()
    mine = [s for s in since_filing(found) if s.project == cast.project_xp]
    assert {s.post for s in mine} == {Post.COUNTY_LEADER, Post.COUNTY_DIRECT}
    by = cast.actor(cast.bureau_xp, march(20))
    doors = covered(cast.project_xp, by)
    assert str(cast.project_xp.public_id) in doors["county_leader", None].change_url
    assert not covered(cast.project_xp, cast.actor(cast.bureau_fa, march(20)))[
        "county_leader", None
    ].change_url
    slot = next(s for s in mine if s.post == Post.COUNTY_LEADER)
    line = changing.change_post(
        found,
        slot,
        cast.government2_xp,
        effective_on=date(2026, 3, 20),
        reason="新增重点项目",
        by=by,
        at=march(20),
    )
    perform(line.list, file_verb(line.list), by=by, at=march(20))
    perform(line.list, "receive", by=cast.actor(cast.commission, march(21)), at=march(21))
    now = Responsible.objects.get(project=cast.project_xp, post="county_leader", valid_to=None)
    assert now.user == cast.government2_xp
    assert slot.key not in {s.key for s in since_filing(found)}
