"""Upload → preview with every error → confirm → result."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.refusals import NotAllowed, Refusal

from ..annotated import annotate
from ..blank_forms import sheet_form
from ..forms import ImportForm, refusal_text
from ..imports import Importer, Params, importer_of
from ..lists import CONTENT_TYPES
from ..models import ImportBatch, LayoutVersion
from ..paper import render_form
from ..problems import CellError, blocking
from ..refusals import FileRefused
from ..responses import file_response
from ..services import imports as services
from ..tasks import read_import, wake
from ..text import export_file_name
from .base import actor_of, refusing, with_params

_SHOWN_ERRORS = 300
_SHOWN_ITEMS = 300


def _importer(request: OfficeRequest, kind: str, params: Params) -> Importer:
    """The registered importer, when this person may use it; all are of the work itself, so administrators know none."""
    try:
        importer = importer_of(kind)
    except KeyError as unknown:
        raise Http404 from unknown
    actor = actor_of(request)
    if actor.is_administrator:
        raise Http404
    reason = importer.refuse(actor, params)
    if reason:
        raise NotAllowed(reason)
    return importer


def _params(request: OfficeRequest, kind: str) -> dict[str, str]:
    try:
        names = importer_of(kind).params
    except KeyError as unknown:
        raise Http404 from unknown
    return {name: request.GET[name][:100] for name in names if name in request.GET}


def _own(request: OfficeRequest, kind: str, public_id: UUID) -> ImportBatch:
    return ImportBatch.objects.get(public_id=public_id, kind=kind, uploaded_by=actor_of(request).user)


def _back(importer: Importer, params: Params) -> str:
    return importer.back_url(params) if importer.back_url else "/"


def _start(importer: Importer, params: Params) -> str:
    if importer.start_url:
        return importer.start_url(params)
    return with_params(reverse("documents:import-start", args=[importer.kind]), dict(params))


@require_http_methods(["GET", "POST"])
@refusing
def start(request: OfficeRequest, kind: str) -> HttpResponseBase:
    """The upload page; a file that is no table of ours is refused here, beside the field."""
    params = _params(request, kind)
    importer = _importer(request, kind, params)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*sent, takes_csv=importer.takes_csv)
    if form.is_valid():
        try:
            batch = services.receive(
                importer, form.cleaned_data["file"], actor_of(request), request.now, params
            )
        except FileRefused as refused:
            form.add_error("file", refusal_text(refused))
        else:
            if batch.state == ImportBatch.State.WAITING:
                wake(read_import, batch.pk)
            return redirect("documents:import-batch", kind=kind, public_id=batch.public_id)
    columns = [column for column in importer.sheet.columns if column.editable] if importer.sheet else []
    context = {
        "importer": importer,
        "form": form,
        "columns": columns,
        "back_url": _back(importer, params),
        "template_url": with_params(reverse("documents:import-template", args=[kind]), params),
    }
    return render(request, "documents/import_start.html", context, status=422 if form.is_bound else 200)


@require_GET
@refusing
def template(request: OfficeRequest, kind: str) -> HttpResponseBase:
    """The form to fill in: the app's own (filled), or a blank one."""
    params = _params(request, kind)
    importer = _importer(request, kind, params)
    actor, at = actor_of(request), request.now
    if importer.template is not None:
        book = importer.template(actor, at, params)
    elif importer.sheet is not None:
        book = sheet_form(importer.sheet)
    else:
        choices = importer.choices(actor, at, params) if importer.choices else {}
        layout = LayoutVersion.current(importer.layout, local_date(at))
        book = render_form(layout, {}, choices=choices, fill=True)
    target = tempfile.TemporaryFile(prefix="nd-export-")  # noqa: SIM115  (the response closes it)
    book.save(target)
    target.seek(0)
    return file_response(target, export_file_name([str(importer.title)], at, "xlsx"), CONTENT_TYPES["xlsx"])


@require_GET
@refusing
def batch(request: OfficeRequest, kind: str, public_id: UUID) -> HttpResponseBase:
    """Preview, errors or result, whichever the batch has come to."""
    found = _own(request, kind, public_id)
    importer = _importer(request, kind, found.params)
    return render(request, "documents/import_batch.html", _batch_context(importer, found, request))


def _batch_context(importer: Importer, found: ImportBatch, request: OfficeRequest) -> dict[str, Any]:
    errors = [CellError.from_json(data) for data in found.errors]
    wrong = blocking(errors)
    count = found.counts.get("create", 0) + found.counts.get("update", 0)
    changing = [item for item in found.plan if item["action"] in ("create", "update")]
    return {
        "importer": importer,
        "batch": found,
        "can_confirm": found.is_open(request.now),
        "is_over": found.state == found.State.PREVIEWED and not found.is_open(request.now),
        "errors": wrong[:_SHOWN_ERRORS],
        "error_count": len(wrong),
        "questions": [error for error in errors if error.is_question][:_SHOWN_ERRORS],
        "items": changing[:_SHOWN_ITEMS],
        "item_count": count,
        "button": importer.button(found.params, count) if importer.button else "",
        "told": importer.told(found.params, found.result) if importer.told and found.result else "",
        "start_url": _start(importer, found.params),
        "back_url": _back(importer, found.params),
        "changed": request.GET.get("changed") == "1",
        "refusal": request.session.pop(f"import-refusal-{found.public_id}", ""),
    }


@require_POST
@refusing
def confirm(request: OfficeRequest, kind: str, public_id: UUID) -> HttpResponseBase:
    """Carry the plan out once; what cannot be done any more is shown on the same page."""
    found = _own(request, kind, public_id)
    importer = _importer(request, kind, found.params)
    url = reverse("documents:import-batch", args=[kind, public_id])
    try:
        done = services.commit(found, importer, actor_of(request), request.now)
    except NotAllowed:
        raise
    except (Refusal, FileRefused) as refused:
        reason = refusal_text(refused) if isinstance(refused, FileRefused) else str(refused)
        request.session[f"import-refusal-{public_id}"] = reason
        return redirect(url)
    return redirect(f"{url}?changed=1" if done.outcome == "changed" else url)


@require_GET
@refusing
def findings(request: OfficeRequest, kind: str, public_id: UUID) -> HttpResponseBase:
    """The uploaded workbook with every finding marked in its cell."""
    found = _own(request, kind, public_id)
    _importer(request, kind, found.params)
    if not found.file:
        raise FileNotFoundError(found.public_id)
    errors = [CellError.from_json(data) for data in found.errors]
    file = annotate(Path(found.file.path), found.file_kind, errors)
    name = export_file_name(
        [found.original_name.rpartition(".")[0], _("Result of the check")], request.now, "xlsx"
    )
    return file_response(file, name, CONTENT_TYPES["xlsx"])
