"""Who records which meeting. Each answer is the holding that entitles, or the reason why not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.refusals import NotAllowed

from ..models.meetings import SessionKind
from ..rules.meetings import DEPARTMENT_KINDS, MUNICIPAL

Right = Held | NotAllowed


@dataclass(frozen=True)
class Desk:
    """One kind of meeting that a person may record, and by which holding."""

    kind: SessionKind
    held: Held

    @property
    def office(self) -> Organisation:
        return self.held.organisation

    @property
    def is_own(self) -> bool:
        """He records his own meetings only."""
        return self.held.duty == Duty.LEAD


#: Who records the city's own meetings (M8.4); a leader those that he holds himself.
_CITY_DESKS: dict[tuple[str, Duty], tuple[SessionKind, ...]] = {
    (OrgKind.COMMISSION, Duty.DISPATCH): (
        SessionKind.MONTHLY, SessionKind.TOPICAL, SessionKind.CITY_WIDE, SessionKind.QUARTERLY,
    ),
    (OrgKind.COMMISSION, Duty.LEAD): (SessionKind.MONTHLY,),
    (OrgKind.MUNICIPAL_GOVERNMENT, Duty.APPROVE): (SessionKind.QUARTERLY,),
    (OrgKind.MUNICIPAL_GOVERNMENT, Duty.LEAD): (SessionKind.QUARTERLY,),
}  # fmt: skip


def desks(actor: Actor) -> list[Desk]:
    """Every way in which this person records meetings; an office's before the leader's own."""
    found = []
    for held in actor.held:
        kind = held.organisation.kind
        if (kind, held.duty) in (
            (OrgKind.COUNTY_BUREAU, Duty.REVIEW), (OrgKind.COUNTY_GOVERNMENT, Duty.APPROVE),
            (OrgKind.COUNTY_GOVERNMENT, Duty.LEAD),
        ):  # fmt: skip
            found.append(Desk(SessionKind.DISPATCH, held))
        elif kind in DEPARTMENT_KINDS and held.duty in (Duty.HANDLE, Duty.LEAD):
            found.append(Desk(SessionKind.ON_SITE, held))
        found += [Desk(city, held) for city in _CITY_DESKS.get((kind, held.duty), ())]
    return sorted(found, key=lambda d: (d.is_own, d.held.principal is not None))


def recording_right(actor: Actor, kind: str, office: Organisation, chair_id: int | None) -> Right:
    """Keep the record of a meeting of this office; a leader only of a meeting that he holds himself."""
    for desk in desks(actor):
        fits = (
            desk.office.place_id == office.place_id
            if kind == SessionKind.DISPATCH
            else desk.office.pk == office.pk or _writes_for(desk, office)
        )
        person = (desk.held.principal or actor.user).pk
        if desk.kind == kind and fits and (not desk.is_own or chair_id == person):
            return desk.held
    if kind == SessionKind.DISPATCH:
        return NotAllowed(
            _(
                "Dispatch meetings are recorded by the county bureau, the county government, or the leader who held them."
            )
        )
    if kind in MUNICIPAL:
        return NotAllowed(
            _(
                "The city's meetings are recorded by the commission's dispatchers, or by the office that held them."
            )
        )
    return NotAllowed(_("On-site sessions are recorded by the department, or by its leader who held them."))


def _writes_for(desk: Desk, office: Organisation) -> bool:
    """The commission's dispatchers keep the record of the vice-mayor's meeting for his office."""
    return (
        desk.kind == SessionKind.QUARTERLY
        and desk.held.duty == Duty.DISPATCH
        and office.kind == OrgKind.MUNICIPAL_GOVERNMENT
    )


def is_outside(actor: Actor) -> bool:
    """An administrator without any duty in the work itself: for him these pages are not there."""
    return actor.is_administrator and not actor.duties & BUSINESS_DUTIES


def reading_refusal(actor: Actor) -> str:
    """Why this person has no list of meetings; "" for whoever has a duty in the work itself."""
    readers = set(Duty) - {
        Duty.ADMIN_SYSTEM,
        Duty.ADMIN_SECURITY,
        Duty.ADMIN_AUDIT,
        Duty.STATISTICS,
        Duty.SUPERVISE,
    }
    if actor.duties & readers:
        return ""
    return _(
        "Meetings are open to those who hold them, who are given something to do, and who answer for a project."
    )
