"""The city's figures are the commission's: whoever dispatches, signs or leads there (M8.2)."""

from __future__ import annotations

from typing import Any

from ningde_projects.organizations.actor import Actor

from ..querysets.items import is_commission


def may_read(actor: Any) -> bool:
    return isinstance(actor, Actor) and is_commission(actor)
