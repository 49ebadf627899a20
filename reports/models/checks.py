"""Chasing and checking what was reported (lessons.md; M7.1)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Chase(models.Model):
    """催报: one manual chase of one report; not more than one a day."""

    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="chases")
    day = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "day"], name="chase_once_a_day")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.day}"


class Finding(models.TextChoices):
    ACCURATE = "accurate", _("Accurate")
    INACCURATE = "inaccurate", _("Inaccurate")
    CONCEALED = "concealed", _("Concealed")


class Effect(models.TextChoices):
    NONE = "none", _("No effect on the project")
    HELD_BACK = "held_back", _("Held the project back")
    SERIOUS = "serious", _("Held the project back seriously")


@pghistory.track()
class VerificationCheck(models.Model):
    """A spot check of a report with its finding, evidence and effect on the project (M7.1)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="verifications")
    checked_on = models.DateField(_("checked on"))
    finding = models.CharField(_("finding"), max_length=10, choices=Finding.choices)
    evidence = models.TextField(pgettext_lazy("verification", "evidence"))
    effect = models.CharField(_("effect"), max_length=10, choices=Effect.choices)
    effect_note = models.TextField(_("effect described"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-checked_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "checked_on", "by"], name="verification_not_twice_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.finding}"
