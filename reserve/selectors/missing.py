"""M2.1 for the page: the projects without a case, for the convener and for those who have to file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import AnnualPlan, Project

from ..models import Case, CaseOpinion, FilingChase, RunLevel
from ..policies.offices import conveners_of
from ..workflow.cases import CASE_FILED, CaseStatus
from .planned import planned, without_case


def conveners(actor: Actor) -> list[Organisation]:
    """Whose duty is looked after: the own one for a convener, both levels' for those who file."""
    return conveners_of(actor)


def _filing_rule(actor: Actor) -> Q:
    handling = actor.offices(Duty.HANDLE)
    return (
        Q(municipal_department__in=handling)
        | Q(county_department__in=handling)
        | Q(owner__in=actor.offices(Duty.REPORT))
    )


def missing_for(actor: Actor, year: int) -> QuerySet[Project]:
    """Rows with plan of the year, whether a draft is begun, and the last chase (one query)."""
    rows: QuerySet[Project] = Project.objects.none()
    mine = conveners(actor)
    if mine:
        for convener in mine:
            rows = rows | without_case(convener, year)
    else:
        rows = _owed_by(actor, year)
    plans = AnnualPlan.objects.filter(project=OuterRef("pk"), year=year, part__isnull=True).values(
        "investment"
    )[:1]
    drafts = Case.objects.filter(project=OuterRef("pk"), year=year, status=CaseStatus.DRAFT).values(
        "public_id"
    )[:1]
    chases = (
        FilingChase.objects.filter(project=OuterRef("pk"), year=year)
        .order_by().values("project").annotate(last=Max("at")).values("last")
    )  # fmt: skip
    found: QuerySet[Project] = (
        rows.select_related("owner", "place", "municipal_department", "county_department")
        .annotate(year_plan=Subquery(plans), draft_case=Subquery(drafts), last_chase=Subquery(chases))
        .order_by(F("last_chase").asc(nulls_first=True), "place__order", "pk")
    )
    return found


def _owed_by(actor: Actor, year: int) -> QuerySet[Project]:
    """What this person's office has to file: the city's for a municipal department, the county's for a county's."""
    found: QuerySet[Project] = Project.objects.none()
    offices = Organisation.objects.filter(
        kind__in=[OrgKind.COMMISSION, OrgKind.COUNTY_BUREAU], is_active=True
    )
    places = {h.organisation.place_id for h in actor.held}
    owner_places = Project.objects.filter(owner__in=actor.offices(Duty.REPORT)).values("place")
    for convener in offices.filter(
        Q(kind=OrgKind.COMMISSION) | Q(place__in=places) | Q(place__in=owner_places)
    ):
        found = found | without_case(convener, year)
    return found.filter(_filing_rule(actor))


@dataclass(frozen=True)
class Coverage:
    """M2.1 in figures: planned, filed, passed, missing."""

    planned: int
    filed: int
    passed: int
    missing: int
    #: Cases in consultation with an opinion that is overdue.
    late: int
    #: The level whose cases are counted, for the links to the list; "" when it is both.
    level: str


def coverage(actor: Actor, year: int, at: datetime) -> Coverage | None:
    """For a convener; None for everyone else."""
    mine = conveners(actor)
    if not mine:
        return None
    all_planned = Project.objects.none()
    without = Project.objects.none()
    for convener in mine:
        all_planned = all_planned | planned(convener, year)
        without = without | without_case(convener, year)
    late = CaseOpinion.objects.owed().filter(due_at__lte=at).values("case")
    cases = Case.objects.filter(convener__in=mine, year=year).aggregate(
        filed=Count("pk", filter=Q(status__in=CASE_FILED)),
        passed=Count("pk", filter=Q(status=CaseStatus.PASSED)),
        late=Count("pk", filter=Q(pk__in=late)),
    )
    levels = {RunLevel.MUNICIPAL if o.kind == OrgKind.COMMISSION else RunLevel.COUNTY for o in mine}
    return Coverage(
        all_planned.count(), cases["filed"], cases["passed"], without.count(), cases["late"],
        level=str(levels.pop()) if len(levels) == 1 else "",
    )  # fmt: skip
