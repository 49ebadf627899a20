"""Planning guidance catalogues: lists, one catalogue, its editor, its acts (M1.5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.acting import ActView, ReasonForm, dialog_act, posted, refused_page, show
from ningde_projects.workflow.door import person_refusal, refusal, state_refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import Refusal

from ..forms.catalogue import BeginForm, EntryFormSet, HeadForm, TaskTable, entries_of
from ..models import Catalogue, PlanningTask
from ..selectors import catalogue as read
from ..selectors.history import history_of
from ..selectors.offices import reporting_places
from ..services import catalogue as services
from ..workflow.catalogue import CATALOGUE, CatalogueStatus
from .access import chain_only, paged, year_in


def page_url(catalogue: Catalogue) -> str:
    return reverse("reserve:catalogue", args=[catalogue.public_id])


@require_safe
def catalogues(request: OfficeRequest) -> HttpResponse:
    """What one's office drafts, and what has been issued."""
    chain_only(request)
    actor = request.actor
    rows = Catalogue.objects.visible_to(actor).select_related("department", "sent_by")
    status = request.GET.get("status", "")
    if status in CatalogueStatus.values:
        rows = rows.filter(status=status)
    if request.GET.get("year"):
        rows = rows.filter(year=year_in(request, local_date(request.now).year))
    years = Catalogue.objects.visible_to(actor).order_by("-year").values_list("year", flat=True).distinct()
    return render(request, "reserve/catalogue/list.html", {
        "page": paged(request, rows), "years": list(years), "offices": read.drafting_offices(actor),
        "statuses": [s for s in CatalogueStatus.choices if s[0] != CatalogueStatus.DISCARDED],
        "filtered": bool(request.GET.get("status") or request.GET.get("year")), "clear_url": request.path,
    })  # fmt: skip


@require_safe
def overview(request: OfficeRequest) -> HttpResponse:
    """Who has issued what when: every industry department, January and July (D11)."""
    chain_only(request)
    year = year_in(request, local_date(request.now).year)
    return render(request, "reserve/catalogue/overview.html", {
        "year": year, "years": [year + 1, year, year - 1], "rows": read.overview(request.actor, year, request.now),
    })  # fmt: skip


@require_safe
def approvals(request: OfficeRequest) -> HttpResponse:
    """待审定 of the municipal government."""
    chain_only(request)
    if not read.approves_city(request.actor):
        raise PermissionDenied(_("This page is for those who approve for the municipal government."))
    tab = "done" if request.GET.get("tab") == "done" else "waiting"
    rows = Catalogue.objects.visible_to(request.actor).select_related("department", "sent_by", "approved_by")
    waiting = rows.filter(status=CatalogueStatus.APPROVING)
    done = rows.filter(approved_at__isnull=False)
    return render(request, "reserve/catalogue/approvals.html", {
        "tab": tab, "waiting": waiting.count(), "done": done.count(),
        "page": paged(request, done.order_by("-approved_at") if tab == "done" else waiting.order_by("sent_at")),
    })  # fmt: skip


def _visible(request: OfficeRequest, public_id: UUID) -> Catalogue:
    chain_only(request)
    found: Catalogue = get_object_or_404(
        Catalogue.objects.visible_to(request.actor).select_related("department", "sent_by", "approved_by"),
        public_id=public_id,
    )
    return found


@require_safe
def catalogue(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = _visible(request, public_id)
    tasks = PlanningTask.objects.visible_to(request.actor).filter(catalogue=found).select_related("place")
    acts = {name: refusal(found, name, request.actor) is None for name in CATALOGUE.by_name}
    return render(request, "reserve/catalogue/catalogue.html", {
        "catalogue": found, "entries": found.entries.all(), "tasks": read.with_completion(tasks),
        "steps": read.steps_of(found), "editions": read.editions_of(found, request.actor),
        "history": history_of("catalogue", found.pk), "may": acts, "incomplete": services.incomplete(found),
        "is_own": found.department_id in {o.pk for o in read.drafting_offices(request.actor)},
        "late": found.is_late(request.now), "approve_refused": _approve_refused(request, found),
        "may_revise": found.status == CatalogueStatus.ISSUED
        and found.department_id in {o.pk for o in read.drafting_offices(request.actor)},
    })  # fmt: skip


def _approve_refused(request: OfficeRequest, found: Catalogue) -> Refusal | None:
    """Why an approver may not approve this one: the very sentence that the act would raise."""
    if not read.approves_city(request.actor) or state_refusal(found, CATALOGUE.by_name["approve"]):
        return None
    return refusal(found, "approve", request.actor)


@require_http_methods(["GET", "POST"])
@once
def begin(request: OfficeRequest) -> HttpResponse:
    chain_only(request)
    offices = read.drafting_offices(request.actor)
    if not offices:
        raise PermissionDenied(_("Only a department that leads an industry issues a catalogue."))
    year, half = read.half_owed(request.now)
    title = _("Planning guidance catalogue of {department}, {year}").format(
        department=offices[0].short_name, year=year
    )
    form = BeginForm(offices, posted(request),
                     initial={"year": year, "half": half, "title": title,
                              "department": offices[0].public_id})  # fmt: skip
    made: list[Catalogue] = []

    def act(data: object) -> None:
        values = form.cleaned_data
        made.append(services.begin_catalogue(
            form.office, values["year"], int(values["half"]) or None, values["title"], by=request.actor, at=request.now
        ))  # fmt: skip

    return dialog_act(
        request, act, form=form, done=lambda: reverse("reserve:catalogue-edit", args=[made[0].public_id]), success="",
        title=_("Begin a planning guidance catalogue"), button=_("Begin the draft"), button_icon="pencil",
        cancel_url=reverse("reserve:catalogues"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def revise(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = _visible(request, public_id)
    if refused := person_refusal(found, CATALOGUE.by_name["send_for_approval"], request.actor):
        raise PermissionDenied(str(refused))
    made: list[Catalogue] = []

    def act(data: Any) -> None:
        made.append(services.revise(found, reason=data["reason"], by=request.actor, at=request.now))

    return dialog_act(
        request, act, form=ReasonForm(posted(request)),
        done=lambda: reverse("reserve:catalogue-edit", args=[made[0].public_id]), success="",
        title=_("New edition of the catalogue"), object=str(found), button=_("Begin the new edition"),
        button_icon="pencil", cancel_url=page_url(found),
        consequence=_("The edition in force stays as it is until the new one has been approved and issued; linked "
                      "projects go over to the tasks of the same counties."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def edit(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Directions and tasks, saved as a whole with the version."""
    found = _visible(request, public_id)
    locked = refusal(found, "send_for_approval", request.actor)
    if locked is not None:
        return refused_page(request, locked, back=page_url(found))
    data = posted(request)
    head = HeadForm(data, initial={"version": found.version, "title": found.title})
    lines = [{n: getattr(e, n) for n in ("direction", "funding", "description", "requirements")}
             for e in found.entries.all()]  # fmt: skip
    entries = EntryFormSet(data, initial=lines, prefix="e")
    tasks = TaskTable(found, reporting_places(), data)
    status = 200
    if data is not None:
        status = 422
        if all([head.is_valid(), entries.is_valid(), tasks.is_valid()]):
            try:
                services.save_content(
                    found, head.cleaned_data["title"], entries_of(entries), tasks.tasks(), by=request.actor,
                    at=request.now, version=head.cleaned_data["version"],
                )  # fmt: skip
            except Refusal as refused:
                status = refused.status_code
                show(head, refused)
            else:
                messages.success(request, _("Saved."))
                return redirect("reserve:catalogue-edit", public_id=found.public_id)
    return render(request, "reserve/catalogue/edit.html", {
        "catalogue": found, "head": head, "entries": entries, "tasks": tasks, "back": page_url(found),
    }, status=status)  # fmt: skip


class CatalogueAct(ActView):
    model = Catalogue
    icon = "send"
    danger = False

    def words(self, obj: Catalogue) -> dict[str, Any]:
        return super().words(obj) | {
            "button_icon": self.icon,
            "danger": self.danger,
            "consequence": self.consequence(obj),
        }

    def consequence(self, obj: Catalogue) -> str:
        return ""

    def done_url(self, obj: Catalogue) -> str:
        return page_url(obj)


class Send(CatalogueAct):
    act, success = "send_for_approval", gettext_lazy("Sent for approval.")

    def consequence(self, obj: Catalogue) -> str:
        return _("{tasks} counties get a task. The catalogue is locked from then on; you can withdraw it until it is "
                 "decided.").format(tasks=obj.tasks.count())  # fmt: skip


class Withdraw(CatalogueAct):
    act, success, icon = "withdraw", gettext_lazy("Withdrawn; it can be changed again."), "arrow-back-up"


class Approve(CatalogueAct):
    act, success, icon = "approve", gettext_lazy("Approved."), "rubber-stamp"

    def consequence(self, obj: Catalogue) -> str:
        return _("The department may then issue it to {tasks} counties.").format(tasks=obj.tasks.count())


class Return(CatalogueAct):
    act, success, icon, danger = (
        "return_by_government",
        gettext_lazy("Returned to the department."),
        "arrow-back-up",
        True,
    )

    def words(self, obj: Catalogue) -> dict[str, Any]:
        return super().words(obj) | {"cancel_url": page_url(obj)}

    def done_url(self, obj: Catalogue) -> str:
        """What is returned is the department's again, and hidden from the government until it is sent anew."""
        return reverse("reserve:catalogue-approvals")


class IssueIt(CatalogueAct):
    act, success = "issue", gettext_lazy("Issued.")

    def consequence(self, obj: Catalogue) -> str:
        return _("{tasks} counties and their departments are told; from then on it changes by a new edition "
                 "only.").format(tasks=obj.tasks.count())  # fmt: skip


class Discard(CatalogueAct):
    act, success, icon, danger = "discard", gettext_lazy("Discarded."), "trash", True

    def done_url(self, obj: Catalogue) -> str:
        return reverse("reserve:catalogues")
