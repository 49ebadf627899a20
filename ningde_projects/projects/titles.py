"""What each office calls the list of projects (DESIGN §2)."""

from __future__ import annotations

from django.utils.translation import pgettext

from ningde_projects.organizations.duties import OrgKind


def list_title(kind: str) -> str:
    if kind == OrgKind.COMMISSION:
        return pgettext("navigation", "Project records")
    if kind == OrgKind.OWNER:
        return pgettext("navigation", "My projects")
    if kind in (OrgKind.COUNTY_DEPARTMENT, OrgKind.MUNICIPAL_DEPARTMENT):
        return pgettext("navigation", "Industry projects")
    if kind == OrgKind.MUNICIPAL_GOVERNMENT:
        return pgettext("navigation", "City's projects")
    return pgettext("navigation", "Project register")
