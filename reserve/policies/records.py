"""Who keeps a reserve project up to date, and who decides on it (M1.4)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.projects.models import Management, Project
from ningde_projects.workflow.refusals import NotAllowed

#: Verbs of workflow/records.py by the word of who holds them.
ROLES: tuple[str, ...] = ("owner", "bureau", "department", "city")


def holding_as(actor: Actor, project: Project, role: str) -> Held | None:
    """The holding by which this person is owner, bureau, department or city for the project."""
    if role == "owner":
        return actor.as_holder(Duty.REPORT, [project.owner_id])
    if role == "department":
        offices = [pk for pk in (project.county_department_id, project.municipal_department_id) if pk]
        return actor.as_holder(Duty.HANDLE, offices)
    if role == "city":
        return actor.as_holder(Duty.DISPATCH)
    if project.management != Management.COUNTY:
        return None
    fitting = [
        held
        for held in actor.held_of(Duty.REVIEW)
        if held.organisation.kind == OrgKind.COUNTY_BUREAU and held.organisation.place_id == project.place_id
    ]
    return min(fitting, key=lambda held: held.principal is not None, default=None)


def role_of(actor: Actor, project: Project, roles: tuple[str, ...] = ROLES) -> str:
    """The first role that fits; "" for none."""
    return next((role for role in roles if holding_as(actor, project, role)), "")


def keeping_right(actor: Actor, project: Project) -> Held | NotAllowed:
    """Owner, bureau, the two departments and the commission keep items and reserve facts."""
    role = role_of(actor, project)
    held = holding_as(actor, project, role) if role else None
    return held or NotAllowed(
        _("Only the owner, the county bureau, the departments in charge and the commission keep this record.")
    )
