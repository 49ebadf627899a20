"""附件2: a county's problem summary of a month, its lines, and the editions as approved (measure 6)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ningde_projects.periods.fields import MonthField

from ..querysets import SummaryQuerySet
from ..workflow import SummaryStatus
from .problems import AskedLevel


@pghistory.track()
class Summary(models.Model):
    """One county's summary of one month."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    place = models.ForeignKey(
        "organizations.Place", on_delete=models.PROTECT, related_name="summaries", db_index=False
    )
    bureau = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="summaries_compiled"
    )
    government = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="summaries_to_approve"
    )
    month = MonthField(_("month"))
    status = models.CharField(max_length=10, choices=SummaryStatus.choices, default=SummaryStatus.BUILDING)
    version = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField(_("due"), help_text="The first instant that is too late")
    drawn_at = models.DateTimeField(null=True, blank=True)
    #: A county's lateness is judged by the moment it first asked its government (settled point 6).
    first_sent_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True, help_text="The government has looked at it")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    first_forwarded_at = models.DateTimeField(null=True, blank=True)
    forwarded_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by_text = models.CharField(max_length=80, blank=True)
    #: Counted when sent for approval, so that the paper and the screen cannot disagree.
    counts = models.JSONField(default=dict, blank=True)

    objects: ClassVar = SummaryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-month", "place__order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "month"], name="summary_once_per_county_and_month")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.month}"

    def is_late(self, at: datetime) -> bool:
        """Judged by the moment the county asked its government; not asked yet and past the deadline is late too."""
        return (self.first_sent_at or at) >= self.due_at


@pghistory.track()
class SummaryItem(models.Model):
    """One line: the owner's wording is kept beside the county's (M6.1)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="items")
    problem = models.ForeignKey("reports.Problem", on_delete=models.PROTECT, related_name="summary_items")
    report = models.ForeignKey(
        "reports.Report", on_delete=models.PROTECT, null=True, related_name="summary_items"
    )
    order = models.PositiveSmallIntegerField(default=0)
    original_text = models.TextField()
    text = models.TextField(_("difficulty and problem"))
    county_opinion = models.TextField(_("county's coordination so far"), blank=True)
    request = models.TextField(_("matter for higher coordination"), blank=True)
    level = models.CharField(_("level asked for"), max_length=10, choices=AskedLevel.choices)
    lead_department = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("leading municipal department"),
    )  # fmt: skip
    cooperating = models.CharField(_("cooperating units"), max_length=200, blank=True)
    due_on = models.DateField(_("to be solved by"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["summary", "order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["summary", "problem"], name="summary_item_once_per_problem")
        ]

    def __str__(self) -> str:
        return f"{self.summary_id} {self.order}"


class SummaryEdition(models.Model):
    """The summary as the county government approved it; never changed, exported again as issued (M6.4)."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    summary = models.ForeignKey(Summary, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_text = models.CharField(max_length=60)
    government_text = models.CharField(max_length=80)
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["summary", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["summary", "number"], name="summary_edition_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.summary_id} edition {self.number}"
