"""Problems that are hard, cross-department or pressing, before a city leader, and his instruction (M10.1)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.periods.month import local_date, midnight

from ..querysets.hard_cases import CaseLineQuerySet, HardCaseQuerySet, TaskQuerySet
from ..workflow.hard_cases import TASK_OWED, HardCaseStatus, TaskStatus


class Ground(models.TextChoices):
    """Why it goes to a city leader."""

    HARD = "hard", pgettext_lazy("hard case", "Hard to solve")
    ACROSS = "across", pgettext_lazy("hard case", "Cross-department")
    PRESSING = "pressing", pgettext_lazy("hard case", "Pressing")


@pghistory.track()
class HardCase(models.Model):
    """One submission to one city leader, about one problem or several. Never deleted: a wrong one is withdrawn."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=HardCaseStatus.choices, default=HardCaseStatus.DRAFTING)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(pgettext_lazy("hard case", "title"), max_length=100)
    ground = models.CharField(_("why it is submitted"), max_length=8, choices=Ground.choices)
    summary = models.TextField(_("state of the matter"), blank=True)
    proposal = models.TextField(_("proposal of the commission"), blank=True)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="hard_cases",
        verbose_name=_("city leader"),
    )  # fmt: skip
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    said_reason = models.TextField(blank=True, help_text="Why it was returned, taken up again or withdrawn")
    outcome = models.TextField(_("what became of it"), blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when owners read the instruction"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = HardCaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "number"], name="hard_case_numbered_once"),
            models.CheckConstraint(
                condition=Q(status__in=["drafting", "withdrawn"])
                | Q(submitted_at__isnull=False, leader__isnull=False),
                name="hard_case_submitted_to_someone",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False), name="hard_case_closed_has_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["leader", "status"], name="hard_case_of_leader"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        return f"{self.year}-{self.number:03d}"

    @property
    def chip(self) -> str:
        return f"hard_case_{self.status}"


class CaseLine(models.Model):
    """A problem that the case is about."""

    case = models.ForeignKey(HardCase, on_delete=models.CASCADE, related_name="lines")
    problem = models.ForeignKey("reports.Problem", on_delete=models.PROTECT, related_name="hard_case_lines")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="hard_case_lines")

    objects: ClassVar = CaseLineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["case", "problem__occurred_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "problem"], name="hard_case_names_a_problem_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.problem_id}"


class Instruction(models.Model):
    """批示 of a leader; never changed, a further one is a further row."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(HardCase, on_delete=models.PROTECT, related_name="instructions")
    text = models.TextField(_("instruction"))
    given_on = models.DateField(pgettext_lazy("instruction", "given on"))
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    leader_text = models.CharField(max_length=80)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    #: Typed by the leader himself; otherwise the commission entered what stands on paper.
    is_own_hand = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["case", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


@pghistory.track(exclude=["reminded_on", "overdue_told_at"])
class InstructionTask(models.Model):
    """What an instruction gives one unit to do. Its due day counts to 24:00."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(HardCase, on_delete=models.PROTECT, related_name="tasks")
    instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="tasks")
    status = models.CharField(max_length=10, choices=TaskStatus.choices, default=TaskStatus.WAITING)
    version = models.PositiveIntegerField(default=1)
    unit = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="instruction_tasks",
        verbose_name=_("responsible unit"),
    )  # fmt: skip
    text = models.TextField(_("what is to be done"))
    due_on = models.DateField(pgettext_lazy("instruction", "to be done by"))
    signed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(_("latest progress"), blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    evidence = models.TextField(_("how it was done"), blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    urged_at = models.DateTimeField(null=True, blank=True)
    urged_count = models.PositiveSmallIntegerField(default=0)
    reminded_on = models.DateField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TaskQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status__in=["reported", "verified"])
                | Q(finished_at__isnull=False) & ~Q(evidence=""),
                name="instruction_task_done_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(status="waiting") | Q(signed_at__isnull=False),
                name="instruction_task_signed_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "status", "due_on"], name="instruction_task_of_unit"),
            models.Index(
                fields=["due_on"], condition=Q(status__in=["waiting", "signed", "working"]),
                name="instruction_task_sweep_due",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def due_at(self) -> datetime:
        """The first instant that is too late."""
        return midnight(self.due_on + timedelta(days=1))

    def is_overdue(self, at: datetime) -> bool:
        return self.status in TASK_OWED and local_date(at) > self.due_on

    def days_over(self, today: date) -> int:
        return (today - self.due_on).days

    @property
    def finished_late(self) -> bool:
        return bool(self.finished_at and self.finished_at >= self.due_at)

    @property
    def chip(self) -> str:
        return f"instruction_task_{self.status}"
