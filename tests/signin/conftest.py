"""A clock that stands still, and people who sign in through the page itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from ningde_projects.organizations.models import User
from ningde_projects.workflow.models import Act
from tests.cast import PASSWORD

TZ = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 5, 9, 0, tzinfo=TZ)
#: A page that only the signed-in may open.
PAGE = "/account/"


class Clock:
    """`clock.forward(minutes=29, seconds=59)`; `clock.now` is the instant it stands at."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller = traveller
        self.now = START

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        self.traveller.move_to(self.now, tick=False)
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(START, tick=False) as traveller:
        yield Clock(traveller)


SignIn = Callable[..., HttpResponse]


@pytest.fixture
def sign_in(clock: Clock) -> SignIn:
    """Type name and password into the page; answers what came back."""

    def try_it(client: Client, who: User | str, password: str = PASSWORD, **more: Any) -> HttpResponse:
        name = who.username if isinstance(who, User) else who
        path = more.pop("path", "/signin/")
        headers = more.pop("headers", None)
        return client.post(path, {"username": name, "password": password, **more}, headers=headers)  # type: ignore[return-value]

    return try_it


def is_in(client: Client, **headers: str) -> bool:
    """Can open a page of the signed-in; anything but an open page or the way to the sign-in page is a fault."""
    response = client.get(PAGE, headers=headers)
    assert response.status_code in {200, 302, 401}, response.status_code
    return response.status_code == 200


def acts(name: str) -> list[Act]:
    return list(Act.objects.filter(machine="account", name=name).order_by("id"))
