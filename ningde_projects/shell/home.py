"""Where "/" leads: the first registered home that fits, else the first entry of the person's navigation."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from . import navigation
from .actor import ActorLike

_homes: list[tuple[int, Callable[[ActorLike], bool], str]] = []


def register_home(predicate: Callable[[ActorLike], bool], url_name: str, *, order: int = 100) -> None:
    """Lower ``order`` is asked first."""
    _homes.append((order, predicate, url_name))
    _homes.sort(key=lambda home: home[0])


def home_url(actor: ActorLike) -> str | None:
    """``None`` when nothing at all is open to this person."""
    for _order, predicate, url_name in _homes:
        if predicate(actor):
            return reverse(url_name)
    entries = navigation.entries_for(actor)
    return entries[0].url() if entries else None
