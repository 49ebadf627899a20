"""What the monthly reports have to say when two records of one project are to become one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ningde_projects.projects import merging
from ningde_projects.projects.models import Project

from .models import Report


def obstacles(source: Project, target: Project) -> list[str]:
    """Reports stay where they were filed: their months, receivers and sealed lists name that record."""
    if not Report.objects.filter(project=source).exists():
        return []
    if Report.objects.filter(project=target).exists():
        return [
            _("Both have monthly reports: what was filed for one month cannot become another record's. Keep both, and "
              "suspend the one that is not to report any more.")
        ]  # fmt: skip
    return [
        _(
            "“{name}” has monthly reports, so it is the one that stays: merge the other record into it."
        ).format(name=source.name)
    ]


def register() -> None:
    merging.register_obstacle(obstacles)
