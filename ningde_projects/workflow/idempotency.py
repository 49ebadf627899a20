"""One form, one act: the second click and the repeated request get the first one's answer (security.md, races).

The key row is inserted first, in the transaction of the act itself. A second request with the same key waits on the
unique index until the first has ended, then finds what came of it; a process killed half-way leaves neither the act
nor the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell import errors

from .models import IdempotencyKey

FIELD, HEADER = "idempotency_key", "Idempotency-Key"
#: Not part of what is said: a form shown again carries other ones.
_NOT_HASHED = frozenset({FIELD, "csrfmiddlewaretoken"})
_LOCK_NOT_AVAILABLE = "55P03"
LONGEST_BODY = 100_000

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


class StillRunning(Exception):
    """The first request with this key has not ended yet."""


def once(view: V) -> V:
    """For views that act on POST. Their whole work is one transaction with the key.

    A refusal that the view answers (status 400 and above) is not kept: what it saved stays saved (a draft), and the
    same form may be sent again. An exception undoes everything. Without a key nothing is promised and nothing kept.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = key_of(request)
        if key is None or getattr(request, "actor", None) is None:
            return view(request, *args, **kwargs)
        return _answer(cast(OfficeRequest, request), key, lambda: view(request, *args, **kwargs))

    return cast(V, wrapped)


class Once:
    """The same for class-based views."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        inner: Callable[..., HttpResponseBase] = super().dispatch  # type: ignore[misc]
        return once(inner)(request, *args, **kwargs)


def key_of(request: HttpRequest) -> UUID | None:
    """The key of a form or, for programs, of the header; BadRequest when it is not one."""
    if request.method != "POST":
        return None
    text = request.POST.get(FIELD) or request.headers.get(HEADER, "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as wrong:
        raise BadRequest("malformed idempotency key") from wrong


def _answer(request: OfficeRequest, key: UUID, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    digest = body_digest(request)
    try:
        with transaction.atomic():
            row_id = _claim(request, key, digest)
            if row_id is None:
                return _again(request, IdempotencyKey.objects.get(key=key, user=request.actor.user), digest)
            response = view()
            _keep(row_id, response)
            return response
    except StillRunning:
        return errors.page(request, "workflow/still_running.html", 409)


def _claim(request: OfficeRequest, key: UUID, digest: str) -> int | None:
    """Insert the key; None when it is there already. Waits while another request holds it."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(
                "INSERT INTO workflow_idempotencykey (key, user_id, path, body_digest, created_at, location, body,"
                " content_type, status) VALUES (%s, %s, %s, %s, %s, '', '', '', 0)"
                " ON CONFLICT (key, user_id) DO NOTHING RETURNING id",
                [key, request.actor.user.pk, request.path[:200], digest, request.now],
            )
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") == _LOCK_NOT_AVAILABLE:
                raise StillRunning from error
            raise
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _keep(row_id: int, response: HttpResponseBase) -> None:
    rows = IdempotencyKey.objects.filter(pk=row_id)
    if response.status_code >= 400 or response.streaming:
        rows.delete()
        return
    location = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
    kind = response.headers.get("Content-Type", "")
    body = _json_text(response) if kind.startswith("application/json") else ""
    rows.update(
        status=response.status_code, location=location, body=body, content_type=kind[:60] if body else ""
    )


def _json_text(response: HttpResponseBase) -> str:
    """What a program was answered; an answer of the API renders itself late, so it is asked to now."""
    render = getattr(response, "render", None)
    if render is not None and not getattr(response, "is_rendered", True):
        render()
    content = cast(HttpResponse, response).content
    return content.decode() if len(content) <= LONGEST_BODY else ""


def _again(request: OfficeRequest, kept: IdempotencyKey, digest: str) -> HttpResponseBase:
    """The answer that the first request got; 409 when this one says something else."""
    if (kept.body_digest, kept.path) != (digest, request.path[:200]):
        return errors.page(request, "workflow/other_body.html", 409)
    answer = _replayed(request, kept)
    answer["X-Repeated"] = "1"
    return answer


def _replayed(request: OfficeRequest, kept: IdempotencyKey) -> HttpResponse:
    if kept.body:
        return HttpResponse(kept.body, status=kept.status, content_type=kept.content_type)
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=204)
        # The part of the page that the first answer brought may have been lost with it: load the page anew.
        answer["HX-Redirect" if kept.location else "HX-Refresh"] = kept.location or "true"
        return answer
    answer = HttpResponseRedirect(kept.location or _came_from(request))
    if 300 <= kept.status < 400:
        answer.status_code = kept.status
    return answer


def _came_from(request: HttpRequest) -> str:
    """The page with the form, when it is one of ours."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc == request.get_host():
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return "/"


def body_digest(request: HttpRequest) -> str:
    """sha256 of what is said, independent of the order of the fields and of the parts' boundary."""
    mark = hashlib.sha256()
    for piece in _pieces(request):
        mark.update(len(piece).to_bytes(8, "big") + piece)
    return mark.hexdigest()


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    if not request.content_type or not request.content_type.startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        yield request.body
        return
    for name in sorted(set(request.POST) - _NOT_HASHED):
        yield name.encode("utf-8", "surrogatepass")
        yield from (b"=" + value.encode("utf-8", "surrogatepass") for value in request.POST.getlist(name))
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            yield f"{name}\0{getattr(file, 'name', '')}".encode()
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            yield content.digest()
