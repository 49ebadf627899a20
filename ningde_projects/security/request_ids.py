"""One identifier for each request: an error page shows it, and the log line that tells the cause has it."""

import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponseBase

_current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def request_id_of(request: HttpRequest | None) -> str:
    return str(getattr(request, "request_id", ""))


class RequestIdMiddleware:
    """Sets the identifier. A client's own is not taken over: it would be a stranger's text in our log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        token = _current.set(request)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response.headers["X-Request-ID"] = request_id_of(request)
        return response


class RequestIdFilter(logging.Filter):
    """Adds to a log record the identifier of the request in whose service it was written."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id_of(_current.get())
        return True
