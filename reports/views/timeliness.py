"""M7.1: timeliness over any months; each number opens the very reports that it counts (E2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from ningde_projects.documents.lists import ListFormat
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.projects.selectors import Thresholds

from .. import exports
from ..models import Report
from ..selectors import timeliness as read
from ..selectors.review_reading import read_as_receiver

ROWS = 50
#: The numbers of a row, in the order of the table.
WORDS = {
    "due": gettext_lazy("Due"), "on_time": gettext_lazy("On time"), "late": gettext_lazy("Filed late"),
    "missing": gettext_lazy("Missing"), "returned": pgettext_lazy("status", "Returned"),
    "nil": gettext_lazy("Nil reports"),
}  # fmt: skip


class Asked:
    """Months, grouping and the rest of the address, for page, list and exports alike; no figures for administrators."""

    def __init__(self, request: OfficeRequest) -> None:
        if not request.actor.held or request.actor.is_administrator:
            raise Http404
        self.span = _span(request)
        group = request.GET.get("by", "place")
        self.group = group if group in read.GROUPS else "place"
        self.key = request.GET.get("key", "").replace("\0", "")[:40]
        state = request.GET.get("state", "due")
        self.state = state if state in WORDS else "due"

    @property
    def line(self) -> str:
        return f"{self.span.first} — {self.span.last}"

    def query(self, **more: str) -> str:
        return urlencode({"from": self.span.first, "to": self.span.last, "by": self.group} | more)


def _span(request: OfficeRequest) -> read.Span:
    last = reporting_month(request.now)
    found = [last.plus(-5), last]
    for n, name in enumerate(("from", "to")):
        try:
            found[n] = Month.parse(request.GET.get(name, ""))
        except ValueError:
            continue
    return read.Span(min(found), max(found))


@require_safe
def figures(request: OfficeRequest) -> HttpResponse:
    """On time, missing, late, returned over any months, by place, owner, project or department."""
    actor, asked = request.actor, Asked(request)
    rows = read.figures(actor, asked.span, asked.group, request.now)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    total = read.total(rows)
    return render(request, "reports/timeliness/figures.html", {
        "span": asked.span, "group": asked.group, "page": page, "checks": read.check_counts(actor, asked.span),
        "rows": [(row, _numbers(asked, row, str(row["key"]))) for row in page],
        "recent": read.checks(actor, asked.span)[:20], "total": total, "totals": _numbers(asked, total, ""),
        "target": Thresholds(asked.span.last)["on_time_target"],
    })  # fmt: skip


def _numbers(asked: Asked, row: dict[str, Any], key: str) -> list[tuple[str, Any, int, str]]:
    """Of each number: its name, heading, value, and where the reports behind it are."""
    url = reverse("reports:timeliness_reports")
    return [
        (state, word, row[state], f"{url}?{asked.query(state=state, key=key)}")
        for state, word in WORDS.items()
    ]


@require_safe
def figures_export(request: OfficeRequest, form: ListFormat) -> HttpResponseBase:
    asked = Asked(request)
    rows = read.figures(request.actor, asked.span, asked.group, request.now)
    return exports.list_response(request, exports.TIMELINESS, rows, title=_("Timeliness of reports"),
                                 filter_line=asked.line, form=form)  # fmt: skip


@require_safe
def reports(request: OfficeRequest) -> HttpResponse:
    """The reports that one number counts."""
    asked = Asked(request)
    rows, name = _behind(request, asked)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "reports/timeliness/reports.html", {
        "asked": asked, "name": name, "page": page, "word": WORDS[asked.state], "states": WORDS.items(),
        "rows": [(r, r.is_late(), r.is_overdue(request.now), url) for r, url in _linked(request, list(page))],
        "back": f"{reverse('reports:timeliness')}?{asked.query()}", "verifies": request.actor.has(Duty.DISPATCH),
    })  # fmt: skip


@require_safe
def reports_export(request: OfficeRequest, form: ListFormat) -> HttpResponseBase:
    asked = Asked(request)
    rows, name = _behind(request, asked)
    words = [asked.line, name, str(WORDS[asked.state])]
    return exports.list_response(request, exports.FILINGS, rows, title=_("Timeliness of reports"),
                                 filter_line=" · ".join(w for w in words if w), form=form)  # fmt: skip


def _behind(request: OfficeRequest, asked: Asked) -> tuple[Any, str]:
    """The rows and whose they are; Http404 for a key under which this person sees no report."""
    try:
        name = read.name_of(request.actor, asked.span, asked.group, asked.key)
    except read.Unknown as wrong:
        raise Http404 from wrong
    return read.behind(request.actor, asked.span, asked.group, asked.key, asked.state, request.now), name


def _linked(request: OfficeRequest, rows: Sequence[Report]) -> list[tuple[Report, str]]:
    """Each report with the page on which this person may read it: the owner's, the receiver's, or the project's."""
    owned = request.actor.offices(Duty.REPORT)
    received = read_as_receiver(rows, request.actor)

    def page_of(report: Report) -> str:
        if report.owner_id in owned:
            return reverse("reports:report", args=[report.public_id])
        if report.pk in received:
            return reverse("reports:review_report", args=[report.public_id])
        return reverse("projects:detail", args=[report.project.public_id])

    return [(report, page_of(report)) for report in rows]
