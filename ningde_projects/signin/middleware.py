"""The wall: who is not signed in gets the sign-in page, and a session that is over is over for every request.

Deny by default: a view that anyone may open says so with `login_not_required`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ningde_projects.organizations.models import User

from . import resume
from .models import Because, Session
from .rules import duties_mark, password_must_change
from .services import sessions
from .services.signing import FACTOR_MISSING
from .store import SessionStore

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class SignInMiddleware:
    """After ActorMiddleware, in the place of Django's LoginRequiredMiddleware."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.session_lapse = _settled(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.session_lapse and response.status_code in {401, 403} and wants_no_page(request):  # type: ignore[attr-defined]
            response["X-Session-Expired"] = "1"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        needs_sign_in = getattr(view, "login_required", True)
        if request.user.is_authenticated:
            first = _first_thing(request)
            # An API's views ask for a person themselves; Django's mark does not make them public.
            public = not needs_sign_in and not hasattr(view, "cls")
            here = request.resolver_match.view_name if request.resolver_match else ""
            return _sent_to(request, first) if first and not public and here != first else None
        return _kept_out(request) if needs_sign_in else None


def _settled(request: HttpRequest) -> str:
    """End what has to end, note that the others are in use; answers why a session that came along is over."""
    store = request.session
    if not isinstance(store, SessionStore) or not store.session_key and not store.lapse:
        return ""
    row = store.row
    if not isinstance(request.user, User):
        if row is None or row.user_id:  # a key without a session, or whose owner may not come in any more
            store.flush()
            return store.lapse or Because.GONE
        return ""
    actor, at = request.actor, request.now  # type: ignore[attr-defined]
    if row is not None and not row.duties_mark:
        sessions.bind(request, actor, at)
    elif row is not None and row.duties_mark != duties_mark(actor):
        return _end(request, row)
    if "X-Background" not in request.headers:
        sessions.seen(request, at)
    return ""


def _end(request: HttpRequest, row: Session) -> str:
    """Duties were given or taken: the person signs in anew and sees what is his now."""
    store = request.session
    sessions.end_sessions(request.user, at=request.now, because=Because.DUTY)  # type: ignore[arg-type, attr-defined]
    store.flush()
    store.lapsed_user_id = row.user_id  # type: ignore[attr-defined]
    request.user = AnonymousUser()
    request.actor = None  # type: ignore[attr-defined]
    return Because.DUTY


def wants_no_page(request: HttpRequest) -> bool:
    """Asked for by a script, which can do nothing with a sign-in page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        or "X-Background" in headers
        or headers.get("Sec-Fetch-Dest") == "empty"
        or headers.get("Accept", "").startswith("application/json")
    )


def _kept_out(request: HttpRequest) -> HttpResponseBase:
    if wants_no_page(request):
        return HttpResponse(status=401, headers={"X-Session-Expired": "1", "Cache-Control": "no-store"})
    lapse: str = request.session_lapse  # type: ignore[attr-defined]
    if request.method == "POST" and lapse:
        return resume.offer(request, lapse)
    # A form's address is often no page of its own: after signing in, begin at home.
    wanted = {"next": request.get_full_path()} if request.method in {"GET", "HEAD"} else {}
    query = urlencode(
        {key: value for key, value in (wanted | {"why": lapse}).items() if value and value != "/"}
    )
    return HttpResponseRedirect(reverse("signin:sign_in") + (f"?{query}" if query else ""))


def _first_thing(request: HttpRequest) -> str:
    """What has to be done before anything else: a new password, then the second factor."""
    user = request.user
    if isinstance(user, User) and password_must_change(user, request.now):  # type: ignore[attr-defined]
        return "signin:password"
    return "signin:factor" if request.session.get(FACTOR_MISSING) else ""


def _sent_to(request: HttpRequest, name: str) -> HttpResponseBase:
    url = reverse(name)
    if not wants_no_page(request):
        return HttpResponseRedirect(url)
    words = (
        _("First change your password.")
        if name == "signin:password"
        else _("Set up the second factor first.")
    )
    return JsonResponse({"detail": words}, status=403, headers={"HX-Redirect": url})
