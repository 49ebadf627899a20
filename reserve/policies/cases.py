"""Who files, who convenes. Each answer is the right itself, or the reason why not (M2.1, M2.4)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.projects.models import Management, Project
from ningde_projects.workflow.refusals import NotAllowed

from ..models import RunLevel

Right = Held | NotAllowed


def level_of(project: Project) -> RunLevel:
    """市本级: municipal-managed, or the city's own. It follows from the project, not from a choice."""
    if project.management == Management.MUNICIPAL or project.place.is_municipal:
        return RunLevel.MUNICIPAL
    return RunLevel.COUNTY


def department_id(project: Project) -> int | None:
    """The industry department that files for the project at its level."""
    if level_of(project) == RunLevel.MUNICIPAL:
        return project.municipal_department_id
    return project.county_department_id


def filing_right(actor: Actor, project: Project) -> Right:
    """Its industry department, or its owner (measure 2)."""
    department = department_id(project)
    held = actor.as_holder(Duty.HANDLE, [department]) if department else None
    held = held or actor.as_holder(Duty.REPORT, [project.owner_id])
    return held or NotAllowed(
        _("Only the industry department in charge and the owner file a project's case and its requests.")
    )


def convening_right(actor: Actor, convener_id: int | None = None) -> Right:
    """The commission for the city, a county bureau for its county; `convener_id` None: any of them."""
    for held in sorted(actor.held, key=lambda h: h.principal is not None):
        kind = held.organisation.kind
        fits = (held.duty == Duty.DISPATCH and kind == OrgKind.COMMISSION) or (
            held.duty == Duty.REVIEW and kind == OrgKind.COUNTY_BUREAU
        )
        if fits and convener_id in (None, held.organisation.pk):
            return held
    return NotAllowed(
        _("Only the commission, or in its county the county bureau, convenes the consultation.")
    )


def paying_right(actor: Actor, finance_id: int) -> Right:
    held = actor.as_holder(Duty.HANDLE, [finance_id])
    return held or NotAllowed(_("Only the finance office of the batch enters payments."))
