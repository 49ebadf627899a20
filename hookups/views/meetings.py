"""The list of meetings, one of them, its editions, and taking one back."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.documents.attachments import attachments_of
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import Month
from ningde_projects.workflow.acting import ReasonForm, dialog_act, refused_page
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once

from ..models.meetings import SessionKind
from ..policies.meetings import desks, reading_refusal
from ..selectors import meetings as read
from ..selectors.attachments import MEETING_FILES
from ..selectors.quarter_meeting import is_city, recent
from ..selectors.timeline import shown
from ..services import meetings as services
from ..workflow.meetings import SessionStatus
from .access import at_work

ROWS = 50
#: How many past months and quarters the filter offers.
PERIODS = 6


@require_safe
def listing(request: OfficeRequest) -> HttpResponse:
    """Meetings that this person sees; the filters are in the address."""
    at_work(request.actor)
    if reason := reading_refusal(request.actor):
        raise PermissionDenied(reason)
    filters = read.MeetingFilters.read(request.GET)
    page = Paginator(read.listed(request.actor, filters), ROWS).get_page(request.GET.get("page"))
    kinds = read.facet(request.actor, filters, "kind", "kind")
    states = read.facet(request.actor, filters, "state", "status")
    places = (
        read.facet(request.actor, filters, "place", "place__code")
        if filters.kind != SessionKind.ON_SITE
        else {}
    )
    names = dict(Place.objects.values_list("code", "name"))
    context = {
        "page": page, "filters": filters, "all": sum(kinds.values()),
        "kinds": [(k.value, k.label, kinds.get(k.value, 0)) for k in SessionKind if kinds.get(k.value)],
        "states": [(s.value, s.label, states.get(s.value, 0)) for s in SessionStatus if states.get(s.value)],
        "places": [(code, names[code], n) for code, n in places.items()] if len(places) > 1 else [],
        "quarters": recent(request.now) if filters.kind == SessionKind.QUARTERLY and is_city(request.actor) else [],
        "periods": periods(Month.at(request.now), filters.kind), "desks": desks(request.actor),
    }  # fmt: skip
    return render(request, "hookups/meetings/list.html", context)


def periods(now: Month, kind: str = "") -> list[str]:
    """Months for meetings, quarters for sessions; the latest first."""
    if kind in (SessionKind.ON_SITE, SessionKind.QUARTERLY):
        quarters = [now.plus(-3 * n).quarter for n in range(PERIODS)]
        return [str(quarter) for quarter in quarters]
    return [str(now.plus(-n)) for n in range(PERIODS)]


@require_safe
def meeting(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    session = read.meeting_of(request.actor, public_id)
    view = read.meeting_view(request.actor, session, request.now)
    keeps = read.keeps(request.actor, session)
    context = {
        "view": view, "session": session, "keeps": keeps, "timeline": shown(view.acts),
        "may_go_on": keeps and session.status == SessionStatus.DRAFT,
        "may_revise": keeps and session.status == SessionStatus.RECORDED,
        "may_withdraw": keeps and session.status != SessionStatus.WITHDRAWN,
        "files": attachments_of(request.actor, MEETING_FILES, session.public_id) if view.is_whole else None,
    }  # fmt: skip
    return render(request, "hookups/meetings/meeting.html", context)


@require_safe
def edition(request: OfficeRequest, public_id: UUID, number: int) -> HttpResponse:
    """The record as it stood then; for those who see all of it."""
    session = read.meeting_of(request.actor, public_id)
    if not read.sees_whole(request.actor, session):
        raise PermissionDenied(_("Earlier versions are open to those who see the whole record."))
    found = get_object_or_404(session.editions, number=number)
    before = session.editions.filter(number=number - 1).first()
    context = {
        "session": session,
        "edition": found,
        "content": found.content,
        "before": before.content if before else None,
    }
    return render(request, "hookups/meetings/edition.html", context)


@require_http_methods(["GET", "POST"])
@once
def withdraw(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Take back what was never held, or stands there twice."""
    session = read.meeting_of(request.actor, public_id)
    back = reverse("hookups:meeting", args=[public_id])
    name = services.act_for(session, "withdraw", request.actor)
    if locked := refusal(session, name, request.actor):
        return refused_page(request, locked, back=back)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, initial={"version": session.version}
    )
    return dialog_act(
        request,
        lambda data: services.withdraw(
            session, by=request.actor, at=request.now, reason=data["reason"], version=data["version"]
        ),
        form=form, done=back, success=_("The record is withdrawn."), title=_("Withdraw the record"),
        object=str(session), button=_("Withdraw the record"), button_icon="arrow-back-up", danger=True,
        consequence=_(
            "It stays readable and no longer counts as a meeting; decisions that are still open are cancelled and their "
            "units are told."
        ),
    )  # fmt: skip
