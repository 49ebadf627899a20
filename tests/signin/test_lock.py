"""Ten failures and a quarter of an hour (A22, B6, B7)."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings as SettingsWrapper

from ningde_projects.signin.services.signing import unlock
from ningde_projects.workflow.refusals import NotAllowed
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import Clock, SignIn, acts, is_in
from tests.signin.test_signing_in import bare


def fail(sign_in: SignIn, name: str, times: int, **more: object) -> None:
    for _ in range(times):
        sign_in(Client(**more), name, "wrong-password")  # type: ignore[arg-type]


def test_the_tries_that_are_left_are_counted_down(cast: Cast, sign_in: SignIn) -> None:
    for left in range(9, 0, -1):
        response = sign_in(Client(), cast.owner_xp, "wrong")
        assert response.status_code == 422
        assert f"还可以再试 {left} 次。连续输错 10 次锁定 15 分钟。" in response.content.decode()


def test_after_nine_failures_the_right_password_still_opens_and_forgives(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    fail(sign_in, "t_owner_xp", 9)
    assert sign_in(client, cast.owner_xp).status_code == 302
    assert "还可以再试 9 次" in sign_in(Client(), cast.owner_xp, "wrong").content.decode()


def test_after_ten_failures_the_right_password_is_refused_too(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    fail(sign_in, "t_owner_xp", 9)
    tenth = sign_in(Client(), cast.owner_xp, "wrong")
    assert tenth.status_code == 429
    assert tenth["Retry-After"] == "900"
    response = sign_in(client, cast.owner_xp)
    assert response.status_code == 429
    assert "请在 15 分钟后再试" in response.content.decode()
    assert not is_in(client)


def test_the_lock_ends_after_fifteen_minutes_and_not_before(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    fail(sign_in, "t_owner_xp", 10)
    clock.forward(minutes=14, seconds=59)
    assert sign_in(client, cast.owner_xp).status_code == 429
    clock.forward(seconds=2)
    assert sign_in(client, cast.owner_xp).status_code == 302


def test_trying_during_the_lock_does_not_make_it_longer(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    fail(sign_in, "t_owner_xp", 10)
    clock.forward(minutes=10)
    fail(sign_in, "t_owner_xp", 3)
    clock.forward(minutes=5, seconds=1)
    assert sign_in(client, cast.owner_xp).status_code == 302


def test_the_lock_says_the_same_for_names_that_do_not_exist_or_are_closed(
    cast: Cast, sign_in: SignIn
) -> None:
    pages = []
    for name in ("t_owner_xp", "nobody_here", cast.disabled.username):
        fail(sign_in, name, 10)
        response = sign_in(Client(), name)
        pages.append((response.status_code, bare(response.content, name), response["Retry-After"]))
    assert pages[0][0] == 429
    assert pages[0] == pages[1] == pages[2]


def test_capitals_do_not_give_ten_more_tries(cast: Cast, sign_in: SignIn, client: Client) -> None:
    fail(sign_in, "t_owner_xp", 5)
    fail(sign_in, "T_OWNER_XP", 5)
    assert sign_in(client, cast.owner_xp).status_code == 429


def test_another_browser_does_not_give_ten_more_tries(cast: Cast, sign_in: SignIn, client: Client) -> None:
    fail(sign_in, "t_owner_xp", 5, HTTP_USER_AGENT="one")
    fail(sign_in, "t_owner_xp", 5, HTTP_USER_AGENT="two")
    assert sign_in(client, cast.owner_xp).status_code == 429


def test_a_colleague_behind_the_same_address_is_not_locked(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    fail(sign_in, "t_owner_xp", 10)
    assert sign_in(client, cast.bureau_xp).status_code == 302


def test_a_stranger_elsewhere_does_not_lock_the_person_out(cast: Cast, sign_in: SignIn) -> None:
    fail(sign_in, "t_owner_xp", 10, REMOTE_ADDR="198.51.100.7")
    assert sign_in(Client(REMOTE_ADDR="192.0.2.1"), cast.owner_xp).status_code == 302


def test_many_addresses_do_not_get_round_the_limit_of_a_name(cast: Cast, sign_in: SignIn) -> None:
    for number in range(10):
        fail(sign_in, "t_owner_xp", 5, REMOTE_ADDR=f"198.51.100.{number}")
    assert sign_in(Client(REMOTE_ADDR="192.0.2.1"), cast.owner_xp).status_code == 429


def test_many_names_do_not_get_round_the_limit_of_an_address(cast: Cast, sign_in: SignIn) -> None:
    for number in range(100):
        fail(sign_in, f"name_{number}", 1, REMOTE_ADDR="198.51.100.7")
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7"), cast.owner_xp).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="192.0.2.1"), cast.owner_xp).status_code == 302


def test_a_made_up_forwarding_header_gives_no_new_address(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    for number in range(10):
        fail(sign_in, "t_owner_xp", 1, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert sign_in(client, cast.owner_xp).status_code == 429


def test_an_emptied_cache_forgives_nothing(cast: Cast, sign_in: SignIn, client: Client) -> None:
    fail(sign_in, "t_owner_xp", 10)
    cache.clear()
    assert sign_in(client, cast.owner_xp).status_code == 429


def test_the_lock_is_on_record_once_however_often_it_is_tried(cast: Cast, sign_in: SignIn) -> None:
    fail(sign_in, "t_owner_xp", 15)
    assert len(acts("sign_in_failed")) == 10
    (lock,) = acts("locked_out")
    assert lock.object_id == cast.owner_xp.pk


def test_neither_password_nor_code_is_kept_with_the_attempts(cast: Cast, sign_in: SignIn) -> None:
    sign_in(Client(), cast.owner_xp, "My-Secret-Typo-1", code="123456", kept="what-was-typed")
    kept = " ".join(str(row.__dict__) for row in AccessAttempt.objects.all())
    for secret in ("My-Secret-Typo-1", "123456", "what-was-typed"):
        assert secret not in kept


def test_the_security_administrator_unlocks_and_nobody_else(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    fail(sign_in, "t_owner_xp", 10)
    with pytest.raises(NotAllowed, match="安全管理员"):
        unlock(cast.owner_xp, by=cast.actor(cast.admin_system, clock.now), at=clock.now)
    unlock(cast.owner_xp, by=cast.actor(cast.admin_security, clock.now), at=clock.now)
    assert sign_in(client, cast.owner_xp).status_code == 302
    assert acts("unlocked")[0].user == cast.admin_security


def test_guessing_the_present_password_on_the_password_page_locks_too(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    """A thief with someone's open browser has no more tries than at the door."""
    sign_in(client, cast.owner_xp)
    form = {"password": "guess", "new_password": "Quiet-Harbour-58-Lamp", "repeated": "Quiet-Harbour-58-Lamp"}
    for _ in range(9):
        assert client.post("/account/password/", form).status_code == 422
    assert client.post("/account/password/", form).status_code == 429
    assert client.post("/account/password/", form | {"password": PASSWORD}).status_code == 429
    cast.owner_xp.refresh_from_db()
    assert cast.owner_xp.check_password(PASSWORD)


def test_the_figures_are_settings(
    cast: Cast, sign_in: SignIn, client: Client, settings: SettingsWrapper
) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    fail(sign_in, "t_owner_xp", 3)
    assert sign_in(client, cast.owner_xp).status_code == 429
