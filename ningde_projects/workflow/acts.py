"""What acts are called on the pages that show the record; apps register their words, machines bring their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from . import door

Text = str | Promise


@dataclass(frozen=True)
class Kind:
    """One kind of thing that acts are about, as the log calls it, with the names of its acts."""

    machine: str
    title: Text
    acts: Mapping[str, Text]
    #: About offices, accounts, duties and settings: the record tells its words. Of business it tells who did what
    #: and when, not what it says: nobody sees business by virtue of an administrator's office (security.md).
    is_administrative: bool = False


_kinds: dict[str, Kind] = {}
_facts: dict[str, Text] = {}


def register(machine: str, title: Text, acts: Mapping[str, Text], *, is_administrative: bool = False) -> None:
    """Name the acts of `door.record(machine, name, …)`. Several apps may add to one machine; no act twice."""
    known = _kinds.get(machine, Kind(machine, title, {}))
    is_administrative = is_administrative or known.is_administrative
    twice = set(known.acts) & set(acts)
    if twice:
        raise ValueError(f"acts of {machine} registered twice: {sorted(twice)}")
    _kinds[machine] = Kind(machine, known.title, {**known.acts, **acts}, is_administrative)


def register_facts(labels: Mapping[str, Text]) -> None:
    """Name the keys of an act's `data`; the first word for a key stays."""
    for key, label in labels.items():
        _facts.setdefault(key, label)


def fact_labels() -> dict[str, str]:
    return {key: str(label) for key, label in _facts.items()}


def kinds() -> dict[str, Kind]:
    """Everything the log may hold: registered kinds, and the tables of the door with their transitions."""
    found = dict(_kinds)
    for binding in door.bindings():
        machine = binding.machine
        extra = found[machine.name].acts if machine.name in found else {}
        labels = {t.name: t.label for t in machine.transitions}
        found[machine.name] = Kind(machine.name, machine.title, {**labels, **extra})
    return found


def administrative() -> list[str]:
    """The kinds whose words the auditor reads."""
    return [machine for machine, kind in _kinds.items() if kind.is_administrative]


def kind_title(machine: str) -> str:
    found = kinds().get(machine)
    return str(found.title) if found else machine


def act_title(machine: str, name: str) -> str:
    """The words for an act; one that nobody has named is shown as it is written."""
    found = kinds().get(machine)
    return str(found.acts.get(name, name)) if found else name


def status_title(machine: str, status: str) -> str:
    """The word of a state, for the machines that have states."""
    for binding in door.bindings():
        if binding.machine.name == machine and status in binding.machine.statuses.values:
            return str(binding.machine.statuses(status).label)
    return status
