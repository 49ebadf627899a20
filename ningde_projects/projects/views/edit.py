"""Entering a project, changing its facts, changing who manages it."""

from __future__ import annotations

import copy
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ningde_projects.organizations.actor import Held
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import reporting_month
from ningde_projects.shell.dialogs import leave, render_dialog
from ningde_projects.shell.errors import Changed, stale
from ningde_projects.workflow.acting import posted
from ningde_projects.workflow.refusals import NotAllowed, Refusal, StaleVersion

from .. import policies
from ..forms import ManagementForm, ProjectForm
from ..models import Management, Project
from ..record import field_title, shown_value
from ..selectors import Thresholds, acts_of, project_of
from ..services import register
from ..services.changes import kept
from .access import editable, granted


@require_http_methods(["GET", "POST"])
def create(request: OfficeRequest) -> HttpResponse:
    holder = granted(policies.creating_right(request.actor))
    form = ProjectForm(posted(request), **_common(request, holder))
    if request.method == "POST" and form.is_valid():
        try:
            project = register.create_project(
                form.facts(), by=request.actor, at=request.now, confirmed=_answered(form)
            )
        except Refusal as refused:
            form.take(refused)
        else:
            messages.success(request, _("“{name}” has been entered.").format(name=project.name))
            return redirect("projects:detail", public_id=project.public_id)
    return _page(request, form, None)


@require_http_methods(["GET", "POST"])
def edit(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    project, holder = editable(request.actor, public_id)
    form = ProjectForm(posted(request), instance=copy.copy(project), **_common(request, holder))
    if request.method == "POST":
        version = _version(form)
        if version is not None and version != project.version:
            return _stale(request, project, form)
        if form.is_valid():
            try:
                changed = register.update_project(
                    copy.copy(project), form.facts(), by=request.actor, at=request.now,
                    version=version, confirmed=_answered(form),
                )  # fmt: skip
            except StaleVersion:
                return _stale(request, project_of(request.actor, public_id), form)
            except Refusal as refused:
                form.take(refused)
            else:
                messages.success(
                    request, _("Saved.") if changed else _("Nothing was different; nothing was changed.")
                )
                return redirect("projects:detail", public_id=public_id)
    return _page(request, form, project)


@require_http_methods(["GET", "POST"])
def management(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """属地/市管: the commission, with the reason, and the consequence said before."""
    project = project_of(request.actor, public_id)
    granted(policies.commission_right(request.actor))
    other = Management.COUNTY if project.management == Management.MUNICIPAL else Management.MUNICIPAL
    form = ManagementForm(posted(request), initial={"management": other, "version": project.version})
    if request.method == "POST" and form.is_valid():
        try:
            register.change_management(
                project, form.cleaned_data["management"], form.cleaned_data["reason"],
                by=request.actor, at=request.now, version=form.cleaned_data["version"],
            )  # fmt: skip
        except NotAllowed:
            raise
        except Refusal as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("The management has been changed."))
            return leave(request, reverse("projects:detail", args=[public_id]))
    return render_dialog(
        request,
        "shell/confirm.html",
        {
            "title": _("Change the management of the project"),
            "object": project.name,
            "form": form,
            "consequence": _(
                "Reports opened from now on go to the new receivers: county bureau and county department for a "
                "county-managed project, commission and municipal department for a municipal-managed one. "
                "Reports already opened stay where they are."
            ),
            "button": _("Change the management"),
            "button_icon": "switch-horizontal",
            "cancel_url": reverse("projects:detail", args=[public_id]),
        },
        status=422 if form.is_bound else 200,
    )


def _common(request: OfficeRequest, holder: Held) -> dict[str, Any]:
    return {"holder": holder, "slip_factor": Thresholds(reporting_month(request.now))["slip_factor"]}


def _answered(form: ProjectForm) -> list[str]:
    return [question.text for question in form.questions]


def _version(form: ProjectForm) -> int | None:
    """As sent; a form without it counts as never shown."""
    raw = form.data.get("version", "")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0


def _page(request: OfficeRequest, form: ProjectForm, project: Project | None) -> HttpResponse:
    context = {
        "form": form,
        "project": project,
        "title": _("Change the record") if project else _("Enter a project"),
        "cancel_url": reverse("projects:detail", args=[project.public_id])
        if project
        else reverse("projects:list"),
    }
    return render(request, "projects/form.html", context, status=422 if form.is_bound else 200)


def _stale(request: OfficeRequest, project: Project, form: ProjectForm) -> HttpResponse:
    """Someone else was faster: both texts, field by field; what was typed can be copied."""
    form.is_valid()
    changed = []
    for name in form.Meta.fields:
        if form.fields[name].disabled:
            continue
        theirs = shown_value(name, kept(getattr(project, name)))
        mine = form.cleaned_data.get(name, form.data.get(name, ""))
        typed = shown_value(name, kept(mine))
        if theirs != typed:
            changed.append(Changed(label=field_title(name), theirs=theirs, mine=typed))
    last = acts_of(project, request.actor).exclude(user=None).first()
    return stale(
        request,
        changed=changed,
        by=last.user_text if last else "",
        at=last.at if last else None,
        url=reverse("projects:edit", args=[project.public_id]),
    )
