"""The tables of workflow/ tied to their models: who holds which office of a row, and what an act is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import Management
from ningde_projects.workflow.door import bind

from ..models import Application, ReserveRecord
from ..workflow.applications import APPLICATION
from ..workflow.records import POOL


def commission_ids() -> frozenset[int]:
    return frozenset(Organisation.objects.filter(kind=OrgKind.COMMISSION).values_list("pk", flat=True))


def bureau_ids(place_id: int) -> frozenset[int]:
    rows = Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place=place_id)
    return frozenset(rows.values_list("pk", flat=True))


def _application_offices(application: Application, office: str) -> Iterable[int]:
    found = {
        "applicant": application.applicant_id,
        "county": application.county_office_id,
        "industry": application.industry_office_id,
    }[office]
    return {found} if found else frozenset()


def _about_application(application: Application) -> Mapping[str, Any]:
    project = application.project
    return {
        "object_text": str(application)[:200],
        "project_id": project.pk if project else None,
        "place_id": project.place_id if project else application.applicant.place_id,
    }


def record_offices(record: ReserveRecord, office: str) -> frozenset[int]:
    """A municipal-managed project has no bureau of its own: the commission keeps it."""
    project = record.project
    if office == "owner":
        return frozenset({project.owner_id})
    if office == "department":
        return frozenset(pk for pk in (project.county_department_id, project.municipal_department_id) if pk)
    if office == "bureau":
        county = project.management == Management.COUNTY
        return bureau_ids(project.place_id) if county else frozenset()
    return commission_ids()


def _about_record(record: ReserveRecord) -> Mapping[str, Any]:
    return {
        "object_text": str(record)[:200],
        "project_id": record.project_id,
        "place_id": record.project.place_id,
    }


application_binding = bind(APPLICATION, Application, offices=_application_offices, about=_about_application)
pool_binding = bind(POOL, ReserveRecord, offices=record_offices, about=_about_record)
