"""Entering a project and changing its facts: rights, rules, questions, two people at once, and the record."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from ningde_projects.periods.month import ZONE
from ningde_projects.projects.models import Project
from ningde_projects.projects.services import register
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion
from tests.cast import Cast

NOVEMBER = datetime(2026, 11, 5, 9, 0, tzinfo=ZONE)


def filled(project: Project | None, cast: Cast, **changes: Any) -> dict[str, Any]:
    """The form as the page shows it, with some fields typed anew."""
    if project is None:
        data: dict[str, Any] = {
            "name": "霞浦牙城互通连接线", "place": cast.place("XP").pk, "owner": cast.office("XP", "yz").pk,
            "management": "county", "level": "municipal", "stage": "planning", "total_investment": "26,400",
        }  # fmt: skip
    else:
        fields = ["name", "code", "township", "management", "investment_kind", "level", "stage", "content",
                  "annual_goal", "start_year", "end_year", "version"]  # fmt: skip
        data = {name: getattr(project, name) for name in fields}
        data |= {
            "place": project.place_id, "owner": project.owner_id, "industry": project.industry_id or "",
            "municipal_department": project.municipal_department_id or "",
            "county_department": project.county_department_id or "",
            "total_investment": project.total_investment,
        }  # fmt: skip
    data |= changes
    return {name: "" if value is None else value for name, value in data.items()}


def post(client: Client, name: str, project: Project | None, data: dict[str, Any]) -> Any:
    arguments = [project.public_id] if project else []
    return client.post(reverse(f"projects:{name}", args=arguments), data)


# ---- entering -------------------------------------------------------------------------------------------------


def test_the_commission_enters_a_project_and_the_record_says_what_was_entered(
    cast: Cast, client: Client
) -> None:
    cast.login(client, cast.commission)
    answer = post(client, "create", None, filled(None, cast))
    project = Project.objects.get(name="霞浦牙城互通连接线")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("projects:detail", args=[project.public_id])
    assert (project.level, project.total_investment) == ("municipal", Decimal("26400.00"))
    act = Act.objects.get(machine="project", name="create")
    assert (act.user, act.project_id) == (cast.commission, project.pk)
    assert act.data["facts"]["total_investment"] == "26400.00"


def test_a_county_bureau_enters_for_its_own_county_and_cannot_set_the_level(
    cast: Cast, client: Client
) -> None:
    cast.login(client, cast.bureau_xp)
    data = filled(None, cast, place=cast.place("FA").pk, level="provincial", management="municipal")
    assert post(client, "create", None, data).status_code == 302
    project = Project.objects.get(name="霞浦牙城互通连接线")
    assert (project.place.code, project.level, project.management) == ("XP", "other", "county")


@pytest.mark.parametrize(
    "role", ["owner_xp", "government_xp", "department_xp", "muni_department", "statistics"]
)
def test_nobody_else_enters_projects_and_is_told_who_does(cast: Cast, client: Client, role: str) -> None:
    cast.login(client, cast.people[role])
    answer = client.get(reverse("projects:create"))
    assert answer.status_code == 403
    assert "县发改局" in answer.content.decode()
    assert post(client, "create", None, filled(None, cast)).status_code == 403
    assert not Project.objects.filter(name="霞浦牙城互通连接线").exists()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "请填写项目名称"),
        ({"code": "2403-350921"}, "code", "2403-350902-04-01-123456"),
        ({"total_investment": "2.6亿"}, "total_investment", "万元"),
        ({"total_investment": "-5"}, "total_investment", "0"),
        ({"start_year": "2027", "end_year": "2026"}, "end_year", "竣工年份早于开工年份"),
        ({"start_year": "20"}, "start_year", "1980"),
        ({"stage": "flying"}, "stage", "flying"),
        ({"owner": "999999"}, "owner", ""),
    ],
)
def test_bad_input_names_the_field_and_keeps_what_was_typed(
    cast: Cast, client: Client, changes: dict[str, str], field: str, words: str
) -> None:
    cast.login(client, cast.commission)
    answer = post(client, "create", None, filled(None, cast, content="厂房十二幢", **changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    text = answer.content.decode()
    assert words in text
    assert "厂房十二幢" in text
    assert not Project.objects.filter(content="厂房十二幢").exists()


def test_a_pasted_code_is_put_right_and_an_odd_one_is_asked_about(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    odd = filled(None, cast, code=" ２４０３－110000－04－01－654321 ")
    answer = post(client, "create", None, odd)
    assert answer.status_code == 422
    assert "地区码" in answer.content.decode()
    assert post(client, "create", None, odd | {"confirm": "on"}).status_code == 302
    assert Project.objects.get(name="霞浦牙城互通连接线").code == "2403-110000-04-01-654321"


def test_offices_of_the_wrong_kind_or_county_are_refused(cast: Cast) -> None:
    actor = cast.actor(cast.commission, NOVEMBER)
    with pytest.raises(RuleBroken) as refused:
        register.update_project(
            cast.project_xp,
            {"owner": cast.office("XP", "fgj"), "county_department": cast.office("FA", "gxj")},
            by=actor, at=NOVEMBER, version=None,
        )  # fmt: skip
    assert set(refused.value.errors) == {"owner", "county_department"}
    assert Project.objects.get(pk=cast.project_xp.pk).owner == cast.office("XP", "yz")


def test_a_name_or_code_that_is_taken_is_said_at_its_field(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    answer = post(
        client, "create", None, filled(None, cast, name=cast.project_xp.name, code=cast.project_xp.code)
    )
    assert set(answer.context["form"].errors) == {"name", "code"}


def test_a_code_of_another_county_is_refused_without_telling_whose_it_is(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_fa)
    data = filled(
        None, cast, place=cast.place("FA").pk, owner=cast.office("FA", "yz").pk, code=cast.project_xp.code
    )
    text = post(client, "create", None, data).content.decode()
    assert "另一个项目" in text
    assert cast.canary("xp") not in text


def test_the_database_itself_refuses_a_second_code_and_a_second_name(cast: Cast) -> None:
    for twice in ({"code": cast.project_xp.code}, {"name": cast.project_xp.name}):
        facts = {"name": "别的项目", "place": cast.place("XP"), "owner": cast.office("XP", "yz")} | twice
        with pytest.raises(IntegrityError), transaction.atomic():
            Project.objects.create(**facts)


def test_two_who_enter_the_same_project_at_once_get_words_and_one_project(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "taken_errors", lambda project: {})
    facts = {"name": cast.project_xp.name, "place": cast.place("XP"), "owner": cast.office("XP", "yz")}
    with pytest.raises(RuleBroken) as refused:
        register.create_project(facts, by=cast.actor(cast.commission, NOVEMBER), at=NOVEMBER)
    assert set(refused.value.errors) == {"name"}


# ---- questions ------------------------------------------------------------------------------------------------


def test_a_sum_in_the_wrong_unit_is_questioned_once_and_the_answer_is_kept(
    cast: Cast, client: Client
) -> None:
    cast.login(client, cast.commission)
    data = filled(cast.project_xp, cast, total_investment="3.6")
    answer = post(client, "edit", cast.project_xp, data)
    assert answer.status_code == 422
    assert "36,000" in answer.content.decode()
    assert Project.objects.get(pk=cast.project_xp.pk).total_investment == 36000
    assert post(client, "edit", cast.project_xp, data | {"confirm": "on"}).status_code == 302
    assert Project.objects.get(pk=cast.project_xp.pk).total_investment == Decimal("3.60")
    act = Act.objects.get(machine="project", name="update")
    assert act.data["changes"]["total_investment"] == ["36000.00", "3.60"]
    assert len(act.data["confirmed"]) == 2  # small, and ten thousand times less than before


def test_a_name_much_like_one_in_the_register_is_asked_about_not_blocked(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    data = filled(None, cast, name=f"霞浦县滨海产业园建设项目（{cast.canary('xp')}）")
    answer = post(client, "create", None, data)
    assert answer.status_code == 422
    assert cast.project_xp.name in answer.content.decode()
    assert post(client, "create", None, data | {"confirm": "on"}).status_code == 302


# ---- changing -------------------------------------------------------------------------------------------------


def test_a_change_is_recorded_field_by_field_with_what_stood_there_before(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    data = filled(cast.project_xp, cast, township="牙城镇", owner=cast.office("XP", "yz").pk)
    assert post(client, "edit", cast.project_xp, data).status_code == 302
    act = Act.objects.get(machine="project", name="update")
    assert act.data == {"changes": {"township": [None, "牙城镇"]}}
    page = client.get(reverse("projects:detail", args=[cast.project_xp.public_id])).content.decode()
    assert "乡镇（街道）：— → 牙城镇" in page
    assert cast.bureau_xp.name in page


def test_saving_without_a_difference_changes_nothing_and_records_nothing(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    assert post(client, "edit", cast.project_xp, filled(cast.project_xp, cast)).status_code == 302
    assert Project.objects.get(pk=cast.project_xp.pk).version == 1
    assert not Act.objects.filter(machine="project").exists()


def test_the_second_of_two_is_shown_what_the_first_changed_field_by_field(cast: Cast, client: Client) -> None:
    first = filled(cast.project_xp, cast, township="牙城镇")
    second = filled(cast.project_xp, cast, township="三沙镇", annual_goal="主体封顶")
    cast.login(client, cast.bureau_xp)
    post(client, "edit", cast.project_xp, first)
    cast.login(client, cast.commission)
    answer = post(client, "edit", cast.project_xp, second)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "牙城镇" in text
    assert "三沙镇" in text
    assert "主体封顶" in text
    assert cast.bureau_xp.name in text
    assert Project.objects.get(pk=cast.project_xp.pk).township == "牙城镇"


def test_a_form_without_its_version_counts_as_out_of_date(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    for version in ("", "nonsense", "9" * 30):
        data = filled(cast.project_xp, cast, township="三沙镇", version=version)
        assert post(client, "edit", cast.project_xp, data).status_code == 409


def test_the_service_refuses_a_stale_version_too(cast: Cast) -> None:
    actor = cast.actor(cast.commission, NOVEMBER)
    with pytest.raises(StaleVersion):
        register.update_project(cast.project_xp, {"township": "三沙镇"}, by=actor, at=NOVEMBER, version=7)


@pytest.mark.parametrize(
    ("role", "project", "status"),
    [
        ("bureau_xp", "project_xp", 200),
        ("commission", "project_xp", 200),
        ("commission", "project_cross", 200),
        ("bureau_xp", "project_cross", 403),  # municipal-managed: seen, not kept by the county
        ("owner_xp", "project_xp", 403),
        ("government_xp", "project_xp", 403),
        ("muni_department", "project_xp", 403),
        ("statistics", "project_xp", 403),
        ("viewer_xp", "project_xp", 403),
        ("bureau_fa", "project_xp", 404),
        ("oversight", "project_xp", 404),
    ],
)
def test_who_may_change_which_record(
    cast: Cast, client: Client, role: str, project: str, status: int
) -> None:
    cast.login(client, cast.people[role])
    target = cast.projects[project]
    for page in ("edit", "plans", "nodes", "units"):
        assert client.get(reverse(f"projects:{page}", args=[target.public_id])).status_code == status
        assert post(client, page, target, {}).status_code == (409 if status == 200 else status)


def test_a_county_keeps_the_code_it_once_gave(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    post(client, "edit", cast.project_xp, filled(cast.project_xp, cast, code="2403-350921-04-01-999999"))
    assert Project.objects.get(pk=cast.project_xp.pk).code == "2403-350921-04-01-123456"
    cast.login(client, cast.commission)
    post(client, "edit", cast.project_xp, filled(cast.project_xp, cast, code="2403-350921-04-01-999999"))
    assert Project.objects.get(pk=cast.project_xp.pk).code == "2403-350921-04-01-999999"


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("planning", "preliminary", True),
        ("preliminary", "under_way", True),
        ("under_way", "completed", True),
        ("under_way", "suspended", False),
        ("under_way", "exited", False),
        ("suspended", "under_way", False),
        ("exited", "planning", False),
    ],
)
def test_suspending_leaving_and_coming_back_are_the_commissions_decision(
    cast: Cast, client: Client, before: str, after: str, allowed: bool
) -> None:
    Project.objects.filter(pk=cast.project_xp.pk).update(stage=before)
    cast.project_xp.refresh_from_db()
    cast.login(client, cast.bureau_xp)
    answer = post(client, "edit", cast.project_xp, filled(cast.project_xp, cast, stage=after))
    assert answer.status_code == (302 if allowed else 422)
    assert Project.objects.get(pk=cast.project_xp.pk).stage == (after if allowed else before)
    with pytest.raises(RuleBroken) if not allowed else transaction.atomic():
        register.update_project(
            Project.objects.get(pk=cast.project_xp.pk), {"stage": after},
            by=cast.actor(cast.bureau_xp, NOVEMBER), at=NOVEMBER, version=None,
        )  # fmt: skip
    cast.login(client, cast.commission)
    cast.project_xp.refresh_from_db()
    assert (
        post(client, "edit", cast.project_xp, filled(cast.project_xp, cast, stage=after)).status_code == 302
    )


# ---- management -----------------------------------------------------------------------------------------------


def test_the_commission_changes_the_management_with_a_reason(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    data = {"management": "municipal", "reason": "升格为市级统筹项目", "version": 1}
    assert post(client, "management", cast.project_xp, data | {"reason": " "}).status_code == 422
    assert post(client, "management", cast.project_xp, data).status_code == 302
    project = Project.objects.get(pk=cast.project_xp.pk)
    assert (project.management, project.version) == ("municipal", 2)
    act = Act.objects.get(machine="project", name="change_management")
    assert act.reason == "升格为市级统筹项目"
    assert act.data["changes"] == {"management": ["county", "municipal"]}
    assert post(client, "management", cast.project_xp, data).status_code == 422  # stale, and so already


def test_a_county_does_not_change_the_management(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    data = {"management": "municipal", "reason": "想要", "version": 1}
    assert post(client, "management", cast.project_xp, data).status_code == 403
    with pytest.raises(NotAllowed):
        register.change_management(
            cast.project_xp,
            "municipal",
            "想要",
            by=cast.actor(cast.bureau_xp, NOVEMBER),
            at=NOVEMBER,
            version=None,
        )


def test_a_project_of_the_city_cannot_be_county_managed(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as refused:
        register.change_management(
            cast.project_municipal,
            "county",
            "下放",
            by=cast.actor(cast.commission, NOVEMBER),
            at=NOVEMBER,
            version=1,
        )
    assert "management" in refused.value.errors
