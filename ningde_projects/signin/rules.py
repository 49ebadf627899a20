"""The figures of a sign-in (security.md, "sign-in") on plain values; every one is a setting."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import User

#: How finely "last seen" is kept. Writing it with each of a page's requests would cost more than it tells.
SEEN_SECONDS = 10


@dataclass(frozen=True)
class Limits:
    """`idle` and `longest` in seconds; `at_once` is how many sessions a person may have."""

    idle: int
    longest: int
    at_once: int


def limits(actor: Actor | None) -> Limits:
    """Administrators have shorter ones (B9, B15)."""
    if actor is not None and actor.is_administrator:
        return Limits(
            settings.SESSION_IDLE_SECONDS_ADMINISTRATOR,
            settings.SESSION_LONGEST_SECONDS,
            settings.SESSIONS_AT_ONCE_ADMINISTRATOR,
        )
    return Limits(settings.SESSION_IDLE_SECONDS, settings.SESSION_LONGEST_SECONDS, settings.SESSIONS_AT_ONCE)


def duties_mark(actor: Actor) -> str:
    """A person's own duties as one short text: another text means other duties.

    Delegated ones do not count: a deputy's work must not break off because somebody's leave begins, and his rights
    are read anew with each request anyway.
    """
    own = sorted(f"{held.duty}@{held.organisation.pk}" for held in actor.held if held.principal is None)
    return hashlib.sha256("\n".join(own).encode()).hexdigest()[:32]


def password_must_change(user: User, at: datetime) -> bool:
    """First sign-in, or older than the age allowed (B3). Sample people share a password on purpose."""
    if user.must_change_password:
        return True
    days = settings.PASSWORD_MAX_AGE_DAYS
    if not days or user.is_sample or user.password_changed_at is None:
        return False
    return at - user.password_changed_at > timedelta(days=days)


def needs_second_factor(actor: Actor) -> bool:
    """By duty, own or delegated (B8); sample people are never asked."""
    return not actor.user.is_sample and bool(actor.duties & set(settings.SECOND_FACTOR_DUTIES))
