"""A person's language, kept in the cookie from which the pages take it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def keep(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """Set the cookie when it is one of our languages; none chosen leaves the browser's own."""
    if language not in dict(settings.LANGUAGES):
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
