"""M2.1: which projects are planned for a year and so must have a case, and which of them have none."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import AnnualPlan, Management, NodeKind, PlanNode, Project, Stage

from ..models import Case
from ..workflow.cases import CASE_FILED, CaseStatus

#: Before works begin.
STAGES = (Stage.PLANNING, Stage.RESERVE, Stage.PRELIMINARY)
CITY_LEVEL = Q(management=Management.MUNICIPAL) | Q(place__is_municipal=True)


def planned(convener: Organisation, year: int) -> QuerySet[Project]:
    """Not begun, with a plan of the year, or its start planned for it: the city's, or the county's own."""
    rows: QuerySet[Project] = Project.objects.filter(stage__in=STAGES)
    if convener.kind == OrgKind.COMMISSION:
        rows = rows.filter(CITY_LEVEL)
    else:
        rows = rows.filter(place=convener.place_id).exclude(CITY_LEVEL)
    in_year = (date(year, 1, 1), date(year, 12, 31))
    plans = AnnualPlan.objects.filter(project=OuterRef("pk"), year=year)
    starts = PlanNode.objects.filter(project=OuterRef("pk"), kind=NodeKind.START, planned_on__range=in_year)
    return rows.filter(Q(Exists(plans)) | Q(Exists(starts)) | Q(start_year=year))


def without_case(convener: Organisation, year: int) -> QuerySet[Project]:
    """Planned, and neither a case filed for the year nor one that has passed in an earlier one."""
    filed = Case.objects.filter(project=OuterRef("pk"), year=year, status__in=CASE_FILED)
    passed = Case.objects.filter(project=OuterRef("pk"), status=CaseStatus.PASSED)
    return planned(convener, year).filter(~Exists(filed), ~Exists(passed))
