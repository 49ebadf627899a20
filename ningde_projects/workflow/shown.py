"""An act as the auditor reads it: who, when, from where, which act; words of administrative kinds only (E3, E4)."""

from __future__ import annotations

from collections.abc import Iterable

from . import acts
from .models import Act
from .row_changes import Fact, facts_of

#: Facts of business acts that say how much was taken or moved, never what it says.
_COUNTS = frozenset({"rows", "tabs", "count", "form", "month"})


class Shown:
    """An act with the words for its kind, name and states; object, reason and facts as far as they may be read."""

    def __init__(self, act: Act, administrative: Iterable[str]) -> None:
        self.act = act
        self.kind, self.name = acts.kind_title(act.machine), acts.act_title(act.machine, act.name)
        self.before = acts.status_title(act.machine, act.from_status)
        self.after = acts.status_title(act.machine, act.to_status)
        self.is_told = act.machine in administrative
        number = f"#{act.object_id}" if act.object_id is not None else ""
        self.object = act.object_text if self.is_told else number
        self.reason = act.reason if self.is_told else ""
        self.withheld = not self.is_told and bool(act.object_text or act.reason or act.data)

    @property
    def states(self) -> str:
        """ "before → after"; one word when the state stayed; nothing when the kind has no states."""
        if not self.act.to_status:
            return ""
        return self.after if self.before == self.after else f"{self.before} → {self.after}"

    @property
    def facts(self) -> list[Fact]:
        told = self.act.data if self.is_told else {k: v for k, v in self.act.data.items() if k in _COUNTS}
        return facts_of(told, acts.fact_labels())


def shown(rows: Iterable[Act]) -> list[Shown]:
    administrative = frozenset(acts.administrative())
    return [Shown(act, administrative) for act in rows]
