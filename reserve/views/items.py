"""Preliminary items: one of a project, those about to lapse, the catalogue (M1.4, facts.md §5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.selectors import Thresholds, project_of
from ningde_projects.workflow.acting import dialog_act, posted
from ningde_projects.workflow.idempotency import once

from ..forms.items import ItemForm, KindForm, initial_of
from ..models import ItemKind, ProjectItem
from ..policies.records import keeping_right
from ..selectors import items as read
from ..services import items as services
from .access import dispatcher, granted, reader

ROWS = 50


@require_safe
def lapsing(request: OfficeRequest) -> HttpResponse:
    """Approvals that lapse within the days of the first warning, or have lapsed."""
    reader(request.actor)
    rows = read.lapsing_rows(request.actor, request.now)
    today, limits = local_date(request.now), Thresholds(Month.at(request.now))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "reserve/items/lapsing.html", {
        "page": page,
        "lines": [(row, (row.valid_until - today).days) for row in page],
        "number": page.paginator.count,
        "first": int(limits["item_warn_first_days"]),
        "last": int(limits["item_warn_last_days"]),
        "keeps_catalogue": request.actor.has(Duty.DISPATCH),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def item(request: OfficeRequest, public_id: UUID, code: str) -> HttpResponse:
    """Where the project stands with one item; whoever keeps the project says it."""
    reader(request.actor)
    project = project_of(request.actor, public_id)
    kind = get_object_or_404(ItemKind, code=code)
    granted(keeping_right(request.actor, project))
    row = ProjectItem.objects.filter(project=project, kind=kind).first()

    def act(cleaned: Mapping[str, Any]) -> None:
        services.set_item(
            project, kind, cleaned, by=request.actor, at=request.now, version=cleaned["version"]
        )

    return dialog_act(
        request, act, form=ItemForm(posted(request), initial=initial_of(row)),
        done=reverse("projects:detail", args=[project.public_id]) + "#panel-items", success=_("Saved."),
        title=kind.name, object=project.name, button=_("Save"), button_icon="device-floppy", tone="sea",
        template="reserve/items/item.html", kind=kind,
    )  # fmt: skip


# ---- the catalogue ---------------------------------------------------------------------------------------------


@require_safe
def kinds(request: OfficeRequest) -> HttpResponse:
    """The catalogue: everybody in the work reads it, the commission keeps it."""
    reader(request.actor)
    rows = list(ItemKind.objects.all())
    context = {"rows": rows, "may_edit": request.actor.has(Duty.DISPATCH)}
    return render(request, "reserve/items/kinds.html", context)


@require_http_methods(["GET", "POST"])
@once
def kind(request: OfficeRequest, public_id: UUID | None = None) -> HttpResponse:
    dispatcher(request.actor, _("Only the commission keeps the catalogue of preliminary items."))
    row = get_object_or_404(ItemKind, public_id=public_id) if public_id else None
    names = ("code", *services.KIND_FIELDS, "version")
    initial = {name: getattr(row, name) for name in names} if row else {"order": ItemKind.objects.count() + 1}

    def act(cleaned: Mapping[str, Any]) -> None:
        services.save_kind(
            row, cleaned, cleaned["reason"], by=request.actor, at=request.now, version=cleaned["version"]
        )

    return dialog_act(
        request, act, form=KindForm(posted(request), initial=initial, known=row is not None),
        done=reverse("reserve:item_kinds"), success=_("Saved."), object=row.name if row else "",
        title=_("Change a preliminary item") if row else _("Add a preliminary item"), button=_("Save"),
        button_icon="device-floppy", tone="sea",
        consequence=_("It holds for all projects at once; what they have said so far stays. Maturity is computed anew."),
    )  # fmt: skip
