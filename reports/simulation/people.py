"""The people who play: whoever really holds the duty, with his duties read once and re-dated for each act."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ningde_projects.organizations.actor import Actor, holders, load_actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import User


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
