"""A list as a file: at once when short, else by a worker with a page that shows how far it is."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell import errors
from ningde_projects.workflow.refusals import WrongState

from ..exports import Export, Params, export_of
from ..lists import CONTENT_TYPES, ListFormat
from ..models import ExportJob
from ..responses import file_response, stored_file_response
from ..services import exports as services
from ..tasks import wake, write_export
from .base import actor_of, refusing

_NOT_FILTERS = {"form", "page", "csrfmiddlewaretoken", "idempotency_key"}


def _export(kind: str) -> Export:
    try:
        return export_of(kind)
    except KeyError as unknown:
        raise Http404 from unknown


def _params(given: QueryDict) -> Params:
    """The filters of the page, bounded."""
    return {
        name[:60]: [value[:200] for value in given.getlist(name)[:50]]
        for name in list(given)[:40]
        if name not in _NOT_FILTERS
    }


def _form(wanted: Export, given: QueryDict) -> ListFormat:
    return "csv" if given.get("form") == "csv" and wanted.book is None else "xlsx"


@require_http_methods(["GET", "POST"])
@refusing
def export(request: OfficeRequest, kind: str) -> HttpResponseBase:
    """GET with the page's filters gives the file, or for a long list the question; POST starts the worker."""
    wanted = _export(kind)
    actor, params, form = actor_of(request), _params(request.GET), _form(wanted, request.GET)
    services.require(wanted, actor, params)
    if request.method == "POST":
        job = services.start(wanted, form, actor, params, request.now)
        wake(write_export, job.pk)
        return redirect("documents:export-job", public_id=job.public_id)
    if not services.is_long(wanted, actor, params):
        written = services.write_now(wanted, form, actor, params, request.now)
        return file_response(written.file, written.name, CONTENT_TYPES[form])
    context = {
        "title": wanted.sheet_for(actor, params).heading(),
        "filter_line": wanted.filter_line(actor, params),
        "count": wanted.count(actor, params),
        "action": request.get_full_path(),
        "back_url": wanted.back_url(params) if wanted.back_url else "/",
    }
    return render(request, "documents/export_start.html", context)


@require_GET
@refusing
def job(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    """How far it is; the part that changes is fetched again while it is being written."""
    found = services.job_of(actor_of(request), public_id)
    wanted = _export(found.kind)
    context = {
        "job": found,
        "is_running": found.state in (ExportJob.State.WAITING, ExportJob.State.RUNNING),
        "is_ready": found.state == ExportJob.State.READY and request.now < found.expires_at,
        "back_url": wanted.back_url(found.params) if wanted.back_url else "/",
    }
    part = request.headers.get("HX-Target") == "export-job"
    name = "documents/inc/export_job.html" if part else "documents/export_job.html"
    return render(request, name, context)


@require_GET
@refusing
def job_file(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    try:
        found = services.hand_out(actor_of(request), public_id, request.now)
    except WrongState:
        return errors.page(request, "404.html", 410)
    form = cast(ListFormat, found.form)
    return stored_file_response(found.file.path, found.file.name or "", found.file_name, CONTENT_TYPES[form])


@require_GET
@refusing
def jobs(request: OfficeRequest) -> HttpResponseBase:
    """One's own exports of the last day."""
    own = ExportJob.objects.filter(requested_by=actor_of(request).user)[:50]
    return render(request, "documents/export_jobs.html", {"jobs": own, "title": _("My exports")})
