"""Seals over the record: a chain of hashes over settled acts, so that any change, gap or insertion is located (E3).

Acts are plain inserts and are sealed afterwards, since a chain inside each insert would make everyone wait for
everyone (security.md). The head of the chain is kept outside the database as well (`heads.py`).
"""

from __future__ import annotations

import hashlib
import json
import logging
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import heads
from .models import Act, Seal

log = logging.getLogger(__name__)

GENESIS = "0" * 64
BATCH = 5000
#: Seals in one run at most; the next minute goes on.
BATCHES = 40
_LOCK = 0x5EA1
#: How long to wait for the writers that were at work when the newest act was looked up.
PATIENCE = 2.0
#: An act that is older and not sealed says that sealing has stopped.
LONGEST_UNSEALED = timedelta(hours=1)

_FIRST = (
    "id", "public_id", "at", "recorded_at", "machine", "name", "object_id", "object_public_id", "object_text",
    "from_status", "to_status", "user_id", "user_text", "principal_id", "principal_text", "organisation_id",
    "organisation_text", "reason", "data", "project_id", "place_id", "ip", "request_id",
)  # fmt: skip
#: Which columns a seal covers, by version: columns added later do not unsettle old seals.
LAYOUTS: dict[int, tuple[str, ...]] = {1: _FIRST, 2: (*_FIRST, "context_id")}
LAYOUT = 2
_ENTRY = struct.Struct(">q32s")


def _hash(row: dict[str, Any], layout: int) -> bytes:
    text = json.dumps([row[name] if name == "data" else str(row[name]) for name in LAYOUTS[layout]],
                      ensure_ascii=False, sort_keys=True)  # fmt: skip
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _entries(rows: Iterable[dict[str, Any]], layout: int) -> bytes:
    return b"".join(_ENTRY.pack(row["id"], _hash(row, layout)) for row in rows)


def _digest(previous: str, entries: bytes) -> str:
    return hashlib.sha256(previous.encode() + entries).hexdigest()


# ---- sealing --------------------------------------------------------------------------------------------------

# Whoever inserts an act holds this lock from before its id is drawn until its transaction has ended.
_WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE relation = 'workflow_act'::regclass AND mode = 'RowExclusiveLock' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND pid IS DISTINCT FROM pg_backend_pid()
"""


def settled_up_to(patience: float = PATIENCE) -> int | None:
    """An id up to which no act can appear any more; None while that cannot be said.

    Ids are drawn in order but committed in any: an act with a smaller id may still be hidden in a transaction that
    has not ended. So the newest id is looked up first, then who is writing, and then these writers are waited for.
    Whoever begins to write later draws a larger id.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM workflow_act")
        newest = cursor.fetchone()[0]
        if newest is None:
            return None
        writers = _writers(cursor)
        until = time.monotonic() + patience
        while writers:
            if time.monotonic() >= until:
                return None
            time.sleep(0.02)
            writers &= _writers(cursor)
    return int(newest)


def _writers(cursor: Any) -> set[str]:
    cursor.execute(_WRITERS)
    return {row[0] for row in cursor.fetchall()}


def seal(at: datetime, *, patience: float = PATIENCE) -> int:
    """Seal what is settled and not sealed yet; answers the number of acts. One sealer at a time."""
    sealed = 0
    for _number in range(BATCHES):
        count = _seal_some(at, patience)
        sealed += count
        if count < BATCH:
            break
    return sealed


def _seal_some(at: datetime, patience: float) -> int:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        last = Seal.objects.order_by("-id").first()
        after, previous = (last.last_id, last.digest) if last else (0, GENESIS)
        settled = settled_up_to(patience)
        if settled is None:
            return 0
        columns = LAYOUTS[LAYOUT]
        rows = list(Act.objects.filter(id__gt=after, id__lte=settled).order_by("id").values(*columns)[:BATCH])
        if not rows:
            return 0
        entries = _entries(rows, LAYOUT)
        made = Seal.objects.create(
            first_id=rows[0]["id"], last_id=rows[-1]["id"], count=len(rows), layout=LAYOUT, rows=entries,
            digest=_digest(previous, entries), previous=previous, at=at,
        )  # fmt: skip
        transaction.on_commit(lambda: heads.note(made))
    return len(rows)


# ---- verifying ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """One act (or seal) that is not what it was; `act_id` is the first act concerned."""

    act_id: int
    what: str | Promise


CHANGED, MISSING, SLIPPED_IN = _("changed"), _("missing"), _("slipped in")
BROKEN = _("the chain of seals is broken here")
CUT_OFF = _("sealed once, but the seal is gone or another one")
UNSEALED = _("not sealed for more than an hour")


def verify(at: datetime) -> list[Fault]:
    """Go over the whole chain; names every act that was changed, is missing or was slipped in, in order."""
    with _one_view():
        chain, last = _verify_chain()
        faults = [*chain, *_verify_heads(), *_verify_tail(last, at)]
    return sorted(faults, key=lambda fault: fault.act_id)


@contextmanager
def _one_view() -> Iterator[None]:
    """One snapshot for all that is read; sealing goes on meanwhile."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _verify_chain() -> tuple[list[Fault], int]:
    """Seals and acts are read side by side, each once."""
    faults: list[Fault] = []
    previous, last = GENESIS, 0
    acts = _Acts()
    for found in Seal.objects.order_by("id").iterator(chunk_size=500):
        entries = bytes(found.rows)
        if found.previous != previous or _digest(found.previous, entries) != found.digest:
            faults.append(Fault(found.first_id, BROKEN))
        sealed = dict(_ENTRY.iter_unpack(entries))
        present = {row["id"]: _hash(row, found.layout) for row in acts.up_to(found.last_id)}
        faults += [Fault(n, MISSING) for n in sealed.keys() - present.keys()]
        faults += [Fault(n, SLIPPED_IN) for n in present.keys() - sealed.keys()]
        faults += [Fault(n, CHANGED) for n in sealed.keys() & present.keys() if sealed[n] != present[n]]
        previous, last = found.digest, found.last_id
    return faults, last


class _Acts:
    """All acts in order, taken piece by piece."""

    def __init__(self) -> None:
        columns = sorted({name for names in LAYOUTS.values() for name in names})
        self._rows = Act.objects.order_by("id").values(*columns).iterator(chunk_size=2000)
        self._next = next(self._rows, None)

    def up_to(self, last_id: int) -> Iterator[dict[str, Any]]:
        while self._next is not None and self._next["id"] <= last_id:
            yield self._next
            self._next = next(self._rows, None)


def _verify_heads() -> list[Fault]:
    """What was noted outside the database must still be in it."""
    kept = dict(Seal.objects.values_list("last_id", "digest"))
    return [Fault(last_id, CUT_OFF) for last_id, digest in heads.noted() if kept.get(last_id) != digest]


def _verify_tail(last: int, at: datetime) -> list[Fault]:
    oldest = Act.objects.filter(id__gt=last).order_by("id").values("id", "recorded_at").first()
    if oldest is None or at - oldest["recorded_at"] <= LONGEST_UNSEALED:
        return []
    return [Fault(oldest["id"], UNSEALED)]
