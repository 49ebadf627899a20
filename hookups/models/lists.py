"""The hookup lists of a year as they are filed (M3.4), which projects are major, who heads a county (M3.1).

`projects.Responsible` stays the truth of who answers when; a list is how that is filed, and takes effect there when
the commission has put it on file.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.models import Rank
from ningde_projects.projects.models import Post

from ..querysets.lists import HookupListQuerySet
from ..workflow.lists import EDITABLE, ListStatus


class ListSide(models.TextChoices):
    COUNTY = "county", pgettext_lazy("hookup", "County side")
    INDUSTRY = "industry", pgettext_lazy("hookup", "Industry side")
    ENTERPRISE = "enterprise", pgettext_lazy("hookup", "Municipal enterprise")


@pghistory.track()
class HookupList(models.Model):
    """One office's list of a year (`number` 0), or its n-th change in the year (`number` n), filed the same way."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(
        default=0, help_text="0: the list of the year; n: its n-th change"
    )
    side = models.CharField(_("side"), max_length=10, choices=ListSide.choices)
    office = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="hookup_lists",
        verbose_name=_("filing office"),
    )  # fmt: skip
    office_text = models.CharField(max_length=80, blank=True, help_text="Name of the office when it filed")
    status = models.CharField(max_length=10, choices=ListStatus.choices, default=ListStatus.DRAFTING)
    effective_on = models.DateField(_("effective from"), null=True, blank=True)
    reason = models.CharField(_("reason of the change"), max_length=200, blank=True)
    due_at = models.DateTimeField(
        _("due"), null=True, blank=True, help_text="The first instant that is too late"
    )
    opened_at = models.DateTimeField(null=True, blank=True, help_text="The commission has looked at it")
    #: Late stays late: judged by the first filing, also after a return (settled point 6).
    first_filed_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    filed_by_text = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by_text = models.CharField(max_length=80, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by_text = models.CharField(max_length=80, blank=True)
    return_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = HookupListQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "office__place__order", "office__order", "office", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "year", "number"], name="hookup_list_once"),
            models.CheckConstraint(
                condition=Q(number=0, effective_on__isnull=True) | Q(number__gt=0, effective_on__isnull=False),
                name="hookup_change_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(number=0) | ~Q(reason=""), name="hookup_change_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["drafting", "returned"]) | Q(filed_at__isnull=False),
                name="hookup_list_filed_has_its_moment",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["year", "status"], name="hookup_lists_of_year")]

    def __str__(self) -> str:
        return f"{self.office_text or self.office} {self.year}" + (f" #{self.number}" if self.number else "")

    @property
    def is_change(self) -> bool:
        return self.number > 0

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def chip(self) -> str:
        """Code of the state's word in the vocabulary of states."""
        return {"filed": "hookup_filed", "received": "hookup_received"}.get(self.status, self.status)

    def is_late(self, at: datetime) -> bool:
        """Judged by the first filing; not filed yet and past the deadline is late too. A change has no deadline."""
        return self.due_at is not None and (self.first_filed_at or at) >= self.due_at


@pghistory.track()
class HookupLine(models.Model):
    """One post of one project (or a county's part of it) in a list, with the person named for it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    list = models.ForeignKey(HookupList, on_delete=models.CASCADE, related_name="lines")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="hookup_lines")
    place = models.ForeignKey(
        "organizations.Place", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="For projects across counties: whose part",
    )  # fmt: skip
    post = models.CharField(_("post"), max_length=16, choices=Post.choices)
    order = models.PositiveSmallIntegerField(default=0)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True,
        related_name="hookup_lines", verbose_name=_("person"),
    )  # fmt: skip
    #: As it was when the list was filed; a later promotion or renaming changes nothing here.
    name_text = models.CharField(max_length=30, blank=True)
    unit_text = models.CharField(max_length=80, blank=True)
    title_text = models.CharField(max_length=40, blank=True)
    rank_text = models.CharField(max_length=12, choices=Rank.choices, blank=True, default=Rank.NONE)
    before_text = models.CharField(max_length=30, blank=True, help_text="Who held the post when it was filed")
    is_major = models.BooleanField(_("major project"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["list", "order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["list", "project", "place", "post"], name="hookup_line_once", nulls_distinct=False
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "place", "post"], name="hookup_lines_of_post"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.post}"


@pghistory.track()
class MajorPick(models.Model):
    """The commission's choice of a major project for a year (M3.1); withdrawn, never deleted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(_("year"))
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="major_picks")
    reason = models.CharField(_("reason"), max_length=200)
    picked_at = models.DateTimeField()
    picked_by_text = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_text = models.CharField(max_length=80, blank=True)
    withdrawal_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-year", "project"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "project"], condition=Q(withdrawn_at__isnull=True), name="major_pick_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="major_pick_has_a_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""),
                name="major_pick_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.project_id}"


class Head(models.TextChoices):
    PARTY = "party", _("Party secretary")
    GOVERNMENT = "government", _("Head of the government")


@pghistory.track()
class MainLeader(models.Model):
    """Who heads a county's party committee or government, in a span of time: rank alone does not tell (M3.1)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    place = models.ForeignKey("organizations.Place", on_delete=models.PROTECT, related_name="main_leaders")
    head = models.CharField(_("position"), max_length=10, choices=Head.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="main_leaderships"
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["place__order", "head", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place", "head"], condition=Q(valid_to__isnull=True), name="main_leader_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="main_leader_span_not_reversed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.head}"
