"""The problem ledger, one problem with both channels, and the acts on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.documents.lists import ListFormat
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.workflow.acting import dialog_act
from ningde_projects.workflow.door import perform, possible
from ningde_projects.workflow.idempotency import once

from .. import exports
from ..forms.opinion import ReasonForm
from ..models import Holding, Problem
from ..models.problems import AskedLevel
from ..selectors import acts as timeline
from ..selectors import problems as read
from ..selectors.categories import names_now
from ..services import holdings
from ..workflow import PROBLEM, UNSETTLED, ProblemStatus

ROWS = 50

#: What an act does to others, said before it is made.
CONSEQUENCES = {
    "take_up": gettext_lazy("The problem is shown as in coordination; the clock goes on."),
    "pass_up": gettext_lazy("It goes to the responsible leader at once; your clock ends."),
    "settle": gettext_lazy("The owner is asked to confirm that it is solved."),
    "settle_lead": gettext_lazy("The owner is asked to confirm that it is solved."),
    "handle": gettext_lazy("The handling is recorded and shown to everyone concerned."),
    "confirm_solved": gettext_lazy("The problem counts as settled; the commission strikes it off."),
    "deny_solved": gettext_lazy("It stays open; those who called it solved are told."),
    "reopen": gettext_lazy("It is open again and carried into the next report."),
    "strike_off": gettext_lazy("It is closed for good; reopening needs a reason."),
}
#: Made by filing a report, not on this page.
_BY_FORM = {"restate", "withdraw"}


@require_safe
def ledger(request: OfficeRequest) -> HttpResponse:
    """Problems that this person sees; the filters are in the address."""
    filters = read.LedgerFilters.read(request.GET)
    rows = read.ledger(request.actor, filters)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    counted = read.facets(request.actor, filters)
    statuses, categories, places = counted.statuses, counted.categories, counted.places
    names = names_now(request.now)
    return render(request, "reports/problems/ledger.html", {
        "page": page, "filters": filters,
        "unsettled": sum(n for s, n in statuses.items() if s in UNSETTLED), "all": sum(statuses.values()),
        "statuses": [(s.value, s.label, statuses[s.value]) for s in ProblemStatus if statuses[s.value]],
        "categories": [(code, names[code], n) for code, n in sorted(categories.items())],
        "places": [(code, counted.place_names[code], n) for code, n in sorted(places.items())] if len(places) > 1 else [],
        "levels": AskedLevel.choices,
        "rows": [(p, p.days(request.now)) for p in page],
    })  # fmt: skip


@require_safe
def ledger_export(request: OfficeRequest, form: ListFormat) -> HttpResponseBase:
    filters = read.LedgerFilters.read(request.GET)
    words = [filters.status, filters.category, filters.place, filters.level, filters.words]
    return exports.list_response(
        request, exports.PROBLEMS, read.ledger(request.actor, filters), title=_("Ledger of problems"),
        filter_line=" · ".join(w for w in words if w), form=form,
    )  # fmt: skip


def _problem(request: OfficeRequest, public_id: UUID) -> Problem:
    rows = Problem.objects.visible_to(request.actor).select_related(
        "project__industry", "place", "owner", "category", "unit", "part", "first_report"
    )
    found: Problem = get_object_or_404(rows, public_id=public_id)
    return found


@require_safe
def problem(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = _problem(request, public_id)
    actor = request.actor
    view = read.problem_view(item, actor, request.now)
    acts = [t for t in possible(item, actor) if t.name not in _BY_FORM and t.duty is not None]
    current = next((line for line in view.holdings if line.holding.until is None), None)
    mine = current is not None and current.holding.user_id in {
        actor.user.pk,
        *(h.principal.pk for h in actor.held if h.principal),
    }
    return render(request, "reports/problems/problem.html", {
        "view": view, "problem": item, "acts": acts, "timeline": timeline.items(view.acts), "current": current,
        "may_stop": current is not None and (mine or actor.has(Duty.DISPATCH)),
        "may_pass": item.status in UNSETTLED and (actor.has(Duty.DISPATCH) or _handles(item, actor)),
    })  # fmt: skip


def _handles(item: Problem, actor: Any) -> bool:
    department = item.part.county_department_id if item.part else item.project.county_department_id
    return bool(actor.has(Duty.HANDLE, [pk for pk in (department, item.unit_id) if pk]))


@require_http_methods(["GET", "POST"])
@once
def act(request: OfficeRequest, public_id: UUID, name: str) -> HttpResponse:
    """One act of the table on a problem, asked for in a dialog with its consequence."""
    item = _problem(request, public_id)
    transition = PROBLEM.by_name.get(name)
    if transition is None or transition.duty is None or name in _BY_FORM:
        raise Http404
    return dialog_act(
        request,
        lambda data: perform(item, name, by=request.actor, at=request.now, reason=data.get("reason", "")),
        form=ReasonForm(
            request.POST if request.method == "POST" else None,
            label=_("What has been done, and why"),
            required=transition.reason_required,
        ),
        done=reverse("reports:problem", args=[public_id]),
        success=_("Done: %(act)s") % {"act": transition.label},
        title=transition.label,
        object=f"{item.number} {item.project.name}",
        consequence=CONSEQUENCES.get(name, ""),
        button=transition.label,
    )


@require_http_methods(["GET", "POST"])
@once
def clock(request: OfficeRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Stop the holder's clock with a reason, or let it run again (settled point 8)."""
    item = _problem(request, public_id)
    holding = get_object_or_404(Holding, problem=item, until__isnull=True)
    stopping = verb == "stop"

    def do(data: Any) -> None:
        if stopping:
            holdings.stop_clock(holding, by=request.actor, at=request.now, reason=data["reason"])
        else:
            holdings.resume_clock(holding, by=request.actor, at=request.now)

    return dialog_act(
        request,
        do,
        form=ReasonForm(request.POST if request.method == "POST" else None) if stopping else None,
        done=reverse("reports:problem", args=[public_id]),
        success=_("The clock is stopped.") if stopping else _("The clock runs again."),
        title=_("Stop the clock") if stopping else _("Let the clock run"),
        object=f"{item.number} {item.project.name}",
        consequence=_("Days that the clock stands are not booked to the holder; the reason is shown.")
        if stopping
        else _("The deadline moves by the working days the clock stood."),
        button=_("Stop the clock") if stopping else _("Let the clock run"),
    )
