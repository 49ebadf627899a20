"""Every address that answers, found by walking the resolver; and the arguments each needs in the tests' world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from ningde_projects.documents.exports import exports
from ningde_projects.documents.imports import importers


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    parameters: tuple[str, ...]
    #: What one of the lists under a common route fixes; it stands behind the name: "documents:export pushes".
    fixed: dict[str, str] = field(default_factory=dict)


def all_routes() -> list[Route]:
    """Named and unnamed routes alike; an unnamed one fails the test, since nothing can speak of it."""
    found = list(_walk(get_resolver().url_patterns, "", ()))
    by_name = {route.name: route for route in found}
    for name, kinds in (
        ("documents:export", exports()), ("documents:import-start", importers()),
        ("documents:import-template", importers()),
    ):  # fmt: skip
        found += [replace(by_name[name], name=f"{name} {kind}", fixed={"kind": kind}) for kind in kinds]
    return sorted(found, key=lambda r: r.name)


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
    known = values | route.fixed
    return reverse(route.name.split()[0], kwargs={p: known[p] for p in route.parameters})
