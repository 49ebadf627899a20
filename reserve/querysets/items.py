"""Preliminary items follow their projects."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models

from ningde_projects.organizations.actor import Actor
from ningde_projects.projects.querysets import visibility

from .records import POOL_STAGES


class ProjectItemQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ProjectItemQuerySet:
        return self.filter(visibility(actor, "project__"))

    def lapsing(self, today: date, days: int) -> ProjectItemQuerySet:
        """Approvals of projects before their start that lapse within so many days, or have lapsed."""
        return self.filter(
            state="approved",
            valid_until__lte=today + timedelta(days=days),
            project__stage__in=POOL_STAGES,
        )
