"""Signing in and out. Every try leaves its act in the event log, whoever it was."""

from __future__ import annotations

import logging
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from ningde_projects.organizations.actor import Actor, load_actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import User
from ningde_projects.security.addresses import client_address
from ningde_projects.workflow.refusals import NotAllowed

from .. import factors, throttle
from ..acts import nobody, note
from ..rules import needs_second_factor
from . import sessions

log = logging.getLogger(__name__)

#: In the session: the person's duties ask for a second factor and there is none yet.
FACTOR_MISSING = "factor_missing"


@dataclass(frozen=True)
class Tried:
    """`user` is set when it worked; else `left` tries remain, or the name is `locked`."""

    user: User | None = None
    left: int = 0
    locked: bool = False


def account_name(typed: str) -> str:
    """The name as it is kept: full-width letters, capitals and blanks at the ends make no difference (B1)."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


@sensitive_variables("password", "code")
def sign_in(request: HttpRequest, typed: str, password: str, code: str, at: datetime) -> Tried:
    """Try to sign in. What was wrong is not told apart: name, password, code and closed accounts answer alike."""
    name = account_name(typed)
    user = authenticate(request, username=name, password=password)
    factor = ""
    if isinstance(user, User) and factors.has_factor(user):
        factor = factors.use_code(user, code, at)
        if not factor:
            # Counted like a wrong password: else the code could be guessed without end.
            user_login_failed.send(sender=__name__, credentials={"username": name}, request=request)
            return _failed(request, name, at, "code")
    if not isinstance(user, User):
        return _failed(request, name, at, "password")
    _enter(request, user, at, factor)
    return Tried(user=user)


@transaction.atomic
def _enter(request: HttpRequest, user: User, at: datetime, factor: str) -> None:
    # Nothing of what the browser brought along survives: neither a key that someone else may know, nor data.
    request.session.flush()
    # One after the other: two sign-ins at once must not both find room. (`login` happens to lock the row as well,
    # by writing the time of the last sign-in; nothing promises that it always will.)
    User.objects.select_for_update().get(pk=user.pk)
    login(request, user)
    actor = load_actor(user, at, ip=client_address(request), request_id=getattr(request, "request_id", ""))
    if needs_second_factor(actor) and not factors.has_factor(user):
        request.session[FACTOR_MISSING] = True
    request.session.save()
    sessions.bind(request, actor, at)
    ended = sessions.make_room(request, actor, at)
    request.actor = actor  # type: ignore[attr-defined]
    note("signed_in", by=actor, at=at, user=user, data={"factor": factor, "others_ended": ended})


def _failed(request: HttpRequest, name: str, at: datetime, why: str) -> Tried:
    locked = throttle.is_locked(request)
    if locked and not throttle.newly_locked(request):
        # The record cannot be thinned out again: what is refused during a lock goes into the log only.
        log.warning("sign-in refused during a lock", extra={"address": client_address(request)})
        return Tried(locked=True)
    user = User.objects.filter(username=name).first()
    # A name that does not exist may be a password typed into the wrong field: it is not kept.
    data = {"account": name if user else "", "why": why}
    note("sign_in_failed", by=nobody(request, at), at=at, user=user, data=data)
    if locked:
        note("locked_out", by=nobody(request, at), at=at, user=user, data={"account": data["account"]})
    return Tried(left=throttle.tries_left(request), locked=locked)


@sensitive_variables("password")
def proves(request: HttpRequest, password: str) -> bool:
    """The signed-in person's own password once more. Failures count towards the lock as at sign-in."""
    name = request.user.get_username()
    if authenticate(request, username=name, password=password) == request.user:
        return True
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not throttle.is_locked(request) or throttle.newly_locked(request):
        note(
            "sign_in_failed",
            by=actor,
            at=actor.at,
            user=actor.user,
            data={"account": name, "why": "password"},
        )
    return False


@transaction.atomic
def sign_out(request: HttpRequest, at: datetime) -> None:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None:
        note("signed_out", by=actor, at=at, user=actor.user)
    logout(request)
    request.actor = None  # type: ignore[attr-defined]


@transaction.atomic
def unlock(user: User, *, by: Actor, at: datetime) -> int:
    """Forget a person's failed attempts; the security administrator's to do."""
    if not by.has(Duty.ADMIN_SECURITY):
        raise NotAllowed(_("Only the security administrator may do this."))
    count = throttle.forgive(user.username)
    note("unlocked", by=by, at=at, user=user, data={"rows": count})
    return count
