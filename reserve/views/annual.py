"""The annual key-project list and its batches (facts.md §3.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.offices import is_commission
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Level, Project
from ningde_projects.workflow.acting import ActView, button_act, dialog_act, posted, refused_page, show
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import Refusal

from ..forms.annual import BatchForm, DecideForm, ProposalForm, RemoveForm, initial_of
from ..models import AnnualBatch, AnnualItem
from ..selectors import annual as read
from ..selectors.history import history_of
from ..selectors.offices import reporting_places
from ..services import annual as services
from ..services import annual_amending as amending
from ..workflow.annual import ItemStatus
from .access import chain_only, commission_only, paged, year_in


def batch_url(batch: AnnualBatch) -> str:
    return reverse("reserve:annual-batch", args=[batch.public_id])


@require_safe
def annual(request: OfficeRequest) -> HttpResponse:
    """The list of the year, as far as one sees its projects."""
    chain_only(request)
    filters, today = read.read_filters(request.GET, request.now), local_date(request.now)
    page = paged(request, read.annual_list(request.actor, filters, today))
    for project in page.object_list:
        project.stands_still = read.stands_still(project, today)
    commission = is_commission(request.actor)
    return render(request, "reserve/annual/list.html", {
        "page": page, "filters": filters, "years": [today.year + 1, today.year, today.year - 1],
        "levels": [(Level.PROVINCIAL, Level.PROVINCIAL.label), (Level.MUNICIPAL, Level.MUNICIPAL.label)],
        "places": reporting_places() if not _county(request) else [], "may_remove": commission,
        "line": read.in_words(filters), "clear_url": f"{request.path}?year={filters.year}",
    })  # fmt: skip


def _county(request: OfficeRequest) -> bool:
    return not request.actor.organisation.place.is_municipal


@require_safe
def batches(request: OfficeRequest) -> HttpResponse:
    chain_only(request)
    return render(request, "reserve/annual/batches.html", {
        "page": paged(request, read.batches()), "may_open": is_commission(request.actor),
        "proposes": read.proposes(request.actor), "today": local_date(request.now),
        "is_commission": is_commission(request.actor),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def new_batch(request: OfficeRequest) -> HttpResponse:
    commission_only(request)
    year = year_in(request, local_date(request.now).year)
    form = BatchForm(posted(request), initial={"year": year})
    made: list[AnnualBatch] = []

    def act(data: Any) -> None:
        made.append(services.open_batch(**form.cleaned_data, by=request.actor, at=request.now))

    return dialog_act(
        request, act, form=form, done=lambda: batch_url(made[0]), success=_("Opened; the offices have been told."),
        title=_("Open a batch of the annual list"), button=_("Open the batch"), button_icon="plus",
        cancel_url=reverse("reserve:annual-batches"),
        consequence=_("County bureaus and departments are told and propose projects; you decide on each."),
    )  # fmt: skip


def _batch(request: OfficeRequest, public_id: UUID) -> AnnualBatch:
    chain_only(request)
    return get_object_or_404(AnnualBatch.objects.select_related("decided_by"), public_id=public_id)


@require_safe
def batch(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = _batch(request, public_id)
    rows = AnnualItem.objects.visible_to(request.actor).filter(batch=found).select_related(
        "project__place", "project__owner", "office", "proposed_by", "batch")  # fmt: skip
    status = request.GET.get("status", "")
    if status in ItemStatus.values:
        rows = rows.filter(status=status)
    offices = {h.organisation.pk for h in request.actor.held}
    commission = is_commission(request.actor)
    return render(request, "reserve/annual/batch.html", {
        "batch": found, "page": paged(request, rows), "statuses": ItemStatus.choices, "offices": offices,
        "may_decide": refusal(found, "decide", request.actor) is None,
        "may_propose": found.status == "open" and read.proposes(request.actor), "is_commission": commission,
        "waiting": found.items.filter(status=ItemStatus.PROPOSED).count() if commission else 0,
        "history": history_of("annual_batch", found.pk), "filtered": bool(status),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def propose(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """First the project is chosen, then its plan of the year is filled in."""
    found = _batch(request, public_id)
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:60]
    rows = read.proposable(request.actor, found, text)
    chosen = request.GET.get("project", "")
    if not chosen:
        return render(request, "reserve/annual/choose.html", {
            "batch": found, "page": paged(request, rows.with_year_plan(found.year)), "text": text,
        })  # fmt: skip
    project = get_object_or_404(
        Project.objects.visible_to(request.actor).select_related("place"), public_id=_uuid(chosen)
    )
    first = {"stage": project.stage if project.stage == "under_way" else "preliminary"}
    form = ProposalForm(project, found.year, posted(request), initial=first)

    def act() -> None:
        services.propose(found, project, form.proposal(), by=request.actor, at=request.now)

    return _proposal(request, found, project, form, act)


@require_http_methods(["GET", "POST"])
@once
def amend(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The proposing office puts its proposal right while the commission has not decided."""
    chain_only(request)
    item: AnnualItem = get_object_or_404(
        AnnualItem.objects.visible_to(request.actor).select_related("project__place", "batch", "office"),
        public_id=public_id,
    )
    if locked := amending.refusal(item, request.actor):
        return refused_page(request, locked, back=batch_url(item.batch))
    form = ProposalForm(item.project, item.batch.year, posted(request), initial=initial_of(item))

    def act() -> None:
        amending.amend(
            item, form.proposal(), by=request.actor, at=request.now, version=form.cleaned_data["version"]
        )

    return _proposal(request, item.batch, item.project, form, act, item)


def _proposal(
    request: OfficeRequest, batch: AnnualBatch, project: Project, form: ProposalForm, act: Callable[[], Any],
    item: AnnualItem | None = None,
) -> HttpResponse:  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act()
            except Refusal as refused:
                status = refused.status_code
                show(form, refused)
            else:
                messages.success(request, _("The proposal has been saved.") if item else _("Proposed."))
                return redirect(batch_url(batch))
    return render(request, "reserve/annual/propose.html",
                  {"batch": batch, "project": project, "form": form, "item": item}, status=status)  # fmt: skip


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_POST
@once
def accept(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Accept what is ticked."""
    found = _batch(request, public_id)
    keys = [_uuid(text) for text in request.POST.getlist("items")[:200]]
    items = list(AnnualItem.objects.visible_to(request.actor).filter(batch=found, public_id__in=keys)
                 .select_related("project", "batch"))  # fmt: skip
    return button_act(
        request, lambda: services.accept_all(found, items, by=request.actor, at=request.now), done=batch_url(found),
        success=_("{n} proposals accepted.").format(n=len(items)),
    )  # fmt: skip


class BatchAct(ActView):
    model = AnnualBatch

    def rows(self) -> QuerySet[Any]:
        chain_only(self.request)
        return AnnualBatch.objects.all()

    def done_url(self, obj: AnnualBatch) -> str:
        return batch_url(obj)


class Decide(BatchAct):
    act, success = "decide", gettext_lazy("Decided; the projects are in the list.")

    def form_for(self, obj: AnnualBatch) -> forms.BaseForm:
        return DecideForm(posted(self.request), initial={"version": obj.version})

    def words(self, obj: AnnualBatch) -> dict[str, Any]:
        number = obj.items.filter(status=ItemStatus.ACCEPTED).count()
        return super().words(obj) | {
            "button_icon": "star",
            "consequence": _(
                "{n} projects become key projects of {year}: level, stage and plan of the year are set on their records; "
                "those under way owe monthly reports from then on."
            ).format(n=number, year=obj.year),
        }  # fmt: skip


class Cancel(BatchAct):
    act, success = "cancel", gettext_lazy("Cancelled.")

    def words(self, obj: AnnualBatch) -> dict[str, Any]:
        return super().words(obj) | {"danger": True, "button_icon": "x"}


class ItemAct(ActView):
    model = AnnualItem
    danger = True

    def rows(self) -> QuerySet[Any]:
        chain_only(self.request)
        return AnnualItem.objects.visible_to(self.request.actor).select_related("project__place", "batch")

    def words(self, obj: AnnualItem) -> dict[str, Any]:
        return super().words(obj) | {"object": obj.project.name, "danger": self.danger}

    def done_url(self, obj: AnnualItem) -> str:
        return batch_url(obj.batch)


class Decline(ItemAct):
    act, success = "decline", gettext_lazy("Declined; the proposing office has been told.")


class Withdraw(ItemAct):
    act, success = "withdraw", gettext_lazy("Withdrawn.")


class WithdrawByDepartment(ItemAct):
    act, success = "withdraw_by_department", gettext_lazy("Withdrawn.")


def withdraw(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    """A bureau's reviewer or a department's handler: whichever row of the table fits the office that proposed."""
    chain_only(request)
    found: AnnualItem = get_object_or_404(
        AnnualItem.objects.visible_to(request.actor).select_related("office"), public_id=public_id
    )
    view = Withdraw if found.office.kind == "county_bureau" else WithdrawByDepartment
    return view.as_view()(request, public_id=public_id)


class Remove(ItemAct):
    act, success = "remove", gettext_lazy("Removed from the list; owner and proposing office have been told.")

    def form_for(self, obj: AnnualItem) -> forms.BaseForm:
        return RemoveForm(posted(self.request), initial={"version": obj.version})

    def words(self, obj: AnnualItem) -> dict[str, Any]:
        return super().words(obj) | {
            "button_icon": "star-off",
            "consequence": _("The project keeps its record; it is no key project any more unless another list of the "
                             "year still holds it, and owes no monthly report then."),
        }  # fmt: skip

    def done_url(self, obj: AnnualItem) -> str:
        return f"{reverse('reserve:annual')}?year={obj.batch.year}"
