"""Who files applications for the pool, and as which office (M1.2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.projects.models import Project, Stage
from ningde_projects.workflow.refusals import NotAllowed

from ..models import Application

#: The duty that files for an office of the kind, and the word for it in the table.
FILERS: dict[str, tuple[Duty, str]] = {
    OrgKind.OWNER: (Duty.REPORT, "owner"),
    OrgKind.COUNTY_DEPARTMENT: (Duty.HANDLE, "department"),
    OrgKind.MUNICIPAL_DEPARTMENT: (Duty.HANDLE, "department"),
    OrgKind.COUNTY_BUREAU: (Duty.REVIEW, "bureau"),
}


def filing_offices(actor: Actor) -> list[Held]:
    """One holding for each office that this person may file for; one's own before a delegated one."""
    found: dict[int, Held] = {}
    for held in sorted(actor.held, key=lambda h: h.principal is not None):
        duty = FILERS.get(held.organisation.kind)
        if duty and held.duty == duty[0]:
            found.setdefault(held.organisation.pk, held)
    return list(found.values())


def filing_right(actor: Actor, office_id: int | None = None) -> Held | NotAllowed:
    """For one office, or for any."""
    for held in filing_offices(actor):
        if office_id in (None, held.organisation.pk):
            return held
    return NotAllowed(
        _("Reserve applications are filed by owners, county and municipal departments and county bureaus.")
    )


def verb(application: Application, act: str) -> str:
    """The row of the table for this applicant: `submit` -> `submit_owner`."""
    return f"{act}_{FILERS[application.applicant.kind][1]}"


def project_refusal(project: Project) -> str:
    """Why this project cannot be applied for; "" when it can."""
    if project.stage not in (Stage.PLANNING, Stage.EXITED):
        return _("Only a project in planning, or one that left the pool, is applied for.")
    record = getattr(project, "reserve_record", None)
    if record and record.status == "merged":
        return _("This record has been merged into another; apply for that one.")
    if project.reserve_applications.undecided().exists():
        return _("An application for this project is not decided yet.")
    return ""
