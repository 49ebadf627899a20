"""The register: one record per project, for life (一项目一档; measures.md §0 Projects, settled points 2,
11)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.periods.fields import MonthField

from ..querysets import ProjectQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Stage(models.TextChoices):
    PLANNING = "planning", _("Planning")
    RESERVE = "reserve", _("Reserve")
    PRELIMINARY = "preliminary", _("Preliminary work")
    UNDER_WAY = "under_way", _("Under way")
    COMPLETED = "completed", _("Completed")
    EXITED = "exited", _("Left the pool")
    SUSPENDED = "suspended", _("Suspended")


class Level(models.TextChoices):
    PROVINCIAL = "provincial", _("Provincial key project")
    MUNICIPAL = "municipal", _("Municipal key project")
    OTHER = "other", _("Other project")


class Management(models.TextChoices):
    COUNTY = "county", _("County-managed")
    MUNICIPAL = "municipal", _("Municipal-managed")


class InvestmentKind(models.TextChoices):
    GOVERNMENT = "government", _("Government-invested")
    ENTERPRISE = "enterprise", _("Enterprise-invested")
    UNKNOWN = "", pgettext_lazy("fact", "Not stated")


class NodeKind(models.TextChoices):
    PRELIMINARY = "preliminary", _("Preliminary work done")
    START = "start", _("Start of works")
    COMPLETION = "completion", _("Completion")
    OTHER = "other", _("Other node")


class ParticipantRole(models.TextChoices):
    SUPERVISION = "supervision", _("Supervision")
    SURVEY = "survey", _("Survey")
    DESIGN = "design", _("Design")
    CONSTRUCTION = "construction", _("Construction")


def wan(verbose_name: StrOrPromise) -> models.DecimalField[Any, Any]:
    """A sum in 万元 with two decimals; None = not stated."""
    return models.DecimalField(verbose_name, max_digits=16, decimal_places=2, null=True, blank=True)


@pghistory.track()
class Project(models.Model):
    """One project. Blank means that it is not stated, and is shown as such. Money is 万元.

    `place`, `owner`, the two departments and `management` are plain columns because they decide who sees the
    project and who receives its reports (M5.2).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("project name"), max_length=120)
    code = models.CharField(_("national project code"), max_length=24, blank=True)
    place = models.ForeignKey(
        "organizations.Place",
        on_delete=models.PROTECT,
        related_name="projects",
        verbose_name=_("lead county"),
    )
    township = models.CharField(_("township"), max_length=60, blank=True)
    industry = models.ForeignKey(
        "organizations.Industry", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("industry")
    )
    owner = models.ForeignKey(
        "organizations.Organisation",
        on_delete=models.PROTECT,
        related_name="owned_projects",
        verbose_name=_("owner"),
    )
    municipal_department = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, blank=True,
        related_name="led_projects_municipal", verbose_name=_("municipal industry department"),
    )  # fmt: skip
    county_department = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, blank=True,
        related_name="led_projects_county", verbose_name=_("county industry department"),
    )  # fmt: skip
    management = models.CharField(
        _("management"), max_length=10, choices=Management.choices, default=Management.COUNTY
    )
    investment_kind = models.CharField(
        _("investment kind"),
        max_length=10,
        choices=InvestmentKind.choices,
        blank=True,
        default=InvestmentKind.UNKNOWN,
    )
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, default=Level.MUNICIPAL)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.UNDER_WAY)
    total_investment = wan(_("total investment"))
    content = models.TextField(_("scale and content"), blank=True)
    annual_goal = models.CharField(_("goal of the year"), max_length=300, blank=True)
    start_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    in_statistics = models.BooleanField(_("in the statistics platform"), null=True, blank=True)
    published_status = models.CharField(_("status as published"), max_length=100, blank=True)
    source = models.TextField(_("source"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = ProjectQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["place__order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="project_code_once"),
            models.UniqueConstraint(fields=["place", "name"], name="project_name_once_per_county"),
            models.CheckConstraint(
                condition=Q(total_investment__isnull=True) | Q(total_investment__gte=0),
                name="project_total_not_negative",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "stage", "level"], name="project_of_county"),
            models.Index(fields=["owner", "stage"], name="project_of_owner"),
        ]
        #: Granted to single persons, for as long as they answer for the project (grants.py).
        permissions: ClassVar = [("answer_for_project", "Answers for this project")]

    def __str__(self) -> str:
        return self.name

    @property
    def stage_chip(self) -> str:
        """Code of the stage's word in the vocabulary of states."""
        return f"stage_{self.stage}"

    @property
    def is_key(self) -> bool:
        """省重点 or 市重点 in the annual list."""
        return self.level in (Level.PROVINCIAL, Level.MUNICIPAL)


@pghistory.track()
class AnnualPlan(models.Model):
    """The plan of one year, for the whole project (`part` empty) or one county's part."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="plans")
    part = models.ForeignKey(
        "ProjectPart", on_delete=models.CASCADE, null=True, blank=True, related_name="plans"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    investment = wan(_("planned investment of the year"))
    goal = models.CharField(_("goal of the year"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["project", "year"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "year", "part"], name="annual_plan_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(investment__isnull=True) | Q(investment__gte=0), name="annual_plan_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.year}"


@pghistory.track()
class ProjectPart(models.Model):
    """A county's part of a project that crosses counties; its county reports it,
    figures add up once (point 2)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="parts")
    place = models.ForeignKey("organizations.Place", on_delete=models.PROTECT, related_name="project_parts")
    owner = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, blank=True,
        related_name="owned_parts", verbose_name=_("reporting owner of the part"),
    )  # fmt: skip
    county_department = models.ForeignKey(
        "organizations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_parts",
    )
    total_investment = wan(_("total investment of the part"))
    is_lead = models.BooleanField(_("lead county"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["project", "-is_lead", "place__order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "place"], name="project_part_once_per_county"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(is_lead=True), name="project_part_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} / {self.place_id}"


@pghistory.track()
class PlanNode(models.Model):
    """A node of the plan: when it should be reached, and when it was."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="nodes")
    kind = models.CharField(_("node"), max_length=12, choices=NodeKind.choices)
    name = models.CharField(_("name"), max_length=60, blank=True)
    planned_on = models.DateField(_("planned"), null=True, blank=True)
    reached_on = models.DateField(_("reached"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["planned_on", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["planned_on"], condition=Q(reached_on__isnull=True), name="plan_node_still_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.kind}"


class ParticipatingUnit(models.Model):
    """A supervision, survey, design or construction unit of the project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="units")
    organisation = models.ForeignKey("organizations.Organisation", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=12, choices=ParticipantRole.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "organisation", "role"], name="participating_unit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.role}"


@pghistory.track()
class Threshold(models.Model):
    """A figure of judgement as dated data: lights, similarity, days (settled points 9, 10)."""

    record_administrative = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(_("threshold"), max_length=30)
    value = models.DecimalField(_("value"), max_digits=10, decimal_places=2)
    valid_from = MonthField(_("from period"))
    reason = models.CharField(_("reason"), max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["key", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="threshold_one_per_start")
        ]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"
