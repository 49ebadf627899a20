"""The annual key-project list: batches, and what is proposed, accepted, listed and removed in them (facts.md §3.3)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.projects.models import Level, Stage, wan

from ..querysets.annual import AnnualItemQuerySet
from ..workflow.annual import LIVE, BatchStatus, ItemStatus

LEVELS = [(Level.PROVINCIAL.value, Level.PROVINCIAL.label), (Level.MUNICIPAL.value, Level.MUNICIPAL.label)]
STAGES = [(Stage.PRELIMINARY.value, Stage.PRELIMINARY.label), (Stage.UNDER_WAY.value, Stage.UNDER_WAY.label)]


class BatchKind(models.TextChoices):
    ANNUAL = "annual", pgettext_lazy("annual batch", "Annual list")
    ADDITION = "addition", pgettext_lazy("annual batch", "Addition")


@pghistory.track()
class AnnualBatch(models.Model):
    """One round of decisions for one level and year: the list itself, or an addition in May, September or any time."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(_("year"))
    level = models.CharField(_("level"), max_length=10, choices=LEVELS)
    kind = models.CharField(_("kind"), max_length=10, choices=BatchKind.choices)
    title = models.CharField(_("title"), max_length=120)
    due_on = models.DateField(_("proposals by"))
    status = models.CharField(
        _("state"), max_length=10, choices=BatchStatus.choices, default=BatchStatus.OPEN
    )
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-year", "-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "level", "title"], condition=~Q(status="cancelled"), name="annual_batch_title_once"
            ),
            models.CheckConstraint(
                condition=~Q(status="decided", level="provincial") | ~Q(document_number=""),
                name="annual_batch_provincial_has_document",
            ),
            models.CheckConstraint(
                condition=~Q(status="decided") | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="annual_batch_decided_when_and_by_whom",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def status_chip(self) -> str:
        """Code of the state's word in the vocabulary of states."""
        return f"batch_{self.status}"


@pghistory.track()
class AnnualItem(models.Model):
    """A project in a batch. Amounts 万元; `part_plans` (part id → amount) for a project that crosses counties."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(AnnualBatch, on_delete=models.PROTECT, related_name="items")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="annual_items")
    status = models.CharField(
        _("state"), max_length=10, choices=ItemStatus.choices, default=ItemStatus.PROPOSED
    )
    office = models.ForeignKey("organizations.Organisation", on_delete=models.PROTECT, related_name="+")
    office_text = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(_("stage in the list"), max_length=12, choices=STAGES)
    investment = wan(_("planned investment of the year"))
    part_plans = models.JSONField(default=dict, blank=True)
    goal = models.CharField(_("goal of the year"), max_length=300, blank=True)
    grounds = models.CharField(_("grounds"), max_length=500, blank=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removal_reason = models.TextField(blank=True)
    removal_document = models.CharField(_("document number"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = AnnualItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["batch", "project__place__order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch", "project"], condition=Q(status__in=sorted(LIVE)), name="annual_item_once_per_batch"
            ),
            models.CheckConstraint(
                condition=~Q(status="removed") | ~Q(removal_reason=""), name="annual_item_removed_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["listed", "removed"])
                | Q(listed_at__isnull=False, investment__gt=0),
                name="annual_item_listed_with_plan",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["project", "status"], name="annual_item_of_project")]

    def __str__(self) -> str:
        return f"{self.project} · {self.batch}"

    @property
    def status_chip(self) -> str:
        """Code of the state's word in the vocabulary of states."""
        return f"item_{self.status}"
