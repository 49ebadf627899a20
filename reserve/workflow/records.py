"""A project's way into the pool and out of it (M1.2, M1.4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PoolStatus(models.TextChoices):
    """The pool's own word for a project; `Project.stage` follows it in the same transaction."""

    APPLYING = "applying", _("Under application")
    POOLED = "pooled", _("In the pool")
    EXITED = "exited", _("Left the pool")
    MERGED = "merged", _("Merged into another")
