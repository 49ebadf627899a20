"""Moving to another office: handed over first, nothing of the old office goes along, the account goes on (point 15)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ningde_projects.notices.models import Notice
from ningde_projects.organizations.actor import load_actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Delegation, Organisation, User
from ningde_projects.organizations.services.delegations import delegate
from ningde_projects.organizations.services.duties import grant_duty
from ningde_projects.organizations.services.handovers import sheets_visible_to
from ningde_projects.organizations.services.moves import move_person
from ningde_projects.projects.models import Responsible
from ningde_projects.signin.services.passwords import issue_reset_link
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState
from tests.cast import Cast

from .conftest import NOW, As


@pytest.fixture
def successor(cast: Cast, as_: As) -> User:
    """A colleague of the direct responsible person who has duty and rank to take over."""
    User.objects.filter(pk=cast.department_xp.pk).update(rank="township")
    grant_duty(cast.department_xp, Duty.DIRECT, by=as_(cast.admin_security), at=NOW, reason="接任")
    return User.objects.get(pk=cast.department_xp.pk)


def move(cast: Cast, as_: As, person: User, office: Organisation, *more: Any, **words: Any) -> User:
    return move_person(person, office, "组织调动", *more, by=as_(cast.admin_system), at=NOW, **words)


def test_a_move_ends_duties_and_keeps_the_account(cast: Cast, as_: As) -> None:
    office, before = cast.office("FA", "fgj"), cast.bureau_xp.organisation
    password = cast.bureau_xp.password
    moved = move(cast, as_, cast.bureau_xp, office, title="副局长", version=1)
    moved.refresh_from_db()
    assert (moved.organisation, moved.is_active, moved.password, moved.title) == (
        office,
        True,
        password,
        "副局长",
    )
    assert load_actor(moved, NOW).held == ()
    act = Act.objects.get(machine="account", name="moved")
    assert act.data["changes"]["organisation"] == [before.name, office.name]
    assert (act.reason, act.data["duties_ended"]) == ("组织调动", [str(Duty.REVIEW.label)])
    assert Notice.objects.get(kind="person_moved").recipient == cast.admin_security


def test_the_new_duty_is_granted_in_the_new_office(cast: Cast, as_: As) -> None:
    moved = move(cast, as_, cast.bureau_xp, cast.office("FA", "fgj"))
    grant_duty(moved, Duty.REVIEW, by=as_(cast.admin_security), at=NOW, reason="到任")
    assert [held.organisation for held in load_actor(moved, NOW).held] == [cast.office("FA", "fgj")]


def test_whoever_has_open_matters_is_not_moved_without_a_successor(cast: Cast, as_: As) -> None:
    office = cast.direct_xp.organisation
    with pytest.raises(RuleBroken) as refused:
        move(cast, as_, cast.direct_xp, cast.office("FA", "jtj"))
    assert refused.value.field == "successor"
    cast.direct_xp.refresh_from_db()
    assert cast.direct_xp.organisation == office
    assert load_actor(cast.direct_xp, NOW).has(Duty.DIRECT)
    assert not Act.objects.filter(machine="account", name="moved").exists()


def test_open_matters_stay_in_the_old_office_with_the_successor(cast: Cast, as_: As, successor: User) -> None:
    move(cast, as_, cast.direct_xp, cast.office("FA", "jtj"), successor)
    post = Responsible.objects.get(project=cast.project_xp, post="county_direct", valid_to__isnull=True)
    assert post.user == successor
    assert Responsible.objects.filter(user=cast.direct_xp, valid_to__isnull=False).count() == 1
    sheet = Act.objects.get(machine="handover").data
    assert (sheet["closing"], sheet["moving"]) == (False, cast.office("FA", "jtj").name)


def test_the_sheet_stays_with_the_office_of_its_day(cast: Cast, as_: As, successor: User) -> None:
    """The new colleagues must not read what was handed over in another county."""
    move(cast, as_, cast.direct_xp, cast.direct_fa.organisation, successor)
    seen = {
        role: Act.objects.filter(sheets_visible_to(as_(cast.people[role]))).exists()
        for role in ("department_xp", "direct_fa", "department_fa")
    }
    assert seen == {"department_xp": True, "direct_fa": False, "department_fa": False}


def test_delegations_given_and_held_end_with_the_move(cast: Cast, as_: As) -> None:
    delegate(cast.bureau_xp.assignments.get(), cast.idle, date(2026, 11, 5), date(2026, 11, 9), "休假",
             by=as_(cast.bureau_xp), at=NOW)  # fmt: skip
    move(cast, as_, cast.idle, cast.office("FA", "fgj"))
    assert Delegation.objects.get().revoked_at == NOW
    assert not load_actor(User.objects.get(pk=cast.idle.pk), NOW).held


@pytest.mark.usefixtures("morning")
def test_sessions_and_links_for_a_password_end_with_the_move(cast: Cast, as_: As) -> None:
    client = cast.login(Client(), cast.bureau_xp)
    link = issue_reset_link(cast.bureau_xp, by=as_(cast.admin_system), at=NOW)
    assert client.get("/account/").status_code == 200
    move(cast, as_, cast.bureau_xp, cast.office("FA", "fgj"))
    assert client.get("/account/").status_code in {302, 401}
    assert cast.bureau_xp.password_links.get().withdrawn_at == NOW
    assert link


@pytest.mark.parametrize("role", ["bureau_xp", "owner_xp", "admin_security", "admin_audit", "commission"])
def test_only_the_keeper_of_both_offices_moves_a_person(cast: Cast, as_: As, role: str) -> None:
    """A county bureau keeps the owners of its place: it sends nobody into another county, nor its own people."""
    for person, office in (
        (cast.owner_xp, cast.owner_fa.organisation),
        (cast.owner_fa, cast.owner_xp.organisation),
        (cast.idle, cast.owner_xp.organisation),
    ):
        with pytest.raises(NotAllowed):
            move_person(person, office, "调动", by=as_(cast.people[role]), at=NOW)


def test_a_bureau_moves_between_the_owners_of_its_place(cast: Cast, as_: As) -> None:
    first = cast.owner_xp.organisation
    other = Organisation.objects.create(
        name="霞浦另一业主", short_name="另一业主", kind=first.kind, place=first.place
    )
    person = User.objects.create(username="xp_plain", name="平常人", organisation=first)
    assert move_person(person, other, "调动", by=as_(cast.bureau_xp), at=NOW).organisation == other


@pytest.mark.parametrize("case", ["same", "closed"])
def test_an_office_that_cannot_be_moved_to_is_named_at_its_field(cast: Cast, as_: As, case: str) -> None:
    office = cast.idle.organisation if case == "same" else cast.office("FA", "fgj")
    if case == "closed":
        Organisation.objects.filter(pk=office.pk).update(is_active=False)
    with pytest.raises(RuleBroken) as refused:
        move(cast, as_, cast.idle, office)
    assert refused.value.field == "organisation"


def test_a_closed_account_a_stale_page_and_no_reason_are_refused(cast: Cast, as_: As) -> None:
    office = cast.office("FA", "fgj")
    with pytest.raises(WrongState):
        move(cast, as_, cast.disabled, office)
    with pytest.raises(StaleVersion):
        move(cast, as_, cast.idle, office, version=9)
    with pytest.raises(RuleBroken) as refused:
        move_person(cast.idle, office, "  ", by=as_(cast.admin_system), at=NOW)
    assert refused.value.field == "reason"


@pytest.mark.parametrize("role", ["admin_system", "admin_security", "admin_audit"])
def test_neither_oneself_nor_the_last_administrator_of_a_kind_moves(cast: Cast, as_: As, role: str) -> None:
    with pytest.raises(RuleBroken):
        move(cast, as_, cast.people[role], cast.office("XP", "fgj"))


@pytest.mark.usefixtures("morning")
def test_the_page_moves_a_person_and_keeps_what_was_typed_when_it_refuses(
    cast: Cast, successor: User
) -> None:
    client = cast.login(Client(), cast.admin_system)
    url = reverse("organizations:person_move", args=[cast.direct_xp.public_id])
    assert (
        url in client.get(reverse("organizations:person", args=[cast.direct_xp.public_id])).content.decode()
    )
    typed = {
        "organisation": cast.office("FA", "jtj").pk, "section": "项目股", "title": "", "reason": "宁人社调〔2026〕8号",
        "version": cast.direct_xp.version, "successor": "",
    }  # fmt: skip
    refused = client.post(url, typed)
    assert refused.status_code == 422
    assert "宁人社调〔2026〕8号" in refused.content.decode()
    assert client.post(url, typed | {"successor": successor.pk}).status_code == 302
    assert User.objects.get(pk=cast.direct_xp.pk).section == "项目股"


@pytest.mark.usefixtures("morning")
def test_the_form_asks_for_a_successor_only_while_something_lies_with_the_person(cast: Cast) -> None:
    client = cast.login(Client(), cast.admin_system)
    asks = {
        person.username: 'name="successor"'
        in client.get(reverse("organizations:person_move", args=[person.public_id])).content.decode()
        for person in (cast.direct_xp, cast.idle)
    }
    assert asks == {cast.direct_xp.username: True, cast.idle.username: False}


@pytest.mark.usefixtures("morning")
def test_a_bureau_is_offered_the_owners_of_its_own_place_only(cast: Cast) -> None:
    client = cast.login(Client(), cast.bureau_xp)
    page = client.get(reverse("organizations:person_move", args=[cast.owner_xp.public_id]))
    assert page.status_code == 200
    assert cast.canary("owner_fa") not in page.content.decode()
    foreign = reverse("organizations:person_move", args=[cast.owner_fa.public_id])
    assert client.get(foreign).status_code == 404
