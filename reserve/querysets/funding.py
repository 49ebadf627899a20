"""Who sees which request, batch and payment (E4): money is the business of those who ask, decide and pay."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import OrgKind

from ..workflow.funding import BatchStatus
from .cases import any_holding


def line_visibility(held: Held, prefix: str = "") -> Q:
    """`prefix` leads from another model to its line ("line__")."""
    office = held.organisation
    sent = Q(**{f"{prefix}batch__sent_at__isnull": False})
    found = Q(**{f"{prefix}case__convener": office.pk}) | Q(**{f"{prefix}case__filer": office.pk})
    found |= sent & Q(**{f"{prefix}batch__government": office.pk})
    found |= Q(**{f"{prefix}batch__finance": office.pk, f"{prefix}batch__status": BatchStatus.APPROVED})
    if office.kind == OrgKind.OWNER:
        found |= Q(**{f"{prefix}case__project__owner": office.pk})
    elif office.kind == OrgKind.MUNICIPAL_DEPARTMENT:
        found |= Q(
            **{f"{prefix}case__project__municipal_department": office.pk, f"{prefix}case__level": "municipal"}
        )
    elif office.kind == OrgKind.COUNTY_DEPARTMENT:
        found |= Q(
            **{f"{prefix}case__project__county_department": office.pk, f"{prefix}case__level": "county"}
        )
    return found


class FundingRequestQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> FundingRequestQuerySet:
        return self.filter(any_holding(actor, line_visibility))


class FundingBatchQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> FundingBatchQuerySet:
        """The convener's own; the government's once asked; the finance office's once approved."""

        def rule(held: Held) -> Q:
            office = held.organisation
            return (
                Q(convener=office.pk)
                | Q(government=office.pk, sent_at__isnull=False)
                | Q(finance=office.pk, status=BatchStatus.APPROVED)
            )

        return self.filter(any_holding(actor, rule))


class PaymentQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> PaymentQuerySet:
        return self.filter(any_holding(actor, lambda held: line_visibility(held, "line__")))

    def standing(self) -> PaymentQuerySet:
        return self.filter(voided_at__isnull=True)
