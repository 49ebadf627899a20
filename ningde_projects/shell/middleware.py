"""Bare refusals (405 from the decorators, 413 and 429 from below) get the house's page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from . import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ErrorPagesMiddleware:
    """Only where a browser asked for a page and the answer has no body of its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code not in {405, 413, 429} or not self._bare(request, response):
            return response
        retry = response.headers.get("Retry-After", "")
        page = {
            405: lambda: errors.method_not_allowed(request),
            413: lambda: errors.too_large(request),
            429: lambda: errors.too_many(request, int(retry) if retry.isdigit() else 60),
        }[response.status_code]()
        for header in ("Allow",):
            if header in response.headers:
                page[header] = response.headers[header]
        return page

    @staticmethod
    def _bare(request: HttpRequest, response: HttpResponseBase) -> bool:
        wants_page = "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/api/")
        return wants_page and isinstance(response, HttpResponse) and not response.content
