"""Reserve targets: the draft is the commission's alone, what was issued is read in every office of the chain (E4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import BUSINESS_DUTIES, OrgKind

from ..workflow.targets import TargetStatus

#: The offices that set, meet and watch the targets; owners and media are told by their own lists.
CHAIN = frozenset({
    OrgKind.MUNICIPAL_GOVERNMENT, OrgKind.COMMISSION, OrgKind.MUNICIPAL_DEPARTMENT,
    OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT,
})  # fmt: skip


def chain_kinds(actor: Actor) -> set[str]:
    """Kinds of the chain's offices for which this person holds a business duty."""
    return {h.organisation.kind for h in actor.held if h.duty in BUSINESS_DUTIES} & CHAIN


class TargetEditionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> TargetEditionQuerySet:
        kinds = chain_kinds(actor)
        rule = Q(pk__in=[])
        if kinds:
            rule |= Q(status__in=[TargetStatus.ISSUED, TargetStatus.REPLACED])
        if OrgKind.COMMISSION in kinds:
            rule |= Q(pk__isnull=False)
        return self.filter(rule)

    def in_force(self, year: int) -> Any:
        """The edition that holds for a year, or None."""
        return self.filter(year=year, status=TargetStatus.ISSUED).first()
