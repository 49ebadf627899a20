"""What the owner's views share: whose matters these are, and how a refusal becomes an answer."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month
from ningde_projects.workflow.refusals import NotAllowed, Refusal

from ..models import Report


def owner_of(request: OfficeRequest) -> Actor:
    """The person, when he reports for an owner; 403 with the reason for anyone else."""
    if not request.actor.has(Duty.REPORT):
        raise PermissionDenied(_("This page is for those who report for a project owner."))
    return request.actor


def visible_report(request: OfficeRequest, public_id: UUID) -> Report:
    """The report as this person may see it; Http404 for hidden and missing alike.

    Planning a join of a dozen tables takes the database longer than the look-ups: who saved, filed and accepted is
    fetched where it is shown.
    """
    found = (
        Report.objects.visible_to(request.actor)
        .filter(public_id=public_id)
        .select_related(
            "project__industry", "project__place", "part__place", "place", "owner", "receiver", "department"
        )
        .order_by()
        .first()
    )  # fmt: skip
    if found is None:
        raise Http404
    return cast(Report, found)


def is_owner(report: Report, actor: Actor) -> bool:
    return actor.has(Duty.REPORT, [report.owner_id])


def own_report(request: OfficeRequest, public_id: UUID) -> Report:
    """For acts: hidden is 404, seen but somebody else's is 403."""
    return as_own(request, visible_report(request, public_id))


def as_own(request: OfficeRequest, report: Report) -> Report:
    """The same report, when it is this person's to act on; 403 otherwise."""
    if not is_owner(report, request.actor):
        raise PermissionDenied(
            _("Only those who report for %(owner)s may do this.") % {"owner": report.owner.short_name}
        )
    return report


def as_denied(refused: Refusal) -> Refusal | PermissionDenied:
    """The person's refusal is a 403 page; everything else stays with the form."""
    return PermissionDenied(str(refused)) if isinstance(refused, NotAllowed) else refused


def month_asked(query: QueryDict, default: Month) -> Month:
    """?month=2026-09; anything that is no month means the current one."""
    try:
        return Month.parse(query.get("month", ""))
    except ValueError:
        return default


def version_in(request: HttpRequest) -> int:
    """The version that the form was shown with; -1 fits nothing, so a form without one is stale."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def with_status(response: HttpResponse, status: int, **headers: Any) -> HttpResponse:
    response.status_code = status
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response
