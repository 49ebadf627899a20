"""What an installation starts with, and the people of a demonstration."""

from __future__ import annotations

from datetime import datetime
from io import StringIO

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.test import override_settings

from ningde_projects.organizations.actor import holders, load_actor
from ningde_projects.organizations.basics import COUNTIES, load_basics, office
from ningde_projects.organizations.duties import ADMIN_DUTIES, Duty
from ningde_projects.organizations.models import Industry, Organisation, Place, Rank, User
from ningde_projects.organizations.samples import sample_password, seed_people
from ningde_projects.periods.month import ZONE
from reports.models import Category

NOVEMBER = datetime(2026, 11, 5, 9, 0, tzinfo=ZONE)


@pytest.fixture
def people(db: None) -> list[User]:
    load_basics()
    return seed_people(NOVEMBER)


def test_the_command_loads_the_ten_places_seven_industries_and_ten_categories(db: None) -> None:
    call_command("load_basics", stdout=StringIO())
    call_command("load_basics", stdout=StringIO())
    assert Place.objects.filter(is_municipal=False).count() == 10
    assert Industry.objects.count() == 7
    assert list(Category.objects.values_list("code", flat=True)) == [
        "01", "02", "03", "04", "05", "06", "07", "08", "09", "99",
    ]  # fmt: skip
    assert Organisation.objects.filter(kind="county_bureau").count() == 10


def test_dongqiao_has_a_key_of_its_own_and_shares_the_code_of_jiaocheng(db: None) -> None:
    load_basics()
    dongqiao = Place.objects.get(code="DQ")
    assert (dongqiao.gb_code, dongqiao.stat_code, dongqiao.is_dev_zone) == ("350902", "350902500", True)
    assert office("DQ", "zf").name == "宁德东侨经济技术开发区管理委员会"


def test_county_offices_hang_under_their_government_and_governments_under_the_city(db: None) -> None:
    load_basics()
    assert office("XP", "gxj").parent == office("XP", "zf")
    assert office("XP", "zf").parent == office("SJ", "zf")
    assert office("SJ", "gxj").parent == office("SJ", "zf")
    assert office("SJ", "zf").parent is None


def test_every_county_has_somebody_for_every_step(people: list[User]) -> None:
    for code in COUNTIES:
        assert len(holders(Duty.REVIEW, [office(code, "fgj").pk], NOVEMBER)) == 3
        assert len(holders(Duty.APPROVE, [office(code, "zf").pk], NOVEMBER)) == 2
        assert holders(Duty.HANDLE, [office(code, "gxj").pk], NOVEMBER)
        owners = Organisation.objects.filter(place__code=code, kind="owner").values_list("pk", flat=True)
        assert holders(Duty.REPORT, owners, NOVEMBER)


def test_leaders_and_direct_persons_have_the_rank_that_measure_three_asks(people: list[User]) -> None:
    for person in people:
        duties = load_actor(person, NOVEMBER).duties
        if Duty.DIRECT in duties:
            assert person.rank == Rank.TOWNSHIP, person
        if Duty.LEAD in duties and not person.organisation.place.is_municipal:
            assert person.rank in (Rank.COUNTY, Rank.COUNTY_HEAD), person


def test_accounts_are_unique_valid_and_say_place_and_office(people: list[User]) -> None:
    for person in people:
        person.full_clean()
    assert len({person.username for person in people}) == len(people)
    assert len({person.name for person in people}) == len(people)
    assert all(person.username.startswith(person.organisation.place.code.lower() + "_") for person in people)


def test_seeding_again_adds_nobody(people: list[User]) -> None:
    assert seed_people(NOVEMBER) == []


def test_each_administrator_is_a_person_with_no_other_duty(people: list[User]) -> None:
    administrators = [p for p in people if load_actor(p, NOVEMBER).duties & ADMIN_DUTIES]
    assert len(administrators) == 3
    assert all(len(load_actor(p, NOVEMBER).duties) == 1 for p in administrators)


def test_the_sample_password_meets_the_rules_and_opens_every_account(people: list[User]) -> None:
    validate_password(sample_password())
    assert check_password(sample_password(), people[-1].password)
    assert not any(person.must_change_password for person in people)


@override_settings(DEMONSTRATION=False)
def test_a_real_installation_refuses_people_with_a_known_password(db: None) -> None:
    load_basics()
    with pytest.raises(CommandError, match="DEMONSTRATION"):
        call_command("seed_people")
    assert not User.objects.exists()


@override_settings(DEMONSTRATION=True)
def test_the_table_of_accounts_names_a_dozen_people_and_the_password(db: None) -> None:
    load_basics()
    call_command("seed_people", stdout=StringIO())
    out = StringIO()
    call_command("sample_accounts", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) >= 13
    assert all(sample_password() in line for line in lines[1:])
    assert any("sj_fgw_" in line for line in lines)
