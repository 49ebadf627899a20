"""One's own page: what it shows, what can be chosen, whose it is."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from ningde_projects.notices.services import addresses
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Delegation
from ningde_projects.periods.month import midnight
from ningde_projects.signin.models import Session
from ningde_projects.signin.selectors import browser_of
from tests.cast import Cast
from tests.signin.conftest import START, SignIn, acts, is_in

FORM = {
    "email": "zheng@projects.example",
    "by_email": "on",
    "language": "zh-hans",
    "keys": "on",
    "version": "1",
}


def test_it_shows_who_one_is_with_the_whole_telephone_number(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    sign_in(client, cast.bureau_head_xp)
    page = client.get("/account/").content.decode()
    for words in (
        cast.bureau_head_xp.name,
        "t_bureau_head_xp",
        cast.bureau_head_xp.phone,
        str(Duty.REVIEW.label),
    ):
        assert words in page


def test_channels_language_and_keys_are_kept(cast: Cast, sign_in: SignIn, client: Client) -> None:
    sign_in(client, cast.owner_xp)
    form = {key: value for key, value in FORM.items() if key != "keys"} | {"language": "en"}
    response = client.post("/account/", form)
    assert response.status_code == 302
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert client.cookies["nd_keys"].value == "off"
    page = client.get("/account/").content.decode()
    assert "My account" in page
    assert "Saved." in page
    cast.owner_xp.refresh_from_db()
    assert (cast.owner_xp.email, cast.owner_xp.channels) == ("zheng@projects.example", ["email"])
    assert addresses(cast.owner_xp) == [("email", "zheng@projects.example")]
    assert acts("settings_changed")[0].data == {"changed": ["channels", "email", "language"]}


def test_saving_without_a_change_leaves_no_act(cast: Cast, sign_in: SignIn, client: Client) -> None:
    sign_in(client, cast.owner_xp)
    assert client.post("/account/", FORM).status_code == 302
    assert client.post("/account/", FORM | {"version": "2"}).status_code == 302
    assert len(acts("settings_changed")) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": ""}, "email"), ({"email": "nowhere"}, "email"),
        ({"email": "a@b.example\r\nBcc: x@y.example"}, "email"),
        ({"language": "xx"}, "language"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_and_what_was_typed_stays(
    cast: Cast, sign_in: SignIn, client: Client, change: dict[str, str], field: str
) -> None:
    sign_in(client, cast.owner_xp)
    response = client.post("/account/", FORM | change)
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    cast.owner_xp.refresh_from_db()
    assert cast.owner_xp.email == ""


def test_a_second_tab_does_not_overwrite_the_first_unseen(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    client.post("/account/", FORM)
    response = client.post("/account/", FORM | {"email": "other@projects.example"})
    assert response.status_code == 422
    assert "other@projects.example" in response.content.decode()
    cast.owner_xp.refresh_from_db()
    assert cast.owner_xp.email == "zheng@projects.example"
    shown = re.search(r'name="version" value="(\d+)"', response.content.decode())
    assert shown
    again = FORM | {"email": "other@projects.example", "version": shown[1]}
    assert client.post("/account/", again).status_code == 302  # seen, and meant


def test_fields_that_are_not_on_the_form_change_nothing(cast: Cast, sign_in: SignIn, client: Client) -> None:
    sign_in(client, cast.owner_xp)
    extra: dict[str, Any] = {
        "is_active": "", "is_superuser": "on", "name": "x", "phone": "1", "organisation": "1", "username": "boss",
        "must_change_password": "on", "is_sample": "on",
    }  # fmt: skip
    before = type(cast.owner_xp).objects.filter(pk=cast.owner_xp.pk).values(*extra).get()
    client.post("/account/", FORM | extra)
    assert type(cast.owner_xp).objects.filter(pk=cast.owner_xp.pk).values(*extra).get() == before


def test_a_session_of_ones_own_is_ended_from_the_list(cast: Cast, sign_in: SignIn, client: Client) -> None:
    other = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537")
    sign_in(other, cast.owner_xp)
    row = Session.objects.get()
    sign_in(client, cast.owner_xp)
    page = client.get("/account/").content.decode()
    assert "Chrome · Windows" in page
    assert f"/account/sessions/{row.public_id}/end/" in page
    assert client.post(f"/account/sessions/{row.public_id}/end/").status_code == 302
    assert other.get("/account/")["Location"].endswith("why=ended")
    assert is_in(client)


def test_the_session_of_another_does_not_exist(cast: Cast, sign_in: SignIn, client: Client) -> None:
    other = Client()
    sign_in(other, cast.bureau_xp)
    row = Session.objects.get()
    sign_in(client, cast.owner_xp)
    own = Session.objects.exclude(pk=row.pk).get()
    for public_id in (row.public_id, uuid4(), own.public_id):  # one's own present one is left by signing out
        assert client.post(f"/account/sessions/{public_id}/end/").status_code == 404
    assert is_in(other)
    assert is_in(client)


def test_delegations_given_and_held_are_shown_and_past_ones_are_not(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    def delegate(principal: Any, deputy: Any, days: int) -> None:
        Delegation.objects.create(
            principal=principal, delegate=deputy, duty=Duty.REVIEW, organisation=principal.organisation,
            valid_from=START + timedelta(days=days - 1), valid_to=START + timedelta(days=days), reason="leave",
            created_by=principal, created_at=START,
        )  # fmt: skip

    delegate(cast.bureau_xp, cast.bureau2_xp, 2)
    delegate(cast.bureau_head_xp, cast.bureau_xp, 3)
    delegate(cast.bureau_xp, cast.viewer_xp, 0)
    sign_in(client, cast.bureau_xp)
    page = client.get("/account/").content.decode()
    assert cast.bureau2_xp.name in page
    assert cast.bureau_head_xp.name in page
    assert cast.viewer_xp.name not in page
    # The midnight that ends a delegation is said as the day before it: the last one on which it holds.
    Delegation.objects.update(valid_to=midnight(date(2026, 11, 21)))
    page = client.get("/account/").content.decode()
    assert page.count("11月20日") == 3
    assert "11月21日" not in page


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/124 Safari/537 Edg/124", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) MicroMessenger/8.0", "微信 · iPhone"),
        ("", "未知浏览器"),
    ],
)
def test_browsers_are_named_so_that_one_knows_ones_machines(agent: str, words: str) -> None:
    assert browser_of(agent) == words


def test_the_page_needs_few_queries(
    cast: Cast, sign_in: SignIn, client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(2):
        sign_in(Client(), cast.owner_xp)
    sign_in(client, cast.owner_xp)
    with django_assert_max_num_queries(16):
        client.get("/account/")
