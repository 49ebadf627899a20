"""The 3+N consultation: filed, asked, answered, concluded (M2.1, M2.2, M2.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ningde_projects.notices.models import Notice
from ningde_projects.projects.models import Project, Stage
from ningde_projects.workflow.door import bindings
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal, RuleBroken, StaleVersion, WrongState
from reserve.models import Case, CaseOpinion
from reserve.selectors.planned import planned, without_case
from reserve.services import case_opinions, cases
from reserve.services.case_filing import chase_filing
from reserve.services.case_offices import usual_leads
from reserve.workflow.cases import CASE, CASE_OPINION
from reserve.workflow.funding import BATCH, FUNDING
from tests.reserve.case_story import Walk, facts, may


def test_every_name_in_the_tables_has_its_function() -> None:
    machines = (CASE, CASE_OPINION, FUNDING, BATCH)
    assert {b.machine.name: b.unbound() for b in bindings() if b.machine in machines} == {
        m.name: [] for m in machines
    }


def test_m2_1_every_planned_municipal_project_without_a_case_is_listed_until_it_is_filed(city: Walk) -> None:
    commission = city.user("commission").organisation
    assert list(without_case(commission, 2026)) == [city.project]
    case = city.draft()
    assert list(without_case(commission, 2026)) == [city.project]  # a draft is not filed
    cases.submit(case, facts(), by=city.actor(city.filer, may(5)), at=may(5))
    assert list(without_case(commission, 2026)) == []
    assert list(planned(commission, 2026)) == [city.project]


def test_m2_1_what_is_under_way_or_not_planned_for_the_year_needs_none(city: Walk) -> None:
    commission = city.user("commission").organisation
    Project.objects.filter(pk=city.project.pk).update(stage=Stage.UNDER_WAY)
    assert not without_case(commission, 2026).exists()
    Project.objects.filter(pk=city.project.pk).update(stage=Stage.RESERVE, start_year=None)
    assert not without_case(commission, 2035).exists()


def test_m2_1_the_convener_asks_for_a_case_at_most_once_a_day(city: Walk) -> None:
    actor = city.actor("commission", may(4))
    chase_filing(city.project, 2026, by=actor, at=may(4))
    told = set(Notice.objects.filter(kind="case_to_file").values_list("recipient", flat=True))
    assert told == {city.user("muni_department2").pk, city.user("owner_sj").pk}
    with pytest.raises(WrongState):
        chase_filing(city.project, 2026, by=actor, at=may(4, 15))
    chase_filing(city.project, 2026, by=city.actor("commission", may(5)), at=may(5))
    with pytest.raises(NotAllowed):
        chase_filing(city.project, 2026, by=city.actor("bureau_xp", may(6)), at=may(6))


@pytest.mark.parametrize("role", ["owner_sj", "muni_department2"])
def test_m2_1_owner_and_industry_department_may_both_file(city: Walk, role: str) -> None:
    case = cases.start(city.project, 2026, by=city.actor(role, may(4)), at=may(4))
    cases.submit(case, facts(), by=city.actor(role, may(5)), at=may(5))
    assert (case.status, case.level, case.convener) == (
        "submitted",
        "municipal",
        city.user("commission").organisation,
    )


@pytest.mark.parametrize(
    "role", ["owner_xp", "muni_department", "bureau_xp", "commission", "city_government"]
)
def test_nobody_else_files(city: Walk, role: str) -> None:
    with pytest.raises(NotAllowed):
        cases.start(city.project, 2026, by=city.actor(role, may(4)), at=may(4))


def test_m2_2_a_case_settles_body_land_and_financing_and_names_all_that_is_missing(city: Walk) -> None:
    case = city.draft()
    with pytest.raises(RuleBroken) as refused:
        cases.submit(case, facts(body="", siting=" ", financing=[], questions=""), by=city.actor(city.filer, may(5)),
                     at=may(5))  # fmt: skip
    assert set(refused.value.errors) == {"body", "siting", "financing", "questions"}
    assert Case.objects.get().status == "draft"


def test_a_slip_of_units_in_the_financing_is_asked_about_and_not_blocked(city: Walk) -> None:
    case = city.draft()
    slip = facts(financing=[("own", Decimal(18))])
    with pytest.raises(RuleBroken) as refused:
        cases.submit(case, slip, by=city.actor(city.filer, may(5)), at=may(5))
    assert set(refused.value.errors) == {"confirmed"}
    cases.submit(case, slip | {"confirmed": True}, by=city.actor(city.filer, may(5)), at=may(5))
    assert case.financing_total == 18


def test_m2_2_it_passes_only_when_all_opinions_are_in_and_the_three_agree(city: Walk) -> None:
    case = city.consulting(others=("gxj",))
    judge = city.actor("commission2", may(11))
    with pytest.raises(RuleBroken, match="市发改委、市财政局、市自然资源局、市工信局"):
        cases.conclude(case, True, by=judge, at=may(11))
    for key in ("fgw", "czj", "zrj"):
        city.give(case, key, "supplement" if key == "czj" else "agree")
    with pytest.raises(RuleBroken, match="市工信局"):
        cases.conclude(case, True, by=judge, at=may(11))
    city.give(case, "gxj", "oppose")
    with pytest.raises(RuleBroken, match="市财政局"):
        cases.conclude(case, True, by=judge, at=may(11))
    finance = CaseOpinion.objects.get(case=case, role="finance")
    case_opinions.ask_again(
        finance, reason="请按资本金比例复核", last_day=date(2026, 5, 20), by=judge, at=may(11)
    )
    city.give(case, "czj", at=may(12))
    cases.conclude(case, True, text="通过", by=judge, at=may(12))
    assert (case.status, case.conclusion, case.concluded_by) == ("passed", "通过", city.user("commission2"))


def test_m2_2_a_supplement_keeps_the_earlier_opinion_and_asks_only_who_did_not_agree(city: Walk) -> None:
    case = city.answered({"zrj": "supplement"})
    cases.ask_supplement(case, reason="补充用林现状图", by=city.actor("commission", may(9)), at=may(9))
    assert case.status == "supplement"
    filer = city.actor(city.filer, may(10))
    with pytest.raises(RuleBroken) as refused:
        cases.submit(case, facts(), by=filer, at=may(10))
    assert "supplement" in refused.value.errors
    cases.submit(case, facts(supplement="已补现状图"), by=filer, at=may(10))
    states = dict(CaseOpinion.objects.values_list("role", "status"))
    assert states == {"approval": "given", "finance": "given", "land": "waiting"}
    city.give(case, "zrj", at=may(11))
    land = CaseOpinion.objects.get(role="land")
    assert [(e.round, e.verdict) for e in land.editions.all()] == [(1, "supplement"), (2, "agree")]


def test_a_conclusion_is_taken_back_with_a_reason_and_stays_in_the_record(city: Walk) -> None:
    case = city.passed()
    cases.reopen(case, reason="选址调整", by=city.actor("commission", may(12)), at=may(12))
    assert (case.status, case.concluded_at) == ("consulting", None)
    passed = Act.objects.get(machine="case", name="pass")
    assert (passed.user, passed.reason) == (city.user("commission2"), "同意按意见推进前期工作")


def test_a_conclusion_with_money_under_way_is_not_taken_back(city: Walk) -> None:
    line = city.requested()
    with pytest.raises(WrongState):
        cases.reopen(line.case, reason="选址调整", by=city.actor("commission", may(13)), at=may(13))


def test_the_three_must_be_three_different_offices_of_this_place(city: Walk) -> None:
    case = city.submitted()
    judge = city.actor("commission", may(6))
    leads = city.leads()
    leads["land"] = leads["finance"]
    with pytest.raises(RuleBroken) as refused:
        cases.accept(case, leads=leads, others=[], last_day=date(2026, 5, 6), by=judge, at=may(6))
    assert {"land", "last_day"} <= set(refused.value.errors)
    foreign = city.leads() | {"land": city.offices.office("FA", "zrj")}
    with pytest.raises(RuleBroken):
        cases.accept(case, leads=foreign, others=[], last_day=date(2026, 5, 16), by=judge, at=may(6))


def test_one_of_the_three_is_only_replaced_never_left_out(city: Walk) -> None:
    case = city.consulting(others=("gxj",))
    judge = city.actor("commission", may(7))
    land = CaseOpinion.objects.get(case=case, role="land")
    with pytest.raises(RuleBroken):
        case_opinions.release(land, reason="非其职责", by=judge, at=may(7))
    case_opinions.release(
        land, reason="非其职责", instead=city.offices.office("SJ", "jtj"), by=judge, at=may(7)
    )
    assert (
        CaseOpinion.objects.exclude(status="released").get(case=case, role="land").department.short_name
        == "市交通运输局"
    )
    other = CaseOpinion.objects.get(case=case, role="other")
    case_opinions.release(other, reason="不涉及", by=judge, at=may(7))
    assert not Case.objects.visible_to(city.actor("muni_department", may(7))).exists()


def test_handler_and_signer_are_two_persons(city: Walk) -> None:
    from ningde_projects.organizations.models import Assignment
    from tests.cast import SINCE

    case = city.consulting()
    finance = city.user("finance")
    Assignment.objects.create(user=finance, duty="sign", organisation=finance.organisation, valid_from=SINCE)
    opinion = CaseOpinion.objects.get(case=case, role="finance")
    actor = city.actor("finance", may(8))
    case_opinions.send_to_sign(opinion, {"verdict": "agree", "text": "可行"}, by=actor, at=may(8))
    with pytest.raises(NotAllowed):
        case_opinions.sign(opinion, by=actor, at=may(8))
    case_opinions.sign(opinion, by=city.actor("finance_signer", may(8)), at=may(8))
    with pytest.raises(Refusal):
        case_opinions.sign(opinion, by=city.actor("finance_signer", may(8)), at=may(8))


def test_opinions_are_reminded_of_three_days_one_day_and_the_day_itself_then_once_when_overdue(
    city: Walk,
) -> None:
    city.consulting()  # due by the 15th
    told = {
        day: case_opinions.remind(may(day, hour))
        for day, hour in ((11, 9), (12, 9), (13, 9), (14, 9), (15, 9), (16, 0))
    }
    assert told == {11: 0, 12: 3, 13: 0, 14: 3, 15: 3, 16: 3}
    assert case_opinions.remind(may(17)) == 0
    overdue = Notice.objects.filter(kind="case_opinion_overdue", recipient=city.user("commission"))
    assert overdue.count() == 3


def test_an_opinion_is_chased_at_most_once_a_day_and_only_while_it_is_owed(city: Walk) -> None:
    case = city.consulting()
    opinion = CaseOpinion.objects.get(case=case, role="finance")
    actor = city.actor("commission", may(7))
    case_opinions.chase(opinion, by=actor, at=may(7))
    with pytest.raises(WrongState):
        case_opinions.chase(opinion, by=actor, at=may(7, 17))
    case_opinions.chase(opinion, by=city.actor("commission", may(8)), at=may(8))
    city.give(case, "czj", at=may(9))
    opinion.refresh_from_db()
    with pytest.raises(WrongState):
        case_opinions.chase(opinion, by=city.actor("commission", may(10)), at=may(10))
    with pytest.raises(NotAllowed):
        case_opinions.chase(opinion, by=city.actor("muni_department", may(10)), at=may(10))


def test_a_draft_is_kept_as_typed_and_an_older_page_does_not_overwrite_it(city: Walk) -> None:
    case = city.draft()
    filer = city.actor(city.filer, may(5))
    before = case.version
    cases.save_draft(case, {"body": "甲", "land_mu": "十二"}, by=filer, at=may(5), version=before)
    with pytest.raises(StaleVersion):
        cases.save_draft(case, {"body": "乙"}, by=filer, at=may(5), version=before)
    assert Case.objects.get().draft == {"body": "甲", "land_mu": "十二"}


def test_m2_4_a_county_runs_it_for_itself_through_the_same_rules(county: Walk) -> None:
    case = county.passed()
    assert (case.status, case.level, case.convener.short_name) == ("passed", "county", "霞浦县发改局")
    assert case.concluded_by == county.user("bureau2_xp")
    assert {k: o.short_name for k, o in usual_leads(case).items()} == {
        "approval": "霞浦县发改局", "finance": "霞浦县财政局", "land": "霞浦县自然资源局",
    }  # fmt: skip
    assert not without_case(county.user("bureau_xp").organisation, 2026).exists()


def test_m2_4_the_other_county_sees_nothing_and_the_city_only_what_is_concluded(county: Walk) -> None:
    case = county.consulting()
    for role in ("bureau_fa", "bureau_head_fa", "government_fa", "department_fa", "finance_fa", "owner_fa", "commission",
                 "city_government", "finance", "admin_system", "idle"):  # fmt: skip
        assert not Case.objects.visible_to(county.actor(role, may(8))).exists(), role
    for role in ("bureau_xp", "government_xp", "department_xp", "owner_xp", "finance_xp", "land_xp"):
        assert Case.objects.visible_to(county.actor(role, may(8))).exists(), role
    for key in ("fgj", "czj", "zrj"):
        county.give(case, key)
    cases.conclude(case, True, by=county.actor("bureau2_xp", may(11)), at=may(11))
    assert Case.objects.visible_to(county.actor("commission", may(11))).exists()
    assert not Case.objects.visible_to(county.actor("bureau_fa", may(11))).exists()


def test_a_department_sees_only_the_cases_on_which_it_is_asked(city: Walk) -> None:
    city.submitted()
    asked = city.actor("finance", may(6))
    assert not Case.objects.visible_to(asked).exists()
    cases.accept(Case.objects.get(), leads=city.leads(), others=[], last_day=date(2026, 5, 15),
                 by=city.actor("commission", may(6)), at=may(6))  # fmt: skip
    assert Case.objects.visible_to(asked).exists()
    assert not Case.objects.visible_to(city.actor("muni_department", may(6))).exists()
    # What another office is still writing stays its own.
    assert set(CaseOpinion.objects.visible_to(asked).values_list("role", flat=True)) == {"finance"}


def test_the_database_refuses_two_cases_of_a_year_and_a_conclusion_without_its_time(city: Walk) -> None:
    case = city.submitted()
    with pytest.raises(IntegrityError, match="case_once_per_project_and_year"), transaction.atomic():
        Case.objects.create(project=city.project, year=2026, level="municipal", place=case.place, convener=case.convener,
                            government=case.government, filer=case.filer, started_at=may(5))  # fmt: skip
    with pytest.raises(IntegrityError, match="case_concluded_has_time"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(status="passed")
