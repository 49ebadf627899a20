"""The vice-mayor's dispatch meeting of a quarter (D9, M8.4): held, recorded late, or missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month, Quarter, local_date

from ..models import Session
from ..models.meetings import SessionKind
from ..rules.meetings import late_or_missing, quarter_days


@dataclass(frozen=True)
class QuarterMeeting:
    """`state` is "met", "late" or "gap"; "open" while the quarter runs."""

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


def recent(at: datetime, number: int = 4) -> list[QuarterMeeting]:
    """This quarter and those before it, the latest first; a quarter that still runs is "open" until it is met."""
    now = Month.of(local_date(at))
    found = [quarter_meeting(now.plus(-3 * back).quarter) for back in range(number)]
    return [
        replace(row, state="open") if row.state == "gap" and at < row.quarter.last_month.end else row
        for row in found
    ]


def city_government() -> Organisation | None:
    return Organisation.objects.filter(kind=OrgKind.MUNICIPAL_GOVERNMENT, is_active=True).first()


def is_city(actor: Actor) -> bool:
    """The commission and the municipal government, who read whether the duty was met."""
    kinds = (OrgKind.MUNICIPAL_GOVERNMENT, OrgKind.COMMISSION)
    return any(h.organisation.kind in kinds for h in actor.held)


def answers_for_it(actor: Actor) -> bool:
    """The vice-mayor and his office, and the commission that prepares the meeting."""
    return any(
        (h.organisation.kind == OrgKind.MUNICIPAL_GOVERNMENT and h.duty in (Duty.LEAD, Duty.APPROVE))
        or (h.organisation.kind == OrgKind.COMMISSION and h.duty == Duty.DISPATCH)
        for h in actor.held
    )
