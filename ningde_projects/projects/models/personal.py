"""What a person keeps of the list for himself: followed projects, saved views, chosen columns."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@pghistory.track()
class Follow(models.Model):
    """关注: a project that a person keeps an eye on. It gives no right; a project no longer visible stays hidden."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows", db_index=False
    )
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="follows")
    at = models.DateTimeField(_("since"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "project"], name="follow_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.project_id}"


@pghistory.track()
class SavedView(models.Model):
    """Filters, order and columns of the list under a name of one's own. `query` is the address behind the ?."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views", db_index=False
    )
    name = models.CharField(pgettext_lazy("saved view", "name"), max_length=30)
    query = models.CharField(max_length=2000, blank=True)
    is_default = models.BooleanField(_("opens first"), default=False)
    at = models.DateTimeField(_("saved"))

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once_per_person"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="saved_view_one_default_per_person"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ListColumns(models.Model):
    """The columns that a person has chosen; without a row the list shows its usual ones."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_columns"
    )
    keys = ArrayField(models.CharField(max_length=30))

    def __str__(self) -> str:
        return f"{self.user_id}: {', '.join(self.keys)}"
