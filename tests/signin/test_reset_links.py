"""The single-use link, and the page for those who have forgotten (B4, B7)."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from ningde_projects.organizations.models import User
from ningde_projects.signin.models import ResetLink
from ningde_projects.signin.services.passwords import issue_reset_link
from ningde_projects.workflow.refusals import NotAllowed
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import Clock, SignIn, acts, is_in
from tests.signin.test_passwords import GOOD


def link_for(cast: Cast, user: User, clock: Clock) -> str:
    """The link's path, as the person opens it."""
    url = issue_reset_link(user, by=cast.actor(cast.admin_system, clock.now), at=clock.now)
    assert url.startswith(settings.PUBLIC_BASE_URL + "/signin/reset/")
    return url.removeprefix(settings.PUBLIC_BASE_URL)


def use(path: str, password: str = GOOD) -> int:
    return Client().post(path, {"new_password": password, "repeated": password}).status_code


def test_the_link_sets_a_password_and_its_owner_signs_in_with_it(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    path = link_for(cast, cast.owner_xp, clock)
    assert "t_owner_xp" in client.get(path).content.decode()
    response = client.post(path, {"new_password": GOOD, "repeated": GOOD})
    assert response["Location"] == "/signin/?done=password"
    assert "新密码已设置" in client.get(response["Location"]).content.decode()
    assert not is_in(client)  # the link is no sign-in
    assert sign_in(Client(), cast.owner_xp).status_code == 422
    assert sign_in(client, cast.owner_xp, GOOD).status_code == 302
    assert is_in(client)  # nothing else is asked: he has just chosen it


def test_it_works_once(cast: Cast, clock: Clock) -> None:
    path = link_for(cast, cast.owner_xp, clock)
    assert use(path) == 302
    assert use(path, "Other-Harbour-58-Lamp") == 410
    assert Client().get(path).status_code == 410
    cast.owner_xp.refresh_from_db()
    assert cast.owner_xp.check_password(GOOD)


def test_looking_at_it_does_not_use_it_up(cast: Cast, clock: Clock, client: Client) -> None:
    path = link_for(cast, cast.owner_xp, clock)
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert use(path) == 302


def test_a_password_that_breaks_a_rule_does_not_use_it_up(cast: Cast, clock: Clock) -> None:
    path = link_for(cast, cast.owner_xp, clock)
    assert use(path, "Ningde@2026888") == 422
    assert use(path, PASSWORD) == 422  # the present one
    assert use(path) == 302


def test_it_works_for_24_hours_less_a_second(cast: Cast, clock: Clock) -> None:
    path = link_for(cast, cast.owner_xp, clock)
    clock.forward(hours=23, minutes=59, seconds=59)
    assert use(path) == 302


def test_it_does_not_work_24_hours_and_a_second_later(cast: Cast, clock: Clock) -> None:
    path = link_for(cast, cast.owner_xp, clock)
    clock.forward(hours=24, seconds=1)
    assert Client().get(path).status_code == 410
    assert use(path) == 410
    cast.owner_xp.refresh_from_db()
    assert cast.owner_xp.check_password(PASSWORD)


def test_a_newer_link_puts_an_end_to_the_older_one(cast: Cast, clock: Clock) -> None:
    old = link_for(cast, cast.owner_xp, clock)
    new = link_for(cast, cast.owner_xp, clock)
    assert use(old) == 410
    assert use(new) == 302


def test_changing_the_password_oneself_puts_an_end_to_a_link(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    from tests.signin.test_passwords import change

    path = link_for(cast, cast.owner_xp, clock)
    sign_in(client, cast.owner_xp)
    change(client)
    assert use(path, "Other-Harbour-58-Lamp") == 410


def test_a_closed_account_is_not_opened_by_it(cast: Cast, clock: Clock) -> None:
    path = link_for(cast, cast.owner_xp, clock)
    cast.owner_xp.is_active = False
    cast.owner_xp.save()
    assert use(path) == 410


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "..", "a" * 5000])
def test_made_up_links_answer_like_old_ones(cast: Cast, clock: Clock, client: Client, token: str) -> None:
    assert client.get(f"/signin/reset/{token}/").status_code in {404, 410}


def test_using_it_ends_every_session_and_lifts_the_lock(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    for _ in range(10):
        sign_in(Client(), cast.owner_xp, "wrong")
    assert use(link_for(cast, cast.owner_xp, clock)) == 302
    assert not is_in(client)
    assert sign_in(Client(), cast.owner_xp, GOOD).status_code == 302


def test_the_database_does_not_hold_the_token(cast: Cast, clock: Clock) -> None:
    token = link_for(cast, cast.owner_xp, clock).split("/")[-2]
    assert token not in str(ResetLink.objects.get().__dict__)


@pytest.mark.parametrize(
    "role", ["admin_security", "admin_audit", "commission", "bureau_head_xp", "owner_xp"]
)
def test_only_the_system_administrator_issues_links(cast: Cast, clock: Clock, role: str) -> None:
    with pytest.raises(NotAllowed, match="系统管理员"):
        issue_reset_link(cast.bureau_xp, by=cast.actor(cast.people[role], clock.now), at=clock.now)
    assert not ResetLink.objects.exists()


def test_not_for_oneself_and_not_for_a_closed_account(cast: Cast, clock: Clock) -> None:
    admin = cast.actor(cast.admin_system, clock.now)
    for user in (cast.admin_system, cast.disabled):
        with pytest.raises(NotAllowed):
            issue_reset_link(user, by=admin, at=clock.now)


def test_issue_and_use_are_on_record_and_the_token_is_not(cast: Cast, clock: Clock) -> None:
    path = link_for(cast, cast.owner_xp, clock)
    use(path)
    (issued,), (used,) = acts("reset_link_issued"), acts("password_reset")
    assert (issued.user, issued.object_id) == (cast.admin_system, cast.owner_xp.pk)
    assert (used.user, used.object_id) == (None, cast.owner_xp.pk)
    assert path.split("/")[-2] not in str(issued.__dict__) + str(used.__dict__)


def test_the_page_for_the_forgetful_asks_for_nothing_and_so_tells_nothing(
    cast: Cast, clock: Clock, client: Client
) -> None:
    page = client.get("/signin/forgotten/").content.decode()
    assert "系统管理员" in page
    assert 'name="username"' not in page
    assert client.post("/signin/forgotten/", {"username": "t_owner_xp"}).status_code == 405
