"""The municipal problem list of a month: living, on paper as a draft, and sealed (M8.1)."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.documents.lists import CONTENT_TYPES
from ningde_projects.documents.responses import file_response
from ningde_projects.documents.text import export_file_name
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month
from ningde_projects.shell.formats import full_stamp
from ningde_projects.workflow.acting import dialog_act
from ningde_projects.workflow.door import record
from ningde_projects.workflow.idempotency import once
from reports.selectors.months import known_months, month_asked, month_bar

from ..exports import problem_list as paper
from ..forms.editions import SealForm
from ..models import Edition, EditionLabel
from ..policies.problem_list import knows_of_it, may_seal, reads_living, sealing_right
from ..querysets.editions import reads_whole
from ..selectors import editions as sealed
from ..selectors import problem_list as read
from ..selectors.problem_filters import ListFilters, facets, kept
from ..services.editions import MACHINE, seal

ROWS = 50


def known(request: OfficeRequest) -> None:
    """For others the page does not exist."""
    if not knows_of_it(request.actor):
        raise Http404


@require_safe
def problem_list(request: OfficeRequest) -> HttpResponse:
    """The list as it stands, its editions, and what has come in since."""
    known(request)
    actor, month = request.actor, month_asked(request)
    filters = ListFilters.read(request.GET)
    drawn = read.draw(actor, month, request.now)
    page = Paginator(kept(drawn, filters), ROWS).get_page(request.GET.get("page"))
    read.add_holders(page.object_list, request.now)
    editions = sealed.editions_of(actor, month)
    context: dict[str, Any] = {
        "month": month, "months": known_months(), "filters": filters, "page": page, "facets": facets(drawn, filters),
        "total": len(drawn), "editions": editions, "living": reads_living(actor), "whole": reads_whole(actor),
        "openable": sealed.openable([row.line for row in page], actor),
        "rows": _with_groups(page.object_list, filters.group),
    }  # fmt: skip
    if reads_whole(actor):
        context |= _sealing(request, month, editions, len(drawn))
    return render(request, "dispatch/problem_list/list.html", context)


def _sealing(request: OfficeRequest, month: Month, editions: list[Edition], total: int) -> dict[str, Any]:
    """What has come in since, and the buttons of the dispatchers."""
    new = len(sealed.fresh(month)) if editions else 0
    now = sealed.standing(month, new, tuple(e.label for e in editions))
    return {
        "fresh": new, "standing": now, "may_seal": may_seal(request.actor),
        "choices": sealed.choices(now, request.now) if may_seal(request.actor) else [],
        "bar": month_bar(
            month, request.now, "D4", forwarded={"done": now.forwarded, "total": now.counties},
            opinions={"gap": _("{n} owed").format(n=now.opinions_owed)} if now.opinions_owed else None,
        ),
    }  # fmt: skip


def _with_groups(rows: Any, group: str) -> list[tuple[str, read.Drawn]]:
    """Each line with the heading that stands before it, or ''."""
    found, last = [], None
    for row in rows:
        name = row.line.category_name if group == "category" else row.line.place_name
        found.append((name if name != last else "", row))
        last = name
    return found


@require_safe
def problem_list_export(request: OfficeRequest) -> HttpResponseBase:
    """The rows of the page with the filters that are on, as the paper has them; marked as a draft."""
    known(request)
    if not reads_living(request.actor):
        raise Http404
    month, filters = month_asked(request), ListFilters.read(request.GET)
    drawn = read.draw(request.actor, month, request.now)
    rows, names = kept(drawn, filters), facets(drawn, filters).names
    return workbook(
        request, month, [row.line for row in rows], above=filters.in_words(names["place"], names["category"]),
        header=paper.draft_words(), stem=[paper.title_of(month), paper.draft_words()],
    )  # fmt: skip


def workbook(
    request: OfficeRequest, month: Month, lines: list[read.Line], *, above: str, header: str, stem: list[str]
) -> HttpResponseBase:
    """Write the paper and record who took it."""
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115  (the response closes it)
    made = f"{request.actor.user.name} {full_stamp(request.now)}"
    written = paper.write(file, month, lines, made=made, above=above, header=header)
    file.seek(0)
    record(MACHINE, "export", by=request.actor, at=request.now, text=str(month),
           data={"rows": written, "filters": above})  # fmt: skip
    return file_response(file, export_file_name(stem, request.now, "xlsx"), CONTENT_TYPES["xlsx"])


def asked_month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as wrong:
        raise Http404 from wrong


@require_http_methods(["GET", "POST"])
@once
def seal_list(request: OfficeRequest, text: str, label: str) -> HttpResponse:
    """Ask first, then freeze the list: what it holds and whom it tells is said before."""
    month = asked_month(text)
    known(request)
    if label not in EditionLabel.values or not reads_whole(request.actor):
        raise Http404
    if not may_seal(request.actor):
        raise PermissionDenied(str(sealing_right(request.actor)))
    labels = sealed.labels_of(month)
    lines = len(sealed.fresh(month)) if label == "supplement" else read.alive_in(month).count()
    word = EditionLabel(label).label
    form = SealForm(
        request.POST if request.method == "POST" else None, initial={"seen": len(labels)},
        needs_reason=label == EditionLabel.ERRATUM,
    )  # fmt: skip
    made: list[Edition] = []
    return dialog_act(
        request,
        lambda data: made.append(seal(month, label, by=request.actor, at=request.now, reason=data["reason"],
                                      seen=data["seen"])),
        form=form,
        done=lambda: reverse("dispatch:edition", args=[made[0].public_id]),
        success=_("Sealed."), title=_("Seal: {label}").format(label=word), object=paper.title_of(month),
        consequence=_("{n} problems are sealed as they stand now and cannot be changed; the municipal government and "
                      "the departments concerned are told.").format(n=lines),
        button=_("Seal the list"), button_icon="lock",
        cancel_url=f"{reverse('dispatch:problem_list')}?month={month}",
    )  # fmt: skip
