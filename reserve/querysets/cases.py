"""Who may see which case and which opinion: the one rule for page, list, export and figure (E4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, OrgKind

from ..workflow.cases import CASE_CONCLUDED, OPINION_OWED, CaseStatus, OpinionStatus

NOTHING = Q(pk__in=[])
CITY = (OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT)
COUNTY = (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT)
DEPARTMENTS = (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COUNTY_DEPARTMENT)


def any_holding(actor: Actor, rule: Callable[[Held], Q]) -> Q:
    """The union over all business duties held now."""
    found = NOTHING
    for held in actor.held:
        if held.duty in BUSINESS_DUTIES:
            found |= rule(held)
    return found


def case_visibility(held: Held) -> Q:
    """A draft is its office's alone; a county's case is the county's until it is concluded (M2.4)."""
    office = held.organisation
    filed = ~Q(status=CaseStatus.DRAFT)
    found = Q(filer=office.pk)
    if office.kind in CITY:
        found |= filed & Q(level="municipal")
        found |= Q(level="county", status__in=CASE_CONCLUDED)
    elif office.kind in COUNTY:
        found |= filed & Q(level="county", place=office.place_id)
    elif office.kind in DEPARTMENTS:
        found |= filed & (Q(project__municipal_department=office.pk, level="municipal"))
        found |= filed & (Q(project__county_department=office.pk, level="county"))
    elif office.kind == OrgKind.OWNER:
        found |= filed & Q(project__owner=office.pk)
    return found | Q(opinions__department=office.pk, opinions__status__in=_ASKED)


#: An office that is no longer asked no longer sees the case by having been asked.
_ASKED = [status for status in OpinionStatus if status != OpinionStatus.RELEASED]


class CaseQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> CaseQuerySet:
        rows = self.model._default_manager.filter(any_holding(actor, case_visibility))
        return self.filter(pk__in=rows.values("pk"))


class CaseOpinionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> CaseOpinionQuerySet:
        """An office's own at any time; others' once signed, as far as the case is seen; the convener sees all rows."""

        def rule(held: Held) -> Q:
            office = held.organisation
            return Q(department=office.pk) & ~Q(status=OpinionStatus.RELEASED) | Q(case__convener=office.pk)

        cases = self.model._meta.get_field("case").related_model._default_manager.visible_to(actor)
        given = Q(status=OpinionStatus.GIVEN, case__in=cases.values("pk"))
        return self.filter(any_holding(actor, rule) | given)

    def owed(self) -> CaseOpinionQuerySet:
        return self.filter(status__in=OPINION_OWED, case__status=CaseStatus.CONSULTING)
