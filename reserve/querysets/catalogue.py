"""Catalogues and tasks: a draft is its department's alone; what is issued is read by the counties, each its task (E4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import BUSINESS_DUTIES, OrgKind

from ..workflow.catalogue import PUBLISHED, SUBMITTED, CatalogueStatus
from .targets import CHAIN

_COUNTY = (OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT)


def visibility(actor: Actor, prefix: str = "") -> Q:
    """The rule for a catalogue; `prefix` is the path from another model to it."""
    rule = Q(pk__in=[])
    for held in actor.held:
        kind = held.organisation.kind
        if held.duty not in BUSINESS_DUTIES or kind not in CHAIN:
            continue
        statuses: set[str] = set(PUBLISHED)
        if kind == OrgKind.MUNICIPAL_GOVERNMENT:
            statuses = set(SUBMITTED)
        elif kind == OrgKind.COMMISSION:
            statuses = {*SUBMITTED, CatalogueStatus.RETURNED}
        rule |= Q(**{f"{prefix}status__in": sorted(statuses)})
        if kind in (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION):
            rule |= Q(**{f"{prefix}department": held.organisation.pk})
    return rule


class CatalogueQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> CatalogueQuerySet:
        return self.filter(visibility(actor))

    def published(self) -> CatalogueQuerySet:
        return self.filter(status__in=sorted(PUBLISHED))


class PlanningTaskQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> PlanningTaskQuerySet:
        """The city's offices read the tasks of the catalogues that they read; a county only its own, once issued."""
        rule = Q(pk__in=[])
        for held in actor.held:
            kind = held.organisation.kind
            if held.duty not in BUSINESS_DUTIES or kind not in CHAIN:
                continue
            if kind in _COUNTY:
                rule |= Q(place=held.organisation.place_id, catalogue__status__in=sorted(PUBLISHED))
            else:
                rule |= visibility(actor, "catalogue__")
        return self.filter(rule)

    def in_force(self) -> PlanningTaskQuerySet:
        return self.filter(catalogue__status=CatalogueStatus.ISSUED)
