"""Who draws up the list, who reads it, whose items are whose. Each answer is the holding, or the reason why not."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind
from ningde_projects.workflow.refusals import NotAllowed

from ..querysets.items import watches_city

Right = Held | NotAllowed
_READERS = BUSINESS_DUTIES - {Duty.STATISTICS}


def drafting_right(actor: Actor) -> Right:
    """Draw up the list and change what is on it."""
    for held in actor.held:
        if held.duty == Duty.DISPATCH and held.organisation.kind == OrgKind.COMMISSION:
            return held
    return NotAllowed(_("The three-tier list is drawn up by the dispatchers of the municipal commission."))


def is_city_government(actor: Actor) -> bool:
    return any(
        h.organisation.kind == OrgKind.MUNICIPAL_GOVERNMENT and h.duty in (Duty.APPROVE, Duty.VIEW)
        for h in actor.held
    )


def sees_whole_list(actor: Actor) -> bool:
    """Commission and municipal government; everyone else reads the items that concern him."""
    return watches_city(actor) or is_city_government(actor)


def is_outside(actor: Actor) -> bool:
    """For administrators and people without any duty in the work these pages are not there."""
    return not any(held.duty in _READERS for held in actor.held)
