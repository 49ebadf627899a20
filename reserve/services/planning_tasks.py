"""How a county answers its planning tasks: by reserve projects that it links to them (M1.5)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import Project
from ningde_projects.projects.querysets import ProjectQuerySet
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import PlanningTask, TaskLink
from ..selectors.entries import POOL_STAGES
from ..selectors.offices import county_offices
from ..workflow.catalogue import CatalogueStatus


def linking_right(actor: Actor, task: PlanningTask) -> Organisation | NotAllowed:
    """The office of the task's county for which this person links, or why he may not."""
    office = next((o for o in county_offices(actor) if o.place_id == task.place_id), None)
    return office or NotAllowed(
        _("Only the county bureau and the county departments of {place} link projects to this task.").format(
            place=task.place.name
        )
    )


def fitting_projects(actor: Actor, task: PlanningTask) -> ProjectQuerySet:
    """Pool projects of the task's county that this person sees and that are not linked to it yet."""
    found: ProjectQuerySet = (
        Project.objects.visible_to(actor)
        .filter(
            Q(place=task.place_id) | Q(pk__in=Project.objects.filter(parts__place=task.place_id).values("pk"))
        )
        .filter(stage__in=POOL_STAGES)
        .exclude(pk__in=TaskLink.objects.filter(task=task).values("project"))
        .order_by("name")
    )
    return found


def link(task: PlanningTask, project: Project, *, by: Actor, at: datetime) -> TaskLink:
    office = _need(by, task)
    if not fitting_projects(by, task).filter(pk=project.pk).exists():
        raise RuleBroken(
            _("Only a project of your own county that is in the reserve pool can be linked."), field="project"
        )
    try:
        with transaction.atomic():
            made = TaskLink.objects.create(
                task=task, project=project, linked_at=at, linked_by=by.user, office_text=office.name
            )
            _log("link", task, project, by, at)
    except IntegrityError as twice:
        raise RuleBroken(_("This project is linked to the task already."), field="project") from twice
    return made


def unlink(found: TaskLink, *, by: Actor, at: datetime) -> None:
    _need(by, found.task)
    with transaction.atomic():
        _log("unlink", found.task, found.project, by, at)
        found.delete()


def _need(by: Actor, task: PlanningTask) -> Organisation:
    right = linking_right(by, task)
    if isinstance(right, NotAllowed):
        raise right
    if task.catalogue.status != CatalogueStatus.ISSUED:
        raise WrongState(_("This edition of the catalogue has been replaced; go to the one in force."))
    return right


def _log(name: str, task: PlanningTask, project: Project, by: Actor, at: datetime) -> None:
    record("planning_task", name, by=by, at=at, obj=task, data={"project": project.name}, project_id=project.pk,
           place_id=task.place_id)  # fmt: skip
