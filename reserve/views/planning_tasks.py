"""A county's planning tasks and the reserve projects linked to them (M1.5)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Project
from ningde_projects.workflow.acting import button_act, dialog_act, posted, refused_page
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed

from ..forms.catalogue import LinkForm
from ..models import PlanningTask, TaskLink
from ..selectors import catalogue as read
from ..selectors.history import history_of
from ..selectors.offices import industry_departments, reporting_places
from ..services import planning_tasks as services
from .access import chain_only, paged


@require_safe
def tasks(request: OfficeRequest) -> HttpResponse:
    """The tasks in force with their completion; a county sees its own."""
    chain_only(request)
    filters = read.read_task_filters(request.GET)
    rows = read.tasks(request.actor, filters, local_date(request.now))
    kinds = {h.organisation.kind for h in request.actor.held}
    city = bool(kinds & {"commission", "municipal_government", "municipal_department"})
    return render(request, "reserve/catalogue/tasks.html", {
        "page": paged(request, rows), "filters": filters, "places": reporting_places() if city else [],
        "departments": industry_departments(), "today": local_date(request.now), "clear_url": request.path,
    })  # fmt: skip


def _visible(request: OfficeRequest, public_id: UUID) -> PlanningTask:
    chain_only(request)
    rows = read.with_completion(PlanningTask.objects.visible_to(request.actor))
    found: PlanningTask = get_object_or_404(
        rows.select_related("place", "catalogue__department"), public_id=public_id
    )
    return found


@require_safe
def task(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = _visible(request, public_id)
    seen = Project.objects.visible_to(request.actor).filter(task_links__task=found).values("pk")
    links = found.links.select_related("project__owner", "linked_by").filter(project__in=seen)
    return render(request, "reserve/catalogue/task.html", {
        "task": found, "links": links, "hidden": found.links.count() - len(links),
        "may_link": isinstance(services.linking_right(request.actor, found), Organisation)
        and found.catalogue.status == "issued",
        "history": history_of("planning_task", found.pk), "entries": found.catalogue.entries.all(),
        "is_met": read.is_met(found),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def link(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = _visible(request, public_id)
    here = reverse("reserve:task", args=[public_id])
    right = services.linking_right(request.actor, found)
    if isinstance(right, NotAllowed):
        return refused_page(request, right, back=here)
    form = LinkForm(services.fitting_projects(request.actor, found), posted(request))
    return dialog_act(
        request, lambda data: services.link(found, data["project"], by=request.actor, at=request.now), form=form,
        done=here, success=_("Linked."), title=_("Link a reserve project"), object=str(found),
        text=_("The projects of {place} that are in the pool and that you see are offered.").format(
            place=found.place.name),
        button=_("Link the project"), button_icon="link",
    )  # fmt: skip


@require_POST
@once
def unlink(request: OfficeRequest, public_id: UUID, link_id: UUID) -> HttpResponse:
    found = _visible(request, public_id)
    row = get_object_or_404(TaskLink.objects.select_related("task__catalogue", "task__place", "project"),
                            task=found, public_id=link_id)  # fmt: skip
    return button_act(
        request, lambda: services.unlink(row, by=request.actor, at=request.now),
        done=reverse("reserve:task", args=[public_id]), success=_("The link has been taken away."),
    )  # fmt: skip
