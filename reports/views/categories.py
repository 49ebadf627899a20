"""口径、类别、阈值: read by everyone who works here, set by the commission, dated and with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.actor import Held
from ningde_projects.organizations.business import administrators_read
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import reporting_month
from ningde_projects.projects.models import Threshold
from ningde_projects.projects.rules import THRESHOLD_TITLES
from ningde_projects.projects.services import thresholds
from ningde_projects.workflow.acting import ReasonForm, dialog_act
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed

from ..forms.settings import CategoryForm, CategoryVersionForm, EndCategoryForm, ThresholdForm
from ..models import Category
from ..selectors.settings import category_rows, threshold_rows, withdrawable
from ..services import categories as services


@administrators_read
@require_safe
def rules(request: OfficeRequest) -> HttpResponse:
    """Everything by which figures are judged, with validity."""
    if not request.actor.duties:
        raise PermissionDenied(_("The rules are open to everyone who holds a duty here."))
    at = request.now
    rows = threshold_rows(at)
    return render(
        request,
        "reports/settings/rules.html",
        {
            "thresholds": rows,
            "withdrawable": {v.pk for row in rows for v in row.to_come if withdrawable(v, at)},
            "categories": category_rows(at),
            "month": reporting_month(at),
            "may_set": isinstance(thresholds.setting_right(request.actor), Held),
        },
    )


def _need(request: OfficeRequest) -> None:
    right = thresholds.setting_right(request.actor)
    if isinstance(right, NotAllowed):
        raise PermissionDenied(str(right))


def _bound(request: OfficeRequest) -> Any:
    return request.POST if request.method == "POST" else None


@administrators_read
@once
@require_http_methods(["GET", "POST"])
def threshold_new(request: OfficeRequest, key: str) -> HttpResponse:
    _need(request)
    if key not in THRESHOLD_TITLES:
        raise Http404

    def act(data: Mapping[str, Any]) -> None:
        thresholds.add_version(
            key, data["value"], data["valid_from"], data["reason"], by=request.actor, at=request.now
        )

    form = ThresholdForm(
        _bound(request), at=request.now,
        initial={"value": thresholds.value_in(key, thresholds.earliest_month(request.now)).normalize()},
    )  # fmt: skip
    return dialog_act(
        request, act, form=form, done=reverse("reports:rules"), success=_("The new value is entered."),
        title=_("Set a new value"), object=str(THRESHOLD_TITLES[key]), button=_("Set the new value"),
        button_icon="adjustments-horizontal",
        consequence=_("Lists and lights of earlier months stay as they were judged."),
    )  # fmt: skip


@administrators_read
@once
@require_http_methods(["GET", "POST"])
def threshold_withdraw(request: OfficeRequest, threshold: UUID) -> HttpResponse:
    _need(request)
    row = get_object_or_404(Threshold, public_id=threshold)
    return dialog_act(
        request,
        lambda data: thresholds.withdraw_version(row, data["reason"], by=request.actor, at=request.now),
        form=ReasonForm(_bound(request)), done=reverse("reports:rules"), success=_("The value is withdrawn."),
        title=_("Withdraw the coming value"), object=str(THRESHOLD_TITLES.get(row.key, row.key)),
        button=_("Withdraw it"), button_icon="x", consequence=_("The value before it goes on to hold."),
    )  # fmt: skip


@administrators_read
@once
@require_http_methods(["GET", "POST"])
def category_new(request: OfficeRequest) -> HttpResponse:
    _need(request)

    def act(data: Mapping[str, Any]) -> None:
        services.add(
            data["code"], _facts(data), data["valid_from"], data["reason"], by=request.actor, at=request.now
        )

    return dialog_act(
        request, act, form=CategoryForm(_bound(request), at=request.now), done=reverse("reports:rules"),
        success=_("The category is entered."), title=_("Add a category"), button=_("Add the category"),
        button_icon="plus", consequence=_("Owners can choose it in the reports of that month and later."),
    )  # fmt: skip


@administrators_read
@once
@require_http_methods(["GET", "POST"])
def category_replace(request: OfficeRequest, category: UUID) -> HttpResponse:
    _need(request)
    row = get_object_or_404(Category, public_id=category)

    def act(data: Mapping[str, Any]) -> None:
        services.replace(
            row, _facts(data), data["valid_from"], data["reason"], by=request.actor, at=request.now,
            version=data["version"],
        )  # fmt: skip

    initial = {
        "name": row.name, "help": row.help, "factor_department": row.factor_department_id, "order": row.order,
        "version": row.version,
    }  # fmt: skip
    return dialog_act(
        request, act, form=CategoryVersionForm(_bound(request), at=request.now, initial=initial),
        done=reverse("reports:rules"), success=_("The new version is entered."),
        title=_("New version of the category"), object=f"{row.code} {row.name}", button=_("Enter the new version"),
        button_icon="versions",
        consequence=_(
            "The code stays. The version before ends the month before; problems keep the one they were filed under."
        ),
    )  # fmt: skip


@administrators_read
@once
@require_http_methods(["GET", "POST"])
def category_end(request: OfficeRequest, category: UUID) -> HttpResponse:
    _need(request)
    row = get_object_or_404(Category, public_id=category)

    def act(data: Mapping[str, Any]) -> None:
        services.end(
            row, data["valid_to"], data["reason"], by=request.actor, at=request.now, version=data["version"]
        )

    return dialog_act(
        request, act, form=EndCategoryForm(_bound(request), at=request.now, initial={"version": row.version}),
        done=reverse("reports:rules"), success=_("The last month of the category is entered."),
        title=_("End the category"), object=f"{row.code} {row.name}", button=_("End the category"),
        button_icon="calendar-off", danger=True,
        consequence=_("After that month no new problem can be filed under it; living ones keep it."),
    )  # fmt: skip


def _facts(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in services.FACTS}
