"""The sums of a month per place, level and industry, so that the cockpit's cost does not follow the number of projects.

They are no truth of their own: `services.totals.refresh` counts them anew from reports, statements, opinions and
standings, and every figure equals the list that it opens.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ningde_projects.periods.fields import MonthField
from ningde_projects.projects.models import Level


class _Sums(models.Model):
    """Key of a sum. What the commission receives itself stands under the municipal level, whatever its county."""

    month = MonthField()
    place = models.ForeignKey(
        "organizations.Place", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    level = models.CharField(max_length=10, choices=Level.choices)
    industry = models.ForeignKey(
        "organizations.Industry", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


class ReportSums(_Sums):
    """Monthly reports by state, projects by light, 万元 completed against the plan."""

    due = models.PositiveIntegerField(default=0)
    filed = models.PositiveIntegerField(default=0)
    nil = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    green = models.PositiveIntegerField(default=0)
    amber = models.PositiveIntegerField(default=0)
    red = models.PositiveIntegerField(default=0)
    unrated = models.PositiveIntegerField(default=0)
    planned = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    completed = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        ordering: ClassVar = ["month", "place", "level", "industry"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["month", "place", "level", "industry"], nulls_distinct=False, name="report_sums_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.place_id} {self.level}"


class ProblemSums(_Sums):
    """Problems that the month's reports speak of, by category; opinions asked of municipal departments and sent."""

    category = models.CharField(max_length=4)
    unsettled = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)
    old = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["month", "place", "level", "industry", "category"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["month", "place", "level", "industry", "category"], nulls_distinct=False,
                name="problem_sums_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.month} {self.place_id} {self.category}"


class Counted(models.Model):
    """When a month's sums of a place were counted, and up to which act of the record."""

    month = MonthField()
    place = models.ForeignKey(
        "organizations.Place", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    act = models.BigIntegerField(default=0)
    #: The next instant at which an unfiled report becomes a missing one.
    next_due = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["month", "place"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["month", "place"], name="counted_once")]

    def __str__(self) -> str:
        return f"{self.month} {self.place_id}"
