"""Offices: the list, one of them with its people, and what the keepers change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.notices.models import Channel
from ningde_projects.workflow.acting import ReasonForm, dialog_act, show
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal, StaleVersion

from .. import policies, selectors
from ..actor import Held
from ..duties import OrgKind
from ..forms import CHAT, OrganisationForm, RenameForm
from ..history import described
from ..lists import hidden_fields
from ..middleware import OfficeRequest
from ..models import Organisation
from ..services import organisations
from .base import allowed, changed_meanwhile, labels_of, may_read, page_of


@require_safe
def organisation_list(request: OfficeRequest) -> HttpResponse:
    may_read(policies.reading_refusal(request.actor))
    listing = selectors.organisation_list(request.actor, request.GET)
    return render(
        request,
        "organizations/organisations.html",
        {
            "listing": listing,
            "menus": listing.menus(request.GET),
            "page": page_of(request, selectors.with_people(listing.rows())),
            "kept": hidden_fields(request.GET),
            "may_create": isinstance(policies.organisation_right(request.actor), Held),
            "tab": "organisations",
        },
    )


def organisation_of(request: OfficeRequest, public_id: UUID) -> Organisation:
    """404 for what this person does not see; 403 for those who have no list of offices at all."""
    may_read(policies.reading_refusal(request.actor))
    return get_object_or_404(selectors.organisations_visible_to(request.actor), public_id=public_id)


@require_safe
def organisation(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    row = organisation_of(request, public_id)
    people = selectors.with_duties(
        selectors.people_visible_to(request.actor).filter(organisation=row), request.now
    )
    may_keep = isinstance(policies.organisation_right(request.actor, row.kind, row.place_id), Held)
    return render(
        request,
        "organizations/organisation.html",
        {
            "row": row,
            "industries": row.industries.all(),
            "children": row.children.order_by("-is_active", "order", "name"),
            "page": page_of(request, people.order_by("-is_active", "pk")),
            "may_keep": may_keep,
            "chat": Channel(row.chat_channel).label if row.chat_channel else "",
            "may_open": row.is_active and isinstance(policies.account_right(request.actor, row), Held),
            "obstacles": organisations.closing_obstacles(row) if may_keep and row.is_active else [],
            "acts": [
                described(act) for act in Act.objects.filter(machine="organisation", object_id=row.pk)[:20]
            ],
            "shows_phone": isinstance(policies.account_right(request.actor, row), Held),
        },
    )


@once
@require_http_methods(["GET", "POST"])
def create(request: OfficeRequest) -> HttpResponse:
    allowed(policies.organisation_right(request.actor))
    form = OrganisationForm(
        request.POST if request.method == "POST" else None, actor=request.actor,
        initial={"kind": request.GET.get("kind") or OrgKind.OWNER, "place": request.actor.organisation.place_id},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        facts = {
            name: value for name, value in form.cleaned_data.items() if name not in ("version", "industries")
        }
        try:
            row = organisations.create(
                facts, form.cleaned_data.get("industries", ()), by=request.actor, at=request.now
            )
        except NotAllowed:
            raise
        except Refusal as refused:
            show(form, refused)
        else:
            messages.success(
                request, _("The organisation has been entered. Now open the accounts of its people.")
            )
            return HttpResponseRedirect(reverse("organizations:organisation", args=[row.public_id]))
    return _form(request, form, None)


@once
@require_http_methods(["GET", "POST"])
def edit(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    row = organisation_of(request, public_id)
    allowed(policies.organisation_right(request.actor, row.kind, row.place_id))
    url = reverse("organizations:organisation", args=[public_id])
    initial = {name: getattr(row, name) for name in (*organisations.FACTS, "chat_channel", "version")}
    form = OrganisationForm(
        request.POST if request.method == "POST" else None, actor=request.actor, organisation=row,
        initial=initial | {"parent": row.parent_id, "industries": row.industries.all()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        industries, version = facts.pop("industries", None), facts.pop("version")
        try:
            organisations.update(row, facts, industries, by=request.actor, at=request.now, version=version)
        except StaleVersion:
            shown = {name: value for name, value in facts.items() if name not in CHAT}
            return changed_meanwhile(request, "organisation", row, shown, labels_of(form), request.path)
        except NotAllowed:
            raise
        except Refusal as refused:
            show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(url)
    return _form(request, form, row)


def _form(request: OfficeRequest, form: OrganisationForm, row: Organisation | None) -> HttpResponse:
    return render(
        request,
        "organizations/organisation_form.html",
        {"form": form, "row": row, "bureau": organisations.is_bureau_only(request.actor)},
        status=422 if form.is_bound else 200,
    )


@once
@require_http_methods(["GET", "POST"])
def rename(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    row = organisation_of(request, public_id)
    allowed(policies.organisation_right(request.actor, row.kind, row.place_id))

    def act(data: Mapping[str, Any]) -> None:
        organisations.rename(
            row, data["name"], data["short_name"], data["reason"], by=request.actor, at=request.now,
            version=data["version"],
        )  # fmt: skip

    return dialog_act(
        request, act,
        form=RenameForm(
            request.POST if request.method == "POST" else None,
            initial={"name": row.name, "short_name": row.short_name, "version": row.version},
        ),
        done=reverse("organizations:organisation", args=[public_id]), success=_("The organisation has its new name."),
        title=_("Rename the organisation"), object=row.name, button=_("Rename the organisation"), button_icon="pencil",
        consequence=_("The new name holds from now on. Reports, summaries and acts keep the name they were filed under."),
    )  # fmt: skip


@once
@require_http_methods(["GET", "POST"])
def close(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    row = organisation_of(request, public_id)
    allowed(policies.organisation_right(request.actor, row.kind, row.place_id))

    def act(data: Mapping[str, Any]) -> None:
        organisations.close(row, data["reason"], by=request.actor, at=request.now, version=data["version"])

    hindering = organisations.closing_obstacles(row)
    return dialog_act(
        request, act, form=_reason(request, row), done=reverse("organizations:organisation", args=[public_id]),
        success=_("The organisation is closed."), title=_("Close the organisation"), object=row.name,
        button=_("Close the organisation"), button_icon="building-off", danger=True,
        consequence=" ".join(hindering)
        or _("It can no longer be chosen and no account can be opened for it. Its history stays readable."),
    )  # fmt: skip


@once
@require_http_methods(["GET", "POST"])
def reopen(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    row = organisation_of(request, public_id)
    allowed(policies.organisation_right(request.actor, row.kind, row.place_id))

    def act(data: Mapping[str, Any]) -> None:
        organisations.reopen(row, data["reason"], by=request.actor, at=request.now, version=data["version"])

    return dialog_act(
        request, act, form=_reason(request, row), done=reverse("organizations:organisation", args=[public_id]),
        success=_("The organisation is open again."), title=_("Reopen the organisation"), object=row.name,
        button=_("Reopen the organisation"), button_icon="building",
        consequence=_("It can be chosen again, and accounts can be opened for it."),
    )  # fmt: skip


def _reason(request: OfficeRequest, row: Organisation) -> ReasonForm:
    return ReasonForm(request.POST if request.method == "POST" else None, initial={"version": row.version})
