"""What base.html needs. Everything is lazy: a fragment for htmx or a JSON answer pays for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from . import actor as people
from . import navigation, preferences
from .formats import last_day
from .home import home_url

MOBILE_TABS = 4
#: The largest number that fits on the bell.
UNREAD_SHOWN = 99


@dataclass
class Shell:
    """One per request; each part is computed at most once, when the template first asks."""

    request: HttpRequest

    @cached_property
    def actor(self) -> people.ActorLike | None:
        return people.actor_of(self.request)

    @cached_property
    def name(self) -> str:
        return people.person_name(self.actor.user) if self.actor else ""

    @property
    def initial(self) -> str:
        return self.name[:1]

    @cached_property
    def unit(self) -> str:
        return str(self.actor.organisation or "") if self.actor else ""

    @cached_property
    def duties(self) -> str:
        return people.duties_text(self.actor) if self.actor else ""

    @cached_property
    def acting(self) -> list[tuple[str, date]]:
        """For whom the person acts now, and the last day of it; several duties for one are one line."""
        held = getattr(self.actor, "held", ())
        found = {
            (people.person_name(h.principal), last_day(h.until)) for h in held if h.principal and h.until
        }
        return sorted(found, key=lambda line: (line[1], line[0]))

    @cached_property
    def home(self) -> str:
        return (home_url(self.actor) if self.actor else None) or "/"

    @cached_property
    def _entries(self) -> list[navigation.NavEntry]:
        return navigation.entries_for(self.actor) if self.actor else []

    @cached_property
    def _numbers(self) -> dict[str, int | None]:
        return (
            navigation.numbers(self._entries, self.actor, people.now_of(self.request)) if self.actor else {}
        )

    @cached_property
    def _current(self) -> str:
        return navigation.current_key(self._entries, self.request.path)

    @cached_property
    def sections(self) -> list[navigation.ShownSection]:
        return navigation.sections(self._entries, self._numbers, self._current)

    @cached_property
    def tabs(self) -> list[navigation.ShownEntry]:
        mobile = [entry for entry in self._entries if entry.mobile][:MOBILE_TABS]
        return navigation.shown(mobile, self._numbers, self._current, mobile=True)

    @cached_property
    def unread(self) -> int:
        return self._numbers.get(navigation.UNREAD) or 0

    @property
    def unread_shown(self) -> str:
        """What the bell shows, and what it is called for those who do not see it."""
        return f"{UNREAD_SHOWN}+" if self.unread > UNREAD_SHOWN else str(self.unread)

    @cached_property
    def period(self) -> navigation.PeriodSwitch | None:
        return navigation.period_switch(self.request) if self.actor else None

    @cached_property
    def links(self) -> dict[str, str]:
        return {link.value: navigation.link(link) for link in navigation.Link}

    @property
    def rail(self) -> bool | None:
        """The user's choice; ``None`` leaves it to the page."""
        return preferences.rail(self.request)

    @property
    def keys(self) -> bool:
        return preferences.single_keys(self.request)

    @property
    def support(self) -> str:
        return str(getattr(settings, "SUPPORT_CONTACT", ""))

    @property
    def demonstration(self) -> bool:
        return bool(getattr(settings, "DEMONSTRATION", False))


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
