"""The three-tier list of lagging projects, and its items, which live across months (M8.2, M8.3, M11.1)."""

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
from ningde_projects.projects.models import wan
from ningde_projects.projects.rules import Light

from ..querysets.items import ItemQuerySet, StandingQuerySet, TierListQuerySet
from ..workflow.items import ITEM_OWED, ItemStatus, ListStatus


class Standing(models.Model):
    """How a key project, or a county's part of it, stood at a month's end, judged by the rule in force then (M8.2).

    One row per month and project; a project across counties has one per part besides the one of the whole. Written
    anew until the month's list is approved, and kept from then on.
    """

    month = MonthField(_("month"))
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="standings")
    part = models.ForeignKey(
        "projects.ProjectPart", on_delete=models.PROTECT, null=True, related_name="standings"
    )
    place = models.ForeignKey(
        "organizations.Place", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    #: The code of projects.rules.Light.
    light = models.CharField(max_length=1)
    #: The kinds of lag that were found, of projects.lights.Lag, in its order, joined by commas; empty for none.
    lags = models.CharField(max_length=40, blank=True)
    reasons = models.JSONField(default=list, help_text="The sums written out, as the page shows them")
    annual_plan = wan(_("annual plan"))
    year_cumulative = wan(_("completed this year"))
    percent = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    schedule = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    #: Percentage points ahead of schedule; negative = behind.
    ahead = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    #: For how many months without a break the light has been red, this one counted.
    red_months = models.PositiveSmallIntegerField(default=0)
    rule = models.JSONField(default=dict, help_text="The thresholds that were applied")
    judged_at = models.DateTimeField()

    objects: ClassVar = StandingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["month", "project", "part"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "part", "month"], nulls_distinct=False, name="standing_once_a_month"
            ),
            models.CheckConstraint(
                condition=Q(light__in=[light.value for light in Light]), name="standing_light_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["month", "place", "light"], name="standing_of_month"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.month} {self.light}"


class Tier(models.TextChoices):
    """县级 / 市直部门 / 市领导: at which level an item is coordinated (M8.2)."""

    COUNTY = "county", pgettext_lazy("tier", "County level")
    DEPARTMENT = "department", pgettext_lazy("tier", "Municipal departments")
    LEADER = "leader", pgettext_lazy("tier", "City leaders")


@pghistory.track()
class TierList(models.Model):
    """滞后重点项目分级协调清单 of one month: drawn up, passed by the commission's leader, approved, issued."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    month = MonthField(_("month"), unique=True)
    status = models.CharField(max_length=10, choices=ListStatus.choices, default=ListStatus.BUILDING)
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    #: The thresholds with which it was made (point 9).
    rule = models.JSONField(default=dict)

    objects: ClassVar = TierListQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-month"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "issued"]) | Q(approved_at__isnull=False),
                name="tier_list_approved_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="issued") | Q(issued_at__isnull=False), name="tier_list_issued_has_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.month)

    @property
    def chip(self) -> str:
        return f"tier_list_{self.status}"


class Origin(models.TextChoices):
    """Why a matter is on the list."""

    LAG = "lag", pgettext_lazy("item", "Lagging project")
    PROBLEM = "problem", pgettext_lazy("item", "Problem reported")
    ADDED = "added", pgettext_lazy("item", "Added by the commission")


class Pace(models.TextChoices):
    """How often an open item is followed up (M11.1)."""

    MONTHLY = "monthly", pgettext_lazy("follow-up", "Monthly")
    WEEKLY = "weekly", pgettext_lazy("follow-up", "Weekly")


@pghistory.track(exclude=["reminded_on", "overdue_told_at", "follow_up_told_on"])
class Item(models.Model):
    """A matter that somebody has to settle: on a project (or a county's part of it), by a unit, by a day.

    It is numbered once and goes over from one month's list into the next until it is struck off. `place` is the
    county that it concerns; its due day counts to 24:00.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="dispatch_items")
    part = models.ForeignKey(
        "projects.ProjectPart", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.ForeignKey(
        "organizations.Place", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    first_month = MonthField(_("first month"))
    origin = models.CharField(max_length=8, choices=Origin.choices)
    problems = models.ManyToManyField("reports.Problem", blank=True, related_name="dispatch_items")
    status = models.CharField(max_length=10, choices=ItemStatus.choices, default=ItemStatus.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices)
    proposed_tier = models.CharField(max_length=10, choices=Tier.choices)
    #: Why that tier was proposed; what the commission says when it decides otherwise stands in `tier_reason`.
    proposal = models.TextField(blank=True)
    tier_reason = models.CharField(_("why this tier"), max_length=300, blank=True)
    problem_text = models.TextField(_("problem"), blank=True)
    requirement = models.TextField(pgettext_lazy("item", "what is required"), blank=True)
    unit = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, blank=True,
        related_name="dispatch_items", verbose_name=_("responsible unit"),
    )  # fmt: skip
    co_units = models.ManyToManyField(
        "organizations.Organisation", blank=True, related_name="dispatch_items_shared",
        verbose_name=_("assisting units"),
    )  # fmt: skip
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="dispatch_items_led",
        verbose_name=_("responsible leader"),
    )  # fmt: skip
    leader_text = models.CharField(_("responsible leader as written"), max_length=40, blank=True)
    due_on = models.DateField(pgettext_lazy("item", "to be rectified by"), null=True, blank=True)
    pace = models.CharField(_("follow-up"), max_length=8, choices=Pace.choices, default=Pace.MONTHLY)
    next_on = models.DateField(_("next follow-up"), null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    signed_for_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    #: The latest that was said of it, and when.
    note = models.TextField(blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    follow_up_told_on = models.DateField(null=True, blank=True)

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["first_month", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "removed"])
                | Q(unit__isnull=False, due_on__isnull=False, issued_at__isnull=False) & ~Q(requirement=""),
                name="item_issued_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(finished_at__isnull=False), name="item_done_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False), name="item_closed_has_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "status", "due_on"], name="item_of_place"),
            models.Index(fields=["unit", "status", "due_on"], name="item_of_unit"),
            models.Index(
                fields=["due_on"], condition=Q(status__in=["issued", "working"]), name="item_sweep_due"
            ),
            models.Index(
                fields=["next_on"], condition=Q(status__in=["issued", "working"]), name="item_sweep_follow_up"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def due_at(self) -> datetime | None:
        """The first instant that is too late."""
        return midnight(self.due_on + timedelta(days=1)) if self.due_on else None

    def is_overdue(self, at: datetime) -> bool:
        return bool(self.status in ITEM_OWED and self.due_on and local_date(at) > self.due_on)

    @property
    def chip(self) -> str:
        return f"dispatch_item_{self.status}"

    @property
    def leader_name(self) -> str:
        return self.leader.name if self.leader else self.leader_text


@pghistory.track()
class Listing(models.Model):
    """An item on the list of one month: in which order, whether it was carried on, and how the project stood."""

    list = models.ForeignKey(TierList, on_delete=models.PROTECT, related_name="listings")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="listings")
    order = models.PositiveSmallIntegerField(default=0)
    is_carried = models.BooleanField(_("carried on from the month before"), default=False)
    #: Standings are judged anew until the list is approved; one that is taken back leaves the listing.
    standing = models.ForeignKey(Standing, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["list", "order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "item"], name="listing_once_per_list")
        ]

    def __str__(self) -> str:
        return f"{self.list_id} {self.item_id}"


class FollowUpKind(models.TextChoices):
    PROGRESS = "progress", pgettext_lazy("follow-up", "Progress")
    CHECK = "check", pgettext_lazy("follow-up", "Follow-up by the commission")
    CHASE = "chase", pgettext_lazy("follow-up", "Chased")
    SESSION = "session", pgettext_lazy("follow-up", "Result of a session")
    FINISH = "finish", pgettext_lazy("follow-up", "Asked to be struck off")
    SEND_BACK = "send_back", pgettext_lazy("follow-up", "Sent back")
    CLOSE = "close", pgettext_lazy("follow-up", "Struck off")


class FollowUp(models.Model):
    """跟踪记录: what was said of an item, by whom, when; never changed (M11.1)."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="follow_ups")
    kind = models.CharField(max_length=10, choices=FollowUpKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["item", "-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["item", "at"], name="follow_up_of_item")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind}"
