"""The vice-mayor's dispatch meeting of a quarter (D9, M8.4): held, recorded late, or missing."""

from __future__ import annotations

from dataclasses import dataclass

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Quarter

from ..models import Session
from ..models.meetings import SessionKind
from ..rules.meetings import late_or_missing, quarter_days


@dataclass(frozen=True)
class QuarterMeeting:
    """`state` is "met", "late" or "gap"."""

    quarter: Quarter
    state: str
    session: Session | None


def quarter_meeting(quarter: Quarter) -> QuarterMeeting:
    """The first of the quarter that was recorded; one query."""
    first, last = quarter_days(quarter)
    session = (
        Session.objects.recorded()
        .held_between(first, last)
        .filter(kind=SessionKind.QUARTERLY)
        .select_related("office")
        .order_by("counts_since", "pk")
        .first()
    )
    since = session.counts_since if session else None
    return QuarterMeeting(quarter, late_or_missing(since, quarter.last_month.end), session)


def city_government() -> Organisation | None:
    return Organisation.objects.filter(kind=OrgKind.MUNICIPAL_GOVERNMENT, is_active=True).first()


def answers_for_it(actor: Actor) -> bool:
    """The vice-mayor and his office, and the commission that prepares the meeting."""
    return any(
        (h.organisation.kind == OrgKind.MUNICIPAL_GOVERNMENT and h.duty in (Duty.LEAD, Duty.APPROVE))
        or (h.organisation.kind == OrgKind.COMMISSION and h.duty == Duty.DISPATCH)
        for h in actor.held
    )
