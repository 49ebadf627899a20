"""Who may seal the municipal problem list, and who reads the living one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind
from ningde_projects.workflow.refusals import NotAllowed

from ..querysets.editions import reads_whole


def sealing_right(actor: Actor) -> Held | NotAllowed:
    for held in actor.held_of(Duty.DISPATCH):
        if held.organisation.kind == OrgKind.COMMISSION:
            return held
    return NotAllowed(_("Only the dispatchers of the municipal commission seal the problem list."))


def may_seal(actor: Actor) -> bool:
    return isinstance(sealing_right(actor), Held)


def reads_living(actor: Actor) -> bool:
    """The living list is for the offices that work on it; an owner reads his lines in what has been sealed."""
    return reads_whole(actor) or any(
        h.duty in BUSINESS_DUTIES
        and h.duty not in (Duty.STATISTICS, Duty.SUPERVISE)
        and h.organisation.kind
        in (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_DEPARTMENT, OrgKind.MUNICIPAL_DEPARTMENT,
            OrgKind.COMMISSION)
        for h in actor.held
    )  # fmt: skip


def knows_of_it(actor: Actor) -> bool:
    """Everybody with a business duty at an office that reports, works or is reported to."""
    return reads_living(actor) or any(
        h.organisation.kind == OrgKind.OWNER and h.duty in BUSINESS_DUTIES for h in actor.held
    )
