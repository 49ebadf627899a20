"""Dated rules, the commission's calendar, extensions, and the ledger of jobs that have run."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .fields import MonthField
from .rules import DEFAULT_RULES


@pghistory.track()
class CalendarDay(models.Model):
    """A day on which the commission overrides the published calendar (or fills an unpublished year)."""

    record_administrative = True

    day = models.DateField(_("day"), unique=True)
    is_workday = models.BooleanField(_("working day"))
    note = models.CharField(
        _("note"), max_length=100, help_text=_("For example: make-up day for National Day")
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'workday' if self.is_workday else 'free'}"


@pghistory.track()
class DeadlineRule(models.Model):
    """A version of one row of the table of deadlines, valid for a span of periods (settled point 10)."""

    record_administrative = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("rule"), max_length=4, choices=[(s.code, s.code) for s in DEFAULT_RULES])
    valid_from = MonthField(_("from period"))
    valid_to = MonthField(_("to period"), null=True, blank=True)  # type: ignore[misc]
    day = models.PositiveSmallIntegerField(_("day"), validators=[MinValueValidator(1), MaxValueValidator(31)])
    workdays = models.PositiveSmallIntegerField(
        _("working days"), default=0, validators=[MaxValueValidator(60)]
    )
    moves_for_holidays = models.BooleanField(_("moves to the next working day"), default=False)
    reminder_days = ArrayField(models.PositiveSmallIntegerField(), default=list, verbose_name=_("reminders"))
    reason = models.CharField(_("reason"), max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["code", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="deadline_rule_one_per_start"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="deadline_rule_span_not_reversed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class Extension(models.Model):
    """One deadline of one period moved for named organisations, by decision (measures.md §0 Time)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("rule"), max_length=4)
    month = MonthField(_("period"))
    until = models.DateTimeField(_("new deadline"), help_text=_("The first instant that is too late."))
    organisations = models.ManyToManyField(
        "organizations.Organisation", related_name="extensions", verbose_name=_("organisations")
    )
    reason = models.CharField(_("reason"), max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        ordering: ClassVar = ["-decided_at"]
        indexes: ClassVar = [models.Index(fields=["code", "month"], name="extension_by_deadline")]

    def __str__(self) -> str:
        return f"{self.code} {self.month} until {self.until:%Y-%m-%d}"


class JobRun(models.Model):
    """One row per (job, period): a consequence happens once, however many beats run (measures.md §0 Time)."""

    job = models.CharField(max_length=60)
    period = models.CharField(max_length=20)
    due_at = models.DateTimeField(help_text="The instant at which it should have happened")
    done_at = models.DateTimeField()
    affected = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "period"], name="job_run_once_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.period}"

    @property
    def was_late(self) -> bool:
        """Caught up more than an hour after it was due."""
        return (self.done_at - self.due_at).total_seconds() > 3600


class JobFailure(models.Model):
    """A consequence that raised: it is tried again at the next tick, and the administrator sees why."""

    job = models.CharField(max_length=60)
    period = models.CharField(max_length=20)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    error = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "period"], name="job_failure_one_row")
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.period} x{self.times}"


class Enforcement(models.Model):
    """From when this installation enforces deadlines; nothing before is caught up. One row."""

    since = models.DateTimeField()
    one = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(one=True), name="enforcement_single_row")]

    def __str__(self) -> str:
        return f"since {self.since:%Y-%m-%d}"
