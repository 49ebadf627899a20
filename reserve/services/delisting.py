"""A key project that leaves the pool leaves the annual list by the same decision (M1.4, facts.md §3.3)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Level, Project
from ningde_projects.projects.services import register as projects
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.refusals import NotAllowed

from ..models import AnnualItem
from ..workflow.annual import ItemStatus


def bureau_refusal(project: Project) -> NotAllowed | None:
    """The list is the commission's, and so is the exit of what stands in it."""
    if not project.is_key:
        return None
    return NotAllowed(
        _(
            "This project stands in the annual list as “{level}”. Only the commission decides its exit, and takes it "
            "off the list by the same decision; owner and departments can propose it."
        ).format(level=project.get_level_display())
    )


def take_off_lists(project: Project, reason: str, by: Actor, at: datetime) -> list[str]:
    """Titles of the batches it is taken out of: this year's and later ones; lists of years gone by stay as they were."""
    rows = (
        AnnualItem.objects.select_related("batch", "project")
        .filter(project=project, status=ItemStatus.LISTED, batch__year__gte=local_date(at).year)
        .order_by("pk")
    )
    titles = []
    for item in rows:
        perform(item, "remove", by=by, at=at, reason=reason)
        titles.append(item.batch.title)
    project.refresh_from_db()
    if project.is_key:
        # Taken over from a published list: no batch names it, the level on its record does.
        projects.update_project(project, {"level": Level.OTHER}, by=by, at=at, version=None)
        project.refresh_from_db()
    return titles
