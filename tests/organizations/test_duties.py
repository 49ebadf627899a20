"""Who may hold what, and who decides it: three separated administrators (security.md, Controls)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection, connections

from ningde_projects.notices.models import Notice
from ningde_projects.organizations.actor import load_actor
from ningde_projects.organizations.duties import ADMIN_DUTIES, DUTIES_OF_KIND, Duty
from ningde_projects.organizations.models import Assignment
from ningde_projects.organizations.services.duties import grant_duty, revoke_duty
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal, RuleBroken, StaleVersion, WrongState
from tests.cast import CAST, Cast

from .conftest import NOW, As


@pytest.mark.parametrize("role", [role for role in CAST if role not in ("admin_security", "disabled")])
def test_nobody_but_the_security_administrator_grants_or_revokes(cast: Cast, as_: As, role: str) -> None:
    mine = as_(cast.people[role])
    with pytest.raises(NotAllowed):
        grant_duty(cast.idle, Duty.REVIEW, by=mine, at=NOW, reason="任命")
    held = Assignment.objects.filter(duty=Duty.REVIEW).exclude(user=mine.user).first()
    assert held is not None
    with pytest.raises(NotAllowed):
        revoke_duty(held, by=mine, at=NOW, reason="调离")
    assert not Act.objects.filter(machine="duty").exists()


def test_a_granted_duty_holds_at_once_is_told_and_is_on_record(cast: Cast, as_: As) -> None:
    grant_duty(cast.idle, Duty.REVIEW, by=as_(cast.admin_security), at=NOW, reason="霞发改〔2026〕8号")
    assert load_actor(cast.idle, NOW).has(Duty.REVIEW)
    act = Act.objects.get(machine="duty", name="granted")
    assert (act.user, act.reason, act.data["before"]) == (cast.admin_security, "霞发改〔2026〕8号", None)
    assert act.data["after"]["from"] == NOW.isoformat()
    assert Notice.objects.get(kind="duty_granted").recipient == cast.idle


def test_an_office_gets_only_the_duties_of_its_kind(cast: Cast, as_: As) -> None:
    """The whole table: every duty for a person of every kind of office in the cast."""
    mine = as_(cast.admin_security)
    for role, person in cast.people.items():
        if CAST[role].duties or role == "disabled":
            continue
        for duty in set(Duty) - DUTIES_OF_KIND[person.organisation.kind]:
            with pytest.raises(RuleBroken, match="没有"):
                grant_duty(person, duty, by=mine, at=NOW, reason="任命")
    assert not Act.objects.filter(machine="duty").exists()


@pytest.mark.parametrize("duty", sorted(ADMIN_DUTIES))
def test_an_administrator_holds_nothing_else(cast: Cast, as_: As, duty: Duty) -> None:
    with pytest.raises(RuleBroken, match="不得"):
        grant_duty(cast.commission2, duty, by=as_(cast.admin_security), at=NOW, reason="任命")
    with pytest.raises(RuleBroken, match="不得"):
        grant_duty(cast.admin_audit, Duty.DISPATCH, by=as_(cast.admin_security), at=NOW, reason="任命")


def test_nobody_decides_about_his_own_duties(cast: Cast, as_: As) -> None:
    mine = as_(cast.admin_security)
    with pytest.raises(NotAllowed):
        grant_duty(cast.admin_security, Duty.DISPATCH, by=mine, at=NOW, reason="任命")
    with pytest.raises(NotAllowed):
        revoke_duty(cast.admin_security.assignments.get(), by=mine, at=NOW, reason="调离")


@pytest.mark.parametrize("role", ["admin_system", "admin_audit"])
def test_the_last_administrator_of_a_kind_stays(cast: Cast, as_: As, role: str) -> None:
    held = cast.people[role].assignments.get()
    with pytest.raises(RuleBroken, match="唯一"):
        revoke_duty(held, by=as_(cast.admin_security), at=NOW, reason="调离")
    held.refresh_from_db()
    assert held.revoked_at is None


def test_a_duty_ends_with_its_last_day_and_can_then_be_granted_again(cast: Cast, as_: As) -> None:
    mine = as_(cast.admin_security)
    last = date(2026, 11, 7)
    grant_duty(cast.idle, Duty.REVIEW, by=mine, at=NOW, reason="代班", last_day=last)
    assert load_actor(cast.idle, NOW.replace(day=7, hour=23, minute=59)).has(Duty.REVIEW)
    after = NOW.replace(day=8, hour=0)
    assert not load_actor(cast.idle, after).has(Duty.REVIEW)
    with pytest.raises(RuleBroken, match="已有"):
        grant_duty(cast.idle, Duty.REVIEW, by=mine, at=NOW, reason="任命")
    grant_duty(cast.idle, Duty.REVIEW, by=mine, at=after, reason="任命")


def test_a_lapsed_administrator_duty_does_not_stand_in_the_way(cast: Cast, as_: As) -> None:
    """The constraint counts rows that nobody has revoked, whatever their last day."""
    Assignment.objects.filter(user=cast.admin_audit).update(valid_to=NOW - timedelta(days=1))
    grant_duty(cast.admin_audit, Duty.ADMIN_SYSTEM, by=as_(cast.admin_security), at=NOW, reason="任命")
    assert load_actor(cast.admin_audit, NOW).duties == {Duty.ADMIN_SYSTEM}


def test_revoking_ends_it_now_once_and_with_its_reason(cast: Cast, as_: As) -> None:
    held = cast.bureau2_xp.assignments.get()
    mine = as_(cast.admin_security)
    with pytest.raises(RuleBroken):
        revoke_duty(held, by=mine, at=NOW, reason="  ")
    with pytest.raises(StaleVersion):
        revoke_duty(held, by=mine, at=NOW, reason="调离", version=7)
    revoke_duty(held, by=mine, at=NOW, reason="调离", version=1)
    assert not load_actor(cast.bureau2_xp, NOW).has(Duty.REVIEW)
    with pytest.raises(WrongState):
        revoke_duty(held, by=mine, at=NOW, reason="调离")
    assert Act.objects.filter(machine="duty", name="revoked").count() == 1


def together(*jobs: Callable[[], object]) -> list[str]:
    """Run the jobs at the same moment, each on a connection of its own; "done" or the kind of refusal."""
    start, outcome = threading.Barrier(len(jobs)), ["?"] * len(jobs)

    def run(number: int) -> None:
        try:
            start.wait(timeout=10)
            jobs[number]()
            outcome[number] = "done"
        except Refusal as refused:
            outcome[number] = type(refused).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcome)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_administrator(transactional_db: None) -> None:
    cast = Cast()
    person = cast.commission2
    Assignment.objects.filter(user=person).delete()
    mine = cast.actor(cast.admin_security, NOW)
    jobs = [
        lambda duty=duty: grant_duty(person, duty, by=mine, at=NOW, reason="任命")
        for duty in (Duty.ADMIN_SYSTEM, Duty.ADMIN_AUDIT, Duty.ADMIN_SYSTEM, Duty.DISPATCH)
    ]
    for _ in range(5):
        assert together(*jobs) == ["RuleBroken", "RuleBroken", "RuleBroken", "done"]
        assert person.assignments.filter(revoked_at__isnull=True).count() == 1
        Assignment.objects.filter(user=person).delete()
    assert connection.in_atomic_block is False


@pytest.mark.django_db(transaction=True)
def test_two_security_administrators_do_not_revoke_each_other(transactional_db: None) -> None:
    cast = Cast()
    Assignment.objects.filter(user=cast.commission2).delete()
    first = cast.admin_security.assignments.get()
    second = grant_duty(
        cast.commission2, Duty.ADMIN_SECURITY, by=cast.actor(cast.admin_security, NOW), at=NOW, reason="任命"
    )
    one, other = cast.actor(cast.admin_security, NOW), cast.actor(cast.commission2, NOW)
    outcome = together(
        lambda: revoke_duty(second, by=one, at=NOW, reason="调离"),
        lambda: revoke_duty(first, by=other, at=NOW, reason="调离"),
    )
    assert outcome == ["RuleBroken", "done"]
    left = Assignment.objects.filter(duty=Duty.ADMIN_SECURITY, revoked_at__isnull=True)
    assert left.count() == 1
