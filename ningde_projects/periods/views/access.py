"""Who opens the pages about time: everyone with a duty in the work reads, the commission decides."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty
from ningde_projects.organizations.middleware import OfficeRequest

from ..month import Month, reporting_month

YEARS = range(2020, 2041)


def readers_only(request: OfficeRequest) -> None:
    """Deadlines concern whoever works here, and the system administrator who looks after their runs."""
    if not request.actor.duties & (BUSINESS_DUTIES | {Duty.ADMIN_SYSTEM}):
        raise Http404


def commission_only(request: OfficeRequest) -> None:
    readers_only(request)
    if not request.actor.has(Duty.DISPATCH):
        raise PermissionDenied(_("Only the municipal commission decides on deadlines and the calendar."))


def month_asked(request: OfficeRequest) -> Month:
    """The period of the address; nonsense means the one being reported."""
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        return reporting_month(request.now)


def year_in_reach(year: int) -> int:
    if year not in YEARS:
        raise Http404
    return year


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Http404 from wrong
