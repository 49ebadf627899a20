"""The form of a meeting: a new one, a draft that goes on, a correction of what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.month import Month
from ningde_projects.shell.errors import Changed, stale
from ningde_projects.workflow.acting import show
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal, StaleVersion

from ..forms.meetings import MeetingSheet
from ..models import Session
from ..models.meetings import SessionKind
from ..policies.meetings import Desk, desks
from ..rules.meetings import MUNICIPAL
from ..selectors import duties
from ..selectors.meetings import keeps, meeting_of, read_month
from ..services import meetings as services
from ..workflow.meetings import SessionStatus
from .access import at_work


def _desk(request: OfficeRequest) -> Desk:
    """Which of his desks the address asks for; without one the first."""
    at_work(request.actor)
    mine = desks(request.actor)
    if not mine:
        raise PermissionDenied(
            _(
                "Meetings are recorded by county bureaus, county governments, municipal departments and their leaders."
            )
        )
    kind, own = request.GET.get("kind", ""), request.GET.get("chair") == "me"
    fitting = [d for d in mine if d.kind == kind] or mine
    return next((d for d in fitting if d.is_own == own), fitting[0])


def _office(desk: Desk) -> Organisation:
    """Whose meeting it is: a bureau writes for the county government's leaders."""
    if desk.kind == SessionKind.QUARTERLY and desk.office.kind != OrgKind.MUNICIPAL_GOVERNMENT:
        return get_object_or_404(
            Organisation.objects.select_related("place"), kind=OrgKind.MUNICIPAL_GOVERNMENT, is_active=True
        )
    if desk.kind != SessionKind.DISPATCH or desk.office.kind == OrgKind.COUNTY_GOVERNMENT:
        return desk.office
    found: Organisation | None = (
        Organisation.objects.filter(kind=OrgKind.COUNTY_GOVERNMENT, place=desk.office.place_id)
        .select_related("place")
        .first()
    )
    if found is None:
        raise PermissionDenied(
            _("This county has no government office in the system; its administrator enters it.")
        )
    return found


def _prefilled(
    request: OfficeRequest, desk: Desk, office: Organisation
) -> tuple[User | None, frozenset[int]]:
    """For the one-click record: the leader himself, and his projects of the period without a meeting."""
    person = desk.held.principal or request.actor.user
    if desk.kind != SessionKind.DISPATCH:
        return (person if desk.is_own else None), frozenset()
    scope = duties.Scope(
        places=frozenset({office.place_id}), leaders=frozenset({person.pk}) if desk.is_own else None
    )
    if not desk.is_own and "leader" not in request.GET:
        return None, frozenset()
    now = Month.at(request.now)
    asked = read_month(request.GET.get("period", ""))
    owed = duties.dispatch_owed(asked if asked and asked < now else now, request.now, scope)
    if not desk.is_own:
        owed = [row for row in owed if row.leader and str(row.leader.public_id) == request.GET["leader"]]
    chair = owed[0].leader if owed else (person if desk.is_own else None)
    return chair, frozenset(row.project.pk for row in owed if row.project and row.state == "gap")


@require_http_methods(["GET", "POST"])
@once
def new(request: OfficeRequest) -> HttpResponse:
    desk = _desk(request)
    office = _office(desk)
    if request.method == "GET":
        chair, ticked = _prefilled(request, desk, office)
        sheet = MeetingSheet(desk.kind, office, request.now, chair=chair, ticked=ticked)
        return _page(request, sheet, None, "new")
    sheet = MeetingSheet(desk.kind, office, request.now, data=request.POST)

    def act() -> Session:
        with transaction.atomic():
            session = services.begin(desk.kind, office, sheet.content(), by=request.actor, at=request.now)
            if request.POST.get("act") == "record":
                services.put_on_record(session, None, by=request.actor, at=request.now)
        return session

    return _answer(request, sheet, None, "new", act)


def _kept(request: OfficeRequest, public_id: UUID) -> Session:
    """A meeting whose record this person keeps: hidden is 404, seen and not kept is 403."""
    session = meeting_of(request.actor, public_id)
    if not keeps(request.actor, session):
        refused = refusal(session, services.act_for(session, "revise", request.actor), request.actor)
        raise refused or NotAllowed(_("Only the office that keeps the record of the meeting may do this."))
    return session


@require_http_methods(["GET", "POST"])
@once
def edit(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Go on with a draft."""
    session = _kept(request, public_id)
    if session.status != SessionStatus.DRAFT:
        return redirect("hookups:meeting", public_id=public_id)
    data = request.POST if request.method == "POST" else None
    sheet = MeetingSheet(session.kind, session.office, request.now, session=session, data=data)
    if data is None:
        return _page(request, sheet, session, "edit")

    def act() -> Session:
        write = services.put_on_record if data.get("act") == "record" else services.save_draft
        write(session, sheet.content(), by=request.actor, at=request.now, version=sheet.version)
        return session

    return _answer(request, sheet, session, "edit", act)


@require_http_methods(["GET", "POST"])
@once
def revise(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Correct what is recorded: a new edition with its reason."""
    session = _kept(request, public_id)
    if refused := refusal(session, services.act_for(session, "revise", request.actor), request.actor):
        raise refused
    data = request.POST if request.method == "POST" else None
    sheet = MeetingSheet(session.kind, session.office, request.now, session=session, data=data)
    if data is None:
        return _page(request, sheet, session, "revise")

    def act() -> Session:
        services.revise(
            session,
            sheet.content(),
            by=request.actor,
            at=request.now,
            reason=sheet.reason,
            version=sheet.version,
        )
        return session

    return _answer(request, sheet, session, "revise", act)


def _answer(
    request: OfficeRequest,
    sheet: MeetingSheet,
    session: Session | None,
    mode: str,
    act: Callable[[], Session],
) -> HttpResponse:
    if not sheet.is_valid():
        return _page(request, sheet, session, mode, status=422)
    try:
        done = act()
    except StaleVersion:
        return _stale(request, sheet)
    except NotAllowed:
        raise
    except Refusal as refused:
        show(sheet.form, refused)
        return _page(request, sheet, session, mode, status=refused.status_code)
    if done.status == SessionStatus.DRAFT:
        messages.success(request, _("The draft is saved; it is not recorded yet."))
        return redirect("hookups:meeting_edit", public_id=done.public_id)
    messages.success(
        request,
        _("The correction is recorded.")
        if mode == "revise"
        else _("The meeting is recorded; the units are told."),
    )
    return redirect("hookups:meeting", public_id=done.public_id)


def _stale(request: OfficeRequest, sheet: MeetingSheet) -> HttpResponse:
    """What the other one changed beside what was typed here, field by field."""
    session = sheet.session
    if session is None:
        raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
    session.refresh_from_db()
    typed = sheet.form.cleaned_data
    changed = [
        Changed(str(sheet.form[name].label), str(getattr(session, name) or "—"), str(typed[name] or "—"))
        for name in ("held_on", "location", "chair", "others", "minutes")
        if getattr(session, name) != typed[name]
    ]
    last = Act.objects.filter(machine="meeting", object_id=session.pk).order_by("-id").first()
    return stale(
        request,
        changed=changed,
        by=last.user_text if last else "",
        at=last.at if last else None,
        url=request.path,
    )


def _page(
    request: OfficeRequest, sheet: MeetingSheet, session: Session | None, mode: str, *, status: int = 200
) -> HttpResponse:
    is_dispatch = sheet.kind == SessionKind.DISPATCH
    titles = {
        "new": _("Record a dispatch meeting") if is_dispatch else _("Record an on-site session"),
        "edit": _("Draft of a dispatch meeting") if is_dispatch else _("Draft of an on-site session"),
        "revise": _("Correct the record"),
    }
    context = {
        "sheet": sheet, "form": sheet.form, "rows": sheet.rows, "session": session, "mode": mode,
        "title": titles[mode] if sheet.kind not in MUNICIPAL or mode == "revise" else SessionKind(sheet.kind).label,
        "is_municipal": sheet.kind in MUNICIPAL, "is_dispatch": is_dispatch,
        "back_url": reverse("hookups:meeting", args=[session.public_id]) if mode == "revise" and session
        else reverse("hookups:meetings"),
    }  # fmt: skip
    return render(request, "hookups/meetings/form.html", context, status=status)
