"""Meeting mode: the agenda is drawn from a list, item after item is spoken of, decisions are kept as they are typed."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hookups.models import Session
from hookups.models.meetings import SessionKind
from hookups.policies.meetings import Desk, desks, is_outside, recording_right
from hookups.rules.meetings import MUNICIPAL
from hookups.workflow.meetings import SessionStatus
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.acting import refused_page, show
from ningde_projects.workflow.door import record
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed, Refusal, WrongState
from reports.models import Category
from reports.selectors.problems import LedgerFilters, facets

from ..forms.agenda import DecideForm, NoteForm
from ..models import AgendaItem
from ..paper.minutes import minutes_docx
from ..selectors import agenda as read
from ..selectors.agenda_sources import OFFERED, Source, source_of, sources
from ..services import agenda as services

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Kinds in the order in which they are offered.
KINDS = (SessionKind.MONTHLY, SessionKind.QUARTERLY, SessionKind.CITY_WIDE, SessionKind.TOPICAL)


def _desks(actor: Actor) -> list[Desk]:
    """404 for administrators; the reason for whoever keeps no record of the city's meetings."""
    if is_outside(actor):
        raise Http404
    mine = [desk for desk in desks(actor) if desk.kind in MUNICIPAL]
    if not mine:
        raise PermissionDenied(_("Meetings of the city are run by those who keep their record."))
    return mine


@require_http_methods(["GET", "POST"])
@once
def start(request: OfficeRequest) -> HttpResponse:
    """Meetings that can be run, and a new one."""
    mine = _desks(request.actor)
    kinds = [kind for kind in KINDS if any(desk.kind == kind for desk in mine)]
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind not in kinds:
            refused = WrongState(_("Choose one of the kinds of meeting on the page."))
            return refused_page(request, refused, back=reverse("dispatch:meeting_mode"))
        session = services.start(kind, _office(kind, mine), by=request.actor, at=request.now)
        return redirect("dispatch:meeting_agenda", public_id=session.public_id)
    context = {
        "kinds": [(kind.value, kind.label) for kind in kinds],
        "sessions": read.runnable(request.actor),
    }
    return render(request, "dispatch/agenda/start.html", context)


def _office(kind: str, mine: list[Desk]) -> Organisation:
    """Whose meeting it is: the vice-mayor's is the municipal government's."""
    if kind == SessionKind.QUARTERLY:
        rows = Organisation.objects.select_related("place")
        return get_object_or_404(rows, kind=OrgKind.MUNICIPAL_GOVERNMENT, is_active=True)
    return next(desk.office for desk in mine if desk.kind == kind)


def _session(request: OfficeRequest, public_id: UUID) -> Session:
    """A meeting whose record this person keeps: hidden is 404, seen and not kept is 403."""
    session = _seen(request, public_id)
    right = recording_right(request.actor, session.kind, session.office, session.chair_id)
    if isinstance(right, NotAllowed):
        raise right
    return session


def _seen(request: OfficeRequest, public_id: UUID) -> Session:
    if is_outside(request.actor):
        raise Http404
    session = read.session_of(request.actor, public_id)
    if session is None:
        raise Http404
    return session


@require_http_methods(["GET", "POST"])
@once
def agenda(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Draw from a list: filters in the address, ticks in the form."""
    session = _session(request, public_id)
    source = source_of(request.GET.get("source", "")) or sources()[0]
    if request.method == "POST":
        return _draw(request, session, source)
    filters = LedgerFilters.read(request.GET)
    counted = facets(request.actor, filters)
    names = dict(Category.objects.filter(valid_to__isnull=True).values_list("code", "name"))
    on_it = set(session.agenda.filter(source=source.key).values_list("key", flat=True))
    context = {
        "session": session, "source": source, "sources": sources(), "filters": filters, "on_it": on_it,
        "offered": source.offered(request.actor, request.GET, request.now), "limit": OFFERED,
        "rows": read.agenda_of(session, request.actor, request.now),
        "is_open": session.status == SessionStatus.DRAFT,
        "places": [(code, counted.place_names[code], n) for code, n in counted.places.items() if n],
        "categories": [(code, names.get(code, code), n) for code, n in counted.categories.items() if n],
    }  # fmt: skip
    return render(request, "dispatch/agenda/draw.html", context)


def _draw(request: OfficeRequest, session: Session, source: Source) -> HttpResponse:
    keys: dict[UUID, None] = {}
    for text in request.POST.getlist("matter")[:OFFERED]:
        try:
            keys[UUID(text)] = None
        except ValueError:
            continue
    found = source.matters(request.actor, set(keys), request.now)
    # In the order in which they were offered.
    wanted = [found[key] for key in keys if key in found]
    try:
        number = services.draw(session, source.key, wanted, by=request.actor, at=request.now)
    except Refusal as refused:
        return refused_page(request, refused, back=reverse("dispatch:meeting_mode"))
    messages.success(request, _("{n} matters are put on the agenda.").format(n=number))
    return redirect("dispatch:meeting_run", public_id=session.public_id)


def _item(session: Session, public_id: UUID) -> AgendaItem:
    return get_object_or_404(session.agenda.select_related("project"), public_id=public_id)


def _run_url(session: Session, item: AgendaItem | None = None) -> str:
    url = reverse("dispatch:meeting_run", args=[session.public_id])
    return f"{url}?item={item.public_id}" if item else url


@require_safe
def run(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The item that is spoken of, in large type, with what is decided on it."""
    session = _session(request, public_id)
    return _page(request, session, request.GET.get("item", ""), NoteForm(), None)


def _page(
    request: OfficeRequest, session: Session, asked: str, note: NoteForm, decide: DecideForm | None, *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    rows = read.agenda_of(session, request.actor, request.now)
    place = next((n for n, row in enumerate(rows) if str(row.item.public_id) == asked), 0)
    current = rows[place] if rows else None
    if current is not None and not note.is_bound:
        note = NoteForm(initial={"note": current.item.note})
    if decide is None:
        unit = current.matter.unit_id if current and current.matter else None
        decide = DecideForm(initial={"unit": unit})
    context = {
        "session": session, "rows": rows, "current": current, "number": place + 1, "note": note, "decide": decide,
        "previous": rows[place - 1].item if place else None,
        "next": rows[place + 1].item if place + 1 < len(rows) else None,
        "is_open": session.status == SessionStatus.DRAFT,
        "decided": sum(len(row.decisions) for row in rows),
    }  # fmt: skip
    return render(request, "dispatch/agenda/run.html", context, status=status)


@require_POST
@once
def move(request: OfficeRequest, public_id: UUID, item: UUID, how: str) -> HttpResponse:
    """One place up or down, or off the agenda."""
    session = _session(request, public_id)
    if how not in ("up", "down", "remove"):
        raise Http404
    row = _item(session, item)
    try:
        services.move(session, row, cast(Any, how), by=request.actor, at=request.now)
    except Refusal as refused:
        return refused_page(request, refused, back=_run_url(session))
    return redirect(reverse("dispatch:meeting_agenda", args=[public_id]))


@require_POST
@once
def say(request: OfficeRequest, public_id: UUID, item: UUID) -> HttpResponse:
    """What was said on the item; sent by itself a moment after typing, or by the button."""
    session = _session(request, public_id)
    row = _item(session, item)
    form = NoteForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            services.say(session, row, form.cleaned_data["note"], by=request.actor, at=request.now)
        except Refusal as refused:
            show(form, refused)
            status = refused.status_code
        else:
            if request.headers.get("HX-Request"):
                return render(request, "dispatch/agenda/inc/saved.html", {"saved_at": request.now})
            return redirect(_run_url(session, row))
    return _page(request, session, str(item), form, None, status=status)


@require_POST
@once
def decide(request: OfficeRequest, public_id: UUID, item: UUID) -> HttpResponse:
    """A decision, kept at once."""
    session = _session(request, public_id)
    row = _item(session, item)
    form = DecideForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            services.decide(session, row, form.content(), by=request.actor, at=request.now)
        except Refusal as refused:
            show(form, refused)
            status = refused.status_code
        else:
            return redirect(_run_url(session, row))
    return _page(request, session, str(item), NoteForm(), form, status=status)


@require_safe
def minutes(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """会议纪要 as a Word file, for those who see the whole record; each download stands in the record."""
    session = _seen(request, public_id)
    values = read.minutes_of(session, request.actor, request.now)
    record(
        "meeting", "print_minutes", by=request.actor, at=request.now, obj=session, place_id=session.place_id
    )
    answer = HttpResponse(minutes_docx(values), content_type=DOCX)
    name = f"{values.kind}纪要{session.held_on or ''}.docx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
