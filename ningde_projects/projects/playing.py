"""What every room of the time machine shares: reproducible chance, office hours, the people who really hold the duties.

A room registers a player; each calendar month the time machine lets every player put its acts on the clock:

    @player
    def meetings(month: Month, play: Schedule) -> None:
        play.at(moment(rng(play.seed, "meeting", project.pk, month), month, 5, 25), partial(hold, project, play.people))

A player only calls services with the instant that it is given; it never writes a state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from ningde_projects.organizations.actor import Actor, holders, load_actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import User
from ningde_projects.periods.month import Month

Event = Callable[[datetime], None]


def rng(*parts: object) -> Random:
    """A generator of its own for each decision, so that one more project changes nobody else's month."""
    return Random("|".join(str(p) for p in parts))  # noqa: S311  (play, not secrecy)


def chance(*parts: object) -> float:
    """One decision between 0 and 1. Name things by what they are called: the database numbers them anew in each run."""
    return rng(*parts).random()


def moment(r: Random, month: Month, first_day: int, last_day: int) -> datetime:
    """An office hour between two days of the calendar month, in Ningde."""
    day = month.day(r.randint(first_day, last_day))
    start = Month.of(day).start.replace(day=day.day)
    return start + timedelta(hours=r.randint(8, 17), minutes=r.randint(0, 59), seconds=r.randint(0, 59))


class People:
    def __init__(self) -> None:
        self._actors: dict[int, Actor] = {}
        self._holders: dict[tuple[Duty, int], list[User]] = {}

    def holder(self, duty: Duty, office_id: int, at: datetime, *, number: int = 0) -> Actor | None:
        """The `number`-th holder of a duty at an office, as he stands at an instant; None when nobody holds it."""
        key = (duty, office_id)
        if key not in self._holders:
            self._holders[key] = holders(duty, [office_id], at)
        people = self._holders[key]
        return self.actor(people[number % len(people)], at) if people else None

    def actor(self, user: User, at: datetime) -> Actor:
        if user.pk not in self._actors:
            self._actors[user.pk] = load_actor(user, at)
        return replace(self._actors[user.pk], at=at)

    def others(self, duty: Duty, office_id: int, at: datetime, but: int | None) -> Actor | None:
        """A holder other than the one named: nobody approves what he filed."""
        self.holder(duty, office_id, at)
        people = [u for u in self._holders[(duty, office_id)] if u.pk != but]
        return self.actor(people[0], at) if people else None


class Schedule(Protocol):
    """The clock of a play, as a player sees it; what lies beyond the present is never played."""

    seed: int
    people: People

    def at(self, instant: datetime, event: Event) -> None: ...


Player = Callable[[Month, Schedule], None]
_players: list[Player] = []


def player(function: Player) -> Player:
    """Register a room's player; it is called once for each calendar month, before that month begins."""
    _players.append(function)
    return function


def players() -> tuple[Player, ...]:
    return tuple(_players)
