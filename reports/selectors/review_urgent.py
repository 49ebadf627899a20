"""Urgent and direct reports that still wait for this office's signature (M5.3, M6.3)."""

from __future__ import annotations

from django.db.models import QuerySet

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty

from ..models import Receipt
from ..models.reports import ReportKind
from ..workflow import ReceiptStatus

_RECEIVING = (Duty.REVIEW, Duty.DISPATCH, Duty.HANDLE)


def _waiting(actor: Actor) -> QuerySet[Receipt]:
    return Receipt.objects.filter(
        organisation__in=actor.offices(*_RECEIVING),
        status__in=[ReceiptStatus.WAITING, ReceiptStatus.OPENED, ReceiptStatus.QUERIED],
    ).exclude(report__kind=ReportKind.MONTHLY)


def urgent_waiting(actor: Actor, most: int = 20) -> list[Receipt]:
    """The newest first, whatever the month."""
    rows = _waiting(actor).select_related("report__project", "report__owner", "organisation")
    return list(rows.order_by("-delivered_at")[:most])


def urgent_count(actor: Actor) -> int:
    return _waiting(actor).count()
