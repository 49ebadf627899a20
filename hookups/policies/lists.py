"""Who files hookup lists, who picks major projects, who keeps the heads of a county; each answer with its reason."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.workflow.refusals import NotAllowed

from ..models.lists import ListSide

Right = Held | NotAllowed

_DUTY: dict[str, Duty] = {
    ListSide.COUNTY: Duty.REVIEW,
    ListSide.INDUSTRY: Duty.HANDLE,
    ListSide.ENTERPRISE: Duty.REPORT,
}


def side_of(office: Organisation) -> str:
    """Which side an office files for; "" for one that files none."""
    if office.kind == OrgKind.COUNTY_BUREAU:
        return ListSide.COUNTY
    if office.kind in (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION):
        return ListSide.INDUSTRY
    if office.kind == OrgKind.OWNER and office.is_municipal_enterprise:
        return ListSide.ENTERPRISE
    return ""


def filing_right(actor: Actor, office: Organisation) -> Right:
    """The office's own people, with the duty that it files with."""
    side = side_of(office)
    held = actor.as_holder(_DUTY[side], [office.pk]) if side else None
    return held or NotAllowed(_("Only {office} itself draws up its hookup list.").format(office=office.name))


def filing_offices(actor: Actor) -> list[Organisation]:
    """The offices for which this person draws up lists, each once."""
    found: dict[int, Organisation] = {}
    for held in actor.held:
        side = side_of(held.organisation)
        if side and held.duty == _DUTY[side]:
            found.setdefault(held.organisation.pk, held.organisation)
    return list(found.values())


def reads_city(actor: Actor) -> bool:
    """The commission, and whoever reads along there or in the city's government."""
    kinds = (OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT)
    return any(h.organisation.kind in kinds for h in actor.held_of(Duty.DISPATCH, Duty.VIEW))


def picking_right(actor: Actor) -> Right:
    held = actor.as_holder(Duty.DISPATCH)
    return held or NotAllowed(_("Only the commission picks the major projects of a year."))


def heads_right(actor: Actor, place: Place) -> Right:
    """The commission for every county, a county bureau for its own."""
    held = actor.as_holder(Duty.DISPATCH)
    if held is None:
        fitting = [
            h
            for h in actor.held_of(Duty.REVIEW)
            if h.organisation.kind == OrgKind.COUNTY_BUREAU and h.organisation.place_id == place.pk
        ]
        held = min(fitting, key=lambda h: h.principal is not None, default=None)
    return held or NotAllowed(
        _("Only the commission and the county bureau of {place} enter who heads the county.").format(
            place=place.name
        )
    )
