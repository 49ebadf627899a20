"""Headers that every answer carries and that no library of ours sets."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeadersMiddleware:
    """Keeps pages out of caches and switches off what the product never uses.

    Whoever is signed in gets `no-store` on everything but the fixed files, whatever the view asked for: a
    browser's Back button on a shared office machine must not bring back the previous person's page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        fixed_file = request.path.startswith(settings.STATIC_URL)
        if not fixed_file and (signed_in or "Cache-Control" not in response.headers):
            response.headers["Cache-Control"] = "no-store, private"
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response
