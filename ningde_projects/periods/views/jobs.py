"""What the deadlines have run and what fails: the system administrator's page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest

from ..consequences import sweep_title
from ..engine import firings
from ..models import Enforcement, JobFailure, JobRun
from ..month import Month
from ..selectors import DeadlineBook
from ..tables import month_text

ROWS = 50
#: Firings ahead that the page lists.
AHEAD = 8


@require_safe
def jobs(request: OfficeRequest) -> HttpResponse:
    if not request.actor.has(Duty.ADMIN_SYSTEM):
        raise Http404
    book = DeadlineBook()
    page = Paginator(JobRun.objects.order_by("-done_at", "-pk"), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, job_title(row.job, book), _period(row.period)) for row in page],
        "failures": [
            (row, job_title(row.job, book), _period(row.period), row.error.strip().splitlines()[-1:])
            for row in JobFailure.objects.order_by("-last_at")
        ],
        "ahead": [
            (firing.due_at, job_title(firing.job, book), month_text(firing.month))
            for firing in firings(book, request.now, Month.at(request.now).plus(2).start)[:AHEAD]
        ],
        "since": Enforcement.objects.first(),
    }
    return render(request, "periods/jobs.html", context)


def job_title(job: str, book: DeadlineBook) -> str:
    """D2:deadline, D3:remind-1, D3:deadline:ext7, sweep:D6, or a sweep's own run once a day, in words."""
    code, _colon, phase = job.partition(":")
    if code == "sweep":
        return _("Look at every tick: %(name)s") % {"name": sweep_title(phase) or phase}
    if not phase and sweep_title(code):
        return sweep_title(code)
    phase, _colon, extension = phase.partition(":")
    days = phase.removeprefix("remind-") if phase.startswith("remind-") else None
    words = _("deadline")
    if days is not None:
        words = _("reminder of the day") if days == "0" else _("reminder %(n)s days before") % {"n": days}
    what = f"{code} {book.title(code)}".strip()
    tail = _(" (extension)") if extension else ""
    return f"{what} · {words}{tail}"


def _period(text: str) -> str:
    try:
        return month_text(Month.parse(text))
    except ValueError:
        return text
