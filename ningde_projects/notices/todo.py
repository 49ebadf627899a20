"""What I owe, by when (E1): computed from the state of things, never ticked off by hand. Apps register sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from ningde_projects.organizations.actor import Actor


@dataclass(frozen=True)
class TodoItem:
    title: str
    detail: str
    url: str
    action: str | Promise
    due: datetime | None = None
    #: 0 returned, 1 overdue, 2 due soon, 3 the rest — the order of work (DESIGN.md §1.2)
    rank: int = 3
    icon: str = "checkbox"


@dataclass(frozen=True)
class TodoGroup:
    key: str
    title: str | Promise
    items: tuple[TodoItem, ...]
    total: int
    url: str = ""


TodoSource = Callable[[Actor, datetime], list[TodoGroup]]
_sources: list[TodoSource] = []


def todo_source(function: TodoSource) -> TodoSource:
    _sources.append(function)
    return function


def todo_for(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Groups with something in them, most pressing first."""
    groups = [group for source in _sources for group in source(actor, at) if group.total]
    return sorted(groups, key=lambda g: min((i.rank for i in g.items), default=9))
