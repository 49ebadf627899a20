"""What an office's group chat is told once a day: titles and numbers, never contents (lessons.md: no flood)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.consequences import on_every_tick
from ningde_projects.periods.month import ZONE, local_date

from .kinds import kind_of
from .models import Delivery, Digest, Notice

HOUR = 9
MOST = 12
#: How far back an office's first digest looks, and one after a long silence at the most.
FIRST = timedelta(days=1)
LONGEST = timedelta(days=14)


@on_every_tick("notices.digests")
def write_digests(at: datetime) -> int:
    """After nine in the morning: one digest per office that has a chat and something to be told of."""
    if at.astimezone(ZONE).hour < HOUR:
        return 0
    day = local_date(at)
    offices = Organisation.objects.exclude(chat_channel="").exclude(chat_address="").exclude(digests__day=day)
    written = 0
    for office in offices.filter(is_active=True):
        lines = _lines(office, at)
        if not lines:
            continue
        with transaction.atomic():
            digest, created = Digest.objects.get_or_create(
                organisation=office, day=day,
                defaults={"at": at, "lines": lines, "count": sum(line["people"] for line in lines)},
            )  # fmt: skip
            if created:
                Delivery.objects.create(digest=digest, channel=office.chat_channel, address="", next_at=at)
                written += 1
    return written


def _lines(office: Organisation, at: datetime) -> list[dict[str, Any]]:
    """What went out to the office's people since the digest before, each once with the number of people told.

    Since then and not for a day: a tick that comes late or not at all neither skips a matter nor tells it twice.
    """
    last = office.digests.aggregate(at=Max("at"))["at"]
    since = max(last, at - LONGEST) if last else at - FIRST
    rows = Notice.objects.filter(
        recipient__organisation=office, at__gt=since, at__lte=at, read_at__isnull=True
    )
    told: Counter[tuple[str, str]] = Counter()
    params: dict[tuple[str, str], dict[str, Any]] = {}
    for notice in rows.order_by("-at")[:500]:
        kind = kind_of(notice.kind)
        if kind.outgoing and not kind.restricted:
            told[(notice.kind, notice.dedupe)] += 1
            params.setdefault((notice.kind, notice.dedupe), notice.params)
    return [
        {"kind": key[0], "params": params[key], "people": people} for key, people in told.most_common(MOST)
    ]
