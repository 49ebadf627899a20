"""Two requests at the same moment: each code, link and place is given once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from ningde_projects.signin import factors
from ningde_projects.signin.models import Session
from ningde_projects.signin.services.passwords import issue_reset_link
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import Clock
from tests.signin.test_passwords import GOOD
from tests.signin.test_second_factor import code_for

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Do it in as many threads, each with its own connection."""

    def alone(number: int) -> Any:
        try:
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(alone, range(count)))


def test_a_code_sent_twice_at_once_opens_once(transactional_db: None, cast: Cast, clock: Clock) -> None:
    kept = factors.new_secret()
    factors.keep(cast.owner_xp, kept, clock.now, step=0)
    code = code_for(factors.readable(kept), clock.now)

    def use(_number: int) -> str:
        return factors.use_code(cast.owner_xp, code, clock.now)

    assert sorted(at_once(6, use)) == ["", "", "", "", "", "totp"]


def test_a_recovery_code_sent_twice_at_once_opens_once(
    transactional_db: None, cast: Cast, clock: Clock
) -> None:
    codes = factors.keep(cast.owner_xp, factors.new_secret(), clock.now, step=0)

    def use(_number: int) -> str:
        return factors.use_code(cast.owner_xp, codes[0], clock.now)

    assert sorted(at_once(6, use)) == ["", "", "", "", "", "recovery"]


def test_a_link_used_twice_at_once_sets_one_password(
    transactional_db: None, cast: Cast, clock: Clock
) -> None:
    url = issue_reset_link(cast.owner_xp, by=cast.actor(cast.admin_system, clock.now), at=clock.now)
    address = url.removeprefix(settings.PUBLIC_BASE_URL)

    def use(number: int) -> int:
        new = f"{GOOD}-{number}"
        return Client().post(address, {"new_password": new, "repeated": new}).status_code

    assert sorted(at_once(4, use)) == [302, 410, 410, 410]


def test_an_administrator_who_signs_in_four_times_at_once_has_one_session(
    transactional_db: None, cast: Cast, clock: Clock
) -> None:
    def enter(_number: int) -> int:
        return Client().post("/signin/", {"username": "t_admin_audit", "password": PASSWORD}).status_code

    assert at_once(4, enter) == [302] * 4
    assert Session.objects.filter(user=cast.admin_audit, ended_at__isnull=True).count() == 1


def test_failures_at_once_are_all_counted(transactional_db: None, cast: Cast, clock: Clock) -> None:
    def fail(_number: int) -> int:
        return Client().post("/signin/", {"username": "t_owner_xp", "password": "wrong"}).status_code

    at_once(10, fail)
    answer = Client().post("/signin/", {"username": "t_owner_xp", "password": PASSWORD})
    assert answer.status_code == 429
