"""Posts that a filed list covers: their only door is the filed change, whoever asks (M3.4).

The room that keeps the lists registers how it knows; the register itself has none.

    posts_on_file.register(on_file)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ningde_projects.organizations.actor import Actor

from .models import Project

#: (post, place id): a place only for a county's part of a project across counties.
Key = tuple[str, int | None]


@dataclass(frozen=True)
class OnFile:
    """Why the post is not changed directly, and where this person files the change ("" when he does not)."""

    reason: str
    change_url: str = ""


Lookup = Callable[[Project, Actor], Mapping[Key, OnFile]]
_lookups: list[Lookup] = []


def register(lookup: Lookup) -> None:
    _lookups.append(lookup)


def posts_of(project: Project, actor: Actor) -> dict[Key, OnFile]:
    """The posts of the project that are on file, as they stand at the actor's instant."""
    found: dict[Key, OnFile] = {}
    for lookup in _lookups:
        found.update(lookup(project, actor))
    return found
