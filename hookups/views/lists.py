"""The lists of a year, one office's list, and where it begins (M3.4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ningde_projects.organizations.actor import Held
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.offices import is_commission
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.acting import button_act
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once

from ..models import HookupList
from ..models.lists import ListSide
from ..policies.lists import filing_offices, filing_right, side_of
from ..selectors.checks import Book, faults_of, lines_of, where_slot
from ..selectors.coverage import STATES, in_state, rows_for, rows_of
from ..selectors.on_file import name_url, since_filing
from ..selectors.pages import SHOWS, filtered, reads_as_filed
from ..selectors.pages import rows_of as shown_rows
from ..selectors.slots import answering
from ..services.changing import open_change
from ..services.filing import file_verb, look_at, recall_verb
from ..services.lists import due_at, open_list
from .access import concerned, list_asked, office_asked, year_asked, years_of

ROWS = 40


@require_safe
def lists(request: OfficeRequest) -> HttpResponse:
    """All offices' lists for the commission; who draws up one list only is led to it."""
    everything, offices = concerned(request.actor)
    year = year_asked(request)
    if not everything and len(offices) == 1:
        url = reverse("hookups:office", args=[offices[0].public_id])
        return HttpResponseRedirect(f"{url}?year={year}")
    side = request.GET.get("side", "")
    side = side if side in ListSide.values else ""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    at = request.now
    every = rows_for(request.actor, year)
    rows = [row for row in every if (not side or row.side == side) and in_state(row, state, at)]
    return render(request, "hookups/lists/desk.html", {
        "year": year, "years": years_of(request), "rows": [(row, row.state(at), row.is_late(at)) for row in rows],
        "total": len(every), "side": side, "state": state,
        "counts": {name: sum(1 for row in every if in_state(row, name, at)) for name in STATES},
        "filed": sum(1 for row in every if row.is_filed), "sides": ListSide.choices,
        "due_at": every[0].due_at if every else None, "is_dispatcher": is_commission(request.actor),
        "changes": _changes(request, year),
    })  # fmt: skip


def _changes(request: OfficeRequest, year: int) -> list[HookupList]:
    """Changes of the year that wait for the commission."""
    rows = HookupList.objects.visible_to(request.actor).filter(year=year, number__gt=0, status="filed")
    return list(rows.select_related("office__place").order_by("filed_at")[:50])


@require_safe
def office(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """An office's list of a year: the list itself, or where it is begun."""
    found = office_asked(request.actor, public_id)
    year = year_asked(request)
    known = HookupList.objects.visible_to(request.actor).filter(office=found, year=year, number=0).first()
    if known is not None:
        return HttpResponseRedirect(reverse("hookups:list", args=[known.public_id]))
    row = next(iter(rows_of(year, [found])), None)
    may_begin = isinstance(filing_right(request.actor, found), Held)
    return render(request, "hookups/lists/begin.html", {
        "office": found, "year": year, "years": years_of(request), "row": row,
        "may_begin": may_begin and row is not None and year == local_date(request.now).year,
        "due_at": due_at(year, found.pk), "is_past": year < local_date(request.now).year,
        "before_text": _("The filing day of that year was over when this system was put to use; lists were not kept "
                         "here then.") if row is not None and row.before_us
        else _("This office filed no list for that year in this system."),
        "is_missing": row is not None and row.is_missing(request.now),
    })  # fmt: skip


@require_POST
@once
def begin(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = office_asked(request.actor, public_id)
    year = local_date(request.now).year
    back = f"{reverse('hookups:office', args=[public_id])}?year={year}"
    return button_act(
        request, lambda: open_list(found, year, by=request.actor, at=request.now), done=back, back=back,
        success=_("The list is drawn up with who answers now; check it and send it for filing."),
    )  # fmt: skip


@require_safe
def show(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """One list: drawn up by its office, read as filed by everyone else."""
    found = list_asked(request, public_id)
    look_at(found, request.actor, request.now)
    return render(request, "hookups/lists/list.html", context_of(request, found))


def is_own(request: OfficeRequest, found: HookupList) -> bool:
    return isinstance(filing_right(request.actor, found.office), Held)


def newcomers(annual: HookupList) -> list[tuple[str, str]]:
    """(post in words, where it is named) of the projects that came after the list was filed."""
    return [(where_slot(slot), name_url(annual, slot)) for slot in since_filing(annual)]


def context_of(request: OfficeRequest, found: HookupList) -> dict[str, Any]:
    """A fixed number of queries, whatever the number of lines."""
    actor, at = request.actor, request.now
    as_filed = reads_as_filed(found, actor)
    editable = found.is_editable and is_own(request, found)
    lines = lines_of(found)
    book = None if as_filed else Book(found, at)
    now = {key: r.user.name for key, r in answering(line.project_id for line in lines).items()}
    every = shown_rows(lines, book, now, as_filed=as_filed, editable=editable)
    show_only = request.GET.get("show", "")
    show_only = show_only if show_only in SHOWS else ""
    page = Paginator(filtered(every, show_only), ROWS).get_page(request.GET.get("page"))
    faults = faults_of(book, lines) if book else []
    changes = HookupList.objects.visible_to(actor).filter(office=found.office_id, year=found.year)
    return {
        "list": found, "book": book, "as_filed": as_filed, "editable": editable, "page": page, "show": show_only,
        "counts": {name: len(filtered(every, name)) for name in SHOWS},
        "lines": len(lines), "projects": len(every), "faults": faults, "unsorted": bool(
            book and not found.is_change and (book.missing(lines) or book.surplus(lines))),
        "siblings": list(changes.order_by("number")), "late": found.is_late(at),
        "file_url": reverse("hookups:list_file", args=[found.public_id]),
        "file_refusal": refusal(found, file_verb(found), actor) if is_own(request, found) else None,
        "can_file": refusal(found, file_verb(found), actor) is None,
        "can_recall": refusal(found, recall_verb(found), actor) is None and found.opened_at is None,
        "can_receive": refusal(found, "receive", actor) is None,
        "receive_refusal": refusal(found, "receive", actor) if is_commission(actor) else None,
        "can_return": refusal(found, "return", actor) is None,
        "can_change": not found.is_change and found.status == "received" and is_own(request, found),
        "open_change": open_change(found) if is_own(request, found) and not found.is_change else None,
        "newcomers": newcomers(found) if not found.is_change and found.status == "received"
        and is_own(request, found) else [],
        "own": is_own(request, found), "several": len(filing_offices(actor)) != 1 or is_commission(actor),
        "side": side_of(found.office),
    }  # fmt: skip
