"""Dispatch meetings of county leaders, on-site sessions of departments, and what they decide (M4.2)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.periods.fields import MonthField
from ningde_projects.periods.month import local_date, midnight

from ..querysets.meetings import DecisionQuerySet, SessionProjectQuerySet, SessionQuerySet
from ..rules.meetings import period_end
from ..workflow.meetings import OWED, DecisionStatus, SessionStatus


class SessionKind(models.TextChoices):
    DISPATCH = "dispatch", _("Dispatch meeting")
    ON_SITE = "on_site", _("On-site session")
    MONTHLY = "monthly", _("Commission's monthly dispatch meeting")
    QUARTERLY = "quarter", _("Vice-mayor's quarterly dispatch meeting")
    CITY_WIDE = "citywide", _("City-wide dispatch meeting")
    TOPICAL = "topical", _("Topical session")


@pghistory.track()
class Session(models.Model):
    """A dispatch meeting of a county government's leader, an on-site session of a department, or one of the city.

    `office` is whose meeting it is: the county government, the department, the commission, or the municipal government
    for the vice-mayor's; `place` is the office's. A draft may
    lack anything; what is recorded is complete. Never deleted: a wrong one is withdrawn with a reason.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=SessionKind.choices)
    office = models.ForeignKey(
        "organizations.Organisation",
        on_delete=models.PROTECT,
        related_name="meetings_held",
        verbose_name=_("office"),
    )
    place = models.ForeignKey(
        "organizations.Place", on_delete=models.PROTECT, related_name="meetings", db_index=False
    )
    status = models.CharField(max_length=10, choices=SessionStatus.choices, default=SessionStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)
    held_on = models.DateField(_("day"), null=True, blank=True)
    location = models.CharField(pgettext_lazy("meeting", "place held"), max_length=100, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings_chaired",
        verbose_name=_("chair"),
    )  # fmt: skip
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="meetings_attended")
    others = models.CharField(_("other participants"), max_length=500, blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    #: Since when the record stands for its period; a day moved into another period begins anew.
    counts_since = models.DateTimeField(null=True, blank=True)
    edition_count = models.PositiveSmallIntegerField(default=0)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar = SessionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-held_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status="recorded")
                | Q(held_on__isnull=False, recorded_at__isnull=False, counts_since__isnull=False)
                & ~Q(location=""),
                name="meeting_recorded_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(withdrawn_reason=""),
                name="meeting_withdrawn_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "kind", "held_on"], name="meeting_of_place"),
            models.Index(fields=["kind", "held_on"], name="meeting_of_period"),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.held_on or ''} {self.get_kind_display()}".replace("  ", " ")

    @property
    def period_ends(self) -> datetime | None:
        """The instant by which it had to be recorded: month's end for a meeting, quarter's end for a session."""
        return period_end(self.kind, self.held_on) if self.held_on else None

    @property
    def is_late(self) -> bool:
        """Recorded after its period had ended; that stays marked."""
        end = self.period_ends
        return bool(end and self.counts_since and self.counts_since >= end)

    @property
    def chip(self) -> str:
        return f"meeting_{self.status}"


@pghistory.track()
class SessionProject(models.Model):
    """A project that was spoken of, and what was said."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="lines")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="meeting_lines")
    note = models.CharField(_("what was discussed"), max_length=500, blank=True)
    #: Since when the record says that this project was on the agenda; a later correction adds it later.
    since = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = SessionProjectQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["session", "project__place__order", "project"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "project"], name="meeting_names_a_project_once")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.project_id}"


class SessionEdition(models.Model):
    """The record as it stood after it was made or corrected; never changed."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_text = models.CharField(max_length=80)
    reason = models.CharField(max_length=500, blank=True)
    content = models.JSONField(help_text="Everything that stood in it, with the names of that day")

    class Meta:
        ordering: ClassVar = ["session", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "number"], name="meeting_edition_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} no. {self.number}"


@pghistory.track(exclude=["reminded_on", "overdue_told_at"])
class Decision(models.Model):
    """What a meeting decided: who does it by when. Its due day counts to 24:00."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="decisions")
    order = models.PositiveSmallIntegerField(default=0)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions",
        verbose_name=_("project"),
    )  # fmt: skip
    status = models.CharField(max_length=10, choices=DecisionStatus.choices, default=DecisionStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)
    text = models.TextField(_("what was decided"))
    unit = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions",
        verbose_name=_("responsible unit"),
    )  # fmt: skip
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions",
        verbose_name=_("responsible person"),
    )  # fmt: skip
    person_text = models.CharField(_("responsible person as written"), max_length=30, blank=True)
    due_on = models.DateField(pgettext_lazy("decision", "to be done by"), null=True, blank=True)
    note = models.TextField(_("latest progress"), blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    evidence = models.TextField(_("how it was done"), blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = DecisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["session", "order", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled"]) | Q(unit__isnull=False, due_on__isnull=False),
                name="decision_has_unit_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["done", "verified"])
                | Q(finished_at__isnull=False) & ~Q(evidence=""),
                name="decision_done_has_evidence",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "status", "due_on"], name="decision_of_unit"),
            models.Index(
                fields=["due_on"], condition=Q(status__in=["open", "working"]), name="decision_sweep_due"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def due_at(self) -> datetime | None:
        """The first instant that is too late."""
        return midnight(self.due_on + timedelta(days=1)) if self.due_on else None

    def is_overdue(self, at: datetime) -> bool:
        return bool(self.status in OWED and self.due_on and local_date(at) > self.due_on)

    @property
    def finished_late(self) -> bool:
        due = self.due_at
        return bool(due and self.finished_at and self.finished_at >= due)

    @property
    def chip(self) -> str:
        return f"decision_{self.status}"

    @property
    def person_name(self) -> str:
        return self.person.name if self.person else self.person_text


class OwedMeeting(models.Model):
    """Who owed a meeting for which project in a period, as it stood when the period ended (D7, D8, D9).

    Written once at the deadline. Whether it was held is read from the records, so that one recorded late counts as late
    and not as missing.
    """

    rule = models.CharField(max_length=4, choices=[("D7", "D7"), ("D8", "D8"), ("D9", "D9")])
    #: The month; for a quarter its last month.
    month = MonthField()
    place = models.ForeignKey("organizations.Place", on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey("organizations.Organisation", on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["rule", "month", "place__order", "office", "project"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "month", "place", "office", "project"],
                nulls_distinct=False,
                name="owed_meeting_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["rule", "month"], name="owed_meeting_of_period")]

    def __str__(self) -> str:
        return f"{self.rule} {self.month} {self.office_id}"
