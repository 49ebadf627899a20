"""Addresses of the work itself. Administrators do not know of them by virtue of office (security.md): 404, never 403."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .actor import Actor

_View = TypeVar("_View", bound=Callable[..., Any])
_namespaces: set[str] = set()
_OPEN = "administrators_read"


def register_business(namespace: str) -> None:
    """Called from an app's ready(): what is under this namespace of addresses is hidden from administrators."""
    _namespaces.add(namespace)


def administrators_read(view: _View) -> _View:
    """Marks a view of such an app as settings or a blank form, without business in it."""
    setattr(view, _OPEN, True)
    return view


def is_hidden(actor: Actor | None, namespace: str, view: Callable[..., Any]) -> bool:
    hidden = namespace in _namespaces and not getattr(view, _OPEN, False)
    return hidden and actor is not None and actor.is_administrator
