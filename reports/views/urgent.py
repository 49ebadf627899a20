"""Urgent and direct reports: one problem, at any time, to everyone concerned at once (M5.3, M6.3)."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month, local_date
from ningde_projects.shell.dialogs import leave
from ningde_projects.shell.form_fields import FieldError, errors_of
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState

from ..forms.at_once import KEY, AtOnceFull, ChoiceForm, Place, at_once_form
from ..forms.report import Lists, raw_of
from ..models import Report
from ..models.reports import ReportKind
from ..selectors.attachments import files_of
from ..selectors.basis import lists_for
from ..selectors.owner_aside import record_of, told_by_filing
from ..selectors.owner_lists import lists_for_owner, places_of
from ..services import filing
from ..services.urgent import new_report, report_at_once
from . import comparing
from .owning import owner_of, version_in


@require_http_methods(["GET", "POST"])
@once
def urgent(request: OfficeRequest) -> HttpResponse:
    """Choose the project and say the problem; sent with one button."""
    actor = owner_of(request)
    places = places_of(actor)
    posted = request.method == "POST"
    choice = ChoiceForm(request.POST if posted else None, places=places, initial=_initial(request))
    raw = _typed(request) if posted else _empty(request)
    if posted and choice.is_valid():
        place, kind = choice.cleaned_data["project"], ReportKind(choice.cleaned_data["kind"])
        try:
            report = report_at_once(place, kind, raw, by=actor, at=request.now)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except RuleBroken as refused:
            if not refused.errors:
                choice.add_error("project", str(refused))
        else:
            return leave(request, reverse("reports:report", args=[report.public_id]))
    place = _chosen(choice, places)
    form = at_once_form(raw, month=Month.at(request.now), lists=_lists(request, place))
    if posted:
        form.is_valid()
    context = {
        "choice": choice,
        "places": places,
        "told": told_by_filing(new_report(place, ReportKind.URGENT, request.now), request.now)
        if place
        else [],
        **_form_context(form, choice if posted else None, bound=posted),
    }
    return render(request, "reports/owner/urgent.html", context, status=422 if posted else 200)


def _initial(request: OfficeRequest) -> dict[str, str]:
    kind = request.GET.get("kind", "")
    return {
        "project": request.GET.get("project", ""),
        "kind": kind if kind in (ReportKind.URGENT, ReportKind.DIRECT) else ReportKind.URGENT,
    }


def _typed(request: OfficeRequest) -> dict[str, Any]:
    """The one block, whatever the page sent beside it."""
    return {**raw_of(request.POST), "new": [KEY], "is_nil": ""}


def _empty(request: OfficeRequest) -> dict[str, Any]:
    user = request.actor.user
    return {
        "new": [KEY], "filler": user.name, "filler_phone": user.phone,
        f"n-{KEY}-occurred_on": local_date(request.now).isoformat(),
    }  # fmt: skip


def _chosen(choice: ChoiceForm, places: list[Place]) -> Place | None:
    wanted = choice["project"].value()
    return next((p for p in places if p.value == wanted), places[0] if len(places) == 1 else None)


def _lists(request: OfficeRequest, place: Place | None) -> Lists:
    """Units of the project's county; before it is chosen, those of all counties of the owner's projects."""
    if place is not None:
        return lists_for(new_report(place, ReportKind.URGENT, request.now))
    return lists_for_owner(request.actor, Month.at(request.now))


def _form_context(form: AtOnceFull, choice: ChoiceForm | None, *, bound: bool) -> dict[str, Any]:
    problem = form.new[0][1] if form.new else None
    summary: list[FieldError] = errors_of(choice, form.report, problem) if bound else []
    if not bound:  # nothing typed yet: nothing is wrong yet
        for part in (form.report, problem):
            if part is not None:
                part.is_valid()
                part.errors.clear()
    return {"form": form.report, "problem": problem, "summary": summary}


# ---- one that was returned or recalled -------------------------------------------------------------------------


def edit_page(
    request: OfficeRequest, found: Report, raw: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The form of a report that has been made already: its project and kind stay."""
    user = request.actor.user
    typed = filing.first_draft(found, user.name, user.phone) if raw is None else raw
    typed = {**typed, "new": typed.get("new") or [KEY]}
    form = cast("AtOnceFull", filing.form_of(found, typed))
    if raw is not None:
        form.is_valid()
    context = {
        "report": found,
        "told": told_by_filing(found, request.now),
        "record": record_of(found, with_draft=True),
        "files": files_of(request.actor, found),
        **_form_context(form, None, bound=raw is not None),
    }
    return render(request, "reports/owner/urgent.html", context, status=status)


def refile(request: OfficeRequest, found: Report) -> HttpResponse:
    """Save it, and file it again when the button says so."""
    posted = raw_of(request.POST)
    typed = {**posted, "new": posted["new"][:1] or [KEY], "is_nil": ""}
    at, url = request.now, reverse("reports:report", args=[found.public_id])
    try:
        filing.save_draft(found, typed, by=request.actor, at=at, version=version_in(request))
        if request.POST.get("do") == "submit":
            filing.submit(found, typed, by=request.actor, at=at, version=found.version)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except StaleVersion:
        return comparing.page(request, found, typed)
    except WrongState as refused:
        return comparing.locked(request, found, typed, refused)
    except RuleBroken:
        found.refresh_from_db()
        return edit_page(request, found, typed, 422)
    return redirect(url)


@require_http_methods(["GET"])
def receivers(request: OfficeRequest) -> HttpResponse:
    """Who would get it, for the project just chosen; answered as a part of the page."""
    actor = owner_of(request)
    place = next((p for p in places_of(actor) if p.value == request.GET.get("project")), None)
    told = told_by_filing(new_report(place, ReportKind.URGENT, request.now), request.now) if place else []
    return render(request, "reports/owner/inc/told.html", {"told": told})
