"""Plans for the play where none is published: a stated assumption, named as such on every page that shows it."""

from __future__ import annotations

from decimal import Decimal

from ningde_projects.projects.models import AnnualPlan, Project, Stage
from reserve.selectors.planned import CITY_LEVEL

PREPARED = "演练假定（非公布数据）：列入当年前期工作计划"
ASSUMPTION = "演练假定（非公布数据）：年度计划按总投资的四分之一计"


def assume_plans(year: int) -> int:
    """Give projects with a published total and no plan of the year an assumed one; the others stay blank."""
    projects = (
        Project.objects.key_under_way()
        .filter(total_investment__gt=0, parts__isnull=True)
        .exclude(plans__year=year, plans__part__isnull=True)
    )
    plans = [
        AnnualPlan(
            project=p,
            year=year,
            goal=ASSUMPTION,
            investment=(p.total_investment / 4).quantize(Decimal("0.01")),
        )
        for p in projects
    ]
    return len(AnnualPlan.objects.bulk_create(plans))


def assume_preparation(year: int) -> int:
    """The city's projects in preliminary work stand in the year's plan, so that each owes a 3+N case (M2.1)."""
    projects = Project.objects.filter(CITY_LEVEL, stage=Stage.PRELIMINARY).exclude(
        plans__year=year, plans__part__isnull=True
    )
    plans = [AnnualPlan(project=p, year=year, goal=PREPARED) for p in projects]
    return len(AnnualPlan.objects.bulk_create(plans))
