"""The commission's pages: the month, the lists behind its figures, and verification (M5–M7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.documents.lists import ListFormat
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.projects.models import Level
from ningde_projects.projects.selectors import Thresholds

from .. import exports
from ..forms.verification import VerificationForm
from ..models import Report, ReportingPeriod
from ..selectors import month as read
from ..selectors import opinions as opinion_read
from ..selectors.months import known_months, month_bar
from ..services import verification
from .acting import dialog_act

ROWS = 50
STATE_WORDS = {
    "due": gettext_lazy("Due"), "filed": gettext_lazy("Filed"), "nil": gettext_lazy("Nil reports"),
    "late": gettext_lazy("Filed late"), "missing": gettext_lazy("Missing"),
    "waiting": gettext_lazy("Awaiting review"), "returned": gettext_lazy("Returned at least once"),
    "accepted": gettext_lazy("Accepted"), "exempt": gettext_lazy("Exempt"),
    "problems": gettext_lazy("With problems"),
}  # fmt: skip


def _commission_only(request: OfficeRequest) -> None:
    """The city-wide figures are the commission's; others do not know the page."""
    kinds = {h.organisation.kind for h in request.actor.held_of(Duty.DISPATCH, Duty.VIEW, Duty.SCORE)}
    if OrgKind.COMMISSION not in kinds:
        raise Http404


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as wrong:
        raise Http404 from wrong


@require_safe
def current(request: OfficeRequest) -> HttpResponse:
    """The newest month that has been opened."""
    _commission_only(request)
    latest = ReportingPeriod.objects.order_by("-month").first()
    return redirect("reports:month", str(latest.month if latest else reporting_month(request.now)))


@require_safe
def month(request: OfficeRequest, text: str) -> HttpResponse:
    """The month's timeline and figures per place; each number opens its list."""
    _commission_only(request)
    asked = _month(text)
    view = read.month_view(asked, request.now)
    counts = view.total.counts
    sent = sum(d["sent"] for d in view.departments)
    bar = month_bar(
        asked, request.now, "D4" if request.now < asked.next.end else "",
        filed={"done": counts["filed"], "total": counts["due"],
               "gap": _("missing %(n)s") % {"n": counts["missing"]} if counts["missing"] else ""},
        forwarded={"done": view.forwarded, "total": view.counties},
        opinions={"done": sent, "total": sum(d["asked"] for d in view.departments)},
    )  # fmt: skip
    return render(request, "reports/month/month.html", {
        "target": Thresholds(asked)["on_time_target"],
        "view": view, "month": asked, "months": known_months(), "bar": bar, "states": STATE_WORDS,
        "opened": counts["due"] or counts["exempt"], "opinions_sent": sent,
        "opinions_asked": sum(d["asked"] for d in view.departments),
        "table": [(r, [(s, r.counts[s]) for s in _COLUMNS]) for r in view.rows],
        "totals": [(s, counts[s]) for s in _COLUMNS], "columns": [(s, STATE_WORDS[s]) for s in _COLUMNS],
        "category_table": [(r, [(c, r.categories.get(c, 0)) for c, _n in view.categories]) for r in view.rows],
        "category_totals": [(c, view.total.categories.get(c, 0)) for c, _n in view.categories],
        "largest": max([n for r in view.rows for n in r.categories.values()], default=1),
    })  # fmt: skip


_COLUMNS = ("due", "filed", "nil", "late", "missing", "waiting", "returned", "accepted")


def _places() -> list[Place]:
    return list(Place.objects.order_by("is_municipal", "order"))


def _asked_list(request: OfficeRequest, places: Sequence[Place]) -> tuple[str, str]:
    state = request.GET.get("state", "")
    place = request.GET.get("place", "")
    known = {row.code for row in places}
    return place if place in known else "", state if state in read.STATES else ""


def _further(request: OfficeRequest) -> dict[str, str]:
    """What the cockpit narrows its figures to: level of the projects, and industry."""
    grade = request.GET.get("grade", "")
    return {"grade": grade if grade in Level.values else "", "industry": request.GET.get("industry", "")[:20]}


@require_safe
def reports(request: OfficeRequest, text: str) -> HttpResponse:
    """The list behind a figure of the month."""
    _commission_only(request)
    asked = _month(text)
    places = _places()
    place, state = _asked_list(request, places)
    rows = read.reports_of_month(request.actor, asked, place, state, request.now, **_further(request))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "reports/month/reports.html", {
        "month": asked, "page": page, "place": place, "state": state, "now": request.now,
        "places": places, "states": STATE_WORDS.items(),
        "rows": [(r, r.is_late(), r.is_overdue(request.now)) for r in page],
    })  # fmt: skip


@require_safe
def reports_export(request: OfficeRequest, text: str, form: ListFormat) -> HttpResponseBase:
    _commission_only(request)
    asked = _month(text)
    place, state = _asked_list(request, _places())
    words = [str(asked), place, str(STATE_WORDS[state]) if state else ""]
    rows = read.reports_of_month(request.actor, asked, place, state, request.now, **_further(request))
    return exports.list_response(request, exports.REPORTS, rows, title=_("Monthly reports of key projects"),
                                 filter_line=" · ".join(w for w in words if w), form=form)  # fmt: skip


@require_safe
def opinions_export(request: OfficeRequest) -> HttpResponseBase:
    """The department's own opinions of a month, or all sent ones for the commission (facts.md §2.3)."""
    actor = request.actor
    asked = _month(request.GET.get("month", str(reporting_month(request.now))))
    rows = opinion_read.own_opinions(actor, asked)
    if not opinion_read.departments_of(actor):
        _commission_only(request)
        rows = read.opinions_of_month(actor, asked, "").filter(status="sent")
    return exports.list_response(
        request, exports.OPINIONS,
        rows.select_related("problem__project", "problem__place", "department").order_by("department__order", "pk"),
        title=_("Coordination opinions of municipal departments"), filter_line=str(asked),
    )  # fmt: skip


# ---- verification (M7.1) ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def verify(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Record a spot check of a filed report (M7.1)."""
    report: Report = get_object_or_404(Report.objects.visible_to(request.actor), public_id=public_id)
    if not request.actor.has(Duty.DISPATCH):
        raise PermissionDenied(_("Only the commission records verification checks."))
    initial: dict[str, Any] = {"checked_on": request.now.date()}
    form = VerificationForm(request.POST or None, initial=initial)
    return dialog_act(
        request,
        lambda data: verification.verify(report, data, by=request.actor, at=request.now),
        form=form,
        done=reverse("reports:timeliness"),
        success=_("The check is recorded."),
        title=_("Record a verification check"),
        object=str(report),
        consequence=_("It counts for owner and county in the figures of timeliness and accuracy."),
        button=_("Record the check"),
        button_icon="clipboard-check",
    )
