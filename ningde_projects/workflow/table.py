"""Transitions as a table: plain values that the door reads, the documents draw and the tests walk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise

from ningde_projects.organizations.duties import Duty


@dataclass(frozen=True)
class Transition:
    """One row. `duty` None is the system's own (a deadline); `target` None keeps the status."""

    name: str
    source: frozenset[str]
    target: str | None
    duty: Duty | None
    label: str | Promise
    measure: str
    #: Which offices of the object may do it; the machine's `offices` answers for the word.
    office: str = ""
    reason_required: bool = False
    #: Checks by name, in order; each is registered by the app's services.
    guards: tuple[str, ...] = ()
    #: The change of other fields, by name.
    effect: str = ""
    #: Notice kinds, each with the audience registered under the same name.
    notifies: tuple[str, ...] = ()
    #: Names of transitions whose doer may not do this one (nobody approves what he filed, point 14).
    not_by: tuple[str, ...] = ()


def row(
    name: str,
    source: str | Iterable[str],
    target: str | None,
    duty: Duty | None,
    label: str | Promise,
    measure: str,
    *,
    office: str = "",
    reason_required: bool = False,
    guards: tuple[str, ...] = (),
    effect: str = "",
    notifies: tuple[str, ...] = (),
    not_by: tuple[str, ...] = (),
) -> Transition:
    """A row of the table; `source` may be one status or several."""
    sources = frozenset({source} if isinstance(source, str) else source)
    return Transition(
        str(name), frozenset(str(s) for s in sources), None if target is None else str(target), duty, label,
        measure, office, reason_required, guards, effect, notifies, not_by,
    )  # fmt: skip


@dataclass(frozen=True)
class Machine:
    """A table for one kind of thing. `name` is what the event log calls it."""

    name: str
    title: str | Promise
    statuses: type[models.TextChoices]
    initial: str
    transitions: tuple[Transition, ...]
    by_name: dict[str, Transition] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = set(self.statuses.values)
        by_name: dict[str, Transition] = {}
        for transition in self.transitions:
            strange = (transition.source | ({transition.target} - {None})) - known
            if strange or transition.name in by_name:
                raise ValueError(f"{self.name}: bad row {transition.name} {strange}")
            by_name[transition.name] = transition
        object.__setattr__(self, "by_name", by_name)

    def leaving(self, status: str) -> list[Transition]:
        return [t for t in self.transitions if status in t.source]
