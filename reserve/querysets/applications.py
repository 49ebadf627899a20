"""Who may see an application: what is being typed is its office's alone, what is filed belongs to both sides (E4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, OrgKind

from ..workflow.applications import OPEN, ApplicationStatus


class ApplicationQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ApplicationQuerySet:
        rule = Q(pk__in=[])
        for held in actor.held:
            if held.duty in BUSINESS_DUTIES:
                rule |= _of_holding(held)
        return self.filter(rule)

    def undecided(self) -> ApplicationQuerySet:
        return self.filter(status__in=OPEN)

    def waiting_for(self, county: frozenset[int], industry: frozenset[int]) -> ApplicationQuerySet:
        """Filed ones whose side of these offices has not passed yet."""
        return self.filter(status=ApplicationStatus.SUBMITTED).filter(
            Q(county_office__in=county, county_passed_at__isnull=True)
            | Q(industry_office__in=industry, industry_passed_at__isnull=True)
        )


def _of_holding(held: Held) -> Q:
    office = held.organisation
    filed = Q(first_submitted_at__isnull=False)
    found = Q(applicant=office.pk) | filed & (Q(county_office=office.pk) | Q(industry_office=office.pk))
    if office.kind == OrgKind.COMMISSION:
        return found | filed
    if office.kind == OrgKind.COUNTY_GOVERNMENT:
        return found | filed & Q(project__place=office.place_id)
    if office.kind == OrgKind.OWNER:
        return found | filed & Q(project__owner=office.pk)
    if office.kind == OrgKind.COUNTY_DEPARTMENT:
        return found | filed & Q(project__county_department=office.pk)
    if office.kind == OrgKind.MUNICIPAL_DEPARTMENT:
        return found | filed & Q(project__municipal_department=office.pk)
    return found
