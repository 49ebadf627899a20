"""What else waits, on everybody's home (E1): every room's items, whichever desk the home happens to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import template
from django.urls import resolve

from ningde_projects.organizations.actor import Actor
from ningde_projects.shell.home import home_url

from ..todo import TodoGroup, todo_for

register = template.Library()
#: Homes that list the items of all rooms themselves.
_LISTS_ITSELF = frozenset({"hookups:leading"})
#: Of each group; the rest is one step away, on the group's own page.
_SHOWN = 5


@register.simple_tag(takes_context=True)
def home_todo(context: dict[str, Any]) -> list[TodoGroup]:
    """The groups that this page is not itself the desk of; nothing on any page but the person's home."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if request is None or not isinstance(actor, Actor) or request.method != "GET" or request.GET:
        return []
    match = request.resolver_match
    if match is None or match.view_name in _LISTS_ITSELF:
        return []
    if not _is_home(match.view_name, actor):
        return []
    groups = [group for group in todo_for(actor, request.now) if not _is_here(group, request.path)]
    return [replace(group, items=group.items[:_SHOWN]) if group.url else group for group in groups]


def _is_home(view_name: str, actor: Actor) -> bool:
    """A desk that opens on the month in work is the home too: `month_current` leads to `month`."""
    url = home_url(actor)
    if url is None:
        return False
    name = resolve(url).view_name
    return view_name in (name, name.removesuffix("_current"))


def _is_here(group: TodoGroup, path: str) -> bool:
    return bool(group.url) and path.startswith(group.url.partition("?")[0])
