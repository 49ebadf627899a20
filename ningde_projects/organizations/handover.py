"""What people hold in their own name, told by the apps that know: handed over before an account closes (point 15).

    handover.register(HandoverSource("responsible", _("Posts of responsible persons"), items, move))

The ground floor knows no projects, so the rooms above register here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from .actor import Actor
from .models import Organisation, User

Text = str | Promise


@dataclass(frozen=True)
class OpenItem:
    """One thing that lies with a person: what it is, and what whoever takes it over has to know."""

    title: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class HandoverSource:
    """`items` lists what lies with the person; `move` gives all of it to the successor in the caller's transaction.

    `move` raises RuleBroken (field "successor") with the way out when the successor cannot take something.
    """

    key: str
    title: Text
    items: Callable[[User, datetime], Sequence[OpenItem]]
    move: Callable[[User, User, Actor, datetime], None]
    #: The same for some subjects only (ids of projects), when a person leaves a post and not the office.
    items_about: Callable[[User, Collection[int], datetime], Sequence[OpenItem]] | None = None
    move_about: Callable[[User, User, Collection[int], Actor, datetime], None] | None = None


@dataclass(frozen=True)
class Group:
    key: str
    title: Text
    lines: Sequence[OpenItem]


#: Why an office cannot be closed yet: sentences, or nothing.
Obstacle = Callable[[Organisation], Sequence[str]]

_sources: dict[str, HandoverSource] = {}
_obstacles: list[Obstacle] = []


def register(*sources: HandoverSource) -> None:
    for source in sources:
        if source.key in _sources:
            raise ValueError(f"hand-over source {source.key} is registered twice")
        _sources[source.key] = source


def register_obstacle(obstacle: Obstacle) -> None:
    _obstacles.append(obstacle)


def open_items(user: User, at: datetime) -> list[Group]:
    """Everything that lies with the person now, by kind; kinds with nothing are left out."""
    found = ((source, source.items(user, at)) for source in _sources.values())
    return [Group(source.key, source.title, lines) for source, lines in found if lines]


def move_all(leaver: User, successor: User, by: Actor, at: datetime) -> None:
    for source in _sources.values():
        source.move(leaver, successor, by, at)


def open_items_about(user: User, subjects: Collection[int], at: datetime) -> list[Group]:
    """What lies with the person in these subjects; sources that know no subjects are left out."""
    found = (
        (source, source.items_about(user, subjects, at))
        for source in _sources.values()
        if source.items_about is not None
    )
    return [Group(source.key, source.title, lines) for source, lines in found if lines]


def move_about(leaver: User, successor: User, subjects: Collection[int], by: Actor, at: datetime) -> None:
    for source in _sources.values():
        if source.move_about is not None:
            source.move_about(leaver, successor, subjects, by, at)


def obstacles(organisation: Organisation) -> list[str]:
    return [sentence for obstacle in _obstacles for sentence in obstacle(organisation)]
