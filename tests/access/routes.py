"""Every address that answers, found by walking the resolver; and the arguments each needs in the tests' world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    parameters: tuple[str, ...]


def all_routes() -> list[Route]:
    """Named and unnamed routes alike; an unnamed one fails the test, since nothing can speak of it."""
    return sorted(_walk(get_resolver().url_patterns, "", ()), key=lambda r: r.name)


def _walk(patterns: list[Any], prefix: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry.url_patterns, pattern, inner)
        elif isinstance(entry, URLPattern):
            name = ":".join((*spaces, entry.name or "?"))
            yield Route(name, pattern, tuple(entry.pattern.converters))


def address(route: Route, values: dict[str, Any]) -> str:
    """The address of a route with the world's arguments; NoReverseMatch when the world has none for it."""
    if "?" in route.name:
        raise NoReverseMatch(f"{route.pattern} has no name")
    return reverse(route.name, kwargs={p: values[p] for p in route.parameters})
