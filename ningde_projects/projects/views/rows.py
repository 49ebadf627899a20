"""Plans, nodes, counties' parts and participating units: one page each, rows saved together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import reporting_month
from ningde_projects.shell.errors import stale
from ningde_projects.workflow.acting import posted
from ningde_projects.workflow.refusals import NotAllowed, Refusal, StaleVersion

from .. import policies
from ..formsets import BaseRows, NodeFormSet, PartFormSet, PlanFormSet, UnitFormSet, UnitRows
from ..models import Project
from ..rules import Question, plan_questions
from ..selectors import acts_of, project_of
from ..services import rows as services
from .access import editable, granted


@dataclass(frozen=True)
class RowSet:
    """One of the three sets of model rows: its formset, its service, its words."""

    factory: Any
    save: Callable[..., None]
    title: Any
    note: Any
    template: str


SETS: dict[str, RowSet] = {
    "plans": RowSet(
        PlanFormSet, services.save_plans, gettext_lazy("Annual plans"),
        gettext_lazy("One plan per year for the whole project; of a project across counties one per part."),
        "projects/rows/plans.html",
    ),
    "nodes": RowSet(
        NodeFormSet, services.save_nodes, gettext_lazy("Plan nodes"),
        gettext_lazy("When each node is planned, and when it was reached."),
        "projects/rows/nodes.html",
    ),
    "parts": RowSet(
        PartFormSet, services.save_parts, gettext_lazy("Counties' parts"),
        gettext_lazy("Each county reports its own part; figures add up once. Exactly one county leads."),
        "projects/rows/parts.html",
    ),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def edit_rows(request: OfficeRequest, public_id: UUID, kind: str) -> HttpResponse:
    project, _holder = editable(request.actor, public_id)
    if kind == "parts":
        granted(policies.commission_right(request.actor))
    chosen = SETS[kind]
    formset = chosen.factory(posted(request), instance=project, prefix=kind)
    questions: list[Question] = []
    if request.method == "POST":
        version = _version(request, project)
        if version is None:
            return _stale(request, project, kind)
        if formset.is_valid():
            questions = _questions(kind, project, formset) if "confirm" not in request.POST else []
            if not questions:
                try:
                    chosen.save(project, formset.changes(), by=request.actor, at=request.now, version=version)
                except StaleVersion:
                    return _stale(request, project_of(request.actor, public_id), kind)
                except NotAllowed:
                    raise
                except Refusal as refused:
                    formset._non_form_errors.append(str(refused))
                else:
                    messages.success(request, _("Saved."))
                    return redirect("projects:detail", public_id=public_id)
    has_parts = kind == "plans" and project.parts.exists()
    return _page(
        request, project, chosen.template, formset, chosen.title, chosen.note, questions, has_parts=has_parts
    )


@require_http_methods(["GET", "POST"])
def edit_units(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    project, _holder = editable(request.actor, public_id)
    held = [
        {"role": unit.role, "name": unit.organisation.name}
        for unit in project.units.select_related("organisation").order_by("role", "pk")
    ]
    # Without `initial` when posted: a row that is as it was would else count as empty.
    formset = (
        UnitFormSet(request.POST, prefix="units")
        if request.method == "POST"
        else UnitFormSet(initial=held, prefix="units")
    )
    if request.method == "POST":
        version = _version(request, project)
        if version is None:
            return _stale(request, project, "units")
        if formset.is_valid():
            assert isinstance(formset, UnitRows)  # noqa: S101
            try:
                services.save_units(
                    project, formset.pairs(), by=request.actor, at=request.now, version=version
                )
            except StaleVersion:
                return _stale(request, project_of(request.actor, public_id), "units")
            else:
                messages.success(request, _("Saved."))
                return redirect("projects:detail", public_id=public_id)
    known = Organisation.objects.filter(kind=OrgKind.PARTICIPANT).order_by("name")
    return _page(
        request, project, "projects/rows/units.html", formset, _("Participating units"),
        _("Supervision, survey, design and construction. To take a unit out, empty its row."), [],
        known=list(known.values_list("name", flat=True)[:500]),
    )  # fmt: skip


def _version(request: OfficeRequest, project: Project) -> int | None:
    """The version that the form was shown with; None when it is no longer the current one."""
    return project.version if request.POST.get("version") == str(project.version) else None


def _questions(kind: str, project: Project, formset: BaseRows) -> list[Question]:
    if kind != "plans":
        return []
    asked = []
    for form in formset.forms:
        data = getattr(form, "cleaned_data", None)
        if data and form.has_changed() and not data.get("DELETE"):
            part = data.get("part")
            total = part.total_investment if part else project.total_investment
            asked += plan_questions(data.get("investment"), total)
    return asked


def _stale(request: OfficeRequest, project: Project, kind: str) -> HttpResponse:
    last = acts_of(project, request.actor).exclude(user=None).first()
    return stale(
        request,
        changed=[],
        by=last.user_text if last else "",
        at=last.at if last else None,
        url=reverse(f"projects:{kind}", args=[project.public_id]),
    )


def _page(
    request: OfficeRequest,
    project: Project,
    template: str,
    formset: BaseFormSet[Any],
    title: Any,
    note: Any,
    questions: list[Question],
    **more: Any,
) -> HttpResponse:
    context = {
        "project": project,
        "formset": formset,
        "title": title,
        "note": note,
        "questions": questions,
        "year": reporting_month(request.now).year,
        "cancel_url": reverse("projects:detail", args=[project.public_id]),
        **more,
    }
    return render(request, template, context, status=422 if formset.is_bound else 200)
