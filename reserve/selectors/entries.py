"""Which projects came into the reserve pool when (M1.1): the one definition behind every figure of completion.

A project counts in the year in which it entered the pool (`ReserveRecord.in_pool_since`), in its lead county, under
its municipal industry department, with its total investment. One that has left the pool again, or was merged into
another record, does not count; one that has gone on to preliminary work, works or completion does.
"""

from __future__ import annotations

from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Project, Stage
from ningde_projects.projects.querysets import ProjectQuerySet

from ..workflow.records import PoolStatus

#: In the pool now (measures.md §0).
POOL_STAGES = (Stage.RESERVE, Stage.PRELIMINARY)


def in_pool() -> ProjectQuerySet:
    """The projects that are in the pool now."""
    found: ProjectQuerySet = Project.objects.filter(stage__in=POOL_STAGES)
    return found


def came_into_pool(year: int) -> ProjectQuerySet:
    """The projects that came into the pool in a calendar year of Ningde and have not left it since."""
    found: ProjectQuerySet = Project.objects.exclude(stage=Stage.EXITED).filter(
        reserve_record__status=PoolStatus.POOLED,
        reserve_record__in_pool_since__gte=Month(year, 1).start,
        reserve_record__in_pool_since__lt=Month(year + 1, 1).start,
    )
    return found
