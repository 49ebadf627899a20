"""Problems as records of their own: numbered once, living across months and levels until closed (point 3)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ningde_projects.periods.fields import MonthField
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import wan

from ..querysets import ProblemQuerySet
from ..workflow import UNSETTLED, ProblemStatus


@pghistory.track()
class Category(models.Model):
    """A version of a kind of problem (facts.md §6.1, point 10): the code stays, name and department are dated."""

    record_administrative = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=4)
    name = models.CharField(_("category"), max_length=30)
    help = models.CharField(_("what belongs here"), max_length=200, blank=True)
    factor_department = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("usual municipal department"),
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(default=0)
    valid_from = MonthField(_("from period"))
    valid_to = MonthField(_("to period"), null=True, blank=True)  # type: ignore[misc]
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["order", "code", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="category_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="category_one_open_version"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="category_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AskedLevel(models.TextChoices):
    """At which level the owner or the county asks for coordination (M8.2)."""

    COUNTY = "county", _("County level")
    DEPARTMENT = "department", _("Municipal department")
    LEADER = "leader", _("City leader")


class Impact(models.TextChoices):
    START = "start", _("Affects the start of works")
    SCHEDULE = "schedule", _("Affects the schedule")
    COMPLETION = "completion", _("Affects completion")
    OTHER = "other", _("Other")


class NumberSeries(models.Model):
    """The last number given to a problem per place and year; its row lock keeps numbers unique."""

    place = models.ForeignKey("organizations.Place", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.place_id}-{self.year}: {self.last}"


@pghistory.track()
class Problem(models.Model):
    """A living problem of a project. Forms and lists make statements about it; it is closed once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="problems")
    part = models.ForeignKey(
        "projects.ProjectPart", on_delete=models.PROTECT, null=True, blank=True, related_name="problems"
    )
    place = models.ForeignKey(
        "organizations.Place", on_delete=models.PROTECT, related_name="problems", db_index=False
    )
    owner = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="problems_reported"
    )
    status = models.CharField(max_length=10, choices=ProblemStatus.choices, default=ProblemStatus.OPEN)
    version = models.PositiveIntegerField(default=1)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, verbose_name=_("category"))
    description = models.TextField(_("description"))
    occurred_on = models.DateField(_("occurred on"))
    level = models.CharField(_("level asked for"), max_length=10, choices=AskedLevel.choices)
    unit = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, blank=True,
        related_name="problems_asked", verbose_name=_("responsible unit"),
    )  # fmt: skip
    unit_text = models.CharField(_("responsible unit as written"), max_length=60, blank=True)
    request = models.TextField(_("request"))
    expected_on = models.DateField(_("solution hoped for by"), null=True, blank=True)
    impact = models.CharField(_("impact"), max_length=10, choices=Impact.choices, blank=True)
    impact_amount = wan(_("investment affected"))
    measures = models.TextField(_("measures taken so far"), blank=True)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    is_direct = models.BooleanField(_("sent straight to the commission"), default=False)
    reported_at = models.DateTimeField(_("reported"))
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_report = models.ForeignKey(
        "reports.Report", on_delete=models.PROTECT, null=True, related_name="problems_raised"
    )
    first_month = MonthField(_("first month"))
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    handling = models.TextField(_("latest handling"), blank=True)

    objects: ClassVar = ProblemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["reported_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status__in=["resolved", "closed"]) | Q(resolved_at__isnull=False),
                name="problem_resolved_has_time",
            ),
            models.CheckConstraint(
                condition=Q(impact_amount__isnull=True) | Q(impact_amount__gte=0),
                name="problem_impact_not_negative",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "status", "reported_at"], name="problem_ledger"),
            models.Index(
                fields=["project"], condition=Q(status__in=["open", "working", "escalated", "confirm"]),
                name="problem_carried_forward",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def unit_name(self) -> str:
        return self.unit.short_name if self.unit else self.unit_text

    def days(self, at: datetime) -> int:
        """How long it has been there, or was there: from its occurrence, the same number on every page."""
        end = at if self.status in UNSETTLED else self.resolved_at or at
        return max(0, (local_date(end) - self.occurred_on).days)


class Answer(models.TextChoices):
    """What a monthly form says about a problem (point 3)."""

    NEW = "new", _("New")
    UNSOLVED = "unsolved", _("Still unsolved")
    PROGRESS = "progress", _("Progress made")
    SOLVED = "solved", _("Solved")


class ProblemStatement(models.Model):
    """What one report says about one problem; a refiled report says it again in the same row."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="statements")
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="statements")
    month = MonthField()
    answer = models.CharField(max_length=10, choices=Answer.choices)
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["month", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "report"], name="statement_once_per_report")
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.month} {self.answer}"


class HolderKind(models.TextChoices):
    DIRECT = "direct", _("Direct responsible person")
    LEADER = "leader", _("Responsible leader")
    COUNTY = "county", _("County")
    DEPARTMENT = "department", _("Municipal department")
    COMMISSION = "commission", _("Commission")
    OWNER = "owner", _("Owner")


@pghistory.track()
class Holding(models.Model):
    """The time a problem lies with one holder; working days are booked to him (settled point 8, M4.1)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="holdings")
    kind = models.CharField(max_length=10, choices=HolderKind.choices)
    organisation = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="holdings"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="holdings"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="The first instant that is too late (D6)")
    reminded_at = models.DateTimeField(null=True, blank=True)
    workdays = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Booked when it ended")

    class Meta:
        ordering: ClassVar = ["problem", "since", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem"], condition=Q(until__isnull=True), name="holding_one_holder_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="holding_span_not_reversed"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(until__isnull=True, due_at__isnull=False),
                name="holding_clock_due",
            ),
            models.Index(fields=["user"], condition=Q(until__isnull=True), name="holding_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.kind}"


class ClockStop(models.Model):
    """A clock stopped by decision, with its reason, and shown as stopped (settled point 8)."""

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="stops")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["since"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["holding"], condition=Q(until__isnull=True), name="clock_stop_one_open"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="clock_stop_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.holding_id} {self.since:%Y-%m-%d}"
