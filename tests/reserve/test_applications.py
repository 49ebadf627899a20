"""Applications for the pool and the review of both sides (M1.2)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist

from ningde_projects.notices.models import Notice
from ningde_projects.projects.models import Project
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState
from reserve.models import Application, ReserveRecord
from reserve.services import applications, reviewing
from tests.cast import Cast
from tests.reports.story import november
from tests.reserve.pool_story import (
    NAME,
    begun,
    filed,
    passed,
    pooled,
    record_of,
    returned,
    typed,
    typed_city,
    typed_fa,
)


def test_m1_2_a_project_is_in_the_pool_only_after_both_sides_have_passed_it(cast: Cast) -> None:
    application = filed(cast)
    project = application.project
    assert project is not None
    assert (project.stage, project.level, project.management) == ("planning", "other", "county")
    at = november(3)
    reviewing.pass_side(
        application, "pass_industry", by=cast.actor(cast.department_xp, at), at=at, text="同意"
    )
    project.refresh_from_db()
    assert (application.status, project.stage) == ("submitted", "planning")
    at = november(4)
    reviewing.pass_side(application, "pass_county", by=cast.actor(cast.bureau_xp, at), at=at)
    project.refresh_from_db()
    record = record_of(project)
    assert (application.status, project.stage, record.status) == ("passed", "reserve", "pooled")
    assert record.in_pool_since == november(4)
    # Who did it and when stays visible.
    said = [(r.side, r.verdict, r.by_text, r.office_text, r.at) for r in application.reviews.order_by("id")]
    assert said == [
        ("industry", "passed", cast.department_xp.name, cast.department_xp.organisation.name, november(3)),
        ("county", "passed", cast.bureau_xp.name, cast.bureau_xp.organisation.name, november(4)),
    ]
    names = list(Act.objects.filter(project_id=project.pk).order_by("id").values_list("machine", "name"))
    assert ("reserve_record", "enter") in names
    assert ("reserve_application", "complete") in names


def test_m1_2_the_order_of_the_sides_is_free(cast: Cast) -> None:
    application = passed(cast, filed(cast))
    assert application.status == "passed"


def test_m1_2_it_is_one_record_for_life_and_carries_what_was_filed(cast: Cast) -> None:
    project = pooled(cast)
    record = record_of(project)
    assert (project.name, project.total_investment, project.start_year, project.end_year) == (
        NAME,
        26400,
        2027,
        2028,
    )
    assert (str(record.planned_start), record.land_mu, record.directions) == (
        "2027-03",
        Decimal("86.50"),
        ["government_bond"],
    )
    assert [(f.source, f.amount, f.settled) for f in record.funding.order_by("source")] == [
        ("local", 10400, False), ("special_bond", 16000, True),
    ]  # fmt: skip
    assert record.applicant == cast.owner_xp.organisation
    assert Project.objects.filter(name=NAME).count() == 1


def test_m1_2_either_side_returns_with_a_reason_and_named_fields(cast: Cast) -> None:
    application = filed(cast)
    at = november(3)
    with pytest.raises(RuleBroken, match="reason|原因|理由"):
        reviewing.return_side(application, "return_county", [], " ", by=cast.actor(cast.bureau_xp, at), at=at)
    with pytest.raises(RuleBroken):
        reviewing.return_side(
            application, "return_county", ["is_superuser"], "不对", by=cast.actor(cast.bureau_xp, at), at=at
        )
    returned(cast, application)
    assert (application.status, application.return_fields) == ("returned", ["land_mu"])
    assert application.draft["land_mu"] == "86.5"
    told = Notice.objects.get(kind="reserve_returned")
    assert told.recipient == cast.owner_xp
    assert "用地面积" in told.params["reason"]


def test_m1_2_after_a_return_the_other_side_keeps_its_pass_unless_money_or_scale_changed(cast: Cast) -> None:
    application = filed(cast)
    at = november(3)
    reviewing.pass_side(application, "pass_industry", by=cast.actor(cast.department_xp, at), at=at)
    returned(cast, application)
    at = november(5)
    applications.submit(application, typed(cast, land_mu="90"), by=cast.actor(cast.owner_xp, at), at=at)
    assert application.industry_passed_at == november(3)
    assert application.county_passed_at is None
    reviewing.pass_side(application, "pass_county", by=cast.actor(cast.bureau_xp, at), at=at)
    assert application.status == "passed"


def test_m1_2_a_changed_sum_is_reviewed_by_both_sides_anew(cast: Cast) -> None:
    application = filed(cast)
    at = november(3)
    reviewing.pass_side(application, "pass_industry", by=cast.actor(cast.department_xp, at), at=at)
    returned(cast, application)
    at = november(5)
    more = typed(cast, total_investment="30,400", fund_local="14,400")
    applications.submit(application, more, by=cast.actor(cast.owner_xp, at), at=at)
    assert application.industry_passed_at is None
    reviewing.pass_side(application, "pass_county", by=cast.actor(cast.bureau_xp, at), at=at)
    assert application.status == "submitted"


def test_nobody_approves_what_he_filed_nor_stands_for_both_sides(cast: Cast) -> None:
    application = filed(cast, cast.bureau_xp)
    at = november(3)
    with pytest.raises(NotAllowed):
        reviewing.pass_side(application, "pass_county", by=cast.actor(cast.bureau_xp, at), at=at)
    reviewing.pass_side(application, "pass_county", by=cast.actor(cast.bureau2_xp, at), at=at)
    with pytest.raises(NotAllowed):
        reviewing.pass_side(application, "pass_county", by=cast.actor(cast.department_xp, at), at=at)
    with pytest.raises(WrongState):
        reviewing.pass_side(application, "pass_county", by=cast.actor(cast.bureau_head_xp, at), at=at)


def test_a_department_that_filed_leaves_the_industry_side_to_the_municipal_department(cast: Cast) -> None:
    application = filed(cast, cast.department_xp)
    assert application.industry_office == cast.muni_department.organisation
    assert application.county_office == cast.bureau_xp.organisation


def test_m1_2_of_a_municipal_project_the_commission_and_the_municipal_department_are_the_two_sides(
    cast: Cast,
) -> None:
    application = filed(cast, cast.owner_sj, typed_city(cast))
    at = november(3)
    reviewing.pass_side(application, "pass_city", by=cast.actor(cast.commission, at), at=at)
    reviewing.pass_side(application, "pass_industry", by=cast.actor(cast.muni_department2, at), at=at)
    assert application.project is not None
    assert (application.status, application.project.management) == ("passed", "municipal")


def test_the_department_follows_from_county_and_industry_when_none_is_chosen(cast: Cast) -> None:
    application = filed(cast, values=typed(cast, county_department=""))
    assert application.industry_office == cast.department_xp.organisation


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"place": "ZZ"}, "place"),
        ({"total_investment": "两亿"}, "total_investment"),
        ({"total_investment": "2.64亿元"}, "total_investment"),
        ({"fund_local": "99999"}, "fund_special_bond"),
        ({"settled_loan": "on"}, "fund_loan"),
        ({"planned_start": "明年"}, "planned_start"),
        ({"planned_completion": "2027-01"}, "planned_completion"),
        ({"code": "12345"}, "code"),
        ({"directions": ["war_chest"]}, "directions"),
        ({"land_mu": "-3"}, "land_mu"),
        ({"content": "x" * 5001}, "content"),
        ({"name": "霞浦滨海产业园（鸢尾霞浦）"}, "name"),
    ],
)
def test_bad_input_names_its_field_and_nothing_is_half_saved(
    cast: Cast, wrong: dict[str, object], field: str
) -> None:
    before = Project.objects.count()
    application = begun(cast)
    with pytest.raises(RuleBroken) as refused:
        applications.submit(
            application,
            typed(cast, confirm="on", **wrong),
            by=cast.actor(cast.owner_xp, november(2)),
            at=november(2),
        )
    assert field in refused.value.errors
    assert Project.objects.count() == before
    assert not ReserveRecord.objects.exists()
    assert Application.objects.get().status == "draft"


def test_a_funding_gap_is_asked_once_and_does_not_block(cast: Cast) -> None:
    application, at = begun(cast), november(2)
    values = typed(cast, fund_local="1000")
    with pytest.raises(RuleBroken) as refused:
        applications.submit(application, values, by=cast.actor(cast.owner_xp, at), at=at)
    assert list(refused.value.errors) == ["confirm"]
    applications.submit(application, values | {"confirm": "on"}, by=cast.actor(cast.owner_xp, at), at=at)
    assert application.filings.get().confirmed


def test_a_draft_is_kept_as_typed_and_two_people_do_not_overwrite_each_other(cast: Cast) -> None:
    application, at = begun(cast), november(2)
    version = application.version
    actor = cast.actor(cast.owner_xp, at)
    applications.save_draft(
        application, {"name": "半个", "total_investment": "两"}, by=actor, at=at, version=version
    )
    with pytest.raises(StaleVersion):
        applications.save_draft(application, {"name": "另一个"}, by=actor, at=at, version=version)
    assert Application.objects.get().draft == {"name": "半个", "total_investment": "两"}
    with pytest.raises(NotAllowed):
        applications.save_draft(application, {}, by=cast.actor(cast.owner_fa, at), at=at, version=None)


def test_it_can_be_taken_back_until_one_side_has_reviewed(cast: Cast) -> None:
    application, at = filed(cast), november(3)
    perform(application, "recall_owner", by=cast.actor(cast.owner_xp, at), at=at)
    assert (application.status, application.draft["name"]) == ("draft", NAME)
    applications.submit(application, typed(cast), by=cast.actor(cast.owner_xp, at), at=at)
    reviewing.pass_side(application, "pass_county", by=cast.actor(cast.bureau_xp, at), at=at)
    with pytest.raises(WrongState):
        perform(application, "recall_owner", by=cast.actor(cast.owner_xp, at), at=at)


def test_only_the_offices_of_the_project_see_it_and_drafts_only_their_own_office(cast: Cast) -> None:
    draft, done = begun(cast), filed(cast)

    def seen(user: object) -> set[int]:
        actor = cast.actor(user, november(3))  # type: ignore[arg-type]
        return set(Application.objects.visible_to(actor).values_list("pk", flat=True))

    assert seen(cast.owner_xp) == {draft.pk, done.pk}
    for user in (
        cast.bureau_xp,
        cast.department_xp,
        cast.muni_department,
        cast.commission,
        cast.government_xp,
    ):
        assert seen(user) == {done.pk}
    for user in (
        cast.bureau_fa, cast.department_fa, cast.owner_fa, cast.department2_xp, cast.muni_department2,
        cast.admin_system, cast.idle, cast.oversight,
    ):  # fmt: skip
        assert seen(user) == set()


def test_an_existing_project_in_planning_is_applied_for_under_its_own_record(cast: Cast) -> None:
    at = november(2)
    project = Project.objects.create(
        name="霞浦盐田预备项目", place=cast.place("XP"), owner=cast.owner_xp.organisation, stage="planning",
        county_department=cast.department_xp.organisation, level="other",
    )  # fmt: skip
    actor = cast.actor(cast.owner_xp, at)
    application = applications.start(cast.owner_xp.organisation, by=actor, at=at, project=project)
    assert application.draft["name"] == "霞浦盐田预备项目"
    with pytest.raises(WrongState):
        applications.start(cast.owner_xp.organisation, by=actor, at=at, project=project)
    applications.submit(application, typed(cast, name="霞浦盐田预备项目"), by=actor, at=at)
    assert application.project == project
    assert Project.objects.get(pk=project.pk).total_investment == 26400


def test_fu_an_and_xiapu_do_not_meet(cast: Cast) -> None:
    application = filed(cast, cast.owner_fa, typed_fa(cast))
    at = november(3)
    with pytest.raises(NotAllowed):
        reviewing.pass_side(application, "pass_county", by=cast.actor(cast.bureau_xp, at), at=at)
    with pytest.raises(ObjectDoesNotExist):
        Application.objects.visible_to(cast.actor(cast.bureau_xp, at)).get()
