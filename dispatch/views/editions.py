"""Sealed editions: read, taken out again byte for byte, compared."""

from __future__ import annotations

import io
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ningde_projects.documents.lists import CONTENT_TYPES
from ningde_projects.documents.responses import file_response
from ningde_projects.documents.text import export_file_name
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.workflow.door import record

from ..exports import problem_list as paper
from ..models import Edition
from ..querysets.editions import reads_whole
from ..selectors import editions as read
from ..services.editions import MACHINE
from .problem_list import ROWS, known, workbook


def _edition(request: OfficeRequest, public_id: UUID) -> Edition:
    known(request)
    rows = Edition.objects.visible_to(request.actor).filter(kind=read.KIND).defer("workbook")
    found: Edition = get_object_or_404(rows, public_id=public_id)
    return found


@require_safe
def edition(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The lines in the words of the day of sealing; each reader his own."""
    found = _edition(request, public_id)
    lines = read.lines_for(found, request.actor)
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    return render(request, "dispatch/problem_list/edition.html", {
        "edition": found, "page": page, "total": len(found.content["lines"]), "whole": reads_whole(request.actor),
        "others": [e for e in read.editions_of(request.actor, found.month) if e.pk != found.pk],
        "before": read.earlier(found), "openable": read.openable(list(page), request.actor),
    })  # fmt: skip


@require_safe
def edition_file(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    """The city gets the very bytes that were sealed; everybody else an extract with his lines."""
    found = _edition(request, public_id)
    stem = [paper.title_of(found.month), str(found.get_label_display()), str(found.number)]
    if not reads_whole(request.actor):
        lines = read.lines_for(found, request.actor)
        return workbook(request, found.month, lines, above=_("Extract of edition no. {n}").format(n=found.number),
                        header=_("Extract"), stem=[*stem, _("Extract")])  # fmt: skip
    record(MACHINE, "take_edition", by=request.actor, at=request.now, obj=found,
           data={"sha256": found.sha256, "number": found.number})  # fmt: skip
    name = export_file_name(stem, found.sealed_at, "xlsx")
    return file_response(io.BytesIO(bytes(found.workbook)), name, CONTENT_TYPES["xlsx"])


@require_safe
def edition_compare(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """What came, what went, what changed since an earlier edition of the month."""
    after = _edition(request, public_id)
    asked = request.GET.get("with", "")
    if asked:
        try:
            before: Edition | None = _edition(request, UUID(asked))
        except ValueError as wrong:
            raise Http404 from wrong
    else:
        before = read.earlier(after)
    if before is not None and (before.month != after.month or before.pk == after.pk):
        raise Http404
    if before is not None and before.number > after.number:
        before, after = after, before
    return render(request, "dispatch/problem_list/compare.html", {
        "after": after, "before": before,
        "found": read.compare(before, after, request.actor) if before else None,
        "editions": read.editions_of(request.actor, after.month),
    })  # fmt: skip
