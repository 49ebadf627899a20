"""Who receives a report follows from the project, not from a choice of the user (M5.2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import Management, Project, ProjectPart
from ningde_projects.workflow.refusals import RuleBroken


@dataclass(frozen=True)
class Receivers:
    """`decides` accepts or returns; `informed` confirms for the industry. Both see the other's state."""

    decides: Organisation
    informed: Organisation | None


def commission() -> Organisation:
    return Organisation.objects.get(kind=OrgKind.COMMISSION)


def bureau_of(place_id: int) -> Organisation | None:
    return Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place=place_id, is_active=True).first()


def receivers_of(project: Project, part: ProjectPart | None) -> Receivers:
    """County-managed: county bureau and county department; municipal-managed: commission and municipal department."""
    if project.management == Management.MUNICIPAL and part is None:
        return Receivers(commission(), project.municipal_department)
    place = part.place_id if part else project.place_id
    bureau = bureau_of(place)
    if bureau is None:
        raise RuleBroken(
            _("There is no county bureau to receive the report; the commission has to set one up.")
        )
    return Receivers(bureau, part.county_department if part else project.county_department)
