"""The list of cases, those missing, one case, and the form that fills it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import local_date
from ningde_projects.projects.panels import acts_visible_to, described
from ningde_projects.shell.flow import Step, StepState
from ningde_projects.shell.formats import short_stamp
from ningde_projects.workflow.acting import posted_version
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import Refusal

from ..forms.cases import CaseForm, initial_of, typed_of
from ..models import Case, FundingRequest, RunLevel
from ..policies.offices import conveners_of, files, is_convener, reads_cases
from ..selectors import cases as read
from ..selectors.case_files import files_of
from ..selectors.missing import coverage, missing_for
from ..services import cases as write
from ..services.case_binding import convener_verb, filer_verb
from ..workflow.cases import CASE_CONCLUDED, CaseStatus

ROWS = 50


def seen(request: OfficeRequest, public_id: UUID) -> Case:
    """The case as this person may see it; Http404 for hidden and missing alike."""
    rows = Case.objects.visible_to(request.actor).select_related(
        "project__owner", "project__place", "project__industry", "place", "convener", "government", "filer",
        "accepted_by", "concluded_by", "submitted_by",
    )  # fmt: skip
    found: Case = get_object_or_404(rows, public_id=public_id)
    return found


@require_safe
def case_list(request: OfficeRequest) -> HttpResponse:
    """Cases that this person sees; every filter stands in the address."""
    actor = request.actor
    if not reads_cases(actor):
        raise Http404
    filters = read.read_filters(request.GET, request.now)
    counts = read.status_counts(actor, filters)
    page = Paginator(read.listed(actor, filters), ROWS).get_page(request.GET.get("page"))
    year = local_date(request.now).year
    return render(request, "reserve/cases/list.html", {
        "page": page, "filters": filters, "all": sum(counts.values()), "can_miss": is_convener(actor) or files(actor),
        "statuses": [(s.value, s.label, counts.get(s.value, 0)) for s in CaseStatus if counts.get(s.value)],
        "levels": RunLevel.choices if any(o.place.is_municipal for o in conveners_of(actor)) else [],
        "years": [year + 1, year, year - 1, year - 2], "offices": read.asked_offices(actor, filters.year),
        "coverage": coverage(actor, filters.year, request.now),
    })  # fmt: skip


@require_safe
def missing(request: OfficeRequest) -> HttpResponse:
    """M2.1: planned for the year and without a case."""
    actor = request.actor
    if not (is_convener(actor) or files(actor)):
        raise Http404
    year = read.year_of(request.GET.get("year", ""), request.now)
    now = local_date(request.now).year
    page = Paginator(missing_for(actor, year), ROWS).get_page(request.GET.get("page"))
    return render(request, "reserve/cases/missing.html", {
        "page": page, "year": year, "years": [now + 1, now, now - 1], "coverage": coverage(actor, year, request.now),
        "is_convener": is_convener(actor), "today": local_date(request.now),
    })  # fmt: skip


@require_safe
def case(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Facts, the four-column check of the opinions, conclusion, funds and record."""
    actor = request.actor
    item = seen(request, public_id)
    lines = (
        FundingRequest.objects.visible_to(actor)
        .filter(case=item)
        .select_related("batch__place")
        .order_by("number")
    )
    acts = Act.objects.filter(
        acts_visible_to(actor), project_id=item.project_id, machine__startswith="case"
    ).order_by("-id")[:12]
    return render(request, "reserve/cases/case.html", {
        "item": item, "view": read.case_view(item, actor), "sources": read.sources_of(item),
        "steps": _steps(item), "lines": lines,
        "files": files_of(actor, item), "can": _can(item, actor), "acts": [described(act) for act in acts],
        "is_concluded": item.status in CASE_CONCLUDED, "may_ask_funds": write.may_request(item, actor),
        "today": local_date(request.now),
    })  # fmt: skip


def _can(item: Case, actor: Actor) -> dict[str, bool]:
    """Which buttons stand on the page."""
    by_convener = ("accept", "return", "invite", "ask_supplement", "pass", "reject", "reopen")
    found = {name: refusal(item, convener_verb(name, item.level), actor) is None for name in by_convener}
    found["withdraw"] = refusal(item, filer_verb("withdraw", item), actor) is None
    found["edit"] = write.editing_refusal(item, actor) is None
    found["convene"] = item.convener_id in {o.pk for o in conveners_of(actor)}
    return found


_ORDER = {
    "draft": 0,
    "returned": 0,
    "submitted": 1,
    "consulting": 2,
    "supplement": 2,
    "passed": 4,
    "rejected": 4,
}


def _steps(item: Case) -> list[Step]:
    at = _ORDER[item.status]

    def state(number: int, back: bool = False) -> StepState:
        if back:
            return "back"
        return "done" if at > number else "now" if at == number else "later"

    def told(who: Any, when: Any) -> str:
        return f"{who.name} {short_stamp(when)}" if who and when else ""

    return [
        Step(_("Filed by department or owner"), told(item.submitted_by, item.first_submitted_at) or item.filer.short_name,
             state(0, item.status == "returned")),
        Step(_("Convener accepts"), told(item.accepted_by, item.accepted_at) or item.convener.short_name, state(1)),
        Step(_("Opinions of the three and of N"), item.returned_by_text if item.status == "supplement" else "",
             state(2, item.status == "supplement")),
        Step(_("Conclusion"), told(item.concluded_by, item.concluded_at), "done" if at == 4 else "later"),
    ]  # fmt: skip


# ---- the form --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@once
def edit(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Fill in, save as it is, or file; what was typed stays whatever happens."""
    item = seen(request, public_id)
    refused = write.editing_refusal(item, request.actor)
    if refused:
        raise refused
    if request.method != "POST":
        return _form_page(request, item, CaseForm(initial=initial_of(item)))
    form = CaseForm(request.POST)
    typed = typed_of(request.POST)
    try:
        write.save_draft(item, typed, by=request.actor, at=request.now, version=posted_version(request))
    except Refusal as stale:
        form.add_error(None, str(stale))
        return _form_page(request, item, form, stale.status_code)
    if "file" not in request.POST:
        messages.success(request, _("Saved, not yet filed."))
        return redirect("reserve:case_edit", public_id)
    if not form.is_valid():
        return _form_page(request, item, form, 422)
    try:
        write.submit(item, form.facts(), by=request.actor, at=request.now)
    except Refusal as wrong:
        form.refuse(wrong)
        return _form_page(request, item, form, wrong.status_code)
    messages.success(request, _("Filed; {office} has been told.").format(office=item.convener.short_name))
    return redirect("reserve:case", public_id)


def _form_page(request: OfficeRequest, item: Case, form: CaseForm, status: int = 200) -> HttpResponse:
    asks = bool(form.errors.get("confirmed"))
    return render(request, "reserve/cases/form.html", {
        "item": item, "form": form, "files": files_of(request.actor, item), "asks_unit": asks,
        "is_supplement": item.status == CaseStatus.SUPPLEMENT,
        "cancel_url": reverse("reserve:case", args=[item.public_id]),
    }, status=status)  # fmt: skip


@require_POST
def autosave(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Keep what stands in the form; a colleague's later version is not overwritten."""
    item = seen(request, public_id)
    write.save_draft(
        item, typed_of(request.POST), by=request.actor, at=request.now, version=posted_version(request)
    )
    return render(request, "reserve/cases/saved.html", {"item": item})
