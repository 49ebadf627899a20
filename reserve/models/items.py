"""前期要件: the catalogue of what a project may need before its start, and where each project stands (facts.md §5.5)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.periods.fields import MonthField
from ningde_projects.projects.models import InvestmentKind

from ..querysets.items import ProjectItemQuerySet


@pghistory.track()
class ItemKind(models.Model):
    """One preliminary item of the catalogue, as dated data (settled point 10)."""

    record_administrative = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("preliminary item"), max_length=40)
    authority = models.CharField(_("department in charge"), max_length=60, blank=True)
    validity_months = models.PositiveSmallIntegerField(_("valid for months"), null=True, blank=True)
    applies_to = models.CharField(
        _("applies to"),
        max_length=10,
        choices=InvestmentKind.choices,
        blank=True,
        default=InvestmentKind.UNKNOWN,
    )
    #: Counts for the maturity of every project it applies to, unless the project does not need it.
    required = models.BooleanField(_("required as a rule"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    valid_from = MonthField(_("from period"))
    valid_to = MonthField(_("to period"), null=True, blank=True)  # type: ignore[misc]
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["order", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(validity_months__isnull=True) | Q(validity_months__gt=0),
                name="item_kind_validity",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ItemState(models.TextChoices):
    """In no forced order: items run beside each other (facts.md §5.5)."""

    NOT_NEEDED = "not_needed", pgettext_lazy("item", "Not needed")
    NOT_STARTED = "not_started", pgettext_lazy("item", "Not started")
    PREPARING = "preparing", pgettext_lazy("item", "Being prepared")
    SUBMITTED = "submitted", pgettext_lazy("item", "Submitted")
    APPROVED = "approved", pgettext_lazy("item", "Approved")


@pghistory.track(exclude=["warned_first_for", "warned_last_for"])
class ProjectItem(models.Model):
    """Where one project stands with one item. No row yet means not started."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="preliminary_items"
    )
    kind = models.ForeignKey(ItemKind, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=12, choices=ItemState.choices, default=ItemState.NOT_STARTED
    )
    document_no = models.CharField(_("document number"), max_length=60, blank=True)
    approved_on = models.DateField(pgettext_lazy("item", "approved on"), null=True, blank=True)
    valid_until = models.DateField(pgettext_lazy("item", "valid until"), null=True, blank=True)
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    note = models.CharField(pgettext_lazy("item", "note"), max_length=200, blank=True)
    #: The end of validity that the holders have been warned of, at the first and at the last warning.
    warned_first_for = models.DateField(null=True, blank=True)
    warned_last_for = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = ProjectItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["project", "kind__order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "kind"], name="project_item_once"),
            models.CheckConstraint(
                condition=~Q(state=ItemState.APPROVED) | (Q(approved_on__isnull=False) & ~Q(document_no="")),
                name="project_item_approved_has_document",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(approved_on__isnull=True)
                | Q(valid_until__gte=F("approved_on")),
                name="project_item_valid_after_approval",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["valid_until"], condition=Q(state="approved"), name="project_item_lapsing")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.kind_id}"
