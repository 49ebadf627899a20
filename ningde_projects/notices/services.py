"""Telling people: rows of the caller's transaction, one per person and matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ningde_projects.organizations.models import User

from .kinds import kind_of
from .models import Channel, Delivery, Notice
from .tasks import dispatch_outbox


def notify(
    kind: str,
    recipients: Iterable[User],
    *,
    at: datetime,
    dedupe: str,
    params: Mapping[str, Any] | None = None,
    url: str = "",
) -> int:
    """Tell each recipient once about the matter `dedupe`; answers how many were newly told.

    Runs in the caller's transaction, so nobody is told of what did not happen.
    """
    people = {user.pk: user for user in recipients}
    return notify_each(kind, ((user, params or {}, url) for user in people.values()), at=at, dedupe=dedupe)


def notify_each(
    kind: str, messages: Iterable[tuple[User, Mapping[str, Any], str]], *, at: datetime, dedupe: str
) -> int:
    """Tell many people, each in his own words (a digest); three statements whatever the number."""
    outgoing = kind_of(kind).outgoing
    rows = {
        user.pk: (user, Notice(recipient=user, kind=kind, params=dict(params), url=url, at=at, dedupe=dedupe))
        for user, params, url in messages
    }
    if not rows:
        return 0
    known = set(
        Notice.objects.filter(dedupe=dedupe, recipient__in=rows).values_list("recipient_id", flat=True)
    )
    fresh = [(user, notice) for pk, (user, notice) in rows.items() if pk not in known]
    Notice.objects.bulk_create([notice for _, notice in fresh], ignore_conflicts=True)
    # Whoever told them at the same moment won; only rows that are really ours go out.
    created = list(Notice.objects.filter(public_id__in=[notice.public_id for _, notice in fresh]))
    if outgoing:
        _queue(((rows[notice.recipient_id][0], notice) for notice in created), at)
    return len(created)


def _queue(pairs: Iterable[tuple[User, Notice]], at: datetime) -> None:
    deliveries = [
        Delivery(notice=notice, channel=channel, address=address, next_at=at)
        for user, notice in pairs
        for channel, address in addresses(user)
    ]
    if deliveries:
        Delivery.objects.bulk_create(deliveries)
        transaction.on_commit(_wake, robust=True)


def addresses(user: User) -> list[tuple[str, str]]:
    """Where a person wants to be told, beside the inbox."""
    return [(Channel.EMAIL, user.email)] if Channel.EMAIL in user.channels and user.email else []


def _wake() -> None:
    """A wake-up only: a lost one is made up for by the next tick."""
    dispatch_outbox.delay()


def mark_read(user: User, notices: Iterable[Notice], at: datetime) -> int:
    return Notice.objects.filter(pk__in=[n.pk for n in notices], recipient=user, read_at__isnull=True).update(
        read_at=at
    )
