"""Preliminary funds: what is asked for, granted and paid, in 万元 (M2.3)."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..querysets.funding import FundingBatchQuerySet, FundingRequestQuerySet, PaymentQuerySet
from ..workflow.funding import BatchStatus, FundingStatus
from .cases import RunLevel, office, person


def _amount(verbose_name: Any, **more: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(verbose_name, max_digits=12, decimal_places=2, **more)


@pghistory.track()
class FundingBatch(models.Model):
    """What the convener puts before the government together; numbered within convener and year."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    level = models.CharField(max_length=10, choices=RunLevel.choices)
    place = models.ForeignKey("organizations.Place", on_delete=models.PROTECT, related_name="+")
    convener = office("funding_batches")
    government = office("funding_batches_governed")
    finance = office("funding_batches_paid")
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number"))
    note = models.TextField(_("note to the government"), blank=True)
    status = models.CharField(max_length=12, choices=BatchStatus.choices, default=BatchStatus.BUILDING)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = person()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = person()
    #: The government's first look; from then on it is not taken back.
    opened_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = person()
    approval_text = models.TextField(_("words of the approval"), blank=True)
    return_reason = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by_text = models.CharField(max_length=120, blank=True)

    objects: ClassVar = FundingBatchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["convener", "year", "number"], name="funding_batch_numbered_once"
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(approved_at__isnull=False),
                name="funding_batch_approved_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["government", "status"], name="funding_batch_of_government"),
            models.Index(fields=["finance", "status"], name="funding_batch_of_finance"),
        ]

    def __str__(self) -> str:
        return _("Batch no. {number} of {year}, {place}").format(
            number=self.number, year=self.year, place=self.place.name
        )

    @property
    def chip(self) -> str:
        return f"batch_{self.status}"


@pghistory.track()
class FundingRequest(models.Model):
    """One request of one project."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey("reserve.Case", on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField(_("number"))
    amount = _amount(_("amount requested"))
    purpose = models.TextField(_("purpose"))
    status = models.CharField(max_length=12, choices=FundingStatus.choices, default=FundingStatus.REQUESTED)
    version = models.PositiveIntegerField(default=1)
    requested_at = models.DateTimeField()
    requested_by = person()
    batch = models.ForeignKey(
        FundingBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    approved = _amount(_("amount approved"), null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    #: The sum of the payments that stand; kept here so that the database itself refuses too much.
    paid = _amount(_("amount disbursed"), default=Decimal(0))
    return_reason = models.TextField(blank=True)

    objects: ClassVar = FundingRequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["case", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="funding_line_numbered_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="funding_request_positive"),
            models.CheckConstraint(
                condition=Q(approved__isnull=True) | Q(approved__gte=0, approved__lte=F("amount")),
                name="funding_approved_within_requested",
            ),
            models.CheckConstraint(
                condition=Q(paid=0) | Q(approved__isnull=False, paid__gt=0, paid__lte=F("approved")),
                name="funding_paid_within_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["bundled", "approved", "refused", "paid"]) | Q(batch__isnull=False),
                name="funding_decided_in_a_batch",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["batch", "status"], name="funding_line_of_batch")]

    def __str__(self) -> str:
        return f"{self.case} #{self.number}"

    @property
    def chip(self) -> str:
        return f"fund_{'paying' if self.status == FundingStatus.APPROVED and self.paid else self.status}"

    @property
    def open_amount(self) -> Decimal:
        """Granted and not yet paid, 万元."""
        left: Decimal = (self.approved or Decimal(0)) - self.paid
        return left


@pghistory.track()
class Payment(models.Model):
    """One disbursement. A mistake is cancelled with a reason, never deleted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(FundingRequest, on_delete=models.PROTECT, related_name="payments")
    amount = _amount(_("amount disbursed"))
    paid_on = models.DateField(_("day of payment"))
    document = models.CharField(_("document number"), max_length=60)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = person()
    void_reason = models.TextField(blank=True)

    objects: ClassVar = PaymentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["line", "paid_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | ~Q(void_reason=""), name="payment_void_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.amount} {self.paid_on}"
