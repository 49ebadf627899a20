"""Proposals for the annual list: one sees what one sees of the project; a proposal is its office's until decided (E4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import BUSINESS_DUTIES, OrgKind
from ningde_projects.projects.querysets import visibility

from ..workflow.annual import ItemStatus


class AnnualItemQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> AnnualItemQuerySet:
        """The commission all; the proposing office its own; others what stands, or stood, in the list."""
        offices = [h.organisation for h in actor.held if h.duty in BUSINESS_DUTIES]
        if any(office.kind == OrgKind.COMMISSION for office in offices):
            return self.filter(pk__isnull=False)
        listed = Q(status__in=[ItemStatus.LISTED, ItemStatus.REMOVED])
        own = Q(office__in=[office.pk for office in offices])
        return self.filter(own | (listed & visibility(actor, "project__")))
