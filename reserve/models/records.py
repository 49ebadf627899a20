"""What a project carries as a reserve project (《项目储备申报表》, facts.md §2.4): one record beside the register's."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.periods.fields import MonthField
from ningde_projects.projects.models import wan

from ..querysets.records import ReserveRecordQuerySet
from ..workflow.records import PoolStatus


class Nature(models.TextChoices):
    """建设性质."""

    NEW = "new", pgettext_lazy("construction", "New construction")
    EXTENSION = "extension", _("Reconstruction and extension")
    RELOCATION = "relocation", _("Relocation")
    RESTORATION = "restoration", _("Restoration")


class FundingSource(models.TextChoices):
    """资金来源."""

    CENTRAL = "central", _("Central budget")
    PROVINCIAL = "provincial", _("Provincial budget")
    SPECIAL_BOND = "special_bond", _("Special-purpose bonds")
    GENERAL_BOND = "general_bond", _("General bonds")
    LOCAL = "local", _("Municipal and county finance")
    LOAN = "loan", _("Bank loans")
    OWN = "own", _("Own funds")
    SOCIAL = "social", _("Private capital")


class Direction(models.TextChoices):
    """政策投向: what the project is aligned with (M1.5)."""

    SPECIAL_FUND = "special_fund", _("Special funds of a department")
    GOVERNMENT_BOND = "government_bond", _("Government bonds")
    PROVINCIAL_KEY = "provincial_key", _("Provincial key project")
    CENTRAL_BUDGET = "central_budget", _("Central budget investment")
    OTHER = "other", pgettext_lazy("direction", "Other direction")


class PushTarget(models.TextChoices):
    """推送去向 (M1.3)."""

    NATIONAL = "national", _("National major construction project library")
    PROVINCIAL = "provincial", _("Fujian whole-life project platform")


class CatalogueFit(models.TextChoices):
    """是否符合行业策划指导目录."""

    YES = "yes", pgettext_lazy("catalogue", "In line")
    NO = "no", pgettext_lazy("catalogue", "Not in line")
    UNKNOWN = "", pgettext_lazy("fact", "Not stated")


class Maturity(models.TextChoices):
    """How far the project is, by the rule of rules/maturity.py."""

    CONCEIVED = "conceived", pgettext_lazy("maturity", "Conceived")
    NEARLY = "nearly", pgettext_lazy("maturity", "Nearly ripe")
    RIPE = "ripe", pgettext_lazy("maturity", "Ripe")


class ExitCategory(models.TextChoices):
    """Why a project leaves the pool (M1.4)."""

    NO_LAND = "no_land", _("No land, forest or sea to be had")
    NO_FUNDS = "no_funds", _("No funding")
    POLICY = "policy", _("Policy or plan has changed")
    OWNER = "owner", _("The owner gives it up")
    STALE = "stale", _("Not moved for a long time")
    OTHER = "other", pgettext_lazy("exit", "Other reason")


@pghistory.track()
class ReserveRecord(models.Model):
    """The reserve side of one project, from its first filing on. Money 万元, areas 亩.

    In the pool means `project.stage` in POOL_STAGES; `status` is the pool's machine and moves the stage with it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.OneToOneField(
        "projects.Project", on_delete=models.PROTECT, related_name="reserve_record"
    )
    status = models.CharField(
        _("state"), max_length=10, choices=PoolStatus.choices, default=PoolStatus.APPLYING
    )
    applicant = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("applicant office"),
    )  # fmt: skip
    nature = models.CharField(_("construction nature"), max_length=12, choices=Nature.choices, blank=True)
    directions: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=16, choices=Direction.choices),
        verbose_name=_("policy directions"), default=list, blank=True,
    )  # fmt: skip
    push_targets: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=12, choices=PushTarget.choices),
        verbose_name=_("to be pushed to"), default=list, blank=True,
    )  # fmt: skip
    catalogue_fit = models.CharField(
        _("planning guidance catalogue"), max_length=4, choices=CatalogueFit.choices, blank=True,
        default=CatalogueFit.UNKNOWN,
    )  # fmt: skip
    planned_start = MonthField(_("planned start"), null=True, blank=True)  # type: ignore[misc]
    planned_completion = MonthField(_("planned completion"), null=True, blank=True)  # type: ignore[misc]
    land_mu = models.DecimalField(_("land needed"), max_digits=10, decimal_places=2, null=True, blank=True)
    forest_mu = models.DecimalField(
        _("forest land needed"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    sea_mu = models.DecimalField(_("sea needed"), max_digits=10, decimal_places=2, null=True, blank=True)
    progress_note = models.TextField(_("progress of preliminary work"), blank=True)
    maturity = models.CharField(
        _("maturity"), max_length=10, choices=Maturity.choices, default=Maturity.CONCEIVED
    )
    in_pool_since = models.DateTimeField(_("in the pool since"), null=True, blank=True)
    last_updated_at = models.DateTimeField(_("last updated"))
    #: When the holders were last told that the record has grown stale; empty again with every change.
    stale_warned_at = models.DateTimeField(null=True, blank=True)
    exited_at = models.DateTimeField(_("left the pool on"), null=True, blank=True)
    exit_category = models.CharField(
        _("exit reason"), max_length=10, choices=ExitCategory.choices, blank=True
    )
    exit_reason = models.TextField(_("exit explained"), blank=True)
    exit_stage = models.CharField(_("stage before the exit"), max_length=12, blank=True)
    exit_proposed_at = models.DateTimeField(_("exit proposed on"), null=True, blank=True)
    exit_proposal = models.TextField(_("proposal to exit"), blank=True)
    merged_into = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_records",
        verbose_name=_("merged into"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = ReserveRecordQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["project__place__order", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(planned_start__isnull=True)
                | Q(planned_completion__isnull=True)
                | Q(planned_completion__gte=F("planned_start")),
                name="reserve_completion_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(status=PoolStatus.POOLED) | Q(in_pool_since__isnull=False),
                name="reserve_pooled_since",
            ),
            models.CheckConstraint(
                condition=~Q(status=PoolStatus.EXITED)
                | (Q(exited_at__isnull=False) & ~Q(exit_category="") & ~Q(exit_reason="")),
                name="reserve_exit_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(status=PoolStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=PoolStatus.MERGED) & Q(merged_into__isnull=True)),
                name="reserve_merged_into_what",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["last_updated_at"], name="reserve_record_stale"),
            models.Index(fields=["maturity"], name="reserve_record_maturity"),
            GinIndex(fields=["directions"], name="reserve_record_directions"),
        ]

    def __str__(self) -> str:
        return str(self.project)


@pghistory.track()
class FundingLine(models.Model):
    """One source of a reserve project's money, 万元; `settled`: promised in writing."""

    record = models.ForeignKey(ReserveRecord, on_delete=models.CASCADE, related_name="funding")
    source = models.CharField(_("funding source"), max_length=14, choices=FundingSource.choices)
    amount = wan(_("amount"))
    settled = models.BooleanField(_("settled"), default=False)

    class Meta:
        ordering: ClassVar = ["record", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "source"], name="funding_source_once"),
            models.CheckConstraint(
                condition=Q(amount__isnull=False) & Q(amount__gt=0), name="funding_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.source}"
