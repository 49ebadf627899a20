"""《项目储备申报表》: begun, filled in, saved as typed, filed; the list of applications (M1.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month
from ningde_projects.projects.selectors import project_of
from ningde_projects.shell.errors import Changed, stale
from ningde_projects.workflow.acting import posted, posted_version, refused_page
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed, Refusal, RuleBroken, StaleVersion, WrongState

from ..forms.applications import ApplicationForm, bound, fields_title, raw_of, unbound
from ..forms.starting import StartForm
from ..models import Application
from ..policies.applications import filing_offices, filing_right
from ..selectors import applications as read
from ..selectors.application_files import files_of
from ..services import applications as services
from ..workflow.applications import EDITABLE
from . import application_page
from .access import granted, reader

ROWS = 50


@require_safe
def applications(request: OfficeRequest) -> HttpResponse:
    """All applications that this person sees; first what waits for him."""
    reader(request.actor)
    number = read.counts(request.actor)
    state = request.GET.get("state", "")
    if state not in read.STATES:
        state = "waiting" if number["waiting"] else "open" if number["open"] else "all"
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:60]
    rows = read.in_state(read.listed(request.actor), state, request.actor)
    rows = rows.filter(name__icontains=text) if text else rows
    return render(request, "reserve/applications/list.html", {
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "counts": number,
        "state": state,
        "text": text,
        "can_file": bool(filing_offices(request.actor)),
        "reviews": any(read.reviewing_offices(request.actor)),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def new(request: OfficeRequest) -> HttpResponse:
    """Begin one: for which office, when there are several; for a project of the register, when it is named."""
    reader(request.actor)
    granted(filing_right(request.actor))
    offices = filing_offices(request.actor)
    given = request.POST.get("project") or request.GET.get("project") or ""
    project = project_of(request.actor, _uuid(given)) if given else None
    form = StartForm(posted(request), offices=[held.organisation for held in offices])
    if request.method == "POST" and form.is_valid():
        try:
            begun = services.start(form.chosen(), by=request.actor, at=request.now, project=project)
        except Refusal as refused:
            return refused_page(request, refused, back=reverse("reserve:applications"))
        return redirect("reserve:application", public_id=begun.public_id)
    context = {"form": form, "project": project, "offices": offices}
    return render(request, "reserve/applications/new.html", context, status=422 if form.is_bound else 200)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_http_methods(["GET", "POST"])
@once
def application(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The form while it is the applicant's to fill in; the filed sheet otherwise."""
    reader(request.actor)
    found = read.application_of(request.actor, public_id)
    mine = not isinstance(filing_right(request.actor, found.applicant_id), NotAllowed)
    if request.method == "POST":
        if not mine:
            raise PermissionDenied(
                _("Only {office} fills in this application.").format(office=found.applicant.name)
            )
        return _posted(request, found)
    if found.status in EDITABLE and mine:
        return _form_page(request, found, unbound(found.draft, found.applicant, Month.at(request.now)))
    return application_page.page(request, found)


def _form_page(
    request: OfficeRequest, found: Application, form: ApplicationForm, status: int = 200
) -> HttpResponse:
    reviews = list(read.reviews_of(found))
    form.mark(found.return_fields if found.status == "returned" else [])
    asked = (
        next((r for r in reviews if r.verdict == "returned"), None) if found.status == "returned" else None
    )
    other = found.draft_saved_by if found.draft_saved_by_id != request.actor.user.pk else None
    return render(request, "reserve/applications/form.html", {
        "application": found,
        "form": form,
        "questions": form.questions,
        "asked": asked,
        "asked_fields": fields_title(found.return_fields),
        "kept": [r for r in reviews if r.verdict == "passed" and getattr(found, f"{r.side}_passed_at") == r.at],
        "steps": read.steps_of(found) if found.first_submitted_at else [],
        "saved_by_other": other,
        "files": files_of(request.actor, found),
        "here": reverse("reserve:application", args=[found.public_id]),
    }, status=status)  # fmt: skip


def _posted(request: OfficeRequest, found: Application) -> HttpResponse:
    """Every button saves what was typed first."""
    raw = raw_of(request.POST)
    try:
        services.save_draft(found, raw, by=request.actor, at=request.now, version=posted_version(request))
    except StaleVersion:
        if found.draft != {name: value for name, value in raw.items() if name != "confirm"}:
            return _stale(request, found, raw)
    except WrongState as refused:
        return refused_page(request, refused, back=reverse("reserve:application", args=[found.public_id]))
    except RuleBroken as refused:
        messages.error(request, str(refused))
        return _form_page(request, found, unbound(raw, found.applicant, Month.at(request.now)), status=422)
    if request.POST.get("do") != "submit":
        messages.success(request, _("The draft is saved. It has not been filed yet."))
        return redirect("reserve:application", public_id=found.public_id)
    return _file(request, found, raw)


def _file(request: OfficeRequest, found: Application, raw: dict[str, Any]) -> HttpResponse:
    try:
        services.submit(found, raw, by=request.actor, at=request.now, version=found.version)
    except RuleBroken as refused:
        found = read.application_of(request.actor, found.public_id)
        return _form_page(request, found, _with_errors(found, raw, refused, request), status=422)
    messages.success(
        request,
        _("Filed: {county} and {industry} review it, in either order.").format(
            county=found.county_office.short_name if found.county_office else "",
            industry=found.industry_office.short_name if found.industry_office else "",
        ),
    )
    return redirect("reserve:application", public_id=found.public_id)


def _with_errors(
    found: Application, raw: dict[str, Any], refused: RuleBroken, request: OfficeRequest
) -> ApplicationForm:
    """The form with its own errors and those that only the register knows; each by its field."""
    form = bound(raw, found.applicant, Month.at(request.now))
    form.is_valid()
    for name, texts in refused.errors.items():
        for text in texts:
            if text not in form.errors.get(name, []):
                form.add_error(name if name in form.fields else None, text)
    if not refused.errors:
        form.add_error(None, str(refused))
    if "confirm" in refused.errors:
        asked = {question.text for question in form.questions}
        more = services.similar(form, request.actor, found.project_id)
        form.questions += [question for question in more if question.text not in asked]
    return form


def _stale(request: OfficeRequest, found: Application, raw: dict[str, Any]) -> HttpResponse:
    """A colleague has saved meanwhile: both texts, field by field."""
    wording = read.Wording()
    changed = [
        Changed(
            label=wording.labels.get(name, name),
            theirs=wording.shown(name, found.draft.get(name)) or "—",
            mine=wording.shown(name, raw.get(name)) or "—",
        )
        for name in dict.fromkeys([*found.draft, *raw])
        if (found.draft.get(name) or "") != (raw.get(name) or "")
    ]
    by = found.draft_saved_by.name if found.draft_saved_by else ""
    url = reverse("reserve:application", args=[found.public_id])
    return stale(request, changed=changed, by=by, at=found.draft_saved_at, url=url)


@require_POST
def autosave(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Keep what was typed; a failure is said in the save bar at once."""
    reader(request.actor)
    found = read.application_of(request.actor, public_id)
    granted(filing_right(request.actor, found.applicant_id))
    raw, status, words = raw_of(request.POST), 200, ""
    raw.pop("confirm", None)
    try:
        services.save_draft(found, raw, by=request.actor, at=request.now, version=posted_version(request))
    except Refusal as refused:
        if not (isinstance(refused, StaleVersion) and found.draft == raw):
            status, words = refused.status_code, str(refused)
    context = {"application": found, "words": words}
    response = render(request, "reserve/applications/inc/saved.html", context, status=status)
    if words:
        response["HX-Retarget"], response["HX-Reswap"] = "#save-state", "outerHTML"
    return response
