"""How a batch becomes what another platform takes in. A new form is a module that registers its adapter by name.

No interface document of either platform is published (facts.md §5.3), so the first adapter writes a file; one that
speaks to an interface has the same two answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..rules.push_fields import Facts


@dataclass(frozen=True)
class Handover:
    """What an adapter is given: the platform, the batch number, the facts in order, the fields that are asked for."""

    target: str
    target_name: str
    number: str
    made_line: str
    fields: Sequence[str]
    facts: Sequence[Facts]


@dataclass(frozen=True)
class Made:
    """The bytes that are kept with the batch, and what went for each project (JSON)."""

    content: bytes
    file_name: str
    content_type: str
    lines: Sequence[dict[str, Any]]


class PushAdapter(Protocol):
    name: str

    def make(self, handover: Handover) -> Made:
        """Bring the batch into the platform's form; ValueError when it cannot take these facts."""


_adapters: dict[str, PushAdapter] = {}
#: Which adapter serves a platform; a later module replaces the entry.
_of_target: dict[str, str] = {}


def register_adapter(adapter: PushAdapter, *targets: str) -> None:
    _adapters[adapter.name] = adapter
    for target in targets:
        _of_target[target] = adapter.name


def adapter_for(target: str) -> PushAdapter:
    return _adapters[_of_target[target]]
