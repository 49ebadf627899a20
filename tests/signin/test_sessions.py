"""How long a sign-in lasts and what ends it (A21, B9–B13, B15)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Assignment, Delegation
from ningde_projects.signin.models import Because, Session
from ningde_projects.signin.services.sessions import end_sessions, sweep
from tests.cast import Cast
from tests.signin.conftest import PAGE, START, Clock, SignIn, acts, is_in


@pytest.fixture(autouse=True)
def no_factor_asked(settings: object) -> None:
    settings.SECOND_FACTOR_DUTIES = []  # type: ignore[attr-defined]


def test_twenty_nine_minutes_and_59_seconds_of_rest_are_allowed(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    clock.forward(minutes=29, seconds=59)
    assert is_in(client)


def test_thirty_minutes_and_a_second_are_not(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    clock.forward(minutes=30, seconds=1)
    assert not is_in(client)


@pytest.mark.parametrize("role", ["admin_system", "admin_security", "admin_audit"])
def test_administrators_have_fifteen_minutes(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client, role: str
) -> None:
    sign_in(client, cast.people[role])
    clock.forward(minutes=14, seconds=59)
    assert is_in(client)
    clock.forward(minutes=15, seconds=1)
    assert not is_in(client)


def test_whoever_works_stays_in_until_eight_hours_are_over(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    while clock.now - START < timedelta(hours=7, minutes=40):
        clock.forward(minutes=20)
        assert is_in(client)
    clock.forward(minutes=19, seconds=59)
    assert is_in(client)
    clock.forward(seconds=1)
    assert not is_in(client)


def test_changing_the_password_does_not_make_the_eight_hours_longer(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    from tests.signin.test_passwords import change

    sign_in(client, cast.owner_xp)
    for _ in range(16):
        clock.forward(minutes=29)
        assert is_in(client)
    assert change(client).status_code == 302
    clock.forward(minutes=17)  # 8:01 after the start, 17 minutes after the new key
    assert not is_in(client)


def test_background_requests_do_not_keep_a_session_alive(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    for _ in range(29):
        clock.forward(minutes=1)
        assert is_in(client, **{"X-Background": "1"})
    clock.forward(minutes=1, seconds=1)
    assert not is_in(client, **{"X-Background": "1"})


def test_a_clock_that_goes_back_an_hour_throws_nobody_out_and_shortens_nothing(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    clock.forward(hours=-1)
    assert is_in(client)
    clock.forward(hours=1, minutes=29)
    assert is_in(client)


def test_who_was_away_too_long_is_told_why_and_comes_back_to_the_page(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    clock.forward(minutes=31)
    response = client.get(PAGE)
    assert response["Location"] == "/signin/?next=%2Faccount%2F&why=idle"
    assert "长时间未操作" in client.get(response["Location"]).content.decode()


def test_an_account_that_is_closed_is_out_at_the_very_next_request(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    assert is_in(client)
    cast.owner_xp.is_active = False
    cast.owner_xp.save()
    assert not is_in(client)
    cast.owner_xp.is_active = True
    cast.owner_xp.save()
    assert not is_in(client)  # and does not come back with the account


@pytest.mark.parametrize("what", ["given", "withdrawn", "run out"])
def test_a_change_of_duties_ends_every_session_at_the_next_request(
    cast: Cast, sign_in: SignIn, clock: Clock, what: str
) -> None:
    if what == "run out":
        Assignment.objects.filter(user=cast.bureau_xp).update(valid_to=START + timedelta(minutes=5))
    first, second = Client(), Client()
    sign_in(first, cast.bureau_xp)
    sign_in(second, cast.bureau_xp)
    assert is_in(first)
    if what == "given":
        Assignment.objects.create(
            user=cast.bureau_xp, duty=Duty.VIEW, organisation=cast.bureau_xp.organisation, valid_from=START
        )
    elif what == "withdrawn":
        Assignment.objects.filter(user=cast.bureau_xp).update(revoked_at=START)
    else:
        clock.forward(minutes=5)
    assert first.get(PAGE)["Location"].endswith("why=duty")
    assert second.get(PAGE)["Location"].endswith("why=duty")


def test_acting_for_someone_begins_without_throwing_the_deputy_out(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.bureau2_xp)
    Delegation.objects.create(
        principal=cast.bureau_xp, delegate=cast.bureau2_xp, duty=Duty.REVIEW, created_by=cast.bureau_xp,
        organisation=cast.bureau_xp.organisation, valid_from=START, valid_to=START + timedelta(days=2),
        reason="leave", created_at=START,
    )  # fmt: skip
    assert is_in(client)


def test_a_fourth_session_ends_the_one_that_was_used_least_lately_and_it_is_told(
    cast: Cast, sign_in: SignIn, clock: Clock
) -> None:
    browsers = [Client() for _ in range(4)]
    for browser in browsers[:3]:
        sign_in(browser, cast.owner_xp)
        clock.forward(minutes=1)
    assert is_in(browsers[0])  # used again: now the second is the one used least lately
    clock.forward(minutes=1)
    sign_in(browsers[3], cast.owner_xp)
    assert [is_in(browser) for browser in (browsers[0], browsers[2], browsers[3])] == [True, True, True]
    response = browsers[1].get(PAGE)
    assert response["Location"].endswith("why=elsewhere")
    assert "其他地方登录" in browsers[1].get(response["Location"]).content.decode()


def test_an_administrator_has_one_session(cast: Cast, sign_in: SignIn) -> None:
    first, second = Client(), Client()
    sign_in(first, cast.admin_system)
    sign_in(second, cast.admin_system)
    assert not is_in(first)
    assert is_in(second)


def test_sessions_of_others_do_not_count(cast: Cast, sign_in: SignIn) -> None:
    mine = Client()
    sign_in(mine, cast.owner_xp)
    for _ in range(3):
        sign_in(Client(), cast.bureau_xp)
    assert is_in(mine)


def test_ended_by_the_service_it_is_over_and_its_contents_are_gone(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    assert end_sessions(cast.owner_xp, at=clock.now, because=Because.ENDED) == 1
    assert Session.objects.get().session_data == ""
    assert not is_in(client)


def test_a_request_under_way_does_not_bring_an_ended_session_back(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    under_way = client.session
    under_way["half"] = "done"
    end_sessions(cast.owner_xp, at=clock.now, because=Because.ENDED)
    from django.contrib.sessions.backends.base import UpdateError

    with pytest.raises(UpdateError):
        under_way.save()
    assert not is_in(client)


def test_the_sweep_drops_what_is_long_over_and_nothing_in_use(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(Client(), cast.owner_xp)
    clock.forward(hours=16, seconds=1)
    sign_in(client, cast.bureau_xp)
    assert sweep(clock.now) == 1
    assert is_in(client)
    assert Session.objects.get().user == cast.bureau_xp


def test_the_cookie_is_for_our_pages_only_and_ends_with_the_browser(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""


def test_reading_pages_writes_no_session_more_often_than_every_ten_seconds(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    clock.forward(seconds=9)
    is_in(client)
    assert Session.objects.get().last_seen_at == START
    clock.forward(seconds=1)
    is_in(client)
    assert Session.objects.get().last_seen_at == START + timedelta(seconds=10)


def test_the_end_of_a_session_from_the_account_page_is_on_record(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    other = Client()
    sign_in(other, cast.owner_xp)
    sign_in(client, cast.owner_xp)
    client.post("/account/sessions/end/")
    assert is_in(client)
    assert not is_in(other)
    assert acts("session_ended")[0].data == {"sessions": 1}
