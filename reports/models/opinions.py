"""The second channel: problems passed to a municipal department and its opinion on each (M6.2)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ningde_projects.periods.fields import MonthField

from ..querysets import OpinionQuerySet
from ..workflow import OpinionStatus


class OpinionSource(models.TextChoices):
    COUNTY_DEPARTMENT = "county_department", _("Passed by the county department")
    MUNICIPAL_PROJECT = "municipal_project", _("Reported by a municipal-managed project")
    COMMISSION = "commission", _("Referred by the commission")
    CARRIED = "carried", _("Carried over from last month")
    REASSIGNED = "reassigned", _("Reassigned by another department")


class OpinionResult(models.TextChoices):
    SOLVED = "solved", _("Solved")
    WORKING = "working", _("Handling under way")
    ESCALATE = "escalate", _("Escalation proposed")
    NOT_OURS = "not_ours", _("Not this department's duty")


class OpinionBatch(models.Model):
    """A department's opinions of a month, sent together to the commission."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    department = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="opinion_batches"
    )
    month = MonthField()
    number = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-month", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department", "month", "number"], name="opinion_batch_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.month} no. {self.number}"


@pghistory.track()
class Opinion(models.Model):
    """What a municipal department says on one problem in one month."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    problem = models.ForeignKey("reports.Problem", on_delete=models.PROTECT, related_name="opinions")
    department = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="opinions", db_index=False
    )
    month = MonthField(_("month"))
    source = models.CharField(max_length=20, choices=OpinionSource.choices)
    status = models.CharField(max_length=10, choices=OpinionStatus.choices, default=OpinionStatus.WAITING)
    version = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField(_("due"), help_text="The first instant that is too late")
    passed_at = models.DateTimeField()
    passed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    passed_from = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, related_name="problems_passed"
    )
    passed_note = models.TextField(_("opinion of the county department"), blank=True)
    result = models.CharField(_("result"), max_length=10, choices=OpinionResult.choices, blank=True)
    text = models.TextField(_("coordination opinion"), blank=True)
    section = models.CharField(_("section in charge"), max_length=40, blank=True)
    person = models.CharField(_("responsible person"), max_length=30, blank=True)
    due_on = models.DateField(_("to be settled by"), null=True, blank=True)
    helpers = models.ManyToManyField("organizations.Organisation", blank=True, related_name="+")
    proper_unit = models.CharField(_("unit whose duty it is"), max_length=60, blank=True)
    return_reason = models.TextField(blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    batch = models.ForeignKey(OpinionBatch, on_delete=models.PROTECT, null=True, related_name="opinions")

    objects: ClassVar = OpinionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["department", "month", "passed_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem", "department", "month"], name="opinion_once_per_department_and_month"
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="opinion_sent_has_time"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["department", "month", "status"], name="opinion_queue")]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.department_id} {self.month}"
