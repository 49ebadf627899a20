"""The page "who has met, who has not": whose part of the city a person sees of it, its filters, its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind
from ningde_projects.periods.month import Month, Quarter

from ..models.meetings import SessionKind
from ..rules.meetings import DEPARTMENT_KINDS
from . import duties
from .duties import Owed, Scope, Tally
from .meetings import read_month, read_quarter

_DEPARTMENT_DUTIES = (Duty.HANDLE, Duty.SIGN, Duty.LEAD, Duty.DIRECT, Duty.VIEW)
_CITY = (OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT)
_COUNTY = (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT)


def scopes(actor: Actor) -> dict[str, Scope]:
    """Kind of meeting -> the part of the city that this person sees; kinds without one are left out.

    The city's offices see everything, a county its own meetings, a department its own sessions.
    """
    held = [h for h in actor.held if h.duty in BUSINESS_DUTIES]
    if any(h.organisation.kind in _CITY for h in held):
        return {SessionKind.DISPATCH: Scope(), SessionKind.ON_SITE: Scope()}
    found: dict[str, Scope] = {}
    places = frozenset(h.organisation.place_id for h in held if h.organisation.kind in _COUNTY)
    offices = frozenset(
        h.organisation.pk for h in held
        if h.organisation.kind in DEPARTMENT_KINDS and h.duty in _DEPARTMENT_DUTIES
    )  # fmt: skip
    if places:
        found[SessionKind.DISPATCH] = Scope(places=places)
    if offices:
        found[SessionKind.ON_SITE] = Scope(offices=offices)
    return found


@dataclass(frozen=True)
class GapFilters:
    """Which duty and which period; without one the period that runs."""

    kind: str
    period: Month | Quarter
    state: str = ""
    place: str = ""
    leader: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], kinds: Mapping[str, Scope], at: datetime) -> GapFilters:
        kind = query.get("kind", "")
        kind = kind if kind in kinds else next(iter(kinds))
        now = Month.at(at)
        period: Month | Quarter = now if kind == SessionKind.DISPATCH else now.quarter
        asked = query.get("period", "")
        read = read_month(asked) if kind == SessionKind.DISPATCH else read_quarter(asked)
        state = query.get("state", "")
        return cls(
            kind, read if read and read <= period else period,  # type: ignore[operator]
            state if state in ("met", "late", "gap") else "", query.get("place", "")[:4], query.get("leader", "")[:36],
        )  # fmt: skip

    @property
    def is_dispatch(self) -> bool:
        return self.kind == SessionKind.DISPATCH

    def fits(self, row: Owed, *, without: str = "") -> bool:
        return (
            (not self.state or without == "state" or row.state == self.state)
            and (not self.place or without == "place" or row.place.code == self.place)
            and (not self.leader or (row.leader is not None and str(row.leader.public_id) == self.leader))
        )


@dataclass(frozen=True)
class Gaps:
    """The page: all rows of the scope, those that the filters leave, and the sums."""

    filters: GapFilters
    owed: list[Owed]
    shown: list[Owed]
    tallies: list[Tally]
    states: dict[str, int]
    #: For departments: their led projects by department.
    led: dict[int, Tally]
    #: For one department: the projects that its sessions have not reached.
    unreached: list[Owed]


def read_gaps(actor: Actor, query: Mapping[str, str], at: datetime) -> Gaps | None:
    """None for someone who sees neither kind of duty; a fixed number of queries."""
    kinds = scopes(actor)
    if not kinds:
        return None
    filters = GapFilters.read(query, kinds, at)
    scope = kinds[filters.kind]
    led: list[Owed] = []
    if isinstance(filters.period, Month):
        owed = duties.dispatch_owed(filters.period, at, scope)
    else:
        owed = duties.sessions_owed(filters.period, at, scope)
        led = duties.led_projects(filters.period, at, scope)
    states = {"met": 0, "late": 0, "gap": 0}
    for row in owed:
        if filters.fits(row, without="state"):
            states[row.state] += 1
    return Gaps(
        filters, owed, [row for row in owed if filters.fits(row)],
        duties.tally(row for row in owed if filters.fits(row, without="place")) if filters.is_dispatch else [],
        states, duties.by_office(led), [row for row in led if row.state == "gap"] if scope.offices else [],
    )  # fmt: skip
