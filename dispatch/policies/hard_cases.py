"""Who prepares hard cases, and who may read their pages. Each answer is the holding, or the reason why not."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind
from ningde_projects.workflow.refusals import NotAllowed


def preparing_right(actor: Actor) -> Held | NotAllowed:
    """The commission's dispatchers pick the problems and write the case."""
    for held in actor.held:
        if held.organisation.kind == OrgKind.COMMISSION and held.duty == Duty.DISPATCH:
            return held
    return NotAllowed(_("Hard cases are prepared by the commission's dispatchers."))


def is_outside(actor: Actor) -> bool:
    """For administrators these pages are not there."""
    return actor.is_administrator and not actor.duties & BUSINESS_DUTIES


def reading_refusal(actor: Actor) -> str:
    """Why this person has no list of hard cases; "" for whoever can have one to read."""
    if actor.duties & (BUSINESS_DUTIES - {Duty.STATISTICS, Duty.SUPERVISE, Duty.SCORE}):
        return ""
    return _(
        "Hard cases are open to the commission, the city's leaders, the units named, and those whose project it is."
    )
