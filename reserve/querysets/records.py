"""Reserve records follow their projects: who sees the project sees its record (E4)."""

from __future__ import annotations

from typing import Any

from django.db import models

from ningde_projects.organizations.actor import Actor
from ningde_projects.projects.querysets import visibility

#: In the pool, for every list and figure of this app.
POOL_STAGES = ("reserve", "preliminary")


class ReserveRecordQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ReserveRecordQuerySet:
        return self.filter(visibility(actor, "project__"))

    def in_pool(self) -> ReserveRecordQuerySet:
        return self.filter(project__stage__in=POOL_STAGES)
