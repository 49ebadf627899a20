"""Pushes: who sees the project sees where it stands; owners and the commission's administrators do not work here."""

from __future__ import annotations

from typing import Any

from django.db import models

from ningde_projects.organizations.actor import Actor
from ningde_projects.projects.querysets import visibility


class PushQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> PushQuerySet:
        return self.filter(visibility(actor, "project__"))
