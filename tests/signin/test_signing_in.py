"""Who gets in, where to, and what those who do not are told (A23, B7, B42)."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from ningde_projects.signin.models import Session
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import PAGE, START, Clock, SignIn, acts, is_in

EVIL = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "https:evil.example",
    "javascript:alert(1)", "///evil.example", "/\t/evil.example", " //evil.example", "http:///evil.example", "evil",
    "https://testserver@evil.example/", "data:text/html,x",
]  # fmt: skip


def test_the_page_shows_the_deadlines_of_this_month_before_anyone_is_in(cast: Cast, clock: Clock) -> None:
    page = Client().get("/signin/").content.decode()
    assert "11月报送安排" in page
    assert "2026年10月报告，数据截至10月31日" in page
    for words in ("7日", "10日", "15日", "周六 24:00 截止，没有问题也要零报告"):
        assert words in page


def test_a_deadline_that_has_passed_says_so(cast: Cast, clock: Clock) -> None:
    clock.forward(days=3)  # the 8th
    assert "已截止" in Client().get("/signin/").content.decode()


def test_name_and_password_open_the_house_and_a_new_session_is_the_persons(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    response = sign_in(client, cast.owner_xp)
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert is_in(client)
    assert Session.objects.get().user == cast.owner_xp


@pytest.mark.parametrize("typed", ["T_OWNER_XP", "  t_owner_xp ", "ｔ_ｏｗｎｅｒ_ｘｐ", "T_Owner_Xp"])
def test_capitals_full_width_and_blanks_in_the_name_make_no_difference(
    cast: Cast, sign_in: SignIn, client: Client, typed: str
) -> None:
    assert sign_in(client, typed).status_code == 302


def test_a_session_that_existed_before_is_not_taken_over(cast: Cast, sign_in: SignIn, client: Client) -> None:
    """Fixation: someone plants his own key, waits for the sign-in, and must not be in with it."""
    planted = client.session
    planted["anything"] = 1
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key or ""
    sign_in(client, cast.owner_xp)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted.session_key
    assert "anything" not in client.session
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key or ""
    assert not is_in(thief)


def test_a_key_that_nobody_issued_is_not_used(cast: Cast, sign_in: SignIn, client: Client) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    sign_in(client, cast.owner_xp)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "a" * 32


def test_signing_in_over_another_person_leaves_nothing_of_his_session(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    sign_in(client, cast.bureau_xp)
    assert Session.objects.get().user == cast.bureau_xp
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = old
    assert not is_in(thief)


def bare(page: bytes, name: str) -> str:
    """The page without what differs by chance: the token, and the name that was typed."""
    import re

    text = re.sub(r'(name="csrfmiddlewaretoken" value|name="csrf-token" content)="[^"]*"', "", page.decode())
    return text.replace(name, "NAME")


def test_unknown_disabled_and_passwordless_names_are_answered_like_a_wrong_password(
    cast: Cast, sign_in: SignIn
) -> None:
    cast.idle.set_unusable_password()
    cast.idle.save()
    tries = {
        "known": (cast.owner_xp.username, "wrong"),
        "unknown": ("nobody_here", "wrong"),
        "disabled": (cast.disabled.username, PASSWORD),
        "without": (cast.idle.username, "wrong"),
    }
    answers = {}
    for kind, (name, password) in tries.items():
        response = sign_in(Client(), name, password)
        answers[kind] = (response.status_code, bare(response.content, name), sorted(response.headers.items()))
    words = answers["known"][1]
    assert answers["known"][0] == 422
    assert "账号、密码或动态口令不正确" in words
    assert "还可以再试 9 次" in words
    for kind in ("unknown", "disabled", "without"):
        assert answers[kind][:2] == answers["known"][:2], kind
        assert [name for name, _ in answers[kind][2]] == [name for name, _ in answers["known"][2]]


@pytest.mark.parametrize("role", ["owner_xp", "disabled", "nobody_here"])
def test_every_failure_costs_exactly_one_hashing(cast: Cast, sign_in: SignIn, role: str) -> None:
    """The hashing is what takes the time: as often for a name that does not exist (A23)."""
    name = cast.people[role].username if role in cast.people else role
    with patch.object(
        MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
    ) as hashing:
        sign_in(Client(), name, "wrong-password")
    assert hashing.call_count == 1


def test_the_number_of_queries_does_not_tell_a_name_that_exists(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for name in (cast.owner_xp.username, "nobody_here", cast.disabled.username):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            sign_in(Client(), name, "wrong-password")
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts


def test_empty_fields_are_named_and_not_counted_as_a_try(cast: Cast, sign_in: SignIn, client: Client) -> None:
    response = client.post("/signin/", {"username": "", "password": ""})
    assert response.status_code == 422
    assert 'id="id_username_error"' in response.content.decode()
    assert acts("sign_in_failed") == []


@pytest.mark.parametrize("name", ["a\x00b", "x" * 151, "\ud800".encode("utf-8", "surrogatepass")])
def test_names_that_cannot_be_are_refused_without_a_fault(
    cast: Cast, clock: Clock, client: Client, name: str
) -> None:
    response = client.post("/signin/", {"username": name, "password": "x"})
    assert response.status_code == 422


def test_the_password_is_not_shown_again_after_a_failure(cast: Cast, sign_in: SignIn, client: Client) -> None:
    page = sign_in(client, cast.owner_xp, "Wrong-But-Secret-9").content.decode()
    assert "Wrong-But-Secret-9" not in page
    assert cast.owner_xp.username in page


@pytest.mark.parametrize("target", EVIL)
def test_next_leads_nowhere_outside(cast: Cast, sign_in: SignIn, client: Client, target: str) -> None:
    page = client.get("/signin/", {"next": target}).content.decode()
    form = page.partition('id="sign-in"')[2].partition("</form>")[0]
    assert 'name="next"' not in form
    response = sign_in(client, cast.owner_xp, next=target)
    assert response.status_code == 302
    assert response["Location"] == "/"


@pytest.mark.parametrize("target", EVIL)
def test_next_leads_nowhere_outside_for_those_who_are_in_either(
    cast: Cast, sign_in: SignIn, client: Client, target: str
) -> None:
    sign_in(client, cast.owner_xp)
    assert client.get("/signin/", {"next": target})["Location"] == "/"


def test_next_leads_to_the_page_that_was_wanted(cast: Cast, sign_in: SignIn, client: Client) -> None:
    wall = client.get(PAGE + "?a=1&b=2")
    assert wall["Location"] == "/signin/?next=%2Faccount%2F%3Fa%3D1%26b%3D2"
    page = client.get(wall["Location"]).content.decode()
    assert 'name="next" value="/account/?a=1&amp;b=2"' in page
    assert sign_in(client, cast.owner_xp, next="/account/?a=1&b=2")["Location"] == "/account/?a=1&b=2"


def test_the_persons_language_comes_along(cast: Cast, sign_in: SignIn, client: Client) -> None:
    cast.owner_xp.language = "en"
    cast.owner_xp.save()
    sign_in(client, cast.owner_xp)
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_sign_ins_and_failures_are_on_record_with_whence_and_without_secrets(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    sign_in(client, cast.owner_xp, "My-Secret-Typo-1")
    sign_in(client, "Typed-My-Password-Here-1", "x")
    sign_in(client, cast.owner_xp)
    failed, unknown = acts("sign_in_failed")
    assert failed.object_id == cast.owner_xp.pk
    assert failed.data == {"account": "t_owner_xp", "why": "password"}
    assert failed.user is None
    assert failed.ip == "127.0.0.1"
    assert unknown.object_id is None
    assert unknown.data == {"account": "", "why": "password"}  # perhaps a password in the wrong field
    (done,) = acts("signed_in")
    assert (done.user, done.at, done.ip) == (cast.owner_xp, START, "127.0.0.1")
    everything = " ".join(str(act.__dict__) for act in [failed, unknown, done])
    assert "Secret" not in everything
    assert "Typed-My-Password" not in everything


def test_signing_out_is_a_post_ends_the_session_and_is_on_record(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/signout/").status_code == 405
    assert is_in(client)
    response = client.post("/signout/")
    assert response["Location"] == "/signin/?done=out"
    assert "你已退出登录" in client.get(response["Location"]).content.decode()
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_in(stolen)
    assert acts("signed_out")[0].user == cast.owner_xp


def test_signing_in_and_out_need_the_token_of_our_own_page(cast: Cast, clock: Clock) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.owner_xp, backend=settings.AUTHENTICATION_BACKENDS[1])
    assert strict.post("/signout/").status_code == 403
    assert is_in(strict)
    other = Client(enforce_csrf_checks=True)
    assert other.post("/signin/", {"username": "t_owner_xp", "password": PASSWORD}).status_code == 403
