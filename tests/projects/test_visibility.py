"""Who sees which project follows from organisation and duty (E4): list, page, export, all by the same rule."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from ningde_projects.organizations.models import Assignment, Delegation, User
from ningde_projects.periods.month import ZONE
from ningde_projects.projects.models import Post, Project, Responsible
from tests.cast import CAST, Cast

NOVEMBER = datetime(2026, 11, 5, 9, 0, tzinfo=ZONE)
ALL = {"project_xp", "project_fa", "project_municipal", "project_cross"}
SEEN: dict[str, set[str]] = {
    "owner_xp": {"project_xp", "project_cross"},
    "owner_fa": {"project_fa", "project_cross"},
    "owner_sj": {"project_municipal", "project_cross"},
    "bureau_xp": {"project_xp", "project_cross"},
    "bureau2_xp": {"project_xp", "project_cross"},
    "bureau_head_xp": {"project_xp", "project_cross"},
    "bureau_fa": {"project_fa", "project_cross"},
    "bureau_head_fa": {"project_fa", "project_cross"},
    "government_xp": {"project_xp", "project_cross"},
    "government2_xp": {"project_xp", "project_cross"},
    "government_fa": {"project_fa", "project_cross"},
    "department_xp": {"project_xp"},
    "direct_xp": {"project_xp"},
    "department2_xp": {"project_cross"},
    "department_fa": {"project_fa"},
    "direct_fa": {"project_fa"},
    "commission": ALL,
    "commission2": ALL,
    "commission_head": ALL,
    "muni_department": {"project_xp", "project_fa"},
    "muni_signer": {"project_xp", "project_fa"},
    "muni_department2": {"project_municipal", "project_cross"},
    "muni_signer2": {"project_municipal", "project_cross"},
    "muni_factor": set(),
    "city_government": ALL,
    "statistics": ALL,
    "oversight": set(),
    "viewer_xp": {"project_xp", "project_cross"},
    "admin_system": set(),
    "admin_security": set(),
    "admin_audit": set(),
    "idle": set(),
    "disabled": set(),
}


def names_seen(cast: Cast, user: User, at: datetime = NOVEMBER) -> set[str]:
    visible = set(Project.objects.visible_to(cast.actor(user, at)).values_list("pk", flat=True))
    return {name for name, project in cast.projects.items() if project.pk in visible}


def test_the_table_speaks_of_everyone_in_the_cast() -> None:
    assert set(SEEN) == set(CAST)


@pytest.mark.parametrize("role", CAST)
def test_each_sees_exactly_the_projects_of_his_duty(cast: Cast, role: str) -> None:
    assert names_seen(cast, cast.people[role]) == SEEN[role]


@pytest.mark.parametrize("role", [role for role in CAST if role != "disabled"])
def test_a_page_of_a_hidden_project_is_404_and_tells_nothing(cast: Cast, client: Client, role: str) -> None:
    cast.login(client, cast.people[role])
    for name, project in cast.projects.items():
        answer = client.get(reverse("projects:detail", args=[project.public_id]))
        assert answer.status_code == (200 if name in SEEN[role] else 404), name
        if answer.status_code == 404:
            assert project.name not in answer.content.decode()


def test_the_list_of_one_county_holds_no_word_of_the_other(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_fa)
    text = client.get(reverse("projects:list")).content.decode()
    assert cast.canary("fa") in text
    assert cast.canary("xp") not in text
    assert cast.canary("municipal") not in text
    assert cast.canary("owner_xp") not in text


def test_the_filters_do_not_name_places_without_visible_projects(cast: Cast, client: Client) -> None:
    cast.login(client, cast.owner_fa)
    text = client.get(reverse("projects:list")).content.decode()
    assert "蕉城区" not in text


def test_administrators_and_people_without_duty_have_no_list(cast: Cast, client: Client) -> None:
    for role, status in (("admin_system", 404), ("admin_audit", 404), ("idle", 403)):
        cast.login(client, cast.people[role])
        assert client.get(reverse("projects:list")).status_code == status, role


def test_a_leader_named_for_a_project_of_another_county_sees_that_one_too(cast: Cast) -> None:
    Responsible.objects.create(
        project=cast.project_fa, post=Post.COUNTY_DIRECT, place=cast.place("XP"), user=cast.direct_xp,
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    assert names_seen(cast, cast.direct_xp) == {"project_xp", "project_fa"}


def test_whoever_has_stepped_down_sees_the_project_no_longer(cast: Cast) -> None:
    row = Responsible.objects.create(
        project=cast.project_fa, post=Post.COUNTY_DIRECT, place=cast.place("XP"), user=cast.direct_xp,
        valid_from=date(2026, 1, 1), valid_to=date(2026, 10, 31),
    )  # fmt: skip
    assert names_seen(cast, cast.direct_xp) == {"project_xp"}
    row.delete()


def test_a_duty_ends_to_the_instant(cast: Cast) -> None:
    Assignment.objects.filter(user=cast.owner_xp).update(valid_to=NOVEMBER)
    before = NOVEMBER - timedelta(microseconds=1)
    assert names_seen(cast, cast.owner_xp, before) == SEEN["owner_xp"]
    assert names_seen(cast, cast.owner_xp, NOVEMBER) == set()


def test_a_delegate_sees_what_the_principal_sees_and_no_longer_than_agreed(cast: Cast) -> None:
    Delegation.objects.create(
        principal=cast.bureau_xp, delegate=cast.bureau_fa, duty="review",
        organisation=cast.bureau_xp.organisation, valid_from=NOVEMBER, valid_to=NOVEMBER + timedelta(days=3),
        reason="出差", created_by=cast.admin_system, created_at=NOVEMBER,
    )  # fmt: skip
    assert names_seen(cast, cast.bureau_fa) == {"project_fa", "project_xp", "project_cross"}
    assert names_seen(cast, cast.bureau_fa, NOVEMBER + timedelta(days=3)) == SEEN["bureau_fa"]


def test_the_export_holds_the_rows_of_the_page(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    answer = client.get(reverse("documents:export", args=["projects"]), {"form": "csv"})
    text = answer.getvalue().decode("utf-8-sig")
    assert cast.canary("xp") in text
    assert cast.canary("cross") in text
    assert cast.canary("fa") not in text
    filtered = client.get(
        reverse("documents:export", args=["projects"]), {"form": "csv", "management": "county"}
    )
    assert cast.canary("cross") not in filtered.getvalue().decode("utf-8-sig")


@pytest.mark.parametrize("page", ["edit", "plans", "nodes", "parts", "units", "management", "history"])
def test_every_page_of_a_hidden_project_is_404(cast: Cast, client: Client, page: str) -> None:
    cast.login(client, cast.bureau_fa)
    assert client.get(reverse(f"projects:{page}", args=[cast.project_xp.public_id])).status_code == 404
