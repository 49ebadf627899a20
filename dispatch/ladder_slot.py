"""Where the accountability ladder hooks into the three-tier list: the cell 督办进度 of each row, and the reading pane.

    ladder_slot.register(LadderSlot(rungs, "dispatch/ladder/pane.html", pane))

`rungs(items, actor, at)` answers item -> rung reached (0 to 4, as `{% ladder %}` draws it) for all rows at once; an item
that is left out shows no ladder. `pane(item, actor, at)` gives what the template calls `ladder`; None leaves it out.
Nothing registered: the column shows the latest follow-up alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ningde_projects.organizations.actor import Actor

from .models import Item


@dataclass(frozen=True)
class LadderSlot:
    rungs: Callable[[Sequence[Item], Actor, datetime], Mapping[int, int]]
    pane_template: str
    pane: Callable[[Item, Actor, datetime], Mapping[str, Any] | None]


_slots: list[LadderSlot] = []


def register(slot: LadderSlot) -> None:
    if _slots:
        raise ValueError("the ladder is registered twice")
    _slots.append(slot)


def rungs(items: Sequence[Item], actor: Actor, at: datetime) -> Mapping[int, int]:
    return _slots[0].rungs(items, actor, at) if _slots and items else {}


def pane(item: Item, actor: Actor, at: datetime) -> dict[str, Any]:
    """For the context of the pane: template and data, or nothing."""
    data = _slots[0].pane(item, actor, at) if _slots else None
    return {"ladder_template": _slots[0].pane_template, "ladder": data} if data is not None else {}
