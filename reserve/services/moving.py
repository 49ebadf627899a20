"""What of this room moves when two records of one project become one; what cannot move stays readable where it is."""

from __future__ import annotations

from datetime import datetime

from ningde_projects.organizations.actor import Actor
from ningde_projects.projects import merging
from ningde_projects.projects.models import Project

from ..models import AnnualItem, Push, TaskLink
from ..workflow.annual import LIVE


def _links(source: Project, target: Project, by: Actor, at: datetime) -> int:
    """Links to tasks that the staying record does not meet already; a second one would count the project twice."""
    known = target.task_links.values("task")
    source.task_links.filter(task__in=known).delete()
    return source.task_links.update(project=target)


def _pushes(source: Project, target: Project, by: Actor, at: datetime) -> int:
    return source.pushes.exclude(target__in=list(target.pushes.values_list("target", flat=True))).update(
        project=target
    )


def _items(source: Project, target: Project, by: Actor, at: datetime) -> int:
    """Proposals and entries of batches in which the staying record does not stand itself."""
    known = list(target.annual_items.filter(status__in=sorted(LIVE)).values_list("batch", flat=True))
    return source.annual_items.exclude(batch__in=known).update(project=target)


def load() -> None:
    merging.register(
        merging.Mover("task_links", _links, (TaskLink,)),
        merging.Mover("pushes", _pushes, (Push,)),
        merging.Mover("annual_items", _items, (AnnualItem,)),
    )
