"""A form whose security check has lapsed (signed in again elsewhere, a page left open over night).

What was typed is offered again with a fresh token. Only when the request came from our own pages:
otherwise a foreign page could put words into our form and wait for a click.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from . import errors

NEVER_SHOWN = (
    "password",
    "passwd",
    "otp",
    "code",
    "token",
    "secret",
    "csrfmiddlewaretoken",
    "idempotency_key",
)
"""Parts of field names whose values are not put into a page."""


def same_origin(request: HttpRequest) -> bool:
    """The browser says that the form came from this host. No word from it counts as no."""
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    parts = urlsplit(source)
    return bool(parts.netloc) and (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def _secret(name: str) -> bool:
    return any(part in name.lower() for part in NEVER_SHOWN if part != "idempotency_key")


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was typed, in order, without secrets. Files cannot be kept by a browser."""
    return [
        (name, value) for name in request.POST if not _secret(name) for value in request.POST.getlist(name)
    ]


def has_secret(request: HttpRequest) -> bool:
    return any(_secret(name) and name != "csrfmiddlewaretoken" for name in request.POST)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW. To a script of ours: a fresh token in the header, to try once more with."""
    ours = same_origin(request)
    if request.headers.get("HX-Request") == "true" or request.headers.get("Accept", "") == "application/json":
        answer = JsonResponse({"detail": "csrf"}, status=403)
        if ours:
            answer["X-CSRFToken-New"] = get_token(request)
        return answer
    fields = kept(request) if ours else []
    context = {
        "fields": fields,
        "again": bool(fields) and not has_secret(request),
        "files": bool(ours and request.FILES),
        "action": request.get_full_path(),
        "ours": ours,
    }
    return errors.page(request, "403_csrf.html", 403, context)
