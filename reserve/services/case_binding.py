"""The tables of cases and opinions tied to their models: who holds which office of a row, what an act is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.workflow.door import bind

from ..models import Case, CaseOpinion, RunLevel
from ..workflow.cases import CASE, CASE_OPINION
from ..workflow.twins import BUREAU, COUNTY, OWNER


def convener_office(level: str, convener_id: int, office: str) -> Iterable[int]:
    """The convener, when it is of the kind that the row speaks of."""
    fits = office == ("commission" if level == RunLevel.MUNICIPAL else "bureau")
    return {convener_id} if fits else set()


def _case_offices(case: Case, office: str) -> Iterable[int]:
    if office in ("department", "owner"):
        is_owner = case.filer.kind == OrgKind.OWNER
        return {case.filer_id} if is_owner == (office == "owner") else set()
    return convener_office(case.level, case.convener_id, office)


def about_case(case: Case) -> Mapping[str, Any]:
    return {"object_text": str(case)[:200], "project_id": case.project_id, "place_id": case.place_id}


def _opinion_offices(opinion: CaseOpinion, office: str) -> Iterable[int]:
    if office in ("department", "own_bureau"):
        is_bureau = opinion.department.kind == OrgKind.COUNTY_BUREAU
        return {opinion.department_id} if is_bureau == (office == "own_bureau") else set()
    return convener_office(opinion.case.level, opinion.case.convener_id, office)


def _about_opinion(opinion: CaseOpinion) -> Mapping[str, Any]:
    about = dict(about_case(opinion.case))
    return about | {"object_text": f"{opinion.case.project} {opinion.department.short_name}"[:200]}


case_binding = bind(CASE, Case, offices=_case_offices, about=about_case)
case_opinion_binding = bind(CASE_OPINION, CaseOpinion, offices=_opinion_offices, about=_about_opinion)


def convener_verb(name: str, level: str) -> str:
    """The row of the table for the convener of this level."""
    return name if level == RunLevel.MUNICIPAL else name + COUNTY


def filer_verb(name: str, case: Case) -> str:
    return name + OWNER if case.filer.kind == OrgKind.OWNER else name


def office_verb(name: str, opinion: CaseOpinion) -> str:
    """The row for the asked office: a bureau's reviewers do what elsewhere handlers and signers do."""
    return name + BUREAU if opinion.department.kind == OrgKind.COUNTY_BUREAU else name
