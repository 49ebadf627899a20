"""Files as answers: always a download, never sniffed, never stored on the way."""

from __future__ import annotations

from typing import IO
from urllib.parse import quote

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from . import conf
from .text import clean_file_name


def file_response(file: IO[bytes], name: str, content_type: str) -> FileResponse:
    """Stream an open file as an attachment under a Chinese name (RFC 5987)."""
    response = FileResponse(file, content_type=content_type)
    guard(response, name)
    return response


def stored_file_response(path: str, relative: str, name: str, content_type: str) -> HttpResponseBase:
    """A file of the private store; nginx sends the bytes when an internal location is configured."""
    prefix = conf.accel_prefix()
    if not prefix:
        return file_response(open(path, "rb"), name, content_type)  # noqa: SIM115  (the response closes it)
    response = HttpResponse(content_type=content_type)
    response["X-Accel-Redirect"] = prefix + quote(relative)
    guard(response, name)
    return response


def guard(response: HttpResponseBase, name: str) -> None:
    response["Content-Disposition"] = content_disposition_header(True, clean_file_name(name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
