"""The outbox: leased, sent, then marked; tried again after failure, given up after a day (security.md F8).

Celery is only the wake-up. A sender that dies in the middle leaves a lease that runs out, and the message goes out
again with the same identity, so that a receiver can drop the second. An attempt counts from before it is made, so that
a message that kills its sender is given up too.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from . import channels
from .kinds import kind_of, worded
from .models import Delivery, DeliveryState

log = logging.getLogger(__name__)

#: Longer than any sending lasts (`channels.TOTAL` cuts it off as a whole), so that nobody sends what another one still
#: sends.
LEASE = timedelta(seconds=90)
#: One run sends no more than this, and begins nothing after this time: the next wake-up goes on.
BATCH = 50
RUN = timedelta(seconds=45)
#: Minutes to wait after the n-th failure; after a day of failing it is given up and an administrator sees it.
WAITS = (1, 2, 5, 15, 60, 240)
GIVE_UP_AFTER = timedelta(days=1)
#: More than fit into that day: so many are made only of a message whose sender dies each time.
MOST_ATTEMPTS = 20


def dispatch(at: datetime) -> int:
    """Send what is due; answers how many went out. Safe to run in several workers at once."""
    begun = time.monotonic()
    sent = 0
    for _number in range(BATCH):
        spent = timedelta(seconds=time.monotonic() - begun)
        delivery = _lease(at + spent) if spent < RUN else None
        if delivery is None:
            break
        sent += _send(delivery, at + spent)
    return sent


def _lease(at: datetime) -> Delivery | None:
    """Take the next one that is due, right before it is sent; what another sender holds is skipped."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state__in=[DeliveryState.WAITING, DeliveryState.FAILED], next_at__lte=at)
            .exclude(leased_until__gt=at)
            .select_related("notice__recipient", "digest__organisation")
            .order_by("next_at", "pk")
            .first()
        )
        if delivery is not None:
            delivery.leased_until = at + LEASE
            delivery.attempts += 1
            delivery.first_tried_at = delivery.first_tried_at or at
            delivery.save(update_fields=["leased_until", "attempts", "first_tried_at"])
    return delivery


def _send(delivery: Delivery, at: datetime) -> int:
    if delivery.attempts > MOST_ATTEMPTS:
        _failed(delivery, "interrupted", at)
        return 0
    office = delivery.digest.organisation if delivery.digest else None
    try:
        with translation.override(_language(delivery)):
            channels.send(
                delivery.channel, address_of(delivery), *wording(delivery), key=str(delivery.public_id),
                secret=office.chat_secret if office else "",
            )  # fmt: skip
    except channels.ChannelError as failure:
        _failed(delivery, str(failure), at)
        return 0
    except Exception as fault:
        # A message that cannot be worded or addressed must not keep back those behind it.
        log.exception("delivery broken", extra={"delivery": str(delivery.public_id)})
        _failed(delivery, type(fault).__name__, at)
        return 0
    return _settle(delivery, state=DeliveryState.SENT, sent_at=timezone.now(), error="")


def _settle(delivery: Delivery, **facts: Any) -> int:
    """Write how it ended, if the lease is still ours; another sender that took it over writes its own end."""
    held = Delivery.objects.filter(pk=delivery.pk, leased_until=delivery.leased_until)
    return held.update(leased_until=None, **facts)


def _failed(delivery: Delivery, error: str, at: datetime) -> None:
    first = delivery.first_tried_at or at
    over = delivery.attempts > MOST_ATTEMPTS or at - first >= GIVE_UP_AFTER
    wait = timedelta(minutes=WAITS[min(delivery.attempts, len(WAITS)) - 1])
    _settle(
        delivery,
        state=DeliveryState.DEAD if over else DeliveryState.FAILED,
        next_at=at + wait,
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
    if kind.restricted:
        how = _("Sign in to read it; it is not told in letters.")
        return _("A restricted matter awaits you"), f"{how}\n{settings.PUBLIC_BASE_URL}"
    text = f"{worded(kind.body, notice.params)}\n{settings.PUBLIC_BASE_URL}{notice.url}"
    return worded(kind.title, notice.params), text
