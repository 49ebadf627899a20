"""Which projects came into the reserve pool when (M1.1): the one definition behind every figure of completion.

It reads `ReserveRecord.in_pool_since` as soon as the room of the pool is there, and the register's own record until
then: the first act by which the project was entered as, or moved to, reserve. A project that has left the pool again
(stage "exited") does not count; one that has gone on to preliminary work, works or completion does.
"""

from __future__ import annotations

from django.db.models import Min, Q

from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Project, Stage
from ningde_projects.projects.querysets import ProjectQuerySet
from ningde_projects.workflow.models import Act

#: In the pool now (measures.md §0).
POOL_STAGES = (Stage.RESERVE, Stage.PRELIMINARY)


def in_pool() -> ProjectQuerySet:
    """The projects that are in the pool now."""
    found: ProjectQuerySet = Project.objects.filter(stage__in=POOL_STAGES)
    return found


def came_into_pool(year: int) -> ProjectQuerySet:
    """The projects that came into the pool in a calendar year in Ningde and have not left it since."""
    start, end = Month(year, 1).start, Month(year + 1, 1).start
    first = (
        Act.objects.filter(
            Q(name="create", data__facts__stage=Stage.RESERVE) | Q(data__changes__stage__1=Stage.RESERVE),
            machine="project",
        )
        .order_by()
        .values("project_id")
        .annotate(first=Min("at"))
        .filter(first__gte=start, first__lt=end)
    )
    found: ProjectQuerySet = Project.objects.exclude(stage=Stage.EXITED).filter(pk__in=first.values("project_id"))
    return found
