"""Puts `now`, a request id and the actor on each request; time is read here and nowhere further in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .actor import Actor, load_actor
from .models import User


class OfficeRequest(HttpRequest):
    """What a view behind the sign-in wall receives."""

    actor: Actor
    now: datetime
    request_id: str


class ActorMiddleware:
    """`request.now`, `request.request_id` and `request.actor` (None when nobody is signed in)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        request.request_id = uuid.uuid4().hex[:16]  # type: ignore[attr-defined]
        request.actor = self._actor(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response

    @staticmethod
    def _actor(request: HttpRequest) -> Actor | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
            return None
        return load_actor(
            request.user,
            request.now,  # type: ignore[attr-defined]
            ip=request.META.get("REMOTE_ADDR", ""),
            request_id=request.request_id,  # type: ignore[attr-defined]
        )
