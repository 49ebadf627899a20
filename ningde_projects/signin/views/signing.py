"""The sign-in page, the same in place while a page is open, the lock-out, and signing out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing as signatures
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ningde_projects.organizations.models import User
from ningde_projects.shell.actor import now_of

from .. import resume, selectors, throttle
from ..forms import SignInForm
from ..models import Because
from ..services import signing as services
from . import language

#: Who was signed in here, so that the same person goes on in place. Only the page in place is sent it.
AGAIN_COOKIE = "nd_again"
_AGAIN_SALT = "ningde_projects.signin.again"
MINUTES = settings.AXES_COOLOFF_TIME.total_seconds() // 60

WHY = {
    Because.IDLE: _("Nothing was done for a while, so you have been signed out. Please sign in again."),
    Because.LIMIT: _("You have been signed in for the longest time allowed. Please sign in again."),
    Because.ELSEWHERE: _(
        "This account has signed in elsewhere. If that was not you, sign in and change the password."
    ),
    Because.PASSWORD: _("The password of this account was changed. Please sign in with the new one."),
    Because.FACTOR: _("The second factor of this account was changed. Please sign in again."),
    Because.DUTY: _("Your duties have changed. Please sign in again."),
    Because.ENDED: _("This session was ended from another one of yours. Please sign in again."),
    Because.GONE: _("Your sign-in is no longer valid. Please sign in again."),
}
DONE = {
    "out": _("You are signed out now."),
    "password": _("The new password is set. Please sign in with it."),
}


def inside(request: HttpRequest, target: str) -> str:
    """Where to go next if that is a page of ours, else home (B42)."""
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours and target.startswith("/") else "/"


def sign_in_context(
    request: HttpRequest,
    form: SignInForm | None = None,
    *,
    kept: str = "",
    why: str = "",
    left: int | None = None,
) -> dict[str, Any]:
    """What signin/sign_in.html is given; `left` after a failure: the tries that remain."""
    return {
        "form": form or SignInForm(),
        "schedule": selectors.schedule(now_of(request)),
        "next": inside(request, request.POST.get("next", "") or request.GET.get("next", "")),
        "kept": kept,
        "why": WHY.get(why, ""),  # type: ignore[call-overload]
        "done": DONE.get(request.GET.get("done", ""), ""),
        **failure_context(left),
    }


def failure_context(left: int | None) -> dict[str, Any]:
    return {"left": left, "limit": settings.AXES_FAILURE_LIMIT, "minutes": int(MINUTES)}


@login_not_required
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(inside(request, request.GET.get("next", "")))
        context = sign_in_context(request, why=request.GET.get("why", ""))
        return render(request, "signin/sign_in.html", context)
    form = SignInForm(request.POST)
    kept = request.POST.get("kept", "")
    if not form.is_valid():
        return render(request, "signin/sign_in.html", sign_in_context(request, form, kept=kept), status=422)
    tried = _try(request, form)
    if tried.user is None:
        # During a lock AxesMiddleware puts the lock-out page (`locked`, below) in the place of this one.
        context = sign_in_context(request, form, kept=kept, left=tried.left)
        return render(request, "signin/sign_in.html", context, status=422)
    found = resume.unpacked(kept, tried.user) if kept else None
    if found:
        return _welcome(resume.once_more(request, found), request, tried.user)
    return _welcome(HttpResponseRedirect(inside(request, request.POST.get("next", ""))), request, tried.user)


def _try(request: HttpRequest, form: SignInForm) -> services.Tried:
    data = form.cleaned_data
    return services.sign_in(request, data["username"], data["password"], data["code"], now_of(request))


def _welcome(response: HttpResponse, request: HttpRequest, user: User) -> HttpResponse:
    """The person's language comes along to every machine; the page in place learns who was here."""
    language.keep(request, response, user.language)
    response.set_cookie(
        AGAIN_COOKIE,
        signatures.dumps(user.username, salt=_AGAIN_SALT),
        path=reverse("signin:again"),
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )
    return response


def _who_was_here(request: HttpRequest) -> str:
    try:
        return str(signatures.loads(request.COOKIES.get(AGAIN_COOKIE, ""), salt=_AGAIN_SALT))
    except signatures.BadSignature:
        return ""


@login_not_required
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """In a dialog over the page that was open: 204 and a fresh token when in, 422 and the fragment when not.

    Only the person who was signed in here goes on in place: what waits to be saved was typed by him.
    """
    known = _who_was_here(request)
    if request.method != "POST":
        return _fragment(request, SignInForm(initial={"username": known}), known)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _fragment(request, form, known, status=422)
    if known and services.account_name(form.cleaned_data["username"]) != known:
        form.add_error(
            "username", _("Go on with the account that was signed in here; others sign in on a new page.")
        )
        return _fragment(request, form, known, status=422)
    tried = _try(request, form)
    if tried.user is None:
        return _fragment(request, form, known, status=422, left=tried.left)
    response = HttpResponse(status=204)
    response["X-CSRFToken-New"] = get_token(request)
    return _welcome(response, request, tried.user)


def _fragment(
    request: HttpRequest,
    form: SignInForm,
    known: str,
    *,
    status: int = 200,
    left: int | None = None,
    lock: int = 0,
) -> HttpResponse:
    context = {"form": form, "known": known, "lock": lock, **failure_context(left)}
    return render(request, "signin/again.html", context, status=status)


def locked(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """AXES_LOCKOUT_CALLABLE: the same for every name, whether it exists or not (B7)."""
    seconds = throttle.seconds_left(request, now_of(request))
    minutes = max(1, -(-seconds // 60))
    match = request.resolver_match
    if match is not None and match.view_name == "signin:again":
        page = _fragment(request, SignInForm(request.POST), _who_was_here(request), status=422, lock=minutes)
    else:
        context = {"minutes": minutes, "limit": settings.AXES_FAILURE_LIMIT}
        page = render(request, "signin/locked.html", context, status=settings.AXES_HTTP_RESPONSE_CODE)
    page["Retry-After"] = str(seconds)
    page["Cache-Control"] = "no-store"
    return page


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    services.sign_out(request, now_of(request))
    response = HttpResponseRedirect(f"{reverse('signin:sign_in')}?done=out")
    response.delete_cookie(AGAIN_COOKIE, path=reverse("signin:again"), samesite="Strict")
    return response
