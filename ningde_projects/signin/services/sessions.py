"""Beginning, keeping and ending sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import User
from ningde_projects.security.addresses import client_address

from ..acts import note
from ..models import Because, ResetLink, Session
from ..rules import SEEN_SECONDS, duties_mark, limits


def bind(request: HttpRequest, actor: Actor, at: datetime) -> None:
    """Give a fresh session its owner's limits and duties; the clock of its longest time starts now."""
    allowed = limits(actor)
    _rows(request).update(
        user=actor.user,
        started_at=at,
        last_seen_at=at,
        expire_date=at + timedelta(seconds=allowed.longest),
        idle_seconds=allowed.idle,
        duties_mark=duties_mark(actor),
        address=client_address(request)[:45],
        agent=request.headers.get("User-Agent", "")[:200],
    )
    request.session.row = _rows(request).first()  # type: ignore[attr-defined]


def make_room(request: HttpRequest, actor: Actor, at: datetime) -> int:
    """End the longest unused ones beyond what a person may have; this one stays (B15)."""
    others = open_sessions(actor.user, at).exclude(session_key=request.session.session_key)
    surplus = list(others.values_list("pk", flat=True)[limits(actor).at_once - 1 :])
    return _end(Session.objects.filter(pk__in=surplus), at, Because.ELSEWHERE)


def seen(request: HttpRequest, at: datetime) -> None:
    """The person did something: the idle time begins anew."""
    row: Session | None = getattr(request.session, "row", None)
    if row is None or at - row.last_seen_at < timedelta(seconds=SEEN_SECONDS):
        return
    # Never backwards: a clock that was set back must not shorten a session in use.
    _rows(request).filter(last_seen_at__lt=at).update(last_seen_at=at)


def end_sessions(user: User, *, at: datetime, because: Because, keep: str | None = None) -> int:
    """End a person's sessions, but for the one with the key `keep`. Holds from the very next request."""
    return _end(open_sessions(user, at).exclude(session_key=keep or ""), at, because)


@transaction.atomic
def end_own(actor: Actor, public_id: UUID, at: datetime, keep: str | None) -> bool:
    """End one of one's own other sessions; False when there is no such open one."""
    others = open_sessions(actor.user, at).exclude(session_key=keep or "")
    ended = _end(others.filter(public_id=public_id), at, Because.ENDED)
    if ended:
        note("session_ended", by=actor, at=at, user=actor.user, data={"sessions": ended})
    return bool(ended)


@transaction.atomic
def end_others(actor: Actor, at: datetime, keep: str | None) -> int:
    ended = end_sessions(actor.user, at=at, because=Because.ENDED, keep=keep)
    if ended:
        note("session_ended", by=actor, at=at, user=actor.user, data={"sessions": ended})
    return ended


def open_sessions(user: User, at: datetime) -> QuerySet[Session]:
    """Those that still hold, the one used last first."""
    rows = Session.objects.filter(user=user, ended_at__isnull=True, expire_date__gt=at)
    longest = max(settings.SESSION_IDLE_SECONDS, settings.SESSION_IDLE_SECONDS_ADMINISTRATOR)
    recent = rows.filter(last_seen_at__gt=at - timedelta(seconds=longest)).order_by("-last_seen_at", "-pk")
    over = [row.pk for row in recent if row.lapse(at)]
    return recent.exclude(pk__in=over) if over else recent


def sweep(at: datetime) -> int:
    """Drop what is long over. The reason of an ended one is kept as long as its cookie may come back."""
    old = at - timedelta(seconds=settings.SESSION_LONGEST_SECONDS)
    dropped, _ = Session.objects.filter(expire_date__lt=old).delete()
    links, _ = ResetLink.objects.filter(expires_at__lt=at - timedelta(days=30)).delete()
    return dropped + links


def _rows(request: HttpRequest) -> QuerySet[Session]:
    return Session.objects.filter(session_key=request.session.session_key)


def _end(rows: QuerySet[Session], at: datetime, because: Because) -> int:
    """What was in it goes at once; the row stays to say why."""
    keys = list(rows.values_list("pk", flat=True))
    return Session.objects.filter(pk__in=keys).update(ended_at=at, ended_because=because, session_data="")
