"""Figures 2 and 3: whole requests of the month and of lists, beside their SQL, beside an empty page, and as data grow."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import databases, limits, measuring, world
from benchmarks.limits import Scale
from benchmarks.measuring import Figure, Measured
from benchmarks.turns import Taken, in_turn
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import User


def signed_in(user: User) -> Client:
    """A browser in which the person has begun a session."""
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN,zh")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


class Page:
    """One page as one person opens it."""

    def __init__(self, user: User, path: str) -> None:
        self.user, self.path, self.client = user, path, signed_in(user)

    def open(self) -> None:
        response = self.client.get(self.path)
        if response.status_code != 200:
            raise AssertionError(f"{self.path} answered {response.status_code}")

    def statements(self) -> list[str]:
        """The SQL of one request, as it was sent, the session's included."""
        self.open()
        with CaptureQueriesContext(connection) as found:
            self.open()
        return [query["sql"] for query in found.captured_queries]


def sent_again(statements: list[str]) -> Callable[[], None]:
    """The same reading statements without the page around them; rows are fetched and left alone."""

    def send() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    return send


def middle(work: Callable[[], object], times: int) -> Measured:
    """The median of so many calls, as one measurement."""
    return lambda: statistics.median(measuring.timed(work) for _ in range(times))


def _commission() -> User:
    return world.holder(Duty.DISPATCH, OrgKind.COMMISSION)


def _bureau(place: str) -> User:
    return world.holder(Duty.REVIEW, OrgKind.COUNTY_BUREAU, place)


def opened(
    names: dict[str, str],
    scale: Scale,
    page: Callable[[], Page],
    *beside: Callable[[Page], Callable[[], object]],
) -> tuple[Taken, dict[str, int]]:
    """Seconds of the page and of what stands beside it, and the number of queries, by size."""
    queries: dict[str, int] = {}

    def ways(size: str) -> list[Measured]:
        found = page()
        queries[size] = len(found.statements())
        return [middle(way, scale.requests) for way in (found.open, *(make(found) for make in beside))]

    return in_turn(names, scale.rounds, ways), queries


def month(names: dict[str, str], scale: Scale) -> list[Figure]:
    """The commission's month, and one place's reports of it."""
    shown = world.month_shown()

    def sql_of(page: Page) -> Callable[[], object]:
        reading = [s for s in page.statements() if s.lstrip("( ").upper().startswith(("SELECT", "WITH"))]
        return sent_again(reading)

    whole, queries = opened(names, scale, lambda: Page(_commission(), f"/month/{shown}/"), sql_of)
    databases.use(names["small"])
    code, number = world.fullest_place(shown)
    address = f"/month/{shown}/reports/?place={code}"
    place, _ = opened(names, scale, lambda: Page(_commission(), address))
    large, small = whole["large"], whole["small"]
    return [
        measuring.compare(
            "2a", "the commission's month, whole request / its SQL", limits.MONTH_PAGE_TO_SQL, *large,
            note=f"{queries['large']} queries",
        ),
        measuring.compare(
            "2b", "the commission's month: large / small", limits.PAGE_GROWTH, large[0], small[0],
            note=f"{scale.large} and {scale.small} projects",
        ),
        measuring.compare(
            "2c", "one place's reports of the month: large / small", limits.PAGE_GROWTH, place["large"][0],
            place["small"][0], note=f"{code}, of which small has {number} reports; 50 are shown",
        ),
    ]  # fmt: skip


def lists(names: dict[str, str], scale: Scale) -> list[Figure]:
    """The register, as the whole city's commission and as one county's bureau see it."""
    figures = []
    databases.use(names["small"])
    code, _number = world.fullest_place(world.month_shown())
    readers = (("a", "the commission", _commission), ("d", "a county bureau", lambda: _bureau(code)))
    for letter, who, user in readers:
        taken, queries = opened(
            names, scale, lambda user=user: Page(user(), "/projects/"),  # type: ignore[misc]
            lambda page: Page(page.user, "/empty/").open,
        )  # fmt: skip
        large, small = taken["large"], taken["small"]
        second, third = chr(ord(letter) + 1), chr(ord(letter) + 2)
        same = "the same" if len(set(queries.values())) == 1 else f"NOT the same: {queries}"
        figures += [
            measuring.compare(
                f"3{letter}", f"list of projects, {who} / an empty page of the same frame", limits.LIST_TO_EMPTY,
                *large, note="a page of 50 rows with the counts of all filters",
            ),
            measuring.compare(
                f"3{second}", f"list of projects, {who}: large / small", limits.PAGE_GROWTH, large[0], small[0]
            ),
            measuring.counted(
                f"3{third}", f"list of projects, {who}: queries / those allowed", 1.0,
                float(max(queries.values())), limits.LIST_QUERIES,
                note=f"session and menu included; small and large {same}",
            ),
        ]  # fmt: skip
    return figures
