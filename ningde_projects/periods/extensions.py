"""Where apps that hold due dates say how an extension moves them, and whose deadline a rule is (one-way imports)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ningde_projects.organizations.duties import OrgKind

from .models import Extension

Follower = Callable[[Extension], int]
_followers: list[Follower] = []

#: Kinds of organisations that a rule addresses and that may be given more time. A later app adds its rules.
_addressees: dict[str, frozenset[str]] = {
    "D2": frozenset({OrgKind.OWNER}),
    "D3": frozenset({OrgKind.COUNTY_BUREAU}),
    "D5": frozenset({OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION}),
}


def on_extension(function: Follower) -> Follower:
    """Called in the transaction that grants an extension; answers how many rows it moved."""
    _followers.append(function)
    return function


def followers() -> list[Follower]:
    return _followers


def allow_extensions(code: str, kinds: Iterable[str]) -> None:
    """A rule of a later app may be extended for organisations of these kinds."""
    _addressees[code] = frozenset(str(kind) for kind in kinds)


def addressees(code: str) -> frozenset[str]:
    """Empty: nobody can be given more time for this rule."""
    return _addressees.get(code, frozenset())


def extendable() -> list[str]:
    return list(_addressees)
