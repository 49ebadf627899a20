"""M2.1: what has to have a case and has none; the convener asks for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import Actor, holders
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Project
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, WrongState

from ..models import FilingChase
from ..policies.cases import convening_right, department_id, level_of
from ..selectors.planned import without_case
from .case_offices import chain_offices, run_place


def chase_filing(project: Project, year: int, *, by: Actor, at: datetime) -> FilingChase:
    """催报 to department and owner, at most once a day. Raises NotAllowed, WrongState."""
    convener, _government = chain_offices(run_place(project, level_of(project)))
    right = convening_right(by, convener.pk)
    if isinstance(right, NotAllowed):
        raise right
    if not without_case(right.organisation, year).filter(pk=project.pk).exists():
        raise WrongState(_("The project has a case, or none is due for this year."))
    with transaction.atomic():
        row, created = FilingChase.objects.get_or_create(
            project=project, year=year, day=local_date(at), defaults={"at": at, "by": by.user}
        )
        if not created:
            raise WrongState(_("Already chased today."))
        record("case", "chase_filing", by=by, at=at, obj=project, holder=right, project_id=project.pk,
               place_id=project.place_id, data={"year": year})  # fmt: skip
        department = department_id(project)
        people = [*holders(Duty.HANDLE, [department] if department else [], at),
                  *holders(Duty.REPORT, [project.owner_id], at)]  # fmt: skip
        notify("case_to_file", people, at=at, dedupe=f"case_to_file:{project.pk}:{at.isoformat()}",
               params={"project": project.name, "year": year, "office": right.organisation.short_name},
               url=f"/reserve/cases/new/{project.public_id}/")  # fmt: skip
    return row
