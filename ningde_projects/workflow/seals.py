"""Seals over the record: a chain of hashes over settled acts, so that any change, gap or insertion is located (E3).

Plain inserts are sealed afterwards, since a chain inside each insert would make everyone wait for everyone
(security.md). Only acts whose transactions can no longer be overtaken are sealed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from .models import Act, Seal

log = logging.getLogger(__name__)

GENESIS = "0" * 64
BATCH = 5000
_LOCK = 0x5EA1
#: Which columns a seal covers, by version: columns added later do not unsettle old seals.
LAYOUTS: dict[int, tuple[str, ...]] = {
    1: (
        "id", "public_id", "at", "recorded_at", "machine", "name", "object_id", "object_public_id", "object_text",
        "from_status", "to_status", "user_id", "user_text", "principal_id", "principal_text", "organisation_id",
        "organisation_text", "reason", "data", "project_id", "place_id", "ip", "request_id",
    )
}  # fmt: skip
LAYOUT = 1
_ENTRY = struct.Struct(">q32s")


def _hash(row: dict[str, Any], layout: int) -> bytes:
    text = json.dumps([str(row[name]) if name != "data" else row[name] for name in LAYOUTS[layout]],
                      ensure_ascii=False, sort_keys=True)  # fmt: skip
    return hashlib.sha256(text.encode()).digest()


def _entries(rows: Iterable[dict[str, Any]], layout: int) -> bytes:
    return b"".join(_ENTRY.pack(row["id"], _hash(row, layout)) for row in rows)


def _digest(previous: str, entries: bytes) -> str:
    return hashlib.sha256(previous.encode() + entries).hexdigest()


def _settled_below() -> int:
    """The first id that is not settled: acts of transactions still running may carry smaller ids than it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(min(id), 9223372036854775807) FROM workflow_act"
            " WHERE xmin::text::bigint >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint % 4294967296"
        )
        return int(cursor.fetchone()[0])


def seal(at: datetime) -> int:
    """Seal what is settled and not sealed yet; answers the number of acts. One sealer at a time."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        last = Seal.objects.order_by("-id").first()
        after, previous = (last.last_id, last.digest) if last else (0, GENESIS)
        below = _settled_below()
        columns = LAYOUTS[LAYOUT]
        rows = list(Act.objects.filter(id__gt=after, id__lt=below).order_by("id").values(*columns)[:BATCH])
        if not rows:
            return 0
        entries = _entries(rows, LAYOUT)
        value = _digest(previous, entries)
        Seal.objects.create(
            first_id=rows[0]["id"], last_id=rows[-1]["id"], count=len(rows), layout=LAYOUT, rows=entries,
            digest=value, previous=previous, at=at,
        )  # fmt: skip
    # The head is kept outside the database too: whoever rewrites the chain has to rewrite the logs as well.
    log.info("record sealed", extra={"last_id": rows[-1]["id"], "digest": value})
    return len(rows)


@dataclass(frozen=True)
class Fault:
    """One act (or one seal) that is not what it was."""

    act_id: int
    what: str


def verify() -> list[Fault]:
    """Go over the whole chain; names every act that was changed, is missing or was slipped in."""
    faults: list[Fault] = []
    previous, after = GENESIS, 0
    for found in Seal.objects.order_by("id").iterator():
        entries = bytes(found.rows)
        if found.previous != previous or _digest(found.previous, entries) != found.digest:
            faults.append(Fault(found.first_id, "the chain of seals is broken here"))
        sealed = dict(_ENTRY.iter_unpack(entries))
        there = Act.objects.filter(id__gt=after, id__lte=found.last_id).values(*LAYOUTS[found.layout])
        present = {row["id"]: _hash(row, found.layout) for row in there}
        faults += [Fault(n, "missing") for n in sorted(sealed.keys() - present.keys())]
        faults += [Fault(n, "slipped in") for n in sorted(present.keys() - sealed.keys())]
        faults += [
            Fault(n, "changed") for n in sorted(sealed.keys() & present.keys()) if sealed[n] != present[n]
        ]
        previous, after = found.digest, found.last_id
    return faults
