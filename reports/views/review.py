"""The receiver's worksheet of the month, as list and as matrix, with its bulk acts and its export (M5.4, M6.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ningde_projects.documents.lists import ListFormat
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.projects.rules import schedule_percent
from ningde_projects.shell.dialogs import leave, render_dialog
from ningde_projects.shell.formats import last_day
from ningde_projects.shell.period_bar import PeriodBar
from ningde_projects.workflow.acting import dialog_act
from ningde_projects.workflow.idempotency import once

from ..exports import REPORTS, list_response
from ..forms.review import ReturnForm, default_refile_by
from ..models import Report
from ..selectors import review as read
from ..selectors.months import IN_ROW, IN_SWITCH, known_months, month_bar, not_filed
from ..selectors.owner_calendar import switch_of
from ..selectors.review_matrix import matrix_of
from ..selectors.review_rows import grouped, rows_of
from ..selectors.review_urgent import urgent_waiting
from ..services import reviewing
from ..services.reviewing import BulkOutcome
from ..templatetags.reporting import monthname
from .review_asked import Asked, CountedPaginator
from .review_filters import chips_of, menus_of, sorts_of

ROWS = 50
#: A bulk act is one transaction; what lies beyond is said, not done.
MOST_AT_ONCE = 200
_OUTCOME = "review_outcome"


@require_safe
def worksheet(request: OfficeRequest) -> HttpResponse:
    """The month's reports, grouped by state in the order of work; `?view=matrix` shows every step's date."""
    asked = Asked(request)
    matrix = asked.is_matrix
    counted = read.counts(asked.rows, asked.condition)
    asked.filters = asked.filters.unfolding(counted.states)
    number = sum(n for state, n in counted.states.items() if asked.filters.shows(state))
    page = CountedPaginator(asked.listed, ROWS, number).get_page(request.GET.get("page"))
    reports = list(page.object_list)
    rows = rows_of(reports, asked.month, asked.thresholds, request.now, with_marks=not matrix)
    shown = [state for state in read.STATES if asked.filters.shows(state)]
    last = not page.has_next() and not asked.filters.status
    context = _head(request, asked, counted) | {
        "page": page, "rows": rows, "counted": counted,
        "chips": chips_of(request.GET, asked.filters, counted.states),
        "menus": menus_of(request.GET, asked.filters, _departments(asked) if matrix else ()),
        "sorts": sorts_of(request.GET, asked.filters),
        "groups": grouped(rows, dict(counted.states), shown, request.now, last=last),
        "filters": asked.filters, "schedule": schedule_percent(asked.month), "is_matrix": matrix,
        "may_act": bool(read.deciding_offices(request.actor)), "outcome": request.session.pop(_OUTCOME, None),
        "query": asked.url.partition("?")[2], "bulk_actions": _bulk_actions(), "most": MOST_AT_ONCE,
        "urgent": urgent_waiting(request.actor),
    }  # fmt: skip
    if matrix:
        context |= {"matrix": matrix_of(rows, asked.month, request.now, with_summary=bool(asked.county))}
        return render(request, "reports/review/matrix.html", context)
    first = next((row for row in rows if row.state == "submitted"), None)
    absent = set(counted.states) - {group.state for group in context["groups"]}
    more = {"first": first, "absent": sorted(absent)}
    return render(request, "reports/review/worksheet.html", context | more)


def numbers_of(request: OfficeRequest, month: Month, query: str) -> HttpResponse:
    """The counts on chips, headings, period bar and menu as they are now, for a worksheet not loaded anew."""
    asked = Asked(request, QueryDict(query), month)
    counted = read.counts(asked.rows, asked.condition)
    return render(request, "reports/review/numbers.html", {
        "chips": chips_of(asked.query, asked.filters, counted.states), "counted": counted.states.items(),
        "bar": _bar(request, asked, counted, DeadlineBook()),
    })  # fmt: skip


@require_safe
def owed(request: OfficeRequest) -> HttpResponse:
    """催报与退回 of the navigation: the groups that wait for the owners."""
    asked = Asked(request)
    url = reverse("reports:review")
    missing = asked.rows.filter(read.STATES["missing"]).exists()
    return HttpResponseRedirect(f"{url}?status={'missing' if missing else 'returned'}")


def _head(request: OfficeRequest, asked: Asked, counted: read.Counts) -> dict[str, Any]:
    """Headline, month and period bar, shared by list and matrix."""
    month, known, book = asked.month, known_months(IN_SWITCH), DeadlineBook()
    months = known[:IN_ROW]
    current = reporting_month(request.now)
    return {
        "month": month, "month_text": str(month), "months": months,
        "is_open": month in months, "opens_at": month.next.start,
        "offices": asked.offices, "county": asked.county, "is_commission": asked.is_commission,
        "bar": _bar(request, asked, counted, book),
        "due": {"file": last_day(book.deadline("D2", month)), "forward": last_day(book.deadline("D3", month))},
        "period_switch": switch_of(month, current, reverse("reports:review"), known),
    }  # fmt: skip


def _bar(request: OfficeRequest, asked: Asked, counted: read.Counts, book: DeadlineBook) -> PeriodBar:
    return month_bar(
        asked.month, request.now, "D4" if asked.is_commission else "D3", book=book,
        opened={"note": _("%(n)s due") % {"n": counted.due}},
        filed={"note": _("on time %(n)s") % {"n": counted.on_time}, **not_filed(counted.missing)},
        forwarded={"note": _("accepted"), "done": counted.accepted, "total": counted.due},
    )  # fmt: skip


def _bulk_actions() -> list[dict[str, str]]:
    return [
        {"value": "accept", "icon": "check", "label": _("Accept the ticked")},
        {"value": "return", "icon": "arrow-back-up", "label": _("Return")},
        {"value": "chase", "icon": "bell-ringing", "label": _("Chase")},
        {"value": "export", "icon": "file-export", "label": _("Export")},
    ]


def _departments(asked: Asked) -> Sequence[Organisation]:
    rows = asked.rows.exclude(department=None).values("department")
    return list(Organisation.objects.filter(pk__in=rows))


# ---- bulk acts -------------------------------------------------------------------------------------------------


@require_POST
@once
def bulk(request: OfficeRequest) -> HttpResponseBase:
    """One act on the ticked rows; those it does not fit are named with the reason."""
    asked = Asked(request)
    chosen = _chosen(request, asked)
    action = request.POST.get("action", "")
    if not chosen:
        return _finish(request, asked, _("Nothing was ticked."), BulkOutcome([], []))
    if action == "return":
        return _ask_return(request, asked, chosen)
    if action == "export":
        ids = urlencode({"report": [str(r.public_id) for r in chosen], "month": str(asked.month)}, doseq=True)
        file = f"{reverse('reports:review_export', args=['xlsx'])}?{ids}"
        title = _("%(n)s reports are ready to be taken out.") % {"n": len(chosen)}
        return _finish(request, asked, title, BulkOutcome([], []), file=file)
    if action == "chase":
        done = reviewing.chase(chosen, by=request.actor, at=request.now)
        return _finish(request, asked, _("%(n)s reports were chased.") % {"n": len(done.done)}, done)
    done = reviewing.bulk_accept(chosen, by=request.actor, at=request.now)
    return _finish(request, asked, _("%(n)s reports were accepted.") % {"n": len(done.done)}, done)


def _chosen(request: OfficeRequest, asked: Asked) -> list[Report]:
    everything = request.POST.get("all_matching") == "1"
    filters = asked.filters if everything else None
    ids = request.POST.getlist("report")
    return read.ticked(request.actor, asked.month, ids, filters, asked.condition, MOST_AT_ONCE)


def _finish(
    request: OfficeRequest, asked: Asked, title: str, outcome: BulkOutcome, *, file: str = ""
) -> HttpResponse:
    """Say what was done and what was skipped, on the worksheet."""
    request.session[_OUTCOME] = {
        "title": title, "file": file, "done": [r.project.name for r in outcome.done][:20],
        "skipped": [(s.report.project.name, s.why) for s in outcome.skipped][:MOST_AT_ONCE],
    }  # fmt: skip
    return HttpResponseRedirect(asked.url)


def _ask_return(request: OfficeRequest, asked: Asked, chosen: Sequence[Report]) -> HttpResponse:
    """The dialog for several: one reason for all."""
    form = ReturnForm(at=request.now, points=[], initial={"refile_by": default_refile_by(request.now)})
    return _return_page(request, asked, form, chosen)


def _return_page(
    request: OfficeRequest, asked: Asked, form: ReturnForm, chosen: Sequence[Report], status: int = 200
) -> HttpResponse:
    fitting = [r for r in chosen if r.status == "submitted"]
    return render_dialog(request, "reports/review/return.html", {
        "form": form, "title": _("Return %(n)s reports") % {"n": len(fitting)}, "chosen": chosen,
        "fitting": fitting, "skipped": len(chosen) - len(fitting),
        "action": f"{reverse('reports:review_return_many')}?{asked.url.partition('?')[2]}",
        "consequence": _("Every owner is told. Problems carried forward stay in the summary."),
        "button": _("Return to the owners"), "button_icon": "arrow-back-up", "danger": True,
        "cancel_url": asked.url,
    }, status=status)  # fmt: skip


@require_POST
@once
def return_many(request: OfficeRequest) -> HttpResponse:
    """Return the chosen ones with the same reason."""
    asked = Asked(request)
    ids = request.POST.getlist("report")
    chosen = read.ticked(request.actor, asked.month, ids, None, asked.condition, MOST_AT_ONCE)
    form = ReturnForm(request.POST, at=request.now, points=[])
    if not form.is_valid():
        return _return_page(request, asked, form, chosen, status=422)
    outcome = reviewing.bulk_return(
        chosen, by=request.actor, at=request.now, reason=form.reason(), fields=form.named(),
        refile_by=form.cleaned_data["refile_by"],
    )  # fmt: skip
    _finish(request, asked, _("%(n)s reports were returned.") % {"n": len(outcome.done)}, outcome)
    return leave(request, asked.url)


@require_http_methods(["GET", "POST"])
@once
def chase_all(request: OfficeRequest) -> HttpResponse:
    """全部催报: everyone who has not filed; not more than once a day for one report."""
    asked = Asked(request)
    if not read.deciding_offices(request.actor):
        raise PermissionDenied(_("Only the receiver or the commission chases a report."))
    owed = list(asked.rows.filter(read.STATES["missing"]).select_related("project", "receiver", "owner"))
    outcome: list[BulkOutcome] = []

    def act(_data: Any) -> None:
        outcome.append(reviewing.chase(owed[:MOST_AT_ONCE], by=request.actor, at=request.now))
        title = _("%(n)s reports were chased.") % {"n": len(outcome[0].done)}
        _finish(request, asked, title, outcome[0])

    owners = sorted({r.owner.short_name for r in owed})
    return dialog_act(
        request, act, done=asked.url, success="", title=_("Chase all that have not filed"),
        object=_("Reports of %(month)s") % {"month": monthname(asked.month)},
        text=_("%(n)s reports of %(owners)s owners: %(names)s") % {
            "n": len(owed), "owners": len(owners), "names": "、".join(owners[:12])},
        consequence=_("Each owner gets one notice; a report chased today already is left out."),
        button=_("Chase %(n)s reports") % {"n": len(owed)}, button_icon="bell-ringing", cancel_url=asked.url,
        action=request.get_full_path(),
    )  # fmt: skip


# ---- export ----------------------------------------------------------------------------------------------------


@require_safe
def export(request: OfficeRequest, form: ListFormat) -> HttpResponseBase:
    """What is on the screen, folded groups included, or the ticked rows."""
    asked = Asked(request)
    ids = request.GET.getlist("report")
    if ids:
        chosen = read.ticked(request.actor, asked.month, ids, None, asked.condition, MOST_AT_ONCE)
        rows: Any = [_hide_draft(r) for r in chosen]
        line = _("%(n)s chosen reports") % {"n": len(rows)}
    else:
        everything = read.Filters(status=asked.filters.status, sort=asked.filters.sort, opened=read.FOLDED)
        rows = [_hide_draft(r) for r in read.listed(asked.rows, everything, asked.condition).iterator()]
        line = read.in_words(asked.filters)
    title = _("Reports of %(month)s") % {"month": monthname(asked.month)}
    return list_response(request, REPORTS, rows, title=title, filter_line=line, form=form)


def _hide_draft(report: Report) -> Report:
    """A recalled report says nothing to its receiver."""
    if report.submitted_at is None:
        report.month_investment = report.year_cumulative = None
        report.problem_count = 0
    return report
