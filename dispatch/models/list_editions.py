"""What the municipal government approved, kept as it was: content, mark and workbook (M8.3)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from .items import TierList


class ListEdition(models.Model):
    """One approval of a list; a list that is approved once has one. Never changed."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    list = models.ForeignKey(TierList, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_text = models.CharField(max_length=80)
    content = models.JSONField()
    #: sha256 of the content as canonical JSON.
    digest = models.CharField(max_length=64)
    workbook = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["list", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "number"], name="list_edition_numbered_once"),
            models.CheckConstraint(condition=~Q(digest=""), name="list_edition_has_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.list_id} no. {self.number}"
