"""Who knows of the lag analysis: everyone with a business duty, each for the projects that he sees (M8.2)."""

from __future__ import annotations

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import BUSINESS_DUTIES


def may_read(actor: Actor) -> bool:
    return not actor.is_administrator and any(held.duty in BUSINESS_DUTIES for held in actor.held)
