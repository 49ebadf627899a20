"""Sealed lists as they were issued: content, workbook and the rules they were made with; never changed (point 5)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.periods.fields import MonthField

from ..querysets.editions import EditionLineQuerySet, EditionQuerySet


class EditionKind(models.TextChoices):
    PROBLEMS = "problems", pgettext_lazy("edition", "Municipal problem list")
    TIERS = "tiers", pgettext_lazy("edition", "Three-tier list")
    CATEGORIES = "categories", pgettext_lazy("edition", "Category list")


class EditionLabel(models.TextChoices):
    FIRST = "first", pgettext_lazy("edition", "Version 1")
    SECOND = "second", pgettext_lazy("edition", "Version 2")
    SUPPLEMENT = "supplement", pgettext_lazy("edition", "Supplement")
    ERRATUM = "erratum", pgettext_lazy("edition", "Erratum")


class Edition(models.Model):
    """A list of a month as it was sealed. The workbook's bytes are kept, so a second export gives the same bytes."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=EditionKind.choices)
    month = MonthField(_("month"))
    number = models.PositiveSmallIntegerField(help_text="Counted through the month, whatever the label")
    label = models.CharField(max_length=10, choices=EditionLabel.choices)
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        help_text="Empty: sealed by the system",
    )  # fmt: skip
    by_text = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    rule = models.JSONField(
        default=dict, help_text="Deadlines and layout that it was made with (points 9, 10)"
    )
    content = models.JSONField(help_text="Every line in the words of that day")
    #: Of the workbook.
    sha256 = models.CharField(max_length=64)
    workbook = models.BinaryField()

    objects: ClassVar = EditionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-month", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "month", "number"], name="edition_numbered_once"),
            models.UniqueConstraint(
                fields=["kind", "month", "label"], condition=Q(label__in=["first", "second"]),
                name="edition_version_sealed_once",
            ),
            models.CheckConstraint(condition=~Q(label="erratum") | ~Q(reason=""), name="edition_erratum_has_reason"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.month} no. {self.number}"

    @property
    def file_stem(self) -> str:
        return f"{self.get_kind_display()}-{self.month}-{self.number}"


class EditionLine(models.Model):
    """Which problem stands on which line: so that everybody reads those lines that are his."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="lines", db_index=False)
    problem = models.ForeignKey("reports.Problem", on_delete=models.PROTECT, related_name="edition_lines")
    #: Index into the edition's content.
    order = models.PositiveIntegerField()

    objects: ClassVar = EditionLineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["edition", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "order"], name="edition_line_numbered_once"),
            models.UniqueConstraint(fields=["edition", "problem"], name="edition_line_once_per_problem"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.order}"
