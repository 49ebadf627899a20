"""The outbox: leased, sent, then marked; tried again after failure, given up after a day (security.md F8).

Celery is only the wake-up. A sender that dies in the middle leaves a lease that runs out, and the message goes out
again with the same identity, so that a receiver can drop the second.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from . import channels
from .kinds import kind_of, worded
from .models import Delivery, DeliveryState

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BATCH = 50
#: Minutes to wait after the n-th failure; after a day of failing it is given up and an administrator sees it.
WAITS = (1, 2, 5, 15, 60, 240)
GIVE_UP_AFTER = timedelta(days=1)


def dispatch(at: datetime) -> int:
    """Send what is due; answers how many went out. Safe to run in several workers at once."""
    sent = 0
    for delivery in _lease(at):
        sent += _send(delivery, at)
    return sent


def _lease(at: datetime) -> list[Delivery]:
    """Take up to a batch for a minute; rows that another sender holds are skipped."""
    with transaction.atomic():
        due = list(
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state__in=[DeliveryState.WAITING, DeliveryState.FAILED], next_at__lte=at)
            .exclude(leased_until__gt=at)
            .select_related("notice__recipient", "digest__organisation")
            .order_by("next_at", "pk")[:BATCH]
        )
        Delivery.objects.filter(pk__in=[d.pk for d in due]).update(leased_until=at + LEASE)
    return due


def _send(delivery: Delivery, at: datetime) -> int:
    try:
        with translation.override(_language(delivery)):
            channels.send(
                delivery.channel, address_of(delivery), *wording(delivery), key=str(delivery.public_id)
            )
    except channels.ChannelError as failure:
        _failed(delivery, str(failure), at)
        return 0
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.SENT, sent_at=timezone.now(), leased_until=None, error=""
    )
    return 1


def _failed(delivery: Delivery, error: str, at: datetime) -> None:
    first = delivery.first_tried_at or at
    over = at - first >= GIVE_UP_AFTER
    wait = timedelta(minutes=WAITS[min(delivery.attempts, len(WAITS) - 1)])
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.DEAD if over else DeliveryState.FAILED,
        attempts=delivery.attempts + 1,
        first_tried_at=first,
        next_at=at + wait,
        leased_until=None,
        error=error[:500],
    )
    log.warning("delivery failed", extra={"delivery": str(delivery.public_id), "channel": delivery.channel})


def resend(delivery: Delivery, at: datetime) -> None:
    """Try a given-up message again from the start."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.WAITING, attempts=0, first_tried_at=None, next_at=at, leased_until=None
    )


def address_of(delivery: Delivery) -> str:
    """A person's address stands in the row; a group chat's stays with its organisation."""
    if delivery.digest is not None:
        return delivery.digest.organisation.chat_address
    return delivery.address


def _language(delivery: Delivery) -> str:
    notice = delivery.notice
    return (notice.recipient.language if notice else "") or settings.LANGUAGE_CODE


def wording(delivery: Delivery) -> tuple[str, str]:
    """Title and text of a message, in the reader's language, with the way into the system."""
    if delivery.digest is not None:
        lines = [worded(kind_of(line["kind"]).title, line["params"]) for line in delivery.digest.lines]
        return str(lines[0]) if len(lines) == 1 else f"{lines[0]} …", "\n".join(lines)
    notice = delivery.notice
    if notice is None:
        raise ValueError("a delivery is of a notice or of a digest")
    kind = kind_of(notice.kind)
    text = f"{worded(kind.body, notice.params)}\n{settings.PUBLIC_BASE_URL}{notice.url}"
    return worded(kind.title, notice.params), text
