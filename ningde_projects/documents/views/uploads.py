"""Attachments of a record: list, add, remove, download. Adding is a request of its own, so that a file
survives an error in any other field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell.dialogs import in_dialog, leave, render_dialog
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from ..attachments import attachments_of
from ..forms import AttachmentForm, refusal_text
from ..models import Attachment
from ..refusals import FileRefused
from ..responses import stored_file_response
from ..services import uploads as services
from .base import actor_of, here, refusing, safe_next


@require_http_methods(["GET", "POST"])
@refusing
def add(request: OfficeRequest, subject_type: str, subject_id: UUID) -> HttpResponseBase:
    """The upload form, in a dialog or as a page; answers 422 with the reason beside the field."""
    actor = actor_of(request)
    services.require_change(actor, subject_type, subject_id)
    form = AttachmentForm(request.POST, request.FILES) if request.method == "POST" else AttachmentForm()
    added: Attachment | None = None
    if form.is_valid():
        try:
            added = services.receive(
                form.cleaned_data["file"],
                subject_type,
                subject_id,
                actor=actor,
                at=request.now,
                declared=True,
            )
        except FileRefused as refused:
            form.add_error("file", refusal_text(refused))
        except RuleBroken as refused:
            form.add_error("declared", str(refused))
    if added is not None and not in_dialog(request):
        return redirect(
            safe_next(request, reverse("documents:attachment-add", args=[subject_type, subject_id]))
        )
    context = _context(request, subject_type, subject_id) | {
        "form": AttachmentForm() if added else form,
        "added": added,
        "next": safe_next(request, ""),
        "action": request.get_full_path(),
    }
    status = 422 if form.is_bound and added is None else 200
    response = render_dialog(request, "documents/attachment_add.html", context, status=status)
    if added is not None:
        response["HX-Trigger"] = "nd:attachments"
    return response


@require_GET
@refusing
def listing(request: OfficeRequest, subject_type: str, subject_id: UUID) -> HttpResponseBase:
    """The list of files, fetched again after an upload or a removal."""
    context = _context(request, subject_type, subject_id) | {"here": here(request)}
    return render(request, "documents/inc/attachments.html", context)


def _context(request: OfficeRequest, subject_type: str, subject_id: UUID) -> dict[str, Any]:
    return {"files": attachments_of(actor_of(request), subject_type, subject_id)}


@require_http_methods(["GET", "POST"])
@refusing
def remove(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    """Asks, then takes the file off the record."""
    actor = actor_of(request)
    attachment = services.readable(actor, public_id)
    services.require_change(actor, attachment.subject_type, attachment.subject_id)
    next_url = safe_next(
        request, reverse("documents:attachment-add", args=[attachment.subject_type, attachment.subject_id])
    )
    if request.method == "POST":
        services.remove(actor, public_id, request.now)
        return leave(request, next_url)
    context = {
        "title": _("Remove the file"),
        "object": attachment.original_name,
        "consequence": _("Nobody will see it here any more. The record keeps that it was there."),
        "button": pgettext("file", "Remove"),
        "button_icon": "trash",
        "danger": True,
        "cancel_url": next_url,
    }
    return render_dialog(request, "shell/confirm.html", context)


@require_GET
@refusing
def download(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    try:
        attachment = services.hand_out(actor_of(request), public_id, request.now)
    except WrongState as blocked:
        raise PermissionDenied(str(blocked)) from blocked
    file = attachment.file
    return stored_file_response(file.path, file.name or "", attachment.original_name, attachment.content_type)
