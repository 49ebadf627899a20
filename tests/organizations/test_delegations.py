"""Acting for another: bounded, for one own duty, never passed on (settled point 14)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ningde_projects.notices.models import Notice
from ningde_projects.organizations.actor import load_actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Assignment, Delegation, User
from ningde_projects.organizations.services.delegations import delegate, revoke_delegation
from ningde_projects.organizations.services.duties import grant_duty, revoke_duty
from ningde_projects.periods.month import midnight
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState
from tests.cast import Cast

from .conftest import NOW, As

TODAY = date(2026, 11, 5)


def own(user: User, duty: Duty) -> Assignment:
    return user.assignments.get(duty=duty)


@pytest.fixture
def given(cast: Cast, as_: As) -> Delegation:
    """The vice-head of Xiapu lets the other one approve for a week."""
    return delegate(
        own(cast.bureau_xp, Duty.REVIEW), cast.idle, TODAY, TODAY + timedelta(days=6), "休假",
        by=as_(cast.bureau_xp), at=NOW,
    )  # fmt: skip


def test_it_holds_from_the_first_day_to_the_end_of_the_last(cast: Cast, given: Delegation) -> None:
    assert load_actor(cast.idle, NOW).as_holder(Duty.REVIEW).principal == cast.bureau_xp  # type: ignore[union-attr]
    end = midnight(date(2026, 11, 12))
    assert load_actor(cast.idle, end - timedelta(microseconds=1)).has(Duty.REVIEW)
    assert not load_actor(cast.idle, end).has(Duty.REVIEW)
    assert Notice.objects.get(kind="delegation_given").recipient == cast.idle
    assert Act.objects.get(machine="delegation").data["principal"] == cast.bureau_xp.name


@pytest.mark.parametrize(("days", "ok"), [(1, True), (90, True), (91, False), (0, False)])
def test_ninety_days_at_most_both_included(cast: Cast, as_: As, days: int, ok: bool) -> None:
    args = (own(cast.bureau_xp, Duty.REVIEW), cast.idle, TODAY, TODAY + timedelta(days=days - 1), "休假")
    if ok:
        delegate(*args, by=as_(cast.bureau_xp), at=NOW)
    else:
        with pytest.raises(RuleBroken) as refused:
            delegate(*args, by=as_(cast.bureau_xp), at=NOW)
        assert refused.value.field == "last_day"


def test_not_in_the_past(cast: Cast, as_: As) -> None:
    with pytest.raises(RuleBroken) as refused:
        delegate(own(cast.bureau_xp, Duty.REVIEW), cast.idle, TODAY - timedelta(days=1), TODAY, "休假",
                 by=as_(cast.bureau_xp), at=NOW)  # fmt: skip
    assert refused.value.field == "first_day"


def test_what_one_holds_by_delegation_goes_no_further(cast: Cast, as_: As, given: Delegation) -> None:
    """The acting person is no principal: only an assignment of one's own can be delegated."""
    with pytest.raises(NotAllowed):
        delegate(
            own(cast.bureau_xp, Duty.REVIEW), cast.viewer_xp, TODAY, TODAY, "转托", by=as_(cast.idle), at=NOW
        )
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize("role", ["bureau2_xp", "commission", "admin_system", "bureau_fa"])
def test_only_the_person_himself_and_the_security_administrator(cast: Cast, as_: As, role: str) -> None:
    with pytest.raises(NotAllowed):
        delegate(
            own(cast.bureau_xp, Duty.REVIEW),
            cast.idle,
            TODAY,
            TODAY,
            "休假",
            by=as_(cast.people[role]),
            at=NOW,
        )


def test_the_security_administrator_may_for_one_who_cannot_and_both_are_told(cast: Cast, as_: As) -> None:
    delegate(
        own(cast.bureau_xp, Duty.REVIEW), cast.idle, TODAY, TODAY, "住院", by=as_(cast.admin_security), at=NOW
    )
    assert set(Notice.objects.values_list("kind", "recipient")) == {
        ("delegation_given", cast.idle.pk), ("delegation_made", cast.bureau_xp.pk),
    }  # fmt: skip


@pytest.mark.parametrize(
    "role", ["bureau_xp", "bureau_fa", "disabled", "bureau2_xp", "government_xp", "admin_system"]
)
def test_who_cannot_act_is_refused_by_name_of_the_field(cast: Cast, as_: As, role: str) -> None:
    """Oneself, another county, a closed account, who holds the duty already, another kind of office, administrators."""
    with pytest.raises(RuleBroken) as refused:
        delegate(own(cast.bureau_xp, Duty.REVIEW), cast.people[role], TODAY, TODAY, "休假",
                 by=as_(cast.bureau_xp), at=NOW)  # fmt: skip
    assert refused.value.field == "deputy"


def test_administration_is_never_delegated(cast: Cast, as_: As) -> None:
    with pytest.raises(RuleBroken) as refused:
        delegate(own(cast.admin_security, Duty.ADMIN_SECURITY), cast.commission2, TODAY, TODAY, "休假",
                 by=as_(cast.admin_security), at=NOW)  # fmt: skip
    assert refused.value.field == "assignment"


def test_one_deputy_at_a_time(cast: Cast, as_: As, given: Delegation) -> None:
    args = (own(cast.bureau_xp, Duty.REVIEW), cast.viewer_xp)
    with pytest.raises(RuleBroken, match=cast.idle.name):
        delegate(
            *args,
            TODAY + timedelta(days=6),
            TODAY + timedelta(days=8),
            "休假",
            by=as_(cast.bureau_xp),
            at=NOW,
        )
    delegate(
        *args, TODAY + timedelta(days=7), TODAY + timedelta(days=8), "休假", by=as_(cast.bureau_xp), at=NOW
    )


def test_it_ends_with_the_duty_behind_it(cast: Cast, as_: As, given: Delegation) -> None:
    revoke_duty(own(cast.bureau_xp, Duty.REVIEW), by=as_(cast.admin_security), at=NOW, reason="调离")
    assert not load_actor(cast.idle, NOW).has(Duty.REVIEW)


def test_whoever_acts_for_others_becomes_no_administrator(cast: Cast, as_: As) -> None:
    Assignment.objects.filter(user=cast.commission2).delete()
    delegate(
        own(cast.commission, Duty.DISPATCH),
        cast.commission2,
        TODAY,
        TODAY,
        "休假",
        by=as_(cast.commission),
        at=NOW,
    )
    with pytest.raises(RuleBroken, match="代"):
        grant_duty(cast.commission2, Duty.ADMIN_AUDIT, by=as_(cast.admin_security), at=NOW, reason="任命")


def test_ended_before_its_time_by_the_principal_not_by_the_deputy(
    cast: Cast, as_: As, given: Delegation
) -> None:
    with pytest.raises(NotAllowed):
        revoke_delegation(given, "不再需要", by=as_(cast.idle), at=NOW)
    revoke_delegation(given, "提前返岗", by=as_(cast.bureau_xp), at=NOW)
    assert not load_actor(cast.idle, NOW).has(Duty.REVIEW)
    with pytest.raises(WrongState):
        revoke_delegation(given, "提前返岗", by=as_(cast.bureau_xp), at=NOW)
