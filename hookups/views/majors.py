"""Major projects of a year and the heads of the counties: what decides who has to lead a project (M3.1)."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.actor import Held
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Project
from ningde_projects.projects.selectors import project_of
from ningde_projects.workflow.acting import dialog_act
from ningde_projects.workflow.idempotency import once

from ..forms.lists import HeadForm, PickForm
from ..models.lists import Head
from ..policies.lists import heads_right, picking_right, reads_city
from ..selectors.checks import picked
from ..selectors.majors import SHOWN, head_rows, key_rows, pick_rows, places_of
from ..selectors.people import heads_on
from ..services import majors
from .access import concerned, year_asked, years_of

ROWS = 50


@require_safe
def picks(request: OfficeRequest) -> HttpResponse:
    """The key projects with what the commission has picked for the year."""
    concerned(request.actor)
    year = year_asked(request)
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    place, text = request.GET.get("place", "")[:4], request.GET.get("q", "").replace("\0", "")[:60]
    found = key_rows(request.actor, year, show, place, text)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    projects: list[Project] = list(page.object_list)
    return render(request, "hookups/lists/picks.html", {
        "year": year, "years": years_of(request), "page": page, "show": show, "place": place, "q": text,
        "rows": pick_rows(projects, year, heads_on(local_date(request.now))),
        "places": Place.objects.filter(is_municipal=False) if reads_city(request.actor) else [],
        "number": len(picked(year) & set(key_rows(request.actor, year, "picked", "", "").values_list("pk", flat=True))),
        "may_pick": isinstance(picking_right(request.actor), Held) and year == local_date(request.now).year,
    })  # fmt: skip


def _project(request: OfficeRequest, public_id: UUID) -> Project:
    project = project_of(request.actor, public_id)
    right = picking_right(request.actor)
    if not isinstance(right, Held):
        raise right
    return project


@require_http_methods(["GET", "POST"])
@once
def pick(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    project = _project(request, public_id)
    year = local_date(request.now).year
    back = f"{reverse('hookups:picks')}?year={year}"
    return dialog_act(
        request, lambda data: majors.pick(project, year, data["reason"], by=request.actor, at=request.now),
        form=PickForm(request.POST if request.method == "POST" else None), done=back,
        success=_("Picked as major: {name}.").format(name=project.name), title=_("Pick as major project"),
        object=f"{project.name} · {year}", button=_("Pick as major project"), button_icon="star",
        consequence=_("The head of the county's party committee or government has to lead it (measure 3); lists sent "
                      "from now on are checked by that."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def withdraw(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    project = _project(request, public_id)
    year = local_date(request.now).year
    back = f"{reverse('hookups:picks')}?year={year}"
    return dialog_act(
        request, lambda data: majors.withdraw(project, year, data["reason"], by=request.actor, at=request.now),
        form=PickForm(request.POST if request.method == "POST" else None), done=back,
        success=_("No longer picked: {name}.").format(name=project.name), title=_("Withdraw the pick"),
        object=f"{project.name} · {year}", button=_("Withdraw the pick"), button_icon="star-off", danger=True,
        consequence=_("Another county-level leader may then lead it; the pick and its withdrawal stay on record."),
    )  # fmt: skip


@require_safe
def heads(request: OfficeRequest) -> HttpResponse:
    places = places_of(request.actor)
    if not places:
        raise Http404
    return render(request, "hookups/lists/heads.html", {"rows": head_rows(request.actor, places)})


@require_http_methods(["GET", "POST"])
@once
def head(request: OfficeRequest, code: str, head: str) -> HttpResponse:
    """Enter who heads a county."""
    known = {place.pk for place in places_of(request.actor)}
    place = get_object_or_404(Place, code=code, pk__in=known)
    if head not in Head.values:
        raise Http404
    right = heads_right(request.actor, place)
    if not isinstance(right, Held):
        raise right
    form = HeadForm(
        request.POST if request.method == "POST" else None, people=majors.possible_heads(place, request.now),
        initial={"since": local_date(request.now)},
    )  # fmt: skip
    return dialog_act(
        request, lambda data: majors.set_head(
            place, head, data["user"], data["since"], by=request.actor, at=request.now),
        form=form, done=reverse("hookups:heads"), success=_("Entered."), title=_("Enter who heads the county"),
        object=f"{place.name} · {Head(head).label}", button=_("Enter"), button_icon="user-check",
        consequence=_("Lists are checked by it: only these two lead the projects picked as major."),
    )  # fmt: skip
