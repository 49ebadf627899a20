"""The grid route × cast, complete: an address without a row fails, and so does any other answer (security.md A1, A2).

`GRID=write make test T=tests/access` writes the table anew; every change in it is then read by a person, and
docs/permissions.md follows from it.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch

from tests.access.contents import text_of
from tests.access.routes import Route, address, all_routes
from tests.access.values import values_for
from tests.access.world import World, build
from tests.cast import CANARIES, CAST, Cast
from tests.reports.story import november

GRID: Path = settings.BASE_DIR / "tests" / "access" / "grid.csv"
PEOPLE = ["nobody", *CAST]
#: Whose words each person may meet. XP and FA share one project across both, so its lead owner's name as well;
#: the city reads the counties' filed work.
_COUNTY = {"xp": {"xp", "owner_xp", "cross", "owner_sj"}, "fa": {"fa", "owner_fa", "cross", "owner_sj"}}
_CITY = set(CANARIES)


def may_meet(role: str) -> set[str]:
    """The canaries that may stand in an answer to this person."""
    person = CAST.get(role)
    if person is None or not person.duties or role == "disabled":
        return set() if person is None else _own(role)
    if role.startswith("admin_"):
        # Names of offices are an administrator's business, the projects and what they say are not.
        return {name for name in CANARIES if name.startswith("owner_")}
    if person.place in ("XP", "FA"):
        return _COUNTY[person.place.lower()] | _own(role)
    if role == "owner_sj":
        return {"municipal", "cross", "owner_sj"} | _own(role)
    return _CITY


def _own(role: str) -> set[str]:
    return {f"owner_{CAST[role].place.lower()}"} if CAST[role].key == "yz" else set()


def written() -> dict[str, dict[str, str]]:
    with GRID.open(encoding="utf-8", newline="") as file:
        return {row.pop("route"): row for row in csv.DictReader(file)}


@pytest.fixture
def world(cast: Cast) -> World:
    return build(cast)


def _ask(world: World, role: str, routes: list[Route]) -> tuple[dict[str, str], list[str]]:
    """The status of every route for one person, and the foreign words that were met."""
    statuses: dict[str, str] = {}
    leaks: list[str] = []
    allowed = may_meet(role)
    client = Client(raise_request_exception=False)
    if role != "nobody":
        world.cast.login(client, world.cast.people[role])
    for route in routes:
        values: dict[str, Any] = values_for(route, world)
        try:
            url = address(route, values)
        except (NoReverseMatch, KeyError) as missing:
            pytest.fail(f"tests/access/values.py has nothing for {route.name} ({route.pattern}): {missing}")
        response = client.get(url)
        statuses[route.name] = str(response.status_code)
        said = text_of(response)
        leaks += [
            f"{route.name} shows {role} the words of {k}"
            for k, w in CANARIES.items()
            if w in said and k not in allowed
        ]
    return statuses, leaks


def test_e4_every_route_for_everyone_of_the_cast_answers_as_written_down(world: World) -> None:
    routes = all_routes()
    found: dict[str, dict[str, str]] = {r.name: {} for r in routes}
    leaks: list[str] = []
    with time_machine.travel(november(13), tick=True):
        for role in PEOPLE:
            statuses, met = _ask(world, role, routes)
            leaks += met
            for name, status in statuses.items():
                found[name][role] = status
    if os.environ.get("GRID") == "write":
        with GRID.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["route", *PEOPLE], lineterminator="\n")
            writer.writeheader()
            writer.writerows({"route": name, **row} for name, row in found.items())
    expected = written()
    assert sorted(expected) == sorted(found), "an address without a row, or a row without an address"
    wrong = [
        f"{name} for {role}: {status}, written down {expected[name][role]}"
        for name, row in found.items()
        for role, status in row.items()
        if status != expected[name][role]
    ]
    assert not wrong, "\n".join(wrong)
    assert not leaks, "\n".join(leaks)
    # Without a beat and a worker, as in the tests, /healthz says honestly that the service is not whole.
    assert not [
        f"{n} {r}" for n, row in found.items() for r, s in row.items() if s.startswith("5") and n != "healthz"
    ]


def test_a_disabled_person_and_nobody_see_nothing() -> None:
    """Written down by hand a second time, for the two who matter most."""
    public = {name for name, row in written().items() if row["nobody"] == "200"}
    for name, row in written().items():
        assert row["disabled"] == row["nobody"], name
        assert row["nobody"] in ("200", "302", "401", "404", "405", "410", "503"), name
    assert all(
        not n.startswith(("reports:", "projects:", "organizations:", "workflow:", "periods:")) for n in public
    )
