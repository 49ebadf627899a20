"""Telling people: rows of the caller's transaction, one per person and matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from ningde_projects.organizations.models import User

from .kinds import kind_of
from .models import Channel, Delivery, DeliveryState, Notice
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
    """Tell many people, each in his own words (a digest); two or three statements whatever the number."""
    outgoing = kind_of(kind).outgoing
    rows = {
        user.pk: (user, Notice(recipient=user, kind=kind, params=dict(params), url=url, at=at, dedupe=dedupe))
        for user, params, url in messages
    }
    if not rows:
        return 0
    Notice.objects.bulk_create([notice for _, notice in rows.values()], ignore_conflicts=True)
    # Whoever told them before, or at the same moment, won; only rows that are really ours go out.
    ours = Notice.objects.filter(public_id__in=[notice.public_id for _, notice in rows.values()])
    created = list(ours.order_by().values_list("recipient_id", "pk"))
    if outgoing:
        _queue(((rows[recipient][0], pk) for recipient, pk in created), at)
    return len(created)


_TELL = """
WITH {digests},
told AS (
    INSERT INTO notices_notice (public_id, recipient_id, kind, params, url, at, dedupe)
    SELECT gen_random_uuid(), user_id, %(notice_kind)s, params, url, %(notice_at)s, dedupe FROM digest
    ON CONFLICT DO NOTHING RETURNING id, recipient_id
),
queued AS (
    INSERT INTO notices_delivery (public_id, notice_id, channel, address, state, attempts, next_at, error)
    SELECT gen_random_uuid(), told.id, %(email)s, u.email, %(waiting)s, 0, %(notice_at)s, ''
    FROM told JOIN organizations_user u ON u.id = told.recipient_id
    WHERE %(outgoing)s AND u.channels ? %(email)s AND u.email <> '' RETURNING 1
),
answer AS ({answer})
SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM queued), answer.* FROM answer
"""


def notify_digests(
    kind: str, digests: str, values: Mapping[str, Any], *, at: datetime, answer: str
) -> tuple[int, tuple[Any, ...]]:
    """Tell thousands in one statement: `digests` are CTEs of which `digest` has user_id, params, url and dedupe.

    Answers how many were newly told, and the one row of `answer`, a SELECT over the same CTEs. What `notify_each`
    promises holds: once per person and matter, in the caller's transaction, also by e-mail where it is wanted.
    """
    mine: dict[str, Any] = {
        "notice_kind": kind, "notice_at": at, "email": Channel.EMAIL.value, "outgoing": kind_of(kind).outgoing,
        "waiting": DeliveryState.WAITING.value,
    }  # fmt: skip
    with connection.cursor() as cursor:
        # The text is the caller's own and ours; every value goes in as a parameter.
        cursor.execute(_TELL.format(digests=digests, answer=answer), dict(values) | mine)
        told, queued, *found = cursor.fetchone()
    if queued:
        transaction.on_commit(_wake, robust=True)
    return told, tuple(found)


def _queue(pairs: Iterable[tuple[User, int]], at: datetime) -> None:
    deliveries = [
        Delivery(notice_id=notice, channel=channel, address=address, next_at=at)
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
