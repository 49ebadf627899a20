"""Pairs that look like one project and are not, by the commission's word: they are not asked about again."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q


@pghistory.track()
class KeptApart(models.Model):
    """Two projects that are different ones; `first` is the one with the smaller number."""

    first = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="kept_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="kept_apart_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}"
