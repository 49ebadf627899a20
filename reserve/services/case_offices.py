"""Which offices take part: who convenes and approves, who can be asked, who are the three by default (M2.2, M2.4)."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ningde_projects.organizations.basics import MUNICIPAL, city_offices, county_offices
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.projects.models import Project
from ningde_projects.workflow.refusals import RuleBroken

from ..models import Case, CaseOpinion, LeadRole, RunLevel
from ..models.cases import LEADS

#: Keys of organizations.basics; the convener itself speaks on the approval path.
_KEYS = {LeadRole.FINANCE: "czj", LeadRole.LAND: "zrj"}


def run_place(project: Project, level: str) -> Place:
    return Place.objects.get(code=MUNICIPAL) if level == RunLevel.MUNICIPAL else project.place


def chain_offices(place: Place) -> tuple[Organisation, Organisation]:
    """Convener and government of a place; RuleBroken when the place has none."""
    kinds = (
        (OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT)
        if place.is_municipal
        else (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT)
    )
    found = {
        row.kind: row for row in Organisation.objects.filter(place=place, kind__in=kinds, is_active=True)
    }
    if set(found) != set(kinds):
        raise RuleBroken(
            _("{place} has no office that convenes the consultation or no government in the system.").format(
                place=place.name
            )
        )
    return found[kinds[0]], found[kinds[1]]


def askable(case: Case) -> QuerySet[Organisation]:
    """Offices that can be asked: the city's departments (and the county concerned), or the county's own."""
    if case.level == RunLevel.MUNICIPAL:
        rule = Q(kind__in=[OrgKind.COMMISSION, OrgKind.MUNICIPAL_DEPARTMENT])
        if not case.project.place.is_municipal:
            rule |= Q(kind=OrgKind.COUNTY_BUREAU, place=case.project.place_id)
    else:
        rule = Q(kind__in=[OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT], place=case.place_id)
    return Organisation.objects.filter(rule, is_active=True).order_by("place__order", "order", "name")


def usual_leads(case: Case) -> dict[str, Organisation]:
    """The three as they were named last in this place, else as they are called; a role may be missing."""
    allowed = {row.pk: row for row in askable(case)}
    found: dict[str, Organisation] = {}
    used = (
        CaseOpinion.objects.filter(case__place=case.place_id, case__level=case.level, role__in=LEADS)
        .order_by("asked_at", "pk")
        .values_list("role", "department")
    )
    for role, department in used:
        if department in allowed:
            found[role] = allowed[department]
    found.setdefault(LeadRole.APPROVAL, allowed.get(case.convener_id) or case.convener)
    by_name = {row.name: row for row in allowed.values()}
    names = _names(case.place)
    for role, key in _KEYS.items():
        if role not in found and (office := by_name.get(names.get(key, ""))):
            found[role] = office
    return found


def _names(place: Place) -> dict[str, str]:
    rows = city_offices() if place.is_municipal else county_offices(place.code)
    return {row.key: row.name for row in rows}


def usual_finance(convener: Organisation) -> Organisation | None:
    """The finance office that batches of this convener are paid by: as asked last, else as it is called."""
    asked = (
        CaseOpinion.objects.filter(case__convener=convener, role=LeadRole.FINANCE)
        .select_related("department")
        .order_by("-asked_at", "-pk")
        .first()
    )
    if asked is not None:
        found: Organisation = asked.department
        return found
    name = _names(convener.place).get(_KEYS[LeadRole.FINANCE], "")
    return Organisation.objects.filter(place=convener.place_id, name=name, is_active=True).first()
