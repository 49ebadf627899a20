"""Who may see which row of the chain: the one rule for page, list, export and API (E4).

Hidden is 404; deny unless a holding says otherwise. What is still being typed is the owner's alone (the pages show
`draft` to nobody else), what a county has not forwarded is the county's alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind
from ningde_projects.periods.month import Month

from .workflow import OPINION_OWED, OWED, UNSETTLED, OpinionStatus, ReportStatus, SummaryStatus

NOTHING = Q(pk__in=[])
EVERYTHING = Q(pk__isnull=False)

_CITY = (OrgKind.COMMISSION,)
_COUNTY = (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT)


def _any_holding(actor: Actor, rule: Callable[[Held], Q]) -> Q:
    """The union over all business duties held now."""
    found = NOTHING
    for held in actor.held:
        if held.duty in BUSINESS_DUTIES:
            found |= rule(held)
    return found


def _answers_for(held: Held, actor: Actor, project: str) -> Q:
    """Projects that the person answers for as leader or direct responsible person."""
    if held.duty not in (Duty.LEAD, Duty.DIRECT):
        return NOTHING
    people = apps.get_model("projects", "Responsible")._default_manager
    person = (held.principal or actor.user).pk
    return Q(Exists(people.filter(project=OuterRef(project), user=person, valid_to__isnull=True)))


class ReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ReportQuerySet:
        def rule(held: Held) -> Q:
            office = held.organisation
            if office.kind in _CITY:
                return EVERYTHING
            if office.kind == OrgKind.MUNICIPAL_GOVERNMENT or held.duty == Duty.STATISTICS:
                return Q(status=ReportStatus.ACCEPTED)
            if office.kind in _COUNTY:
                found = Q(place=office.place_id)
            elif office.kind in (OrgKind.COUNTY_DEPARTMENT, OrgKind.MUNICIPAL_DEPARTMENT):
                found = Q(department=office.pk) | Q(receipts__organisation=office.pk)
            elif office.kind == OrgKind.OWNER:
                found = Q(owner=office.pk)
            else:
                found = NOTHING
            return found | _answers_for(held, actor, "project")

        return self.filter(pk__in=self.model._default_manager.filter(_any_holding(actor, rule)).values("pk"))

    def monthly(self, month: Month) -> ReportQuerySet:
        return self.filter(kind="monthly", month=month)

    def owed(self) -> ReportQuerySet:
        return self.filter(status__in=OWED)

    def missing(self, at: datetime) -> ReportQuerySet:
        """Never filed, and past the deadline."""
        return self.filter(
            status__in=[ReportStatus.TODO, ReportStatus.DRAFT],
            first_submitted_at__isnull=True,
            due_at__lte=at,
        )


class ProblemQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ProblemQuerySet:
        def rule(held: Held) -> Q:
            office = held.organisation
            if office.kind in _CITY:
                return EVERYTHING
            if office.kind == OrgKind.MUNICIPAL_GOVERNMENT or held.duty == Duty.STATISTICS:
                return Q(summary_items__summary__status__in=[SummaryStatus.FORWARDED, SummaryStatus.RECEIVED])
            if office.kind in _COUNTY:
                found = Q(place=office.place_id)
            elif office.kind == OrgKind.COUNTY_DEPARTMENT:
                found = (
                    Q(part__isnull=True, project__county_department=office.pk)
                    | Q(part__county_department=office.pk)
                    | Q(unit=office.pk)
                )
            elif office.kind == OrgKind.MUNICIPAL_DEPARTMENT:
                found = Q(opinions__department=office.pk) | Q(project__municipal_department=office.pk)
            elif office.kind == OrgKind.OWNER:
                found = Q(owner=office.pk)
            else:
                found = NOTHING
            return found | _answers_for(held, actor, "project")

        return self.filter(pk__in=self.model._default_manager.filter(_any_holding(actor, rule)).values("pk"))

    def unsettled(self) -> ProblemQuerySet:
        return self.filter(status__in=UNSETTLED)


class SummaryQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> SummaryQuerySet:
        def rule(held: Held) -> Q:
            office = held.organisation
            if office.kind in (*_CITY, OrgKind.MUNICIPAL_GOVERNMENT):
                return Q(first_forwarded_at__isnull=False)
            if office.kind == OrgKind.COUNTY_BUREAU:
                return Q(bureau=office.pk)
            if office.kind == OrgKind.COUNTY_GOVERNMENT:
                return Q(government=office.pk, first_sent_at__isnull=False)
            return NOTHING

        return self.filter(_any_holding(actor, rule))


class OpinionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> OpinionQuerySet:
        def rule(held: Held) -> Q:
            office = held.organisation
            sent = Q(status=OpinionStatus.SENT)
            if office.kind in _CITY:
                return sent | Q(department=office.pk) | Q(passed_from=office.pk)
            if office.kind == OrgKind.MUNICIPAL_DEPARTMENT:
                return Q(department=office.pk)
            if office.kind == OrgKind.COUNTY_DEPARTMENT:
                return Q(passed_from=office.pk)
            if office.kind in _COUNTY:
                return sent & Q(problem__place=office.place_id)
            if office.kind == OrgKind.OWNER:
                return sent & Q(problem__owner=office.pk)
            return sent & _answers_for(held, actor, "problem__project")

        return self.filter(_any_holding(actor, rule))

    def owed(self) -> OpinionQuerySet:
        return self.filter(status__in=OPINION_OWED)
