"""Accounts unused for 90 days are suspended at night and reopened with a reason (security.md, Controls)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ningde_projects.notices.models import Notice
from ningde_projects.organizations.actor import load_actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Assignment, User
from ningde_projects.organizations.rules import UNUSED_DAYS
from ningde_projects.organizations.services.accounts import close_account
from ningde_projects.organizations.services.moves import move_person
from ningde_projects.organizations.services.suspension import reopen_account, suspend_unused
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState
from tests.cast import Cast

from .conftest import NOW, As

LIMIT = NOW - timedelta(days=UNUSED_DAYS)
TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def everyone_was_here_yesterday(cast: Cast) -> None:
    User.objects.update(created_at=LIMIT - timedelta(days=300), last_login=NOW - timedelta(days=1))


def unused_since(person: User, at: datetime) -> None:
    User.objects.filter(pk=person.pk).update(last_login=at, password_changed_at=None)


def suspended() -> set[str]:
    return set(User.objects.filter(suspended_at__isnull=False).values_list("username", flat=True))


@pytest.mark.parametrize(
    ("last", "goes"),
    [(LIMIT + TICK, False), (LIMIT, True), (LIMIT - TICK, True)],
    ids=["before", "at", "after"],
)
def test_ninety_days_are_ninety_days(cast: Cast, last: datetime, goes: bool) -> None:
    unused_since(cast.idle, last)
    assert suspend_unused(NOW) == int(goes)
    assert suspended() == ({cast.idle.username} if goes else set())


@pytest.mark.parametrize("fact", ["created_at", "password_changed_at", "reopened_at"])
def test_opening_a_new_password_and_reopening_count_as_use(cast: Cast, fact: str) -> None:
    unused_since(cast.idle, LIMIT - timedelta(days=9))
    User.objects.filter(pk=cast.idle.pk).update(**{fact: LIMIT + TICK})
    assert suspend_unused(NOW) == 0


def test_an_account_never_used_counts_from_its_opening(cast: Cast) -> None:
    User.objects.filter(pk=cast.idle.pk).update(last_login=None, created_at=LIMIT)
    assert suspend_unused(NOW) == 1


def test_each_suspension_is_one_act_and_duties_stay_as_they_were(cast: Cast) -> None:
    unused_since(cast.idle, LIMIT)
    unused_since(cast.bureau_xp, LIMIT)
    version = User.objects.get(pk=cast.bureau_xp.pk).version
    assert suspend_unused(NOW) == 2
    act = Act.objects.get(machine="account", name="suspended", object_id=cast.bureau_xp.pk)
    assert (act.user, act.data["changes"]) == (None, {"is_active": [True, False]})
    person = User.objects.get(pk=cast.bureau_xp.pk)
    assert (person.is_active, person.suspended_at, person.closed_at) == (False, NOW, None)
    assert person.version == version + 1
    assert person.assignments.get().revoked_at is None
    assert load_actor(person, NOW).held == ()
    assert Notice.objects.get(kind="accounts_suspended").recipient == cast.admin_system


def test_a_second_run_and_a_lost_night_change_nothing_more(cast: Cast) -> None:
    unused_since(cast.idle, LIMIT - timedelta(days=3))
    assert suspend_unused(NOW) == 1
    assert suspend_unused(NOW) == 0
    assert Act.objects.filter(machine="account", name="suspended").count() == 1
    assert cast.disabled.username not in suspended()  # closed is closed


def test_all_accounts_go_in_one_statement(cast: Cast) -> None:
    for person in (cast.idle, cast.bureau_xp, cast.owner_xp):
        unused_since(person, LIMIT)
    with CaptureQueriesContext(connection) as seen:
        assert suspend_unused(NOW) == 3
    changing = [q["sql"] for q in seen.captured_queries if q["sql"].startswith('UPDATE "organizations_user"')]
    assert len(changing) == 1


@pytest.mark.parametrize("role", ["admin_system", "admin_security", "admin_audit"])
def test_the_last_administrator_of_a_kind_is_not_suspended(cast: Cast, role: str) -> None:
    unused_since(cast.people[role], LIMIT - timedelta(days=30))
    assert suspend_unused(NOW) == 0


def test_of_two_unused_administrators_the_one_who_was_there_last_stays(cast: Cast) -> None:
    Assignment.objects.create(
        user=cast.idle, duty=Duty.ADMIN_SYSTEM, organisation=cast.admin_system.organisation, valid_from=LIMIT
    )
    unused_since(cast.admin_system, LIMIT - timedelta(days=30))
    unused_since(cast.idle, LIMIT - timedelta(days=2))
    suspend_unused(NOW)
    assert suspended() == {cast.admin_system.username}


def test_an_unused_administrator_goes_while_another_of_his_kind_works(cast: Cast) -> None:
    Assignment.objects.create(
        user=cast.idle, duty=Duty.ADMIN_SYSTEM, organisation=cast.admin_system.organisation, valid_from=LIMIT
    )
    unused_since(cast.idle, LIMIT)
    suspend_unused(NOW)
    assert suspended() == {cast.idle.username}


def test_reopening_needs_a_reason_and_gives_back_what_has_not_ended(cast: Cast, as_: As) -> None:
    unused_since(cast.bureau_xp, LIMIT)
    suspend_unused(NOW)
    by = as_(cast.admin_system)
    with pytest.raises(RuleBroken) as refused:
        reopen_account(cast.bureau_xp, " ", by=by, at=NOW)
    assert refused.value.field == "reason"
    person = reopen_account(cast.bureau_xp, "休假归来", by=by, at=NOW)
    assert load_actor(person, NOW).has(Duty.REVIEW)
    assert Act.objects.get(machine="account", name="reopened").reason == "休假归来"
    assert suspend_unused(NOW) == 0


@pytest.mark.parametrize("role", ["admin_security", "admin_audit", "commission", "bureau_fa", "owner_xp"])
def test_others_reopen_no_account(cast: Cast, as_: As, role: str) -> None:
    unused_since(cast.idle, LIMIT)
    suspend_unused(NOW)
    with pytest.raises(NotAllowed):
        reopen_account(cast.idle, "要用", by=as_(cast.people[role]), at=NOW)


def test_a_closed_account_is_never_reopened(cast: Cast, as_: As) -> None:
    with pytest.raises(WrongState):
        reopen_account(cast.disabled, "要用", by=as_(cast.admin_system), at=NOW)


def test_a_suspended_person_is_closed_but_not_moved(cast: Cast, as_: As) -> None:
    unused_since(cast.idle, LIMIT)
    suspend_unused(NOW)
    with pytest.raises(WrongState):
        move_person(cast.idle, cast.office("FA", "fgj"), "调动", by=as_(cast.admin_system), at=NOW)
    close_account(cast.idle, "离职", by=as_(cast.admin_system), at=NOW)
    person = User.objects.get(pk=cast.idle.pk)
    assert (person.suspended_at, person.closed_at, person.is_active) == (None, NOW, False)


@pytest.mark.usefixtures("morning")
def test_the_page_says_suspended_and_reopens(cast: Cast) -> None:
    unused_since(cast.idle, LIMIT)
    suspend_unused(NOW)
    client = cast.login(Client(), cast.admin_system)
    url = reverse("organizations:person", args=[cast.idle.public_id])
    reopen = reverse("organizations:person_reopen", args=[cast.idle.public_id])
    page = client.get(url).content.decode()
    assert "长期未用，已暂停" in page
    assert reopen in page
    found = client.get(reverse("organizations:people"), {"state": "suspended"}).content.decode()
    assert cast.idle.username in found
    assert cast.bureau_xp.username not in found
    assert client.post(reopen, {"reason": "", "version": ""}).status_code == 422
    assert client.post(reopen, {"reason": "休假归来", "version": ""}).status_code == 302
    assert User.objects.get(pk=cast.idle.pk).is_active
