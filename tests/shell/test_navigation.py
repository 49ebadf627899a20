"""Who sees which entry, where it leads, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import override_settings
from django.urls import include, path

from ningde_projects.organizations.models import Place
from ningde_projects.shell import home, navigation
from ningde_projects.shell.actor import ActorLike
from ningde_projects.shell.context_processors import Shell
from ningde_projects.shell.navigation import NavEntry
from ningde_projects.shell.views import home as home_view
from tests.shell.conftest import NOW, SomeActor

urlpatterns = [
    path("", include("ningde_projects.shell.urls")),
    path("todo/", home_view, name="todo"),
    path("todo/done/", home_view, name="done"),
    path("review/", home_view, name="review"),
    path("inbox/", home_view, name="inbox"),
]

OWNER = SomeActor(frozenset({"owner"}))
BUREAU = SomeActor(frozenset({"bureau"}))
pytestmark = pytest.mark.usefixtures("empty_registries")


@pytest.fixture(autouse=True)
def own_urls() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def entry(key: str, duty: str, **more: object) -> NavEntry:
    return NavEntry(key, key.title(), "checkbox", key, navigation.has_duty(duty), **more)  # type: ignore[arg-type]


def test_a_person_sees_only_what_his_duties_allow() -> None:
    navigation.register(entry("todo", "owner"), entry("review", "bureau"))
    assert [e.key for e in navigation.entries_for(OWNER)] == ["todo"]
    assert [e.key for e in navigation.entries_for(BUREAU)] == ["review"]
    assert navigation.entries_for(SomeActor(frozenset())) == []


def test_the_same_key_cannot_be_registered_twice() -> None:
    navigation.register(entry("todo", "owner"))
    with pytest.raises(ValueError, match="todo"):
        navigation.register(entry("todo", "bureau"))


def test_entries_stand_in_the_order_of_their_sections() -> None:
    navigation.register(
        entry("review", "owner", section=navigation.PROJECTS, order=1),
        entry("done", "owner", order=20),
        entry("todo", "owner", order=10),
    )
    shown = navigation.sections(navigation.entries_for(OWNER), {}, "todo")
    assert [[e.key for e in section.entries] for section in shown] == [["todo", "done"], ["review"]]
    assert str(shown[0].title) == "工作"


@pytest.mark.parametrize(
    ("address", "current"), [("/todo/", "todo"), ("/todo/done/", "done"), ("/todo/7/", "todo"), ("/x/", "")]
)
def test_the_longest_matching_address_is_the_current_entry(address: str, current: str) -> None:
    navigation.register(entry("todo", "owner"), entry("done", "owner"))
    assert navigation.current_key(navigation.entries_for(OWNER), address) == current


def test_each_source_is_asked_once_a_request_and_only_for_what_is_seen(
    make_request: Callable[..., HttpRequest],
) -> None:
    asked: list[str] = []

    def count(key: str) -> Callable[[ActorLike, datetime], int]:
        def of(actor: ActorLike, at: datetime) -> int:
            asked.append(key)
            assert at == NOW
            return 3

        return of

    def several(actor: ActorLike, at: datetime) -> Mapping[str, int | None]:
        asked.append("several")
        return {"done": 2}

    navigation.register(
        entry("todo", "owner", count=count("todo"), hot=True, mobile=True),
        entry("done", "owner", count=count("done")),
        entry("review", "bureau", count=count("review")),
    )
    navigation.register_counts(several)
    shell = Shell(make_request("/todo/", actor=OWNER))
    for _ in range(2):
        numbers = {e.key: e.number for section in shell.sections for e in section.entries}
    assert numbers == {"todo": 3, "done": 2}
    assert [(tab.key, tab.number) for tab in shell.tabs] == [("todo", 3)]
    assert asked == ["several", "todo"]


@pytest.mark.django_db
def test_all_numbers_given_as_rows_are_counted_in_one_statement(
    make_request: Callable[..., HttpRequest], django_assert_num_queries: Callable[[int], Any]
) -> None:
    places = Place.objects.order_by("name")
    navigation.register(entry("todo", "owner"), entry("done", "owner"), entry("inbox", "owner"),
                        entry("review", "bureau"))  # fmt: skip
    navigation.register_counts(
        lambda actor, at: {
            "todo": places, "done": places, "inbox": Place.objects.filter(pk__in=[]),
            "review": Place.objects.filter(code="not for this person"),
        }
    )  # fmt: skip
    navigation.register_unread(lambda actor, at: Place.objects.filter(code__in=["XP", "FA"]))
    Place.objects.bulk_create(
        Place(code=c, name=c, short_name=c, order=n) for n, c in enumerate(("XP", "FA", "GT"))
    )
    shell = Shell(make_request(actor=OWNER))
    with django_assert_num_queries(1):
        numbers = {e.key: e.number for section in shell.sections for e in section.entries}
        assert (numbers, shell.unread) == ({"todo": 3, "done": 3, "inbox": 0}, 2)


def test_a_fragment_that_shows_no_navigation_pays_for_none(make_request: Callable[..., HttpRequest]) -> None:
    def forbidden(actor: ActorLike, at: datetime) -> int:
        raise AssertionError

    navigation.register(entry("todo", "owner", count=forbidden))
    assert Shell(make_request(actor=OWNER)).name == "陈晓燕"


def test_bottom_tabs_are_four_at_most_and_use_the_short_label(
    make_request: Callable[..., HttpRequest],
) -> None:
    navigation.register(
        *(
            NavEntry(f"e{n}", f"长名{n}", "checkbox", "todo", navigation.has_duty("owner"), order=n, mobile=True,
                     mobile_label=f"短{n}")
            for n in range(6)
        )
    )  # fmt: skip
    tabs = Shell(make_request(actor=OWNER)).tabs
    assert [tab.label for tab in tabs] == ["短0", "短1", "短2", "短3"]


def test_a_link_nobody_has_registered_is_left_out(make_request: Callable[..., HttpRequest]) -> None:
    navigation.register_link(navigation.Link.NOTICES, "inbox")
    navigation.register_link(navigation.Link.HELP, "not-there")
    links = Shell(make_request(actor=OWNER)).links
    assert (links["notices"], links["help"], links["search"]) == ("/inbox/", "", "")


def test_the_bell_counts_for_a_person_and_not_for_a_visitor(make_request: Callable[..., HttpRequest]) -> None:
    navigation.register_unread(lambda actor, at: 4)
    assert Shell(make_request(actor=OWNER)).unread == 4
    assert Shell(make_request()).unread == 0


def test_home_is_the_first_entry_unless_something_else_fits(make_request: Callable[..., HttpRequest]) -> None:
    navigation.register(entry("todo", "owner"), entry("review", "bureau"))
    home.register_home(lambda actor: actor.has("bureau"), "done")
    assert home_view(make_request("/", actor=OWNER))["Location"] == "/todo/"
    assert home_view(make_request("/", actor=BUREAU))["Location"] == "/todo/done/"


def test_who_has_no_duty_yet_is_told_so_and_not_sent_in_circles(
    make_request: Callable[..., HttpRequest],
) -> None:
    answer = home_view(make_request("/", actor=SomeActor(frozenset())))
    assert answer.status_code == 200
    assert "你的账号还没有分配职责" in answer.content.decode()
