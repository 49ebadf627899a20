"""Where 附件2 begins: one's own for a bureau, all counties for the commission (M6.1)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import reporting_month

from ..models import Report
from ..selectors import approval as read
from ..selectors.months import IN_ROW, IN_SWITCH, known_months, month_asked, month_bar, not_filed
from ..selectors.owner_calendar import switch_of
from ..selectors.summary import bureaus_of


@require_safe
def summaries(request: OfficeRequest) -> HttpResponse:
    month = month_asked(request)
    kinds = {h.organisation.kind for h in request.actor.held_of(Duty.DISPATCH, Duty.VIEW)}
    if OrgKind.COMMISSION not in kinds:
        if bureaus_of(request.actor):
            return HttpResponseRedirect(reverse("reports:summary", args=[month]))
        raise PermissionDenied(_("The summaries are for county bureaus and the municipal commission."))
    lines = read.of_all_counties(month, request.now)
    done = sum(1 for line in lines if line.summary)
    known = known_months(IN_SWITCH)
    months = known[:IN_ROW]
    missing = Report.objects.monthly(month).missing(request.now).count()
    return render(request, "reports/summary/counties.html", {
        "month": month, "months": months, "lines": lines, "done": done, "is_open": month in months,
        "opens_at": month.next.start,
        "waiting": sum(1 for line in lines if line.summary and line.summary.status == "forwarded"),
        "bar": month_bar(month, request.now, "D4", filed=not_filed(missing),
                         forwarded={"done": done, "total": len(lines)}),
        "period_switch": switch_of(month, reporting_month(request.now), reverse("reports:summaries"), known),
    })  # fmt: skip
