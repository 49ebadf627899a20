"""Puts `now` and the actor on each request; time is read here and nowhere further in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from ningde_projects.security.addresses import client_address

from .actor import Actor, load_actor
from .business import is_hidden
from .models import User


class OfficeRequest(HttpRequest):
    """What a view behind the sign-in wall receives."""

    actor: Actor
    now: datetime
    request_id: str


class ActorMiddleware:
    """`request.now` and `request.actor` (None when nobody is signed in).

    Rows that a request changes are tied to its acts by one context of the row history; a refusal that a view let
    through becomes its page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        if not getattr(request, "request_id", ""):
            request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        actor = request.actor = self._actor(request)  # type: ignore[attr-defined]
        with _changes(request, actor):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> None:
        match = request.resolver_match
        if is_hidden(request.actor, match.namespace if match else "", view):  # type: ignore[attr-defined]
            raise Http404

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        from ningde_projects.workflow.acting import refused_page
        from ningde_projects.workflow.refusals import Refusal

        return refused_page(request, exception) if isinstance(exception, Refusal) else None

    @staticmethod
    def _actor(request: HttpRequest) -> Actor | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
            return None
        actor = load_actor(
            request.user,
            request.now,  # type: ignore[attr-defined]
            ip=client_address(request),
            request_id=request.request_id,  # type: ignore[attr-defined]
        )
        _name_own_office(actor)
        return actor


def _name_own_office(actor: Actor) -> None:
    """The person's own office came with the duties held for it; the head of every page needs not ask again."""
    own = next((h.organisation for h in actor.held if h.organisation.pk == actor.user.organisation_id), None)
    if own is not None:
        actor.user.organisation = own


def _changes(request: HttpRequest, actor: Actor | None) -> AbstractContextManager[None]:
    """Looking changes rows too: what is opened notes by whom."""
    from ningde_projects.workflow import history

    user = actor.user.pk if actor else None
    return history.changes(user=user, request_id=request.request_id, url=request.path)  # type: ignore[attr-defined]
