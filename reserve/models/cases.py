"""The case of one project and year, and the opinions that are asked in it (M2.1, M2.2, M2.4)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.projects.models import wan

from ..querysets.cases import CaseOpinionQuerySet, CaseQuerySet
from ..workflow.cases import CaseStatus, OpinionStatus


class RunLevel(models.TextChoices):
    """Who runs the consultation: the city, or the county for itself (M2.4)."""

    MUNICIPAL = "municipal", pgettext_lazy("case level", "Run by the city")
    COUNTY = "county", pgettext_lazy("case level", "Run by the county")


class LeadRole(models.TextChoices):
    """The three that every case needs, and the N (measure 2)."""

    APPROVAL = "approval", pgettext_lazy("case role", "Approval path")
    FINANCE = "finance", pgettext_lazy("case role", "Financing")
    LAND = "land", pgettext_lazy("case role", "Siting and use of land, forest and sea")
    OTHER = "other", pgettext_lazy("case role", "Further department")


LEADS = (LeadRole.APPROVAL, LeadRole.FINANCE, LeadRole.LAND)


class OpinionVerdict(models.TextChoices):
    AGREE = "agree", pgettext_lazy("verdict", "Agreed")
    SUPPLEMENT = "supplement", pgettext_lazy("verdict", "To be supplemented")
    OPPOSE = "oppose", pgettext_lazy("verdict", "Not agreed")


def person() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


def office(related_name: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name=related_name
    )


@pghistory.track()
class Case(models.Model):
    """One project's case of one year. `draft` is what is typed, kept as typed until it is filed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="cases")
    year = models.PositiveSmallIntegerField(_("year"))
    level = models.CharField(max_length=10, choices=RunLevel.choices)
    #: Who convenes, who approves the funds, who files: columns, because they decide who sees it.
    place = models.ForeignKey("organizations.Place", on_delete=models.PROTECT, related_name="+")
    convener = office("cases_convened")
    government = office("cases_governed")
    filer = office("cases_filed")
    status = models.CharField(max_length=12, choices=CaseStatus.choices, default=CaseStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)

    draft = models.JSONField(default=dict, blank=True)
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    body = models.CharField(_("implementing body"), max_length=120, blank=True)
    land_mu = models.DecimalField(_("land (mu)"), max_digits=10, decimal_places=2, null=True, blank=True)
    forest_mu = models.DecimalField(_("forest (mu)"), max_digits=10, decimal_places=2, null=True, blank=True)
    sea_mu = models.DecimalField(_("sea (mu)"), max_digits=10, decimal_places=2, null=True, blank=True)
    siting = models.TextField(_("siting and state of the land"), blank=True)
    #: [{"kind": "bond", "amount": "1200.00"}], 万元
    financing = models.JSONField(default=list, blank=True)
    financing_total = wan(_("financing together"))
    financing_note = models.TextField(_("how the funds are raised"), blank=True)
    questions = models.TextField(_("questions to be settled"), blank=True)
    supplement = models.TextField(_("what has been supplemented"), blank=True)

    started_at = models.DateTimeField()
    started_by = person()
    submitted_at = models.DateTimeField(null=True, blank=True)
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = person()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = person()
    #: The last sending back, for correction or for a supplement.
    return_reason = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by_text = models.CharField(max_length=120, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = person()

    objects: ClassVar = CaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "year"], name="case_once_per_project_and_year"),
            models.CheckConstraint(
                condition=~Q(status__in=["passed", "rejected"]) | Q(concluded_at__isnull=False),
                name="case_concluded_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(first_submitted_at__isnull=False), name="case_filed_has_time"
            ),
            models.CheckConstraint(
                condition=(Q(land_mu__isnull=True) | Q(land_mu__gte=0))
                & (Q(forest_mu__isnull=True) | Q(forest_mu__gte=0))
                & (Q(sea_mu__isnull=True) | Q(sea_mu__gte=0)),
                name="case_areas_not_negative",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["convener", "year", "status"], name="case_of_convener"),
            models.Index(fields=["filer", "status"], name="case_of_filer"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year}"

    @property
    def chip(self) -> str:
        return f"case_{self.status}"


@pghistory.track()
class CaseOpinion(models.Model):
    """What one office says in one case. Each signed wording stays as an edition."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    department = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="case_opinions", db_index=False
    )
    role = models.CharField(max_length=10, choices=LeadRole.choices)
    status = models.CharField(max_length=10, choices=OpinionStatus.choices, default=OpinionStatus.WAITING)
    version = models.PositiveIntegerField(default=1)
    round = models.PositiveSmallIntegerField(default=1)
    question = models.TextField(_("what is asked"), blank=True)
    asked_at = models.DateTimeField()
    asked_by = person()
    due_at = models.DateTimeField(_("due"), help_text="The first instant that is too late")
    #: Days before the due day of which the last reminder spoke; -1 = told that it is overdue.
    reminded = models.SmallIntegerField(null=True, blank=True)
    verdict = models.CharField(_("opinion"), max_length=10, choices=OpinionVerdict.choices, blank=True)
    text = models.TextField(_("wording of the opinion"), blank=True)
    section = models.CharField(_("section in charge"), max_length=40, blank=True)
    handler = models.CharField(_("handler"), max_length=30, blank=True)
    submitted_by = person()
    signed_by = person()
    signed_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)

    objects: ClassVar = CaseOpinionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["case", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "department"],
                condition=~Q(status="released"),
                name="case_opinion_once_per_office",
            ),
            models.UniqueConstraint(
                fields=["case", "role"],
                condition=Q(role__in=["approval", "finance", "land"]) & ~Q(status="released"),
                name="case_opinion_one_per_lead",
            ),
            models.CheckConstraint(
                condition=~Q(status="given") | (Q(signed_at__isnull=False) & ~Q(verdict="") & ~Q(text="")),
                name="case_opinion_given_is_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["department", "status"], name="case_opinion_queue"),
            models.Index(
                fields=["due_at"], condition=Q(status__in=["waiting", "drafting", "reviewing"]),
                name="case_opinion_owed",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id} {self.department_id}"

    @property
    def chip(self) -> str:
        return f"caseop_{self.status}"

    @property
    def is_lead(self) -> bool:
        return self.role in LEADS

    def is_overdue(self, at: datetime) -> bool:
        return self.status in ("waiting", "drafting", "reviewing") and at >= self.due_at


class OpinionEdition(models.Model):
    """A signed wording, kept as it was: a revised opinion does not replace the earlier one."""

    opinion = models.ForeignKey(CaseOpinion, on_delete=models.PROTECT, related_name="editions")
    round = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=10, choices=OpinionVerdict.choices)
    text = models.TextField()
    department_text = models.CharField(max_length=80)
    handler_text = models.CharField(max_length=60)
    signer_text = models.CharField(max_length=120)
    at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["opinion", "round"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opinion", "round"], name="opinion_edition_once_per_round")
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} no. {self.round}"

    @property
    def is_late(self) -> bool:
        return self.at >= self.due_at


class OpinionChase(models.Model):
    """催办: one manual chase of one opinion; not more than one a day."""

    opinion = models.ForeignKey(CaseOpinion, on_delete=models.PROTECT, related_name="chases")
    day = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opinion", "day"], name="opinion_chase_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.day}"


class FilingChase(models.Model):
    """催报: the convener asks for the case of a project that has none (M2.1); not more than once a day."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="case_chases")
    year = models.PositiveSmallIntegerField()
    day = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "year", "day"], name="filing_chase_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.year} {self.day}"
