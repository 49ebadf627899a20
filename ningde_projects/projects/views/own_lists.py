"""Follow a project, choose the columns, save views: small acts that concern nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell.forms import NamedErrors
from ningde_projects.workflow.acting import dialog_act
from ningde_projects.workflow.idempotency import once

from ..columns import usual_columns
from ..lists import in_words, known_columns, read_filters
from ..models import SavedView
from ..selectors import project_of
from ..services import own_lists as services
from .lists import readable


@require_POST
@once
def follow(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    project = project_of(request.actor, public_id)
    wanted = request.POST.get("follow") == "1"
    services.follow(project, wanted, by=request.actor, at=request.now)
    messages.success(request, _("You follow this project.") if wanted else _("No longer followed."))
    return HttpResponseRedirect(reverse("projects:detail", args=[public_id]))


@require_POST
@once
def columns(request: OfficeRequest) -> HttpResponse:
    """Kept for the person, and shown in the address so that the page can be passed on."""
    readable(request.actor)
    query = QueryDict(request.POST.get("of", "")[:2000]).copy()
    chosen = known_columns(request.POST.getlist("col"))
    if "usual" in request.POST or list(chosen) == usual_columns():
        chosen = ()
    services.choose_columns(chosen, by=request.actor, at=request.now)
    query.pop("page", None)
    query.pop("cols", None)
    if chosen:
        query["cols"] = ",".join(chosen)
    return HttpResponseRedirect(f"{reverse('projects:list')}?{query.urlencode() or 'view=all'}")


class ViewForm(NamedErrors, forms.Form):
    name = forms.CharField(label=pgettext_lazy("saved view", "Name"), max_length=30)
    is_default = forms.BooleanField(label=gettext_lazy("Open the list with this view"), required=False)

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).replace("\0", "").split())


@require_http_methods(["GET", "POST"])
@once
def save_view(request: OfficeRequest) -> HttpResponse:
    """The filters are those of the address that the dialog was opened from; read anew, so only known ones are kept."""
    readable(request.actor)
    filters = read_filters({name: str(value) for name, value in request.GET.items()})
    query = filters.address()
    words = in_words(filters)
    return dialog_act(
        request,
        lambda data: services.save_view(
            data["name"], query, is_default=data["is_default"], by=request.actor, at=request.now
        ),
        form=ViewForm(request.POST or None),
        done=_address(query),
        success=_("View saved."),
        title=_("Save this view"),
        object=words or _("All projects, without a filter"),
        consequence=_(
            "Filters, order and columns are kept under this name; the rows are always those of the day."
        ),
        tone="sea",
        button=_("Save the view"),
        button_icon="device-floppy",
    )


@require_http_methods(["GET", "POST"])
@once
def change_view(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    view = _view(request, public_id)

    def act(data: Mapping[str, Any]) -> None:
        services.change_view(
            view, data["name"], is_default=data["is_default"], by=request.actor, at=request.now
        )

    return dialog_act(
        request, act,
        form=ViewForm(request.POST or None, initial={"name": view.name, "is_default": view.is_default}),
        done=_address(view.query), success=_("View changed."), title=_("Change the view"), object=view.name,
        button=_("Save the view"), button_icon="device-floppy",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def delete_view(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    view = _view(request, public_id)
    return dialog_act(
        request, lambda data: services.delete_view(view, by=request.actor, at=request.now),
        done=_address(""), success=_("View deleted."), title=_("Delete the view"), object=view.name,
        consequence=_("Only the view goes; the projects stay as they are."), button=_("Delete the view"),
        button_icon="trash", danger=True,
    )  # fmt: skip


def _view(request: OfficeRequest, public_id: UUID) -> SavedView:
    try:
        return services.view_of(request.actor, public_id)
    except SavedView.DoesNotExist as hidden:
        raise Http404 from hidden


def _address(query: str) -> str:
    return f"{reverse('projects:list')}?{query or 'view=all'}"
