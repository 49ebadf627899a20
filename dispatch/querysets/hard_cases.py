"""Who may see which hard case, problem of it, and matter given to a unit: the one rule for page, list, export (E4).

The commission sees all; the municipal government what has been submitted; a municipal unit that an instruction names the
case and all its matters, a county's unit the instruction and its own matters; a county, once it is submitted, the case
and the problems of its own projects; an owner that its problem was submitted (its page leaves the instruction out until
the commission shows it). No county reads another's problem in a case that is about several.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from hookups.workflow.meetings import WORKER_DUTIES
from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind

from ..workflow.hard_cases import OPEN, TASK_OWED, HardCaseStatus, TaskStatus

NOTHING = Q(pk__in=[])
_COUNTY = (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT)
#: Statistics and oversight have no part in these; administrators hold no business duty at all.
_READERS = BUSINESS_DUTIES - {Duty.STATISTICS, Duty.SUPERVISE, Duty.SCORE}


def _union(actor: Actor, rule: Callable[[Held], Q]) -> Q:
    found = NOTHING
    for held in actor.held:
        if held.duty in _READERS:
            found |= rule(held)
    return found


def _city(held: Held, prefix: str) -> Q:
    """The commission and the leaders: the whole case."""
    if held.organisation.kind == OrgKind.COMMISSION:
        return Q(**{f"{prefix}pk__isnull": False})
    if held.organisation.kind == OrgKind.MUNICIPAL_GOVERNMENT:
        return Q(**{f"{prefix}submitted_at__isnull": False})
    return NOTHING


def _named(held: Held, prefix: str = "") -> Q:
    """Cases of which an instruction names this office."""
    tasks = apps.get_model("dispatch", "InstructionTask")._default_manager
    return Q(Exists(tasks.filter(case=OuterRef(f"{prefix}pk"), unit=held.organisation.pk)))


def whole(actor: Actor, prefix: str = "") -> Q:
    """Cases of which this person sees everything; `prefix` is the path from another model ("case__")."""

    def rule(held: Held) -> Q:
        named = _named(held, prefix) if held.organisation.place.is_municipal else NOTHING
        return _city(held, prefix) | (named if held.organisation.kind != OrgKind.OWNER else NOTHING)

    return _union(actor, rule)


def _own_problem(held: Held) -> Q:
    """Lines about a project of this county or this owner."""
    office = held.organisation
    if office.kind in _COUNTY:
        return Q(problem__place=office.place_id)
    if office.kind == OrgKind.OWNER:
        return Q(problem__owner=office.pk)
    return NOTHING


class CaseLineQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> CaseLineQuerySet:
        shown = Q(case__submitted_at__isnull=False) & ~Q(case__status=HardCaseStatus.WITHDRAWN)
        return self.filter(whole(actor, "case__") | shown & _union(actor, _own_problem))


class HardCaseQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> HardCaseQuerySet:
        lines = apps.get_model("dispatch", "CaseLine")._default_manager.visible_to(actor)
        return self.filter(
            whole(actor) | _union(actor, _named) | Q(Exists(lines.filter(case=OuterRef("pk"))))
        )

    def whole_to(self, actor: Actor) -> HardCaseQuerySet:
        return self.filter(whole(actor))

    def open(self) -> HardCaseQuerySet:
        return self.filter(status__in=OPEN)

    def before(self, actor: Actor) -> HardCaseQuerySet:
        """Waiting for the word of this leader, or of him for whom this person stands in."""
        people = {
            (h.principal or actor.user).pk
            for h in actor.held
            if h.organisation.kind == OrgKind.MUNICIPAL_GOVERNMENT and h.duty in (Duty.LEAD, Duty.VIEW)
        }
        return self.filter(status=HardCaseStatus.SUBMITTED, leader__in=people)


class TaskQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> TaskQuerySet:
        """All matters of a case that is seen whole; a unit its own, a county those of its offices."""

        def rule(held: Held) -> Q:
            if held.organisation.kind in _COUNTY:
                return Q(unit__place=held.organisation.place_id)
            return Q(unit=held.organisation.pk)

        return self.filter(whole(actor, "case__") | _union(actor, rule))

    def owed(self) -> TaskQuerySet:
        return self.filter(status__in=TASK_OWED)

    def overdue(self, today: date) -> TaskQuerySet:
        return self.filter(status__in=TASK_OWED, due_on__lt=today)

    def given_to(self, actor: Actor) -> TaskQuerySet:
        """What the offices of this person have to do."""
        return self.filter(unit__in=actor.offices(*WORKER_DUTIES))

    def to_verify(self) -> TaskQuerySet:
        return self.filter(status=TaskStatus.REPORTED)
