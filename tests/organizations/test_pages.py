"""The pages of offices, accounts, duties, delegations and rules, at the addresses where they are mounted."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Delegation, Organisation, User
from ningde_projects.organizations.services.duties import grant_duty
from ningde_projects.organizations.services.handovers import hand_over
from ningde_projects.projects.models import Threshold
from ningde_projects.signin.models import ResetLink
from ningde_projects.workflow.models import Act
from reports.basics import load_categories
from tests.cast import CANARIES, Cast

from .conftest import NOW, As

pytestmark = pytest.mark.usefixtures("morning")

LISTS = ("organizations:organisations", "organizations:people", "organizations:duties")


def signed_in(cast: Cast, role: str) -> Client:
    return cast.login(Client(), cast.people[role])


def page(name: str, *args: Any) -> str:
    return reverse(f"organizations:{name}", args=args)


@pytest.mark.parametrize(
    "role", ["owner_xp", "government_xp", "statistics", "idle", "direct_xp", "oversight"]
)
@pytest.mark.parametrize("name", LISTS)
def test_the_lists_tell_strangers_why_they_stay_shut(cast: Cast, role: str, name: str) -> None:
    answer = signed_in(cast, role).get(reverse(name))
    assert answer.status_code == 403
    assert "“我的账号”" in answer.content.decode()


def test_a_bureau_sees_its_own_place_and_nothing_of_another(cast: Cast) -> None:
    client = signed_in(cast, "bureau_xp")
    for name in LISTS[:2]:
        text = client.get(reverse(name)).content.decode()
        assert cast.canary("owner_xp") in text
        assert cast.canary("owner_fa") not in text
    assert client.get(page("organisation", cast.owner_fa.organisation.public_id)).status_code == 404
    assert client.get(page("person", cast.owner_fa.public_id)).status_code == 404
    assert client.get(page("person_open", cast.owner_fa.organisation.public_id)).status_code == 404
    assert client.get(page("person_open", cast.office("XP", "zf").public_id)).status_code == 403


@pytest.mark.parametrize("name", ["organisations", "people", "duties"])
def test_the_export_has_the_rows_of_the_page(cast: Cast, name: str) -> None:
    client = signed_in(cast, "admin_system")
    answer = client.get(f"/exports/{name}/", {"place": "XP", "form": "csv"})
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert answer.status_code == 200
    assert "霞浦县发展和改革局" in text
    assert "福安市发展和改革局" not in text
    assert signed_in(cast, "owner_xp").get(f"/exports/{name}/").status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_with_many_rows(
    cast: Cast, name: str, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    client = signed_in(cast, "admin_security")
    client.get(reverse(name))
    with django_assert_max_num_queries(30) as few:
        client.get(reverse(name))
    office = cast.office("XP", "fgj")
    people = User.objects.bulk_create(
        User(username=f"many_{n}", name=f"人员{n}", organisation=office) for n in range(45)
    )
    Assignment.objects.bulk_create(
        Assignment(user=p, duty=Duty.REVIEW, organisation=office, valid_from=NOW) for p in people
    )
    Organisation.objects.bulk_create(
        Organisation(name=f"业主{n}", short_name=f"业主{n}", kind=OrgKind.OWNER, place=office.place)
        for n in range(45)
    )
    with django_assert_num_queries(len(few)):
        client.get(reverse(name))


@pytest.mark.parametrize("role", ["admin_system", "admin_security", "admin_audit"])
def test_administrators_read_no_business_content(cast: Cast, as_: As, role: str) -> None:
    """Projects and problems by number only: closing, the person's page, the record of the room."""
    User.objects.filter(pk=cast.department_xp.pk).update(rank="township")
    grant_duty(cast.department_xp, Duty.DIRECT, by=as_(cast.admin_security), at=NOW, reason="接任")
    person = User.objects.get(pk=cast.department_xp.pk)
    act = hand_over(cast.direct_xp, person, by=as_(cast.direct_xp), at=NOW, reason="调离")
    assert act is not None
    client = signed_in(cast, role)
    words = {word for key, word in CANARIES.items() if not key.startswith("owner_")}
    for url in (
        page("person", cast.government_xp.public_id), page("person_close", cast.government_xp.public_id),
        page("person", cast.direct_xp.public_id), page("handover"), page("handover_sheet", act.public_id),
        page("organisation", cast.owner_xp.organisation.public_id), page("delegations"),
    ):  # fmt: skip
        text = client.get(url).content.decode()
        assert not [word for word in words if word in text], url
    assert client.get(page("handover_sheet", act.public_id)).status_code == 404
    sheet = signed_in(cast, "direct_xp").get(page("handover_sheet", act.public_id)).content.decode()
    assert cast.canary("xp") in sheet


def test_the_link_is_shown_once_and_kept_nowhere(cast: Cast) -> None:
    client = signed_in(cast, "admin_system")
    url = page("person_link", cast.idle.public_id)
    assert ResetLink.objects.count() == 0
    assert "/signin/reset/" not in client.get(url).content.decode()
    text = client.post(url).content.decode()
    link = text.split('value="http')[1].split('"')[0]
    assert "/signin/reset/" in link
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert token not in str(list(Act.objects.values())) + str(list(ResetLink.objects.values()))
    assert "/signin/reset/" not in client.get(url).content.decode()


def test_a_changed_row_is_answered_with_both_texts(cast: Cast) -> None:
    client = signed_in(cast, "admin_system")
    url = page("person_edit", cast.idle.public_id)
    typed = {"name": "江静好", "title": "主任科员", "version": "1"}
    assert client.post(url, typed).status_code == 302
    answer = client.post(url, typed | {"title": "四级调研员"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "主任科员" in text
    assert "四级调研员" in text
    cast.idle.refresh_from_db()
    assert cast.idle.title == "主任科员"


def test_an_error_names_its_field_and_what_was_typed_stays(cast: Cast) -> None:
    client = signed_in(cast, "bureau_xp")
    url = page("person_open", cast.owner_xp.organisation.public_id)
    answer = client.post(url, {"username": "T_IDLE", "name": "新同志", "phone": "12"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_phone_error"' in text
    assert 'value="新同志"' in text
    answer = client.post(url, {"username": "t_idle", "name": "新同志"})
    assert answer.status_code == 422
    assert 'id="id_username_error"' in answer.content.decode()
    assert not Act.objects.filter(machine="account", name="opened").exists()


def test_a_delegation_from_the_page_and_its_end(cast: Cast) -> None:
    client = signed_in(cast, "bureau_xp")
    own = cast.bureau_xp.assignments.get()
    typed = {
        "assignment": own.pk, "deputy": cast.idle.pk, "first_day": "2026-11-05", "last_day": "2026-11-09",
        "reason": "休假",
    }  # fmt: skip
    assert client.post(page("delegate"), typed | {"last_day": "2027-11-09"}).status_code == 422
    assert client.post(page("delegate"), typed).status_code == 302
    row = Delegation.objects.get()
    assert cast.bureau_xp.name in signed_in(cast, "idle").get(page("delegations")).content.decode()
    assert signed_in(cast, "bureau2_xp").get(page("delegation_end", row.public_id)).status_code == 404
    assert signed_in(cast, "idle").get(page("delegation_end", row.public_id)).status_code == 403
    assert client.post(page("delegation_end", row.public_id), {"reason": "提前返岗"}).status_code == 302
    row.refresh_from_db()
    assert row.revoked_at == NOW


def test_another_persons_duty_cannot_be_slipped_into_the_form(cast: Cast) -> None:
    client = signed_in(cast, "bureau_xp")
    foreign = cast.commission2.assignments.get()
    typed = {
        "assignment": foreign.pk, "deputy": cast.idle.pk, "first_day": "2026-11-05", "last_day": "2026-11-09",
        "reason": "休假",
    }  # fmt: skip
    assert client.post(page("delegate"), typed).status_code == 422
    assert not Delegation.objects.exists()


def test_granting_and_revoking_on_the_pages(cast: Cast) -> None:
    client = signed_in(cast, "admin_security")
    url = page("duty_grant", cast.idle.public_id)
    assert client.post(url, {"duty": Duty.DISPATCH, "reason": "任命"}).status_code == 422
    assert client.post(url, {"duty": Duty.REVIEW, "reason": "任命"}).status_code == 302
    held = cast.idle.assignments.get()
    stale = client.post(page("duty_revoke", held.public_id), {"reason": "调离", "version": "9"})
    assert stale.status_code == 409
    assert (
        client.post(page("duty_revoke", held.public_id), {"reason": "调离", "version": "1"}).status_code
        == 302
    )
    assert client.get(page("duty_grant", cast.admin_security.public_id)).status_code == 403
    assert signed_in(cast, "admin_system").get(url).status_code == 403


def test_unlock_and_factor_are_the_security_administrators(cast: Cast) -> None:
    for name in ("person_unlock", "person_factor"):
        url = page(name, cast.idle.public_id)
        assert signed_in(cast, "admin_system").get(url).status_code == 403
        assert signed_in(cast, "admin_security").post(url, {}).status_code == 302
    assert set(Act.objects.filter(machine="account").values_list("name", flat=True)) >= {
        "unlocked",
        "factor_removed",
    }


def test_rules_are_read_by_all_with_a_duty_and_set_by_the_commission(cast: Cast) -> None:
    load_categories()
    assert signed_in(cast, "owner_xp").get("/rules/").status_code == 200
    assert signed_in(cast, "idle").get("/rules/").status_code == 403
    url = "/rules/thresholds/amber_points/new/"
    typed = {"value": "8", "valid_from": "2026-11", "reason": "收紧"}
    assert signed_in(cast, "bureau_xp").post(url, typed).status_code == 403
    client = signed_in(cast, "commission")
    assert client.post(url, typed | {"valid_from": "2026-10"}).status_code == 422
    assert client.post(url, typed).status_code == 302
    assert "收紧" in client.get("/rules/").content.decode()
    assert client.get("/rules/thresholds/nothing/new/").status_code == 404
    row = Threshold.objects.get()
    assert client.post(f"/rules/thresholds/{row.public_id}/withdraw/", {"reason": "撤回"}).status_code == 302


@pytest.mark.parametrize(
    "query", ["?place=nowhere&page=-1", "?page=999999&q=%00", "?state=all&kind=", "?q=" + "长" * 500]
)
@pytest.mark.parametrize("name", LISTS)
def test_nonsense_in_the_address_is_left_out(cast: Cast, name: str, query: str) -> None:
    assert signed_in(cast, "admin_audit").get(reverse(name) + query).status_code == 200
