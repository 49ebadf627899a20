"""Answers that a person could not use as they come: bare refusals, and a sign-in page put into a pane."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url

from . import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ErrorPagesMiddleware:
    """Gives bare refusals (405 from the decorators, 413, 429) the house's page where a browser asked for one.

    A part of a page asked for after the session has ended would get the sign-in page by redirect and show it in
    a pane; it is told 401 instead, and session.js asks to sign in again in place.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if self._to_sign_in(request, response):
            return HttpResponse(status=401, headers={"X-Session-Expired": "1", "Cache-Control": "no-store"})
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
    def _to_sign_in(request: HttpRequest, response: HttpResponseBase) -> bool:
        if request.headers.get("HX-Request") != "true" or response.status_code not in {301, 302}:
            return False
        target = urlsplit(response.headers.get("Location", "")).path
        return target == resolve_url(settings.LOGIN_URL) and request.path != target

    @staticmethod
    def _bare(request: HttpRequest, response: HttpResponseBase) -> bool:
        wants_page = "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/api/")
        return wants_page and isinstance(response, HttpResponse) and not response.content
