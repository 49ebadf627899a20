"""Pushing pool projects to the platforms: the list, batches, results, what is asked for (M1.3)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ningde_projects.documents.responses import stored_file_response
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.offices import is_commission
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Project
from ningde_projects.workflow.acting import ActView, button_act, dialog_act, posted, show
from ningde_projects.workflow.door import record, refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import Refusal

from ..forms.pushes import RegisteredForm, RequirementForm, ReturnedForm
from ..models import Push, PushBatch, PushRequirement
from ..rules.push_fields import BY_KEY
from ..selectors import pushes as read
from ..selectors.history import history_of
from ..selectors.offices import reporting_places
from ..selectors.push_requirements import requirement_for
from ..services import pushes as services
from ..workflow.pushes import PushStatus, PushTo
from .access import ROWS, chain_only, commission_only, paged


def list_url(target: str) -> str:
    return f"{reverse('reserve:pushes')}?target={target}"


def _target(request: OfficeRequest, given: Any) -> str:
    text = given.get("target", "")
    return text if text in PushTo.values else str(PushTo.NATIONAL)


@require_safe
def pushes(request: OfficeRequest) -> HttpResponse:
    """Every pool project that one sees, eligible or what is missing by name, and where it stands."""
    chain_only(request)
    filters = read.read_filters(request.GET)
    counts = read.state_counts(request.actor, filters.target)
    commission = is_commission(request.actor)
    return render(request, "reserve/pushes/list.html", {
        "page": read.page_of(request.actor, filters, request.now, request.GET.get("page"), ROWS), "filters": filters,
        "targets": PushTo.choices, "states": [(value, label, counts[value]) for value, label in PushStatus.choices],
        "places": reporting_places() if request.actor.organisation.place.is_municipal else [],
        "may_push": commission, "waiting": counts[PushStatus.WAITING], "clear_url": list_url(filters.target),
    })  # fmt: skip


@require_POST
@once
def put_up(request: OfficeRequest) -> HttpResponse:
    """Put up what is ticked; all or none, with what is missing named."""
    commission_only(request)
    target = _target(request, request.POST)
    keys = [key for text in request.POST.getlist("projects")[:500] if (key := _uuid(text))]
    projects = list(Project.objects.visible_to(request.actor).filter(public_id__in=keys))
    return button_act(
        request, lambda: services.put_up(projects, target, by=request.actor, at=request.now), done=list_url(target),
        success=_("{n} projects put up for pushing.").format(n=len(projects)),
    )  # fmt: skip


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
@once
def export_batch(request: OfficeRequest) -> HttpResponse:
    """One file of everything that is put up for a platform."""
    commission_only(request)
    target = _target(request, request.GET)
    waiting = Push.objects.filter(target=target, status=PushStatus.WAITING).count()
    made: list[PushBatch] = []

    def act(data: Any) -> None:
        made.append(services.export_batch(target, by=request.actor, at=request.now))

    return dialog_act(
        request, act, done=lambda: reverse("reserve:push-batch", args=[made[0].public_id]),
        success=_("The batch has been made; download the file and hand it over."), title=_("Make a batch"),
        object=str(PushTo(target).label), button=_("Make the file"), button_icon="file-export",
        cancel_url=list_url(target),
        consequence=_("{n} projects go into one file; it is kept as it is and each project is then “pushed”.").format(
            n=waiting),
    )  # fmt: skip


@require_safe
def batches(request: OfficeRequest) -> HttpResponse:
    commission_only(request)
    return render(request, "reserve/pushes/batches.html", {
        "page": paged(request, PushBatch.objects.select_related("made_by")),
    })  # fmt: skip


@require_safe
def batch(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    commission_only(request)
    found = get_object_or_404(PushBatch, public_id=public_id)
    lines = found.lines.select_related("push__project__place", "push__batch")
    return render(request, "reserve/pushes/batch.html", {"batch": found, "page": paged(request, lines)})


@require_safe
def batch_file(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    """The bytes as they were handed over."""
    commission_only(request)
    found = get_object_or_404(PushBatch, public_id=public_id)
    record("push", "download", by=request.actor, at=request.now, obj=found, data={"sha256": found.sha256})
    return stored_file_response(found.file.path, found.file.name or "", found.file_name, found.content_type)


@require_safe
def push(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """One project and one platform: state, batches, history."""
    chain_only(request)
    found: Push = get_object_or_404(
        Push.objects.visible_to(request.actor).select_related("project__place", "batch"), public_id=public_id
    )
    names = ("register", "return", "requeue", "drop")
    return render(request, "reserve/pushes/push.html", {
        "push": found, "lines": found.lines.select_related("batch").order_by("-batch"),
        "history": history_of("push", found.pk), "is_commission": is_commission(request.actor),
        "may": {name: refusal(found, name, request.actor) is None for name in names},
    })  # fmt: skip


class PushAct(ActView):
    model = Push
    icon = "check"
    danger = False

    def rows(self) -> QuerySet[Any]:
        chain_only(self.request)
        return Push.objects.visible_to(self.request.actor).select_related("project__place", "batch")

    def words(self, obj: Push) -> dict[str, Any]:
        return super().words(obj) | {"button_icon": self.icon, "danger": self.danger}

    def done_url(self, obj: Push) -> str:
        return reverse("reserve:push", args=[obj.public_id])

    def _data(self) -> Any:
        return posted(self.request)


class Register(PushAct):
    act, success, icon = "register", gettext_lazy("Recorded."), "database"

    def form_for(self, obj: Push) -> forms.BaseForm:
        return RegisteredForm(self._data(), initial={"version": obj.version, "outside_number": obj.outside_number,
                                                     "day": local_date(self.request.now)})  # fmt: skip


class Return(PushAct):
    act, success, icon, danger = (
        "return",
        gettext_lazy("Recorded; county and departments have been told."),
        "arrow-back-up",
        True,
    )

    def form_for(self, obj: Push) -> forms.BaseForm:
        return ReturnedForm(
            self._data(), initial={"version": obj.version, "day": local_date(self.request.now)}
        )


class Requeue(PushAct):
    act, success, icon = "requeue", gettext_lazy("Put up for pushing again."), "refresh"


class Drop(PushAct):
    act, success, icon, danger = "drop", gettext_lazy("Taken out."), "x", True


@require_http_methods(["GET", "POST"])
@once
def requirements(request: OfficeRequest) -> HttpResponse:
    """Which facts each platform asks for, with its editions; a new one holds from a day on."""
    commission_only(request)
    target = _target(request, request.GET)
    now = requirement_for(target, local_date(request.now))
    editions = list(PushRequirement.objects.filter(target=target).select_related("decided_by"))
    number = editions[0].number if editions else 0
    form = RequirementForm(
        posted(request),
        initial={"number": number, "fields_asked": list(now.fields), "valid_from": local_date(request.now)},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                services.set_requirement(target, values["fields_asked"], values["valid_from"], values["reason"],
                                         by=request.actor, at=request.now, number=values["number"])  # fmt: skip
            except Refusal as refused:
                status = refused.status_code
                show(form, refused)
            else:
                return redirect(f"{request.path}?target={target}")
    return render(request, "reserve/pushes/requirements.html", {
        "form": form, "now": now, "fields": [BY_KEY[key].title for key in now.fields], "target": target,
        "targets": PushTo.choices, "editions": [
            (e, [BY_KEY[key].title for key in e.fields if key in BY_KEY]) for e in editions],
    }, status=status)  # fmt: skip
