"""Planning guidance catalogues, their entries and tasks, and the projects that counties link to tasks (M1.5)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..querysets.catalogue import CatalogueQuerySet, PlanningTaskQuerySet
from ..workflow.catalogue import CatalogueStatus, FundingDirection


class Half(models.IntegerChoices):
    FIRST = 1, pgettext_lazy("catalogue", "January")
    SECOND = 2, pgettext_lazy("catalogue", "July")


@pghistory.track()
class Catalogue(models.Model):
    """One edition of one department's catalogue. `series` ties the editions of one issue together."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    department = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="catalogues",
        verbose_name=_("municipal department"),
    )  # fmt: skip
    department_text = models.CharField(max_length=80, help_text="The name as it was when the draft was begun")
    year = models.PositiveSmallIntegerField(_("year"))
    half = models.PositiveSmallIntegerField(_("issue"), choices=Half.choices, null=True, blank=True)
    title = models.CharField(_("title"), max_length=120)
    series = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.PositiveSmallIntegerField(_("edition"), default=1)
    reason = models.CharField(_("reason for the new edition"), max_length=300, blank=True)
    status = models.CharField(
        _("state"), max_length=10, choices=CatalogueStatus.choices, default=CatalogueStatus.DRAFTING
    )
    #: None: an extra issue, or a later edition, which no deadline asks for.
    due_at = models.DateTimeField(null=True, blank=True, help_text="The first instant that is too late (D11)")
    created_at = models.DateTimeField()
    #: Lateness is judged by the first asking, as with the counties' summaries (settled point 6).
    first_sent_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by_text = models.CharField(max_length=80, blank=True)
    return_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = CatalogueQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "-half", "department__order", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "number"], name="catalogue_edition_once"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(status="issued"), name="catalogue_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["department", "year", "half"],
                condition=Q(half__isnull=False, number=1) & ~Q(status="discarded"),
                name="catalogue_once_per_issue",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["issued", "replaced"])
                | Q(issued_at__isnull=False, approved_at__isnull=False),
                name="catalogue_issued_after_approval",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["status", "year"], name="catalogue_by_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def status_chip(self) -> str:
        """Code of the state's word in the vocabulary of states."""
        return f"catalogue_{self.status}"

    def is_late(self, at: datetime) -> bool:
        """Asked for approval after the deadline, or still not (D11)."""
        return self.due_at is not None and (self.first_sent_at or at) >= self.due_at


@pghistory.track()
class CatalogueEntry(models.Model):
    """One direction of the catalogue: what to plan, aligned with which funds, under which conditions."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.CASCADE, related_name="entries")
    order = models.PositiveSmallIntegerField(default=0)
    direction = models.CharField(_("direction"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    funding = models.CharField(_("funding direction"), max_length=16, choices=FundingDirection.choices)
    requirements = models.TextField(_("requirements"), blank=True)

    class Meta:
        ordering: ClassVar = ["catalogue", "order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["catalogue", "direction"], name="catalogue_direction_once")
        ]

    def __str__(self) -> str:
        return self.direction


@pghistory.track()
class PlanningTask(models.Model):
    """What one county has to plan under a catalogue: number of projects, investment in 万元, until when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    catalogue = models.ForeignKey(Catalogue, on_delete=models.CASCADE, related_name="tasks")
    place = models.ForeignKey("organizations.Place", on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(_("number of projects"))
    investment = models.DecimalField(_("investment"), max_digits=16, decimal_places=2, default=0)
    due_on = models.DateField(_("to be done by"))
    content = models.CharField(_("what to plan"), max_length=300, blank=True)

    objects: ClassVar = PlanningTaskQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["catalogue", "place__order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["catalogue", "place"], name="planning_task_once_per_county"),
            models.CheckConstraint(
                condition=Q(count__gt=0) & Q(investment__gte=0), name="planning_task_asks_for_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} · {self.catalogue}"


@pghistory.track()
class TaskLink(models.Model):
    """A reserve project by which a county meets its task; taken away again by deleting the row (the history stays)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.ForeignKey(PlanningTask, on_delete=models.PROTECT, related_name="links")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="task_links")
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    office_text = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["task", "linked_at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "project"], name="task_link_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.project_id}"
