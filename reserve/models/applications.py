"""《项目储备申报表》, what was filed with it, and what each side said to it (M1.2)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..querysets.applications import ApplicationQuerySet
from ..workflow.applications import OPEN, ApplicationStatus


class Side(models.TextChoices):
    """The two sides of 双责任制."""

    COUNTY = "county", _("County side")
    INDUSTRY = "industry", _("Industry side")


class Verdict(models.TextChoices):
    PASSED = "passed", pgettext_lazy("verdict", "Passed")
    RETURNED = "returned", pgettext_lazy("verdict", "Returned")


@pghistory.track(exclude=["draft", "draft_saved_at", "draft_saved_by"])
class Application(models.Model):
    """One application. The project exists from the first filing on; the offices that review are settled then.

    What is being typed lies in `draft`, as typed. A side's pass holds as long as its time stands here.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        "projects.Project",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reserve_applications",
    )
    name = models.CharField(_("project name"), max_length=120, blank=True)
    status = models.CharField(
        _("state"), max_length=10, choices=ApplicationStatus.choices, default=ApplicationStatus.DRAFT
    )
    version = models.PositiveIntegerField(default=1)
    applicant = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="reserve_applications",
        verbose_name=_("applicant office"),
    )  # fmt: skip
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    draft = models.JSONField(default=dict, blank=True)
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    draft_saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    county_office = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    industry_office = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    submission_count = models.PositiveSmallIntegerField(default=0)
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    county_passed_at = models.DateTimeField(null=True, blank=True)
    industry_passed_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    return_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    return_reason = models.TextField(blank=True)
    passed_at = models.DateTimeField(_("passed on"), null=True, blank=True)

    objects: ClassVar = ApplicationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(status__in=sorted(OPEN)), name="application_one_open_per_project"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN])
                | Q(project__isnull=False, submitted_at__isnull=False, county_office__isnull=False,
                    industry_office__isnull=False),
                name="application_filed_has_sides",
            ),
            models.CheckConstraint(
                condition=~Q(status=ApplicationStatus.PASSED)
                | Q(county_passed_at__isnull=False, industry_passed_at__isnull=False, passed_at__isnull=False),
                name="application_passed_by_both",
            ),
            models.CheckConstraint(
                condition=~Q(status=ApplicationStatus.RETURNED) | ~Q(return_reason=""),
                name="application_return_has_reason",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["applicant", "status"], name="application_of_applicant"),
            models.Index(fields=["county_office", "status"], name="application_county_queue"),
            models.Index(fields=["industry_office", "status"], name="application_industry_queue"),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Unnamed project"))


class ApplicationFiling(models.Model):
    """What was filed, as it was filed; never changed."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="filings")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_text = models.CharField(max_length=80)
    office_text = models.CharField(max_length=80)
    values = models.JSONField(help_text="Every field of the form as text")
    confirmed = models.JSONField(default=list, help_text="Questions that were answered with yes")

    class Meta:
        ordering: ClassVar = ["application", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "number"], name="application_filing_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} no. {self.number}"


class ApplicationReview(models.Model):
    """One side's word on one filing: who, when, for which office; never changed."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    filing_number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_text = models.CharField(max_length=80)
    office_text = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["application", "id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.side} {self.verdict}"
