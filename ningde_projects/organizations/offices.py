"""For which kinds of offices a person acts: one answer for the menu, the pages and the rules of every room."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from .duties import Duty, OrgKind


def holds(kinds: Collection[str], *duties: Duty) -> Callable[[Any], bool]:
    """The question whether somebody holds one of the duties in an office of one of the kinds."""

    def allowed(actor: Any) -> bool:
        return any(h.duty in duties and h.organisation.kind in kinds for h in actor.held)

    return allowed


#: Dispatches for the commission: sets targets and lists, receives, concludes, pushes, chases.
is_commission = holds((OrgKind.COMMISSION,), Duty.DISPATCH)
#: The same, and whoever only reads along in the commission.
reads_for_commission = holds((OrgKind.COMMISSION,), Duty.DISPATCH, Duty.VIEW)
