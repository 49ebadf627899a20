"""Where apps that hold due dates say how an extension moves them (one-way imports)."""

from __future__ import annotations

from collections.abc import Callable

from .models import Extension

Follower = Callable[[Extension], int]
_followers: list[Follower] = []


def on_extension(function: Follower) -> Follower:
    """Called in the transaction that grants an extension; answers how many rows it moved."""
    _followers.append(function)
    return function


def followers() -> list[Follower]:
    return _followers
