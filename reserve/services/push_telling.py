"""Whom the answer of a platform tells: the county bureau and the departments in charge (M1.3)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.models import Act

from ..models import Push
from .pushes import push_binding

register(
    NoticeKind("push_registered", _("Registered: %(project)s"), _("%(target)s gave it the number %(number)s."),
               icon="database", tone="green", outgoing=False),
    NoticeKind("push_returned", _("Returned by the platform: %(project)s"), _("%(target)s: %(reason)s"),
               icon="arrow-back-up", tone="red"),
)  # fmt: skip


def _tell(kind: str, push: Push, step: Step, act: Act) -> None:
    project = push.project
    bureau = Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place=project.place_id)
    departments = [pk for pk in (project.county_department_id, project.municipal_department_id) if pk]
    people = [
        *holders(Duty.REVIEW, bureau.values_list("pk", flat=True), step.at),
        *holders(Duty.HANDLE, departments, step.at),
    ]  # fmt: skip
    params = {"project": project.name, "target": str(push.get_target_display()), "number": push.outside_number,
              "reason": step.reason}  # fmt: skip
    notify(kind, people, at=step.at, dedupe=f"{kind}:{act.pk}", params=params,
           url=f"/projects/{project.public_id}/")  # fmt: skip


@push_binding.audience
def push_registered(push: Push, step: Step, act: Act) -> None:
    _tell("push_registered", push, step, act)


@push_binding.audience
def push_returned(push: Push, step: Step, act: Act) -> None:
    _tell("push_returned", push, step, act)
