"""Passwords: changing one's own, and the single-use link by which a person sets one. Nobody sets another's."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from ningde_projects.organizations import policies
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import PastPassword, User
from ningde_projects.workflow.refusals import NotAllowed

from .. import throttle
from ..acts import nobody, note
from ..models import Because, ResetLink
from .sessions import end_sessions


@sensitive_variables("password")
@transaction.atomic
def change_password(request: HttpRequest, password: str, at: datetime) -> None:
    """Give the signed-in person a new password, this session a new key, and end the others.

    Raises ValidationError when a rule is broken. That the old one was known is the caller's to have asked.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    user = User.objects.select_for_update().get(pk=actor.user.pk)
    validate_password(password, user)
    _set(user, password, at)
    update_session_auth_hash(request, user)
    request.session.save()
    ended = end_sessions(user, at=at, because=Because.PASSWORD, keep=request.session.session_key)
    note("password_changed", by=actor, at=at, user=user, data={"others_ended": ended})


@transaction.atomic
def issue_reset_link(user: User, *, by: Actor, at: datetime) -> str:
    """A link that lets the person set a password once within 24 hours; earlier links stop working.

    The system administrator hands it over by a way he trusts (a county bureau the first one of its owners); it is
    shown once and kept nowhere. Raises NotAllowed.
    """
    holder = policies.need(policies.link_right(by, user))
    if by.user.pk == user.pk:
        raise NotAllowed(_("Your own password is changed on your account page."))
    if not user.is_active:
        raise NotAllowed(_("This account is closed."))
    User.objects.select_for_update().get(pk=user.pk)  # two administrators at once: one link after the other
    _open_links(user).update(withdrawn_at=at)
    token = secrets.token_urlsafe(32)
    ResetLink.objects.create(
        user=user,
        digest=ResetLink.digest_of(token),
        issued_by=by.user,
        issued_at=at,
        expires_at=at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    )
    note("reset_link_issued", by=by, at=at, user=user, holder=holder)
    return f"{settings.PUBLIC_BASE_URL}{reverse('signin:reset', args=[token])}"


def link_of(token: str, at: datetime) -> ResetLink | None:
    """The link while it holds, for an account that is open."""
    found = ResetLink.objects.select_related("user").filter(digest=ResetLink.digest_of(token)).first()
    return found if found and found.holds(at) and found.user.is_active else None


@sensitive_variables("password", "token")
@transaction.atomic
def use_reset_link(request: HttpRequest, token: str, password: str, at: datetime) -> bool:
    """Set the password and use the link up; False when it holds no more. Raises ValidationError."""
    found = link_of(token, at)
    if found is None:
        return False
    user = User.objects.select_for_update().get(pk=found.user_id)
    link = ResetLink.objects.select_for_update().get(pk=found.pk)
    if not link.holds(at):  # used by another request in the meantime
        return False
    validate_password(password, user)
    link.used_at = at
    link.save(update_fields=["used_at"])
    _set(user, password, at)
    ended = end_sessions(user, at=at, because=Because.PASSWORD)
    throttle.forgive(user.username)
    note("password_reset", by=nobody(request, at), at=at, user=user, data={"others_ended": ended})
    return True


def _set(user: User, password: str, at: datetime) -> None:
    """Put the old hash aside, so that it is not used again, and keep no more of them than are asked about."""
    if is_password_usable(user.password) and user.password:
        PastPassword.objects.create(user=user, password=user.password, at=at)
    kept = user.past_passwords.order_by("-at", "-pk").values_list("pk", flat=True)[
        : settings.PASSWORD_HISTORY
    ]
    user.past_passwords.exclude(pk__in=list(kept)).delete()
    user.set_password(password)
    user.must_change_password = False
    user.password_changed_at = at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    _open_links(user).update(withdrawn_at=at)


def _open_links(user: User) -> QuerySet[ResetLink]:
    return ResetLink.objects.filter(user=user, used_at__isnull=True, withdrawn_at__isnull=True)
