"""Pages for what went wrong. Each says what happened, what was kept, and the ways on; none names a hidden
record.

A part of a page (htmx) gets the same words as a fragment; app.js shows it in the dialog.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .actor import actor_of, now_of

logger = logging.getLogger("ningde_projects.refusals")

Text = str | Promise
FRAGMENT_HEADER = "X-Shell-Error"
"""Tells app.js that the body is a refusal to be shown in the dialog."""


def reference(status: int, at: datetime) -> str:
    """403-20261105-143208-7F2A: status, local time, four random digits; the same number is in the log."""
    return f"{status}-{timezone.localtime(at):%Y%m%d-%H%M%S}-{secrets.token_hex(2).upper()}"


def page(
    request: HttpRequest,
    template: str,
    status: int,
    context: dict[str, Any] | None = None,
    *,
    retry_after: int = 0,
) -> HttpResponse:
    at = now_of(request)
    number = reference(status, at)
    actor = actor_of(request)
    logger.warning(
        "refused",
        extra={
            "status": status,
            "reference": number,
            "path": request.path,
            "user": getattr(actor and actor.user, "pk", None),
        },
    )
    part = request.headers.get("HX-Request") == "true"
    known = {
        "reference": number,
        "at": at,
        "status": status,
        "error_base": "shell/error_fragment.html" if part else "shell/error.html",
    }
    response = render(request, template, {**(context or {}), **known}, status=status)
    if part:
        response[FRAGMENT_HEADER] = "1"
    response["Cache-Control"] = "no-store"
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; what was too large is 413 with the limit said."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return page(request, "400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the reason our own policies gave, in their words; nothing about the record."""
    reason = str(exception) if isinstance(exception, PermissionDenied) else ""
    return page(request, "403.html", 403, {"reason": reason})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for what does not exist and for what this person may not know of: the same words."""
    return page(request, "404.html", 404)


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    return page(request, "405.html", 405)


def too_large(request: HttpRequest) -> HttpResponse:
    return page(request, "413.html", 413)


def too_many(request: HttpRequest, retry_after: int) -> HttpResponse:
    """429; ``retry_after`` in seconds."""
    return page(request, "429.html", 429, {"minutes": max(1, -(-retry_after // 60))}, retry_after=retry_after)


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that both have changed: what stands there now, and what this person typed."""

    label: Text
    theirs: Text
    mine: Text


def stale(
    request: HttpRequest, *, changed: Sequence[Changed], url: str, by: Text = "", at: datetime | None = None
) -> HttpResponse:
    """409: someone else has saved in between. Shows both texts; what was typed can be copied, nothing is
    lost.
    """
    return page(request, "409.html", 409, {"changed": changed, "url": url, "by": by, "changed_at": at})


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without context processors, database or session: it must stand when everything else has fallen."""
    number = reference(500, timezone.now())
    logger.error("server error", extra={"status": 500, "reference": number, "path": request.path})
    try:
        sheet = static("app.css")
    except ValueError:  # the manifest does not know the file
        sheet = ""
    headers = {"Cache-Control": "no-store", "X-Error-Reference": number}
    words = {"reference": number, "sheet": sheet, "title": _("Something went wrong on our side")}
    return HttpResponse(render_to_string("500.html", words), status=500, headers=headers)
