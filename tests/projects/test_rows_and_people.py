"""Plans, nodes, counties' parts, units; and who answers for a project."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from ningde_projects.notices.models import Notice
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import ZONE, local_date
from ningde_projects.projects.models import AnnualPlan, PlanNode, Project, ProjectPart, Responsible
from ningde_projects.projects.services import people
from ningde_projects.projects.services.rows import RowChanges, save_nodes, save_parts, save_plans
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken
from tests.cast import Cast

NOVEMBER = datetime(2026, 11, 5, 9, 0, tzinfo=ZONE)
TODAY = date(2026, 11, 5)


def formset(prefix: str, rows: list[dict[str, Any]], initial: int = 0, version: int = 1) -> dict[str, Any]:
    data: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": initial,
        "version": version,
    }
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{key}": value for key, value in row.items()}
    return data


def save(client: Client, kind: str, project: Project, data: dict[str, Any]) -> Any:
    return client.post(reverse(f"projects:{kind}", args=[project.public_id]), data)


# ---- plans ----------------------------------------------------------------------------------------------------


def test_the_county_enters_a_plan_and_the_record_keeps_it(cast: Cast, client: Client) -> None:
    cast.project_xp.plans.all().delete()
    cast.login(client, cast.bureau_xp)
    rows = [{"year": "2026", "investment": "12,000.50", "goal": "主体封顶"}]
    assert save(client, "plans", cast.project_xp, formset("plans", rows)).status_code == 302
    plan = cast.project_xp.plans.get()
    assert (plan.year, plan.investment, plan.goal) == (2026, Decimal("12000.50"), "主体封顶")
    assert Act.objects.get(machine="project", name="plans").data["added"] == ["2026 12000.50 主体封顶"]
    assert Project.objects.get(pk=cast.project_xp.pk).version == 2


def test_a_plan_above_the_total_is_asked_about_and_kept_when_confirmed(cast: Cast, client: Client) -> None:
    cast.project_xp.plans.all().delete()
    cast.login(client, cast.bureau_xp)
    data = formset("plans", [{"year": "2026", "investment": "36000.01"}])
    answer = save(client, "plans", cast.project_xp, data)
    assert answer.status_code == 422
    assert "36,000.01" in answer.content.decode()
    assert save(client, "plans", cast.project_xp, data | {"confirm": "1"}).status_code == 302


def test_two_plans_of_one_year_and_bad_years_are_named(cast: Cast, client: Client) -> None:
    cast.project_xp.plans.all().delete()
    cast.login(client, cast.bureau_xp)
    twice = [{"year": "2026", "investment": "1"}, {"year": "2026", "investment": "2"}]
    assert save(client, "plans", cast.project_xp, formset("plans", twice)).status_code == 422
    assert save(client, "plans", cast.project_xp, formset("plans", [{"year": "26"}])).status_code == 422
    assert not cast.project_xp.plans.exists()


def test_the_database_refuses_a_second_plan_of_a_year_and_a_negative_one(cast: Cast) -> None:
    for bad in ({"year": 2026, "investment": 1}, {"year": 2030, "investment": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AnnualPlan.objects.create(project=cast.project_xp, **bad)


def test_rows_of_another_project_cannot_be_slipped_in(cast: Cast, client: Client) -> None:
    foreign = cast.project_fa.plans.earliest("year")
    cast.login(client, cast.bureau_xp)
    rows = [{"id": foreign.pk, "year": "2026", "investment": "1"}]
    save(client, "plans", cast.project_xp, formset("plans", rows, initial=1))
    foreign.refresh_from_db()
    assert (foreign.investment, foreign.project) == (9600, cast.project_fa)
    assert not cast.project_xp.plans.filter(investment=1).exists()
    with pytest.raises(RuleBroken):
        save_plans(
            cast.project_xp,
            RowChanges([foreign]),
            by=cast.actor(cast.bureau_xp, NOVEMBER),
            at=NOVEMBER,
            version=1,
        )


def test_saving_rows_over_a_newer_version_is_409(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    data = formset("plans", [{"year": "2030", "investment": "5"}], version=9)
    assert save(client, "plans", cast.project_xp, data).status_code == 409


# ---- nodes ----------------------------------------------------------------------------------------------------


def test_nodes_need_a_day_and_do_not_lie_in_the_future_or_the_wrong_order(cast: Cast) -> None:
    actor = cast.actor(cast.bureau_xp, NOVEMBER)

    def node(**fields: Any) -> RowChanges:
        return RowChanges([PlanNode(project=cast.project_xp, **fields)])

    with pytest.raises(RuleBroken):
        save_nodes(
            cast.project_xp,
            node(kind="start", reached_on=TODAY + timedelta(days=1)),
            by=actor,
            at=NOVEMBER,
            version=None,
        )
    save_nodes(cast.project_xp, node(kind="start", reached_on=TODAY), by=actor, at=NOVEMBER, version=None)
    save_nodes(
        cast.project_xp, node(kind="start", planned_on=date(2026, 3, 1)), by=actor, at=NOVEMBER, version=None
    )
    with pytest.raises(RuleBroken):
        save_nodes(
            cast.project_xp,
            node(kind="completion", planned_on=date(2026, 2, 1)),
            by=actor,
            at=NOVEMBER,
            version=None,
        )
    assert cast.project_xp.nodes.count() == 2


def test_an_overdue_node_is_marked_on_the_page(cast: Cast, client: Client) -> None:
    PlanNode.objects.create(project=cast.project_xp, kind="completion", planned_on=date(2024, 1, 1))
    cast.login(client, cast.owner_xp)
    assert (
        "已逾期" in client.get(reverse("projects:detail", args=[cast.project_xp.public_id])).content.decode()
    )


# ---- parts ----------------------------------------------------------------------------------------------------


def test_exactly_one_county_leads_and_the_lead_may_change(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    xp, fa = cast.project_cross.parts.order_by("-is_lead")
    rows: list[dict[str, Any]] = [
        {"id": part.pk, "place": part.place_id, "owner": part.owner_id, "county_department": ""}
        for part in (xp, fa)
    ]
    assert save(client, "parts", cast.project_cross, formset("parts", rows, initial=2)).status_code == 422
    rows[1]["is_lead"] = "on"
    assert save(client, "parts", cast.project_cross, formset("parts", rows, initial=2)).status_code == 302
    assert cast.project_cross.parts.get(is_lead=True) == fa
    assert Project.objects.get(pk=cast.project_cross.pk).place.code == "FA"


def test_a_county_managed_project_has_no_parts(cast: Cast) -> None:
    part = ProjectPart(project=cast.project_xp, place=cast.place("FA"), is_lead=True)
    with pytest.raises(RuleBroken):
        save_parts(
            cast.project_xp,
            RowChanges([part]),
            by=cast.actor(cast.commission, NOVEMBER),
            at=NOVEMBER,
            version=None,
        )


def test_only_the_commission_divides_a_project(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    assert client.get(reverse("projects:parts", args=[cast.project_cross.public_id])).status_code == 403
    part = ProjectPart(project=cast.project_cross, place=cast.place("FA"))
    with pytest.raises(NotAllowed):
        save_parts(
            cast.project_cross,
            RowChanges([part]),
            by=cast.actor(cast.bureau_xp, NOVEMBER),
            at=NOVEMBER,
            version=None,
        )


def test_the_plan_of_a_divided_project_is_the_sum_of_its_parts(cast: Cast) -> None:
    rows = {p.pk: p.year_plan for p in Project.objects.with_year_plan(2026)}
    assert rows[cast.project_cross.pk] == 30000
    assert rows[cast.project_xp.pk] == 12000
    assert {p.year_plan for p in Project.objects.with_year_plan(2019)} == {None}


# ---- units ----------------------------------------------------------------------------------------------------


def test_a_unit_is_entered_by_its_name_and_known_from_then_on(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    data = formset("units", [{"role": "supervision", "name": "福建某监理有限公司"}])
    assert save(client, "units", cast.project_xp, data).status_code == 302
    assert save(client, "units", cast.project_xp, data | {"version": 2}).status_code == 302
    assert Organisation.objects.filter(name="福建某监理有限公司", kind="participant").count() == 1
    assert cast.project_xp.units.get().role == "supervision"
    assert save(client, "units", cast.project_xp, formset("units", [], version=2)).status_code == 302
    assert not cast.project_xp.units.exists()
    texts = [act.data for act in Act.objects.filter(machine="project", name="units").order_by("id")]
    assert texts == [{"added": ["监理 福建某监理有限公司"]}, {"removed": ["监理 福建某监理有限公司"]}]


# ---- responsible persons --------------------------------------------------------------------------------------


def test_naming_someone_ends_the_earlier_term_the_day_before_and_tells_both(cast: Cast) -> None:
    people.assign(
        cast.project_xp, "county_leader", None, cast.government2_xp, TODAY,
        by=cast.actor(cast.bureau_xp, NOVEMBER), at=NOVEMBER,
    )  # fmt: skip
    old, new = Responsible.objects.filter(project=cast.project_xp, post="county_leader").order_by(
        "valid_from"
    )
    assert (old.user, old.valid_to) == (cast.government_xp, date(2026, 11, 4))
    assert (new.user, new.valid_from, new.valid_to) == (cast.government2_xp, TODAY, None)
    told = set(Notice.objects.values_list("recipient", "kind"))
    assert told == {(cast.government2_xp.pk, "project_named"), (cast.government_xp.pk, "project_unnamed")}
    act = Act.objects.get(machine="project", name="assign")
    assert (act.data["before"], act.data["after"]) == (cast.government_xp.name, cast.government2_xp.name)


@pytest.mark.parametrize(
    ("post", "role", "since"),
    [
        ("county_leader", "government_fa", TODAY),  # of another county
        ("county_leader", "direct_xp", TODAY),  # no leader
        ("county_direct", "department_xp", TODAY),  # holds no such duty
        ("industry_leader", "muni_signer2", TODAY),  # of another department
        ("county_leader", "government_xp", TODAY),  # holds it already
        ("county_leader", "government2_xp", TODAY + timedelta(days=1)),  # not before its day
        ("county_leader", "government2_xp", date(2024, 1, 1)),  # before the one who is there
        ("nonsense", "government2_xp", TODAY),
    ],
)
def test_whom_a_post_does_not_fit_is_refused(cast: Cast, post: str, role: str, since: date) -> None:
    with pytest.raises(RuleBroken):
        people.assign(
            cast.project_xp, post, None, cast.people[role], since,
            by=cast.actor(cast.commission, NOVEMBER), at=NOVEMBER,
        )  # fmt: skip
    assert not Act.objects.filter(machine="project").exists()


def test_a_rank_that_is_too_low_is_refused_with_the_rule_quoted(cast: Cast) -> None:
    cast.government2_xp.rank = "township"
    cast.government2_xp.save()
    with pytest.raises(RuleBroken, match="（三）"):
        people.assign(
            cast.project_xp, "county_leader", None, cast.government2_xp, TODAY,
            by=cast.actor(cast.commission, NOVEMBER), at=NOVEMBER,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "post", "allowed"),
    [
        ("bureau_xp", "county_leader", True),
        ("bureau_xp", "industry_leader", False),
        ("muni_department", "industry_direct", True),
        ("muni_department", "county_direct", False),
        ("commission", "industry_leader", True),
        ("owner_xp", "county_direct", False),
    ],
)
def test_each_side_names_its_own_people(
    cast: Cast, client: Client, role: str, post: str, allowed: bool
) -> None:
    cast.login(client, cast.people[role])
    url = reverse("projects:assign", args=[cast.project_xp.public_id, post])
    assert client.get(url).status_code == (200 if allowed else 403)


def test_each_county_names_people_for_its_part_of_a_divided_project(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_fa)
    url = reverse("projects:assign", args=[cast.project_cross.public_id, "county_leader"])
    assert client.get(f"{url}?place=FA").status_code == 200
    assert client.get(f"{url}?place=XP").status_code == 403
    assert client.get(f"{url}?place=GT").status_code == 404
    data = {"user": cast.government_fa.pk, "since": "2026-01-05", "version": 1}
    assert client.post(f"{url}?place=FA", data).status_code == 302
    named = Responsible.objects.get(project=cast.project_cross)
    assert (named.user, named.place) == (cast.government_fa, cast.place("FA"))


def test_someone_leaves_a_post_with_a_reason_and_nobody_follows(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    url = reverse("projects:dismiss", args=[cast.project_xp.public_id, "county_direct"])
    day = local_date(NOVEMBER).isoformat()
    assert client.post(url, {"since": "2020-01-01", "reason": "调离"}).status_code == 422
    assert client.post(url, {"since": "2026-01-01", "reason": ""}).status_code == 422
    assert client.post(url, {"since": "2026-01-01", "reason": "调离"}).status_code == 302
    row = Responsible.objects.get(project=cast.project_xp, post="county_direct")
    assert row.valid_to == date(2026, 1, 1)
    assert client.post(url, {"since": day, "reason": "调离"}).status_code == 422  # nobody is there now


def test_one_person_at_a_time_is_a_rule_of_the_database(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Responsible.objects.create(
            project=cast.project_xp, post="county_leader", user=cast.government2_xp, valid_from=TODAY
        )
