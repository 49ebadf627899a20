"""Next year's reserve targets, county × industry department, in editions (M1.1)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..querysets.targets import TargetEditionQuerySet
from ..workflow.targets import TargetStatus


@pghistory.track()
class TargetEdition(models.Model):
    """All targets of one year as set at one time. Issued ones are never edited: a change is the next edition."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("edition"))
    status = models.CharField(
        _("state"), max_length=10, choices=TargetStatus.choices, default=TargetStatus.DRAFT
    )
    reason = models.CharField(_("reason for the new edition"), max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued on"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = TargetEditionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "number"], name="reserve_targets_edition_once"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(status="draft"), name="reserve_targets_one_draft"
            ),
            models.UniqueConstraint(
                fields=["year"], condition=Q(status="issued"), name="reserve_targets_one_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["issued", "replaced"])
                | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="reserve_targets_issued_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Reserve targets of {year}, edition {number}").format(
            year=self.year, number=self.number
        )

    @property
    def status_chip(self) -> str:
        """Code of the state's word in the vocabulary of states."""
        return f"targets_{self.status}"


@pghistory.track()
class TargetCell(models.Model):
    """The target of one county and one industry department: number of projects and investment in 万元."""

    edition = models.ForeignKey(TargetEdition, on_delete=models.CASCADE, related_name="cells")
    place = models.ForeignKey("organizations.Place", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("organizations.Organisation", on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(_("number of projects"), default=0)
    investment = models.DecimalField(_("investment"), max_digits=16, decimal_places=2, default=0)

    class Meta:
        ordering: ClassVar = ["edition", "department__order", "place__order"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "place", "department"], name="reserve_target_cell_once"
            ),
            models.CheckConstraint(condition=Q(investment__gte=0), name="reserve_target_not_negative"),
            models.CheckConstraint(
                condition=Q(count__gt=0) | Q(investment__gt=0), name="reserve_target_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.place_id} {self.department_id}"
