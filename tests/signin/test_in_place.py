"""A session that ends while someone types: scripts are told, the dialog signs in, and a plain form is kept (B10)."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import PASSWORD, Cast
from tests.signin.conftest import PAGE, Clock, SignIn, is_in

HTMX = {"HX-Request": "true"}
SCRIPTS = [HTMX, {"X-Background": "1"}, {"Sec-Fetch-Dest": "empty"}, {"Accept": "application/json"}]


@pytest.mark.parametrize("headers", SCRIPTS, ids=lambda headers: next(iter(headers)))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_is_answered_401_and_the_mark(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client, headers: dict[str, str], method: str
) -> None:
    sign_in(client, cast.owner_xp)
    clock.forward(minutes=31)
    response = getattr(client, method)(PAGE, headers=headers)
    assert response.status_code == 401
    assert response["X-Session-Expired"] == "1"
    assert response.content == b""


def test_every_one_of_several_scripts_is_told(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    clock.forward(minutes=31)
    for _ in range(3):
        assert client.post(PAGE, headers=HTMX).status_code == 401


def test_the_dialog_knows_who_was_here_and_answers_204_with_a_fresh_token(
    cast: Cast, sign_in: SignIn, clock: Clock
) -> None:
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/signin/").content.decode())[1]  # type: ignore[index]
    form = {"username": "t_owner_xp", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post("/signin/", form).status_code == 302
    token = re.search(r'name="csrf-token" content="(\w+)"', client.get(PAGE).content.decode())[1]  # type: ignore[index]
    clock.forward(minutes=31)
    assert client.post(PAGE, headers=HTMX | {"X-CSRFToken": token}).status_code == 401
    fragment = client.get("/signin/again/", headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert 'id="nd-again-title"' in fragment
    assert 'name="username" value="t_owner_xp"' in fragment
    # the page's own token still stands: only the session had ended
    response = client.post(
        "/signin/again/",
        {"username": "t_owner_xp", "password": PASSWORD},
        headers=HTMX | {"X-CSRFToken": token},
    )
    assert response.status_code == 204
    fresh = response["X-CSRFToken-New"]
    assert client.post("/account/sessions/end/", headers={"X-CSRFToken": fresh}).status_code == 302
    assert is_in(client)


def test_a_wrong_password_in_the_dialog_is_422_and_the_fragment(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    clock.forward(minutes=31)
    form = {"username": "t_owner_xp", "password": "wrong"}
    response = client.post("/signin/again/", form, headers=HTMX)
    assert response.status_code == 422
    assert "还可以再试 9 次" in response.content.decode()
    assert "<html" not in response.content.decode()
    assert client.post("/signin/again/", {"username": "", "password": ""}).status_code == 422


def test_a_lock_is_said_inside_the_dialog(cast: Cast, sign_in: SignIn, clock: Clock, client: Client) -> None:
    sign_in(client, cast.owner_xp)
    form = {"username": "t_owner_xp", "password": "wrong"}
    for _ in range(10):
        response = client.post("/signin/again/", form, headers=HTMX)
    assert response.status_code == 422
    assert "已锁定" in response.content.decode()
    assert "<html" not in response.content.decode()


def test_another_person_does_not_go_on_in_place_with_what_this_one_typed(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    clock.forward(minutes=31)
    form = {"username": "t_bureau_xp", "password": PASSWORD}
    response = client.post("/signin/again/", form, headers=HTMX)
    assert response.status_code == 422
    assert not is_in(client)


def test_after_signing_out_nobody_is_remembered(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    client.post("/signout/")
    assert "t_owner_xp" not in client.get("/signin/again/").content.decode()


FORM = {
    "email": "zheng@projects.example",
    "by_email": "on",
    "language": "zh-hans",
    "keys": "on",
    "version": "1",
}


def kept_field(page: str) -> str:
    return re.search(r'name="kept" value="([^"]+)"', page)[1]  # type: ignore[index]


def test_a_form_sent_without_script_after_the_end_is_kept_and_sent_once_more(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    clock.forward(minutes=31)
    lost = client.post(PAGE, FORM | {"password": "Not-To-Be-Kept-1"})
    assert lost.status_code == 401
    page = lost.content.decode()
    assert "已保留" in page
    again = sign_in(client, cast.owner_xp, "wrong", kept=kept_field(page))
    offered = sign_in(client, cast.owner_xp, kept=kept_field(again.content.decode())).content.decode()
    assert 'action="/account/"' in offered
    assert 'name="email" value="zheng@projects.example"' in offered
    assert "Not-To-Be-Kept-1" not in offered
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', offered))
    assert client.post(PAGE, fields).status_code == 302
    cast.owner_xp.refresh_from_db()
    assert cast.owner_xp.email == "zheng@projects.example"


def test_what_one_person_typed_is_not_offered_to_another(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    clock.forward(minutes=31)
    kept = kept_field(client.post(PAGE, FORM).content.decode())
    response = sign_in(client, cast.bureau_xp, kept=kept)
    assert response.status_code == 302
    assert response["Location"] == "/"


@pytest.mark.parametrize("kept", ["x", "eyJ1c2VyIjoxfQ:1abc:forged", "\x00", "a" * 100_000])
def test_a_forged_kept_form_is_as_good_as_none(
    cast: Cast, sign_in: SignIn, client: Client, kept: str
) -> None:
    assert sign_in(client, cast.owner_xp, kept=kept)["Location"] == "/"


def test_a_form_from_a_foreign_page_is_not_kept(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.owner_xp, backend="django.contrib.auth.backends.ModelBackend")
    clock.forward(minutes=31)
    assert client.post(PAGE, FORM).status_code == 403
