"""Ties the rows that changed to the act that changed them.

The row history's triggers write the id of the current context into each history row; an act keeps the same id.
So "what did this act change" is one look-up, and both ends of it are append-only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pghistory
from pghistory import runtime


def current_id() -> UUID | None:
    """The context that history rows written now belong to."""
    found = getattr(runtime._tracker, "value", None)
    return None if found is None else UUID(str(found.id))


@contextmanager
def changes(**facts: Any) -> Iterator[None]:
    """A context for a request or a job; inside another one it only adds its facts."""
    with pghistory.context(**facts):
        yield


@contextmanager
def changes_of_one_act(**facts: Any) -> Iterator[None]:
    """A context of its own, also inside a request's: fifty acts of one request keep their rows apart.

    pghistory joins nested contexts into one, so the inner one is put in its place for as long as it lasts.
    """
    outer = getattr(runtime._tracker, "value", None)
    if outer is None:
        with pghistory.context(**facts):
            yield
        return
    runtime._tracker.value = runtime.Context(id=uuid4(), metadata={**outer.metadata, **facts})
    try:
        yield
    finally:
        runtime._tracker.value = outer
