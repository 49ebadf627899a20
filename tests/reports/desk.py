"""People at their desks: a clock that stands where the story is, and pages opened by whoever is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ningde_projects.organizations.models import User
from tests.cast import Cast
from tests.reports.story import november

HTMX = {"HX-Request": "true"}
#: As app.js asks for the inside of the page's dialog, and for that of the reading pane.
DIALOG = HTMX | {"HX-Target": "nd-dialog-body"}
PANE = HTMX | {"HX-Target": "pane"}
_CHANGING = re.compile(r'(csrfmiddlewaretoken|idempotency_key|csrf-token)"[^>]*')


class Desk:
    """`desk.get(cast.bureau_xp, "/review/")`; `desk.at(november(9))` moves the clock."""

    def __init__(self, cast: Cast, traveller: time_machine.Traveller) -> None:
        self.cast = cast
        self.traveller = traveller
        self.now = november(8)

    def at(self, moment: datetime) -> Desk:
        self.now = moment
        self.traveller.move_to(moment, tick=False)
        return self

    def client(self, user: User) -> Client:
        client = Client()
        self.cast.login(client, user)
        return client

    def get(self, user: User, path: str, **options: Any) -> Any:
        return self.client(user).get(path, **options)

    def post(self, user: User, path: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        return self.client(user).post(path, data or {}, **options)

    def text(self, user: User, path: str, **options: Any) -> str:
        """The page's words; 200 is demanded."""
        response = self.get(user, path, **options)
        assert response.status_code == 200, (path, response.status_code)
        return words_of(response)

    def asked(self, user: User, path: str) -> list[str]:
        """The queries of a page, session and menu included; the first page of a session also binds it to the person."""
        client = self.client(user)
        client.get("/notices/")
        with CaptureQueriesContext(connection) as found:
            response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return [query["sql"] for query in found]

    def queries(self, user: User, path: str) -> int:
        """How many queries a page costs."""
        return len(self.asked(user, path))


def words_of(response: Any) -> str:
    return str(response.content.decode())


def still(text: str) -> str:
    """Without what differs at every rendering."""
    return _CHANGING.sub("", text)


@pytest.fixture
def desk(cast: Cast) -> Iterator[Desk]:
    with time_machine.travel(november(8), tick=False) as traveller:
        yield Desk(cast, traveller)
