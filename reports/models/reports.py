"""A due report, what was filed for it, and who has received it (measures 5 and 6)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ningde_projects.periods.fields import MonthField
from ningde_projects.projects.models import wan

from ..querysets import ReportQuerySet
from ..workflow import EDITABLE, ReceiptStatus, ReportStatus


class ReportKind(models.TextChoices):
    MONTHLY = "monthly", _("Monthly report")
    URGENT = "urgent", _("Urgent report")
    DIRECT = "direct", _("Direct report to the commission")


class ReportingPeriod(models.Model):
    """A month that D1 has opened."""

    month = MonthField(_("month"), unique=True)
    opened_at = models.DateTimeField()
    expected = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-month"]

    def __str__(self) -> str:
        return str(self.month)


@pghistory.track(exclude=["draft", "draft_saved_at", "draft_saved_by"])
class Report(models.Model):
    """One report that a project (or a county's part of it) owes for a month, or an urgent or direct one.

    Place,
    owner and receivers are copied from the project when the report is opened: they decide who sees it, and
    they stay what they were (point 15). Figures are those of the latest submission,
    in 万元; what is being typed
    lies in `draft`, as typed.
    """

    #: A month is opened in one statement; the planner is told (services/opening.py).
    filled_at_once = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=ReportKind.choices, default=ReportKind.MONTHLY)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="reports", db_index=False
    )
    part = models.ForeignKey(
        "projects.ProjectPart", on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    month = MonthField(_("month"))
    status = models.CharField(max_length=10, choices=ReportStatus.choices, default=ReportStatus.TODO)
    version = models.PositiveIntegerField(default=1)
    place = models.ForeignKey(
        "organizations.Place", on_delete=models.PROTECT, related_name="reports", db_index=False
    )
    owner = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="reports_owed", db_index=False
    )
    receiver = models.ForeignKey(
        "organizations.Organisation",
        on_delete=models.PROTECT,
        related_name="reports_to_decide",
        db_index=False,
    )
    department = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, related_name="reports_informed",
        db_index=False,
    )  # fmt: skip
    annual_plan = wan(_("annual plan"))
    due_at = models.DateTimeField(_("due"), null=True, help_text="The first instant that is too late")
    # The draft, as typed.
    draft = models.JSONField(default=dict, blank=True)
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    draft_saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The latest submission.
    submission_count = models.PositiveSmallIntegerField(default=0)
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_nil = models.BooleanField(_("nil report"), default=False)
    month_investment = wan(_("investment of the month"))
    year_cumulative = wan(_("cumulative investment of the year"))
    total_cumulative = wan(_("cumulative investment since start"))
    progress = models.TextField(_("physical progress"), blank=True)
    next_plan = models.TextField(_("plan for next month"), blank=True)
    statistics_cumulative = wan(_("cumulative figure in the statistics platform"))
    statistics_note = models.CharField(_("explanation of the difference"), max_length=500, blank=True)
    nil_answer = models.TextField(_("answer to the polite question"), blank=True)
    filler = models.CharField(_("filled in by"), max_length=30, blank=True)
    filler_phone = models.CharField(_("telephone"), max_length=20, blank=True)
    head = models.CharField(_("head of the unit"), max_length=30, blank=True)
    problem_count = models.PositiveSmallIntegerField(default=0)
    # The receiver's side.
    opened_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    returned_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    return_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    return_count = models.PositiveSmallIntegerField(default=0)
    refile_by = models.DateTimeField(_("to be filed again by"), null=True, blank=True)
    county_opinion = models.TextField(_("county's first opinion"), blank=True)
    exempt_reason = models.TextField(blank=True)
    revision_reason = models.TextField(blank=True)

    objects: ClassVar = ReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["project", "-month"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "month", "part"], condition=Q(kind="monthly"), nulls_distinct=False,
                name="report_one_per_project_and_month",
            ),
            models.CheckConstraint(
                condition=Q(month_investment__isnull=True) | Q(month_investment__gte=0),
                name="report_month_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(year_cumulative__isnull=True) | Q(month_investment__isnull=True)
                | Q(year_cumulative__gte=F("month_investment")),
                name="report_year_covers_month",
            ),
            models.CheckConstraint(
                condition=~Q(status="submitted") | Q(submitted_at__isnull=False),
                name="report_submitted_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(status="exempt") | ~Q(exempt_reason=""), name="report_exempt_has_reason"
            ),
        ]  # fmt: skip
        # None leads with the month: a fresh month has no statistics yet (performance.md).
        indexes: ClassVar = [
            models.Index(fields=["place", "month", "status"], name="report_worksheet"),
            models.Index(fields=["owner", "month"], name="report_owner_home"),
            models.Index(fields=["receiver", "month", "status"], name="report_to_decide"),
            models.Index(fields=["department", "month"], name="report_of_department"),
            models.Index(
                fields=["due_at"], condition=Q(status__in=["todo", "draft"]), name="report_sweep_overdue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.month}"

    def is_late(self) -> bool:
        """Filed after its deadline; by the first valid submission, and late stays late (M5.4, point 6)."""
        return bool(self.first_submitted_at and self.due_at and self.first_submitted_at >= self.due_at)

    @property
    def is_asked_back(self) -> bool:
        """What a receiver wants changed still stands, also after a filing that was recalled."""
        return self.status in EDITABLE and bool(self.return_reason)

    def is_overdue(self, at: datetime) -> bool:
        """Owed, never filed, and the deadline has passed."""
        owed = self.status in (ReportStatus.TODO, ReportStatus.DRAFT) and self.first_submitted_at is None
        return bool(owed and self.due_at and at >= self.due_at)


class Submission(models.Model):
    """What was filed, as it was filed. Never changed; the history and the comparison read it (M5.4)."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_text = models.CharField(max_length=60)
    owner_text = models.CharField(max_length=80)
    is_nil = models.BooleanField()
    values = models.JSONField(help_text="Every field of the form as text")
    problems = models.JSONField(help_text="Every problem line of the form")
    facts = models.JSONField(help_text="The project's facts printed on the form as they stood")
    revision_reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["report", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "number"], name="submission_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} no. {self.number}"


class Receipt(models.Model):
    """One receiver of a report and how far he is; all receivers see each other's state (M5.2, M5.3)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="receipts")
    organisation = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="receipts", db_index=False
    )
    decides = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=ReceiptStatus.choices, default=ReceiptStatus.WAITING)
    version = models.PositiveIntegerField(default=1)
    delivered_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-decides", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "organisation"], name="receipt_once_per_receiver")
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "status"], name="receipt_queue")]

    def __str__(self) -> str:
        return f"{self.report_id} to {self.organisation_id}"
