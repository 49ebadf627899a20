"""Who may see which meeting, line and decision: the one rule for page, list, export (E4).

The side that keeps the record sees all of it, drafts included; so do, once it is recorded, the commission and the
municipal government. Whoever is concerned by one project of it (its municipal department, its county's offices for a
department's session, its owner, the persons who answer for it) sees that it was held and the lines of those projects,
and a responsible unit what it was given to do. No county sees another county's meetings.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind
from ningde_projects.periods.month import Month

from ..rules.meetings import MUNICIPAL, ON_SITE, QUARTERLY
from ..workflow.meetings import OWED, UNSETTLED, WORKER_DUTIES, DecisionStatus, SessionStatus

NOTHING = Q(pk__in=[])
_COUNTY = (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT)
_CITY = (OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT)
_VICE_MAYOR = OrgKind.MUNICIPAL_GOVERNMENT
#: Meetings about projects of several counties: a county sees the lines of its own projects.
_ACROSS = (ON_SITE, *MUNICIPAL)
_TRAVELLING = (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION)


def _union(actor: Actor, rule: Callable[[Held], Q]) -> Q:
    found = NOTHING
    for held in actor.held:
        if held.duty in BUSINESS_DUTIES:
            found |= rule(held)
    return found


def _own(held: Held, prefix: str) -> Q:
    """Meetings that this office keeps the record of."""
    office = held.organisation
    if office.kind in _COUNTY:
        return Q(**{f"{prefix}kind": "dispatch", f"{prefix}place": office.place_id})
    found = Q(**{f"{prefix}office": office.pk}) if office.kind in (*_TRAVELLING, _VICE_MAYOR) else NOTHING
    if office.kind == OrgKind.COMMISSION:
        found |= Q(**{f"{prefix}kind__in": MUNICIPAL})
    return found


def whole(actor: Actor, prefix: str = "") -> Q:
    """Meetings of which this person sees everything; `prefix` is the path from another model ("session__")."""

    def rule(held: Held) -> Q:
        found = _own(held, prefix)
        if held.organisation.kind in _CITY:
            found |= ~Q(**{f"{prefix}status": SessionStatus.DRAFT})
        if held.duty == Duty.LEAD:
            found |= Q(**{f"{prefix}chair": (held.principal or actor.user).pk})
        return found

    return _union(actor, rule)


def _of_project(held: Held, actor: Actor, session: str, project: str) -> Q:
    """Lines and decisions about a project that concerns this office or this person."""
    office = held.organisation
    across = Q(**{f"{session}kind__in": _ACROSS})
    here = Q(**{f"{session}place": office.place_id})
    parts = apps.get_model("projects", "ProjectPart")._default_manager.filter(
        project=OuterRef(f"{project}pk")
    )
    found = NOTHING
    if office.kind in _COUNTY:
        found = across & (
            Q(**{f"{project}place": office.place_id}) | Q(Exists(parts.filter(place=office.place_id)))
        )
    elif office.kind == OrgKind.COUNTY_DEPARTMENT:
        mine = Q(**{f"{project}county_department": office.pk})
        found = (across | here) & (mine | Q(Exists(parts.filter(county_department=office.pk))))
    elif office.kind == OrgKind.MUNICIPAL_DEPARTMENT:
        found = Q(**{f"{project}municipal_department": office.pk})
    elif office.kind == OrgKind.OWNER:
        mine = Q(**{f"{project}owner": office.pk})
        found = mine | (
            across | Q(Exists(parts.filter(owner=office.pk, place=OuterRef(f"{session}place"))))
        ) & Q(Exists(parts.filter(owner=office.pk)))
    if held.duty in (Duty.LEAD, Duty.DIRECT):
        found |= _answers(held, actor, session, project)
    return found


def _answers(held: Held, actor: Actor, session: str, project: str) -> Q:
    """Whoever answers for a project; a county's person not for what another county said of it."""
    people = apps.get_model("projects", "Responsible")._default_manager.filter(
        project=OuterRef(f"{project}pk"), user=(held.principal or actor.user).pk, valid_to__isnull=True
    )
    found = Q(Exists(people))
    if not held.organisation.place.is_municipal:
        found &= Q(**{f"{session}kind__in": _ACROSS}) | Q(**{f"{session}place": held.organisation.place_id})
    return found


class SessionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> SessionQuerySet:
        """Meetings whose page this person may open."""
        lines = apps.get_model("hookups", "SessionProject")._default_manager.visible_to(actor)
        return self.filter(
            whole(actor) | ~Q(status=SessionStatus.DRAFT) & Q(Exists(lines.filter(session=OuterRef("pk"))))
        )

    def recorded(self) -> SessionQuerySet:
        return self.filter(status=SessionStatus.RECORDED)

    def held_between(self, first: date, last: date) -> SessionQuerySet:
        return self.filter(held_on__gte=first, held_on__lte=last)

    def in_month(self, month: Month) -> SessionQuerySet:
        return self.held_between(month.first_day, month.last_day)


class SessionProjectQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> SessionProjectQuerySet:
        """Lines of which this person may read the note."""
        concerned = _union(actor, lambda held: _of_project(held, actor, "session__", "project__"))
        return self.filter(whole(actor, "session__") | ~Q(session__status=SessionStatus.DRAFT) & concerned)


class DecisionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> DecisionQuerySet:
        """The record's side all of them; others what they were given, and what concerns their project.

        An owner sees only what was given to it: what others were told to do about its project is theirs.
        """

        def rule(held: Held) -> Q:
            found = (
                Q(unit=held.organisation.pk)
                if held.duty in WORKER_DUTIES | {Duty.SIGN, Duty.VIEW, Duty.APPROVE}
                else NOTHING
            )
            if held.organisation.kind != OrgKind.OWNER:
                found |= Q(project__isnull=False) & _of_project(held, actor, "session__", "project__")
            return found

        return self.filter(
            whole(actor, "session__")
            | ~Q(status=DecisionStatus.DRAFT)
            & Q(session__status=SessionStatus.RECORDED)
            & _union(actor, rule)
        )

    def owed(self) -> DecisionQuerySet:
        return self.filter(status__in=OWED)

    def unsettled(self) -> DecisionQuerySet:
        return self.filter(status__in=UNSETTLED)

    def overdue(self, today: date) -> DecisionQuerySet:
        return self.filter(status__in=OWED, due_on__lt=today)

    def given_to(self, actor: Actor) -> DecisionQuerySet:
        """What the offices of this person have to do."""
        return self.filter(unit__in=actor.offices(*WORKER_DUTIES), session__status=SessionStatus.RECORDED)

    def to_verify_by(self, actor: Actor) -> DecisionQuerySet:
        """Reported as done, and this person's office keeps the meeting's record."""
        return self.filter(kept_by(actor, "session__"), status=DecisionStatus.DONE)

    def in_order_of_work(self) -> DecisionQuerySet:
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


def kept_by(actor: Actor, prefix: str = "") -> Q:
    """Meetings that this person records: by office and duty, or because he held them."""
    found = NOTHING
    for held in actor.held:
        office = held.organisation
        if (office.kind == OrgKind.COUNTY_BUREAU and held.duty == Duty.REVIEW) or (
            office.kind == OrgKind.COUNTY_GOVERNMENT and held.duty == Duty.APPROVE
        ):
            found |= Q(**{f"{prefix}kind": "dispatch", f"{prefix}place": office.place_id})
        elif office.kind == OrgKind.COMMISSION and held.duty == Duty.DISPATCH:
            found |= Q(**{f"{prefix}kind__in": MUNICIPAL})
        elif office.kind == _VICE_MAYOR and held.duty == Duty.APPROVE:
            found |= Q(**{f"{prefix}kind": QUARTERLY, f"{prefix}office": office.pk})
        elif office.kind in _TRAVELLING and held.duty == Duty.HANDLE:
            found |= Q(**{f"{prefix}kind": "on_site", f"{prefix}office": office.pk})
        elif held.duty == Duty.LEAD and office.kind in (OrgKind.COUNTY_GOVERNMENT, _VICE_MAYOR, *_TRAVELLING):
            person = (held.principal or actor.user).pk
            found |= Q(**{f"{prefix}chair": person, f"{prefix}office": office.pk})
    return found
