"""What a meeting's form offers: projects, leaders, colleagues and units, each asked for once."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from ningde_projects.organizations.actor import in_force
from ningde_projects.organizations.duties import ADMIN_DUTIES, Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Organisation, User
from ningde_projects.projects.models import Project, ProjectPart, Stage

from .. import cards
from ..models import Session
from ..models.meetings import SessionKind
from ..rules.meetings import MUNICIPAL, UNIT_KINDS

#: Projects that can be spoken of; those completed or taken out are history.
_ALIVE = (Stage.PLANNING, Stage.RESERVE, Stage.PRELIMINARY, Stage.UNDER_WAY, Stage.SUSPENDED)
_CITY_CHAIRS = (OrgKind.MUNICIPAL_GOVERNMENT, OrgKind.COMMISSION)
#: Who sits at the city's own meetings.
_CITY_TABLE = (*_CITY_CHAIRS, OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_BUREAU)
_COUNTY_SIDE = (OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT)


def projects_for(kind: str, office: Organisation, session: Session | None = None) -> QuerySet[Project]:
    """The county's projects, or those that the department leads or is asked about; and what the record names already."""
    if kind == SessionKind.DISPATCH:
        parts = ProjectPart.objects.filter(project=OuterRef("pk"), place=office.place_id)
        mine = Q(place=office.place_id) | Q(Exists(parts))
    elif kind in MUNICIPAL:
        mine = Q(pk__in=cards.open_matters())
    else:
        mine = Q(municipal_department=office.pk) | Q(pk__in=cards.concerned(office.pk))
    found = Q(stage__in=_ALIVE) & mine
    if session is not None:
        found |= Q(pk__in=session.lines.values("project"))
    return Project.objects.filter(found).select_related("place", "owner").order_by("place__order", "name")


def leaders_of(
    kind: str, office: Organisation, at: datetime, session: Session | None = None
) -> QuerySet[User]:
    """Who can have held it: those with the duty to lead there, and whoever the record names."""
    held = Assignment.objects.filter(in_force(at), duty=Duty.LEAD)
    held = (
        held.filter(organisation__kind__in=_CITY_CHAIRS)
        if kind in MUNICIPAL
        else held.filter(organisation=office)
    )
    found = Q(pk__in=held.values("user"), is_active=True)
    if session is not None and session.chair_id:
        found |= Q(pk=session.chair_id)
    return User.objects.filter(found).select_related("organisation").order_by("pk")


def colleagues_of(kind: str, office: Organisation, session: Session | None = None) -> QuerySet[User]:
    """Accounts that can be ticked as participants: the county's offices, or the department."""
    admins = Assignment.objects.filter(duty__in=ADMIN_DUTIES, revoked_at__isnull=True).values("user")
    if kind == SessionKind.DISPATCH:
        here = Q(organisation__place=office.place_id, organisation__kind__in=_COUNTY_SIDE)
    elif kind in MUNICIPAL:
        here = Q(organisation__kind__in=_CITY_TABLE)
    else:
        here = Q(organisation=office)
    found = here & Q(is_active=True) & ~Q(pk__in=admins)
    if session is not None:
        found |= Q(pk__in=session.people.values("pk"))
    return (
        User.objects.filter(found)
        .select_related("organisation")
        .order_by("organisation__order", "organisation__name", "pk")
    )


def units_for(
    kind: str, office: Organisation, projects: list[Project]
) -> list[tuple[str, list[tuple[int, str]]]]:
    """Units by place: for a county its own offices and owners and the city's departments; for a department all."""
    rows = Organisation.objects.filter(is_active=True, kind__in=UNIT_KINDS).select_related("place")
    if kind == SessionKind.DISPATCH:
        rows = rows.filter(
            Q(place=office.place_id) | Q(place__is_municipal=True) & ~Q(kind=OrgKind.OWNER)
            | Q(pk__in={p.owner_id for p in projects})
        )  # fmt: skip
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    own = office.place.name
    for row in rows.order_by("place__order", "order", "name"):
        groups[row.place.name].append((row.pk, row.name))
    return sorted(groups.items(), key=lambda group: group[0] != own)
