"""Projects that may be one: the list, the merger, the word that they are two (M1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.projects.models import Project
from ningde_projects.projects.selectors import project_of
from ningde_projects.workflow.acting import ReasonForm, dialog_act, posted
from ningde_projects.workflow.idempotency import once

from ..forms.exits import MergeForm
from ..selectors import duplicates as read
from ..services import duplicates as services
from .access import dispatcher

ROWS = 50


@require_safe
def duplicates(request: OfficeRequest) -> HttpResponse:
    dispatcher(request.actor, _whose())
    page = Paginator(read.pairs_in_pool(request.actor), ROWS).get_page(request.GET.get("page"))
    return render(request, "reserve/duplicates/list.html", {"page": page, "number": page.paginator.count})


@require_http_methods(["GET", "POST"])
@once
def merge(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """This record goes into another one, which stays."""
    source = project_of(request.actor, public_id)
    dispatcher(request.actor, _whose())
    choices = _choices(request, source)
    initial = {"target": request.GET.get("target", "")}

    def act(cleaned: Mapping[str, Any]) -> None:
        services.merge(source, cleaned["target"], cleaned["reason"], by=request.actor, at=request.now)

    return dialog_act(
        request, act, form=MergeForm(posted(request), initial=initial, choices=choices),
        done=reverse("reserve:duplicates"), success=_("Merged."), danger=True, title=_("Merge into another record"),
        object=source.name, button=_("Merge"), button_icon="arrows-join",
        consequence=_("“{name}” is closed and marked as merged. Applications, items, plans, nodes and persons that the "
                      "other record lacks move there; both histories stay readable. This is not undone.")
        .format(name=source.name),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def apart(request: OfficeRequest, public_id: UUID, other: UUID) -> HttpResponse:
    """Two different projects: nobody is asked again."""
    first, second = project_of(request.actor, public_id), project_of(request.actor, other)
    dispatcher(request.actor, _whose())

    def act(cleaned: Mapping[str, Any]) -> None:
        services.keep_apart(first, second, cleaned["reason"], by=request.actor, at=request.now)

    return dialog_act(
        request, act, form=ReasonForm(posted(request)), done=reverse("reserve:duplicates"),
        success=_("Kept apart."), title=_("These are two projects"), object=f"{first.name} / {second.name}",
        button=_("Keep apart"), button_icon="arrows-split", tone="sea",
        consequence=_("The pair leaves this list; the reason stays in the record."),
    )  # fmt: skip


def _choices(request: OfficeRequest, source: Project) -> Any:
    """Whatever looks like it, and the one that the address or the form names."""
    alike = read.Alike().to(source.name, source.place_id, source.total_investment, source.pk)
    rows = Project.objects.visible_to(request.actor)
    keys = {row.pk for row in alike}
    named = request.POST.get("target") or request.GET.get("target") or ""
    try:
        keys |= set(rows.filter(public_id=UUID(named)).exclude(pk=source.pk).values_list("pk", flat=True))
    except ValueError:
        keys |= set()
    return rows.filter(pk__in=keys).select_related("place").order_by("place__order", "pk")


def _whose() -> str:
    return _("Only the commission merges records, or says that two are different.")
