"""The cast is what its biographies say."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ningde_projects.organizations.basics import load_basics
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import ZONE
from ningde_projects.projects.models import Project
from tests.cast import CAST, Cast

NOVEMBER = datetime(2026, 11, 5, 9, 0, tzinfo=ZONE)


@pytest.mark.parametrize("role", CAST)
def test_everyone_holds_exactly_the_duties_of_the_biography(cast: Cast, role: str) -> None:
    actor = cast.actor(cast.people[role], NOVEMBER)
    expected = frozenset() if role == "disabled" else frozenset(CAST[role].duties)
    assert actor.duties == expected


def test_building_the_cast_stays_cheap(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        Cast()
    assert len(queries) <= 40


def test_loading_the_basics_over_the_cast_adds_what_is_missing_and_nothing_twice(cast: Cast) -> None:
    load_basics()
    count = Organisation.objects.count()
    load_basics()
    assert Organisation.objects.count() == count
    assert Organisation.objects.filter(place__code="XP", kind="county_bureau").count() == 1


def test_a_signed_in_person_is_recognised(cast: Cast, client: Client) -> None:
    cast.login(client, cast.owner_xp)
    assert client.get("/").wsgi_request.user == cast.owner_xp


def test_each_canary_is_in_its_projects_and_no_other(cast: Cast) -> None:
    for key, name in [("xp", "project_xp"), ("fa", "project_fa"), ("municipal", "project_municipal")]:
        assert list(Project.objects.filter(content__contains=cast.canary(key))) == [cast.projects[name]]


def test_a_renamed_office_is_not_loaded_again(cast: Cast) -> None:
    Organisation.objects.filter(name="霞浦县交通运输局").update(name="霞浦县交通局")
    load_basics()
    assert not Organisation.objects.filter(name="霞浦县交通运输局").exists()


def test_duties_are_those_that_the_kind_of_office_can_hold(cast: Cast) -> None:
    assert cast.actor(cast.commission, NOVEMBER).has(Duty.DISPATCH)
