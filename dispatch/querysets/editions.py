"""Who reads a sealed list: the city the whole of it, everybody else the lines of the problems that he sees."""

from __future__ import annotations

from typing import Any

from django.db import models

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from reports.models import Problem

_WHOLE = (Duty.DISPATCH, Duty.SIGN, Duty.VIEW, Duty.SCORE)


def reads_whole(actor: Actor) -> bool:
    """The commission's dispatchers and leaders, and the municipal government."""
    return any(
        (h.organisation.kind == OrgKind.COMMISSION and h.duty in _WHOLE)
        or (
            h.organisation.kind == OrgKind.MUNICIPAL_GOVERNMENT
            and h.duty in (Duty.APPROVE, Duty.VIEW, Duty.LEAD)
        )
        for h in actor.held
    )


class EditionLineQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> EditionLineQuerySet:
        if reads_whole(actor):
            return self
        return self.filter(problem__in=Problem.objects.visible_to(actor).order_by().values("pk"))


class EditionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> EditionQuerySet:
        if reads_whole(actor):
            return self
        seen = self.model._meta.get_field("lines").related_model._default_manager.visible_to(actor)
        return self.filter(pk__in=seen.order_by().values("edition"))

    def light(self) -> EditionQuerySet:
        """Without the workbook and the content, for lists of editions."""
        return self.defer("workbook", "content")
