"""A form that came after its session was over: sign in, and send it once more. Nothing typed is lost without script.

What was typed travels through the sign-in page in a signed field, together with whose it is: another person who
signs in on the same machine does not get it. The request has passed the CSRF check before it comes here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ningde_projects.organizations.models import User
from ningde_projects.shell.csrf_failure import kept

_SALT = "ningde_projects.signin.resume"
#: Characters of the signed field; beyond this the sign-in form itself would be refused as too large.
LARGEST = 2_000_000


@dataclass(frozen=True)
class Kept:
    """Where the form was sent, and what was typed."""

    path: str
    fields: list[tuple[str, str]]
    files: bool


def packed(request: HttpRequest) -> str:
    """The signed field, or "" when nobody knows whose it is or when it is too large."""
    owner = getattr(request.session, "lapsed_user_id", None)
    if owner is None:
        return ""
    content = {
        "user": owner,
        "path": request.get_full_path(),
        "fields": kept(request),
        "files": bool(request.FILES),
    }
    text = signing.dumps(content, salt=_SALT, compress=True)
    return text if len(text) <= LARGEST else ""


def unpacked(text: str, user: User) -> Kept | None:
    """What was kept, when it is this person's and not older than a session can be."""
    try:
        content = signing.loads(text, salt=_SALT, max_age=8 * 3600)
    except signing.BadSignature:
        return None
    if content["user"] != user.pk:
        return None
    return Kept(content["path"], [(name, value) for name, value in content["fields"]], content["files"])


def offer(request: HttpRequest, lapse: str) -> HttpResponse:
    """The sign-in page in the place of the answer, with what was typed in it."""
    from .views.signing import sign_in_context

    context = sign_in_context(request, kept=packed(request), why=lapse)
    return render(request, "signin/sign_in.html", context, status=401)


def once_more(request: HttpRequest, found: Kept) -> HttpResponse:
    """Signed in again: the form as it was typed, to be sent with one button and a fresh token."""
    return render(request, "signin/resume.html", {"kept": found})
