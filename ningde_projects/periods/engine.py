"""The tick: which firings are due and not done yet, run in order, each once (measures.md §0 Time).

Beat only ticks. What is due follows from the rules and the clock, what is done from `JobRun`; so a lost night is
caught up, two beats fire once, and a worker that dies in the middle leaves its transaction undone.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from ningde_projects.workflow import history

from . import consequences
from .consequences import Firing
from .models import Enforcement, JobFailure, JobRun
from .month import Month
from .rules import Cycle, applies_to, deadline_instant, reminder_instants
from .selectors import DeadlineBook, spec_codes

log = logging.getLogger(__name__)

#: No rule reaches further than this past the end of its period, in months.
_REACH = 2
_LOCK = 0x71C4


def enforced_since(at: datetime) -> datetime:
    """From when deadlines are enforced here; the first call fixes it at the start of the current month."""
    row, _created = Enforcement.objects.get_or_create(one=True, defaults={"since": Month.at(at).start})
    return row.since


def firings(book: DeadlineBook, since: datetime, at: datetime) -> list[Firing]:
    """Every firing with `since` <= instant <= `at`, in the order in which it must happen."""
    found: list[Firing] = []
    first = Month.at(since).plus(-_REACH)
    for month in first.until(Month.at(at).plus(1)):
        for code in spec_codes():
            found.extend(f for f in _of_rule(book, code, month) if since <= f.due_at <= at)
    # Reminders of an instant come before the deadline of the same instant; rules in their numeric order.
    return sorted(found, key=lambda f: (f.due_at, f.phase == "deadline", int(f.code[1:]), f.job))


def _of_rule(book: DeadlineBook, code: str, month: Month) -> Iterator[Firing]:
    spec = book.spec(code, month)
    if spec.cycle is Cycle.PER_ITEM or not applies_to(spec, month):
        return
    general = deadline_instant(spec, month, book.entered)
    extended = book.extensions(code, month)
    excluded = frozenset().union(*(named for until, named, _ in extended if until > general))
    for days, instant in reminder_instants(spec, general):
        yield Firing(code, f"remind-{days}", month, instant, excluded=excluded)
    yield Firing(code, "deadline", month, general, excluded=excluded)
    for until, named, extension_id in extended:
        # Whoever was given still more time is not among those whose time runs out now.
        only = named.difference(*(others for later, others, _ in extended if later > until))
        if until <= general or not only:
            continue
        for days, instant in reminder_instants(spec, until):
            yield Firing(code, f"remind-{days}", month, instant, only, extension_id=extension_id)
        yield Firing(code, "deadline", month, until, only, extension_id=extension_id)


def tick(at: datetime) -> int:
    """Run all that is due and undone, in order; answers the number of consequences that ran now.

    One tick at a time: a second one would go on to D2 while the first still opens the month with D1, and find
    nothing to mark. It leaves at once; the next tick of beat looks again.
    """
    with _alone() as alone:
        if not alone:
            return 0
        return _run_due(at) + _run_sweeps(at)


@contextmanager
def _alone() -> Iterator[bool]:
    """A lock of this database session; a process that dies gives it back with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        got = bool(cursor.fetchone()[0])
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _run_due(at: datetime) -> int:
    book = DeadlineBook()
    since = enforced_since(at)
    due = [f for f in firings(book, since, at) if _consequence(f) is not None]
    done = set(JobRun.objects.filter(due_at__gte=since).values_list("job", "period"))
    blocked: set[str] = set()
    ran = 0
    for firing in due:
        if (firing.job, firing.period) in done or _is_stale_reminder(firing, at):
            continue
        if firing.code in blocked or blocked.intersection(book.spec(firing.code, firing.month).after):
            blocked.add(firing.code)
            continue
        try:
            with history.changes(job=firing.job, period=firing.period):
                ran += run_once(firing, at)
        except Exception:
            # One failing rule must not stop the others; its own later firings wait, so order is kept, and so do
            # those that build on it.
            log.exception("deadline consequence failed", extra={"job": firing.job, "period": firing.period})
            _note_failure(firing.job, firing.period, at, traceback.format_exc())
            blocked.add(firing.code)
    return ran


def _run_sweeps(at: datetime) -> int:
    """Each sweep minds its own transactions; a failing one is noted and tried again at the next tick."""
    failing = set(JobFailure.objects.filter(period="").values_list("job", flat=True))
    ran = 0
    for name, sweep in consequences.sweeps().items():
        job = f"sweep:{name}"
        try:
            with history.changes(job=job):
                ran += 1 if sweep(at) else 0
        except Exception:
            log.exception("sweep failed", extra={"job": job})
            _note_failure(job, "", at, traceback.format_exc())
        else:
            if job in failing:
                JobFailure.objects.filter(job=job).delete()
    return ran


def run_once(firing: Firing, at: datetime) -> bool:
    """Run one firing in one transaction with its ledger row; False when someone else has done it.

    A second tick that comes at the same time waits on the unique row, then finds it taken.
    """
    consequence = _consequence(firing)
    if consequence is None:
        return False
    try:
        with transaction.atomic():
            with transaction.atomic():
                run = JobRun.objects.create(
                    job=firing.job, period=firing.period, due_at=firing.due_at, done_at=at
                )
            run.affected = consequence(firing, at)
            run.save(update_fields=["affected"])
            JobFailure.objects.filter(job=firing.job, period=firing.period).delete()
    except IntegrityError as clash:
        if JobRun.objects.filter(job=firing.job, period=firing.period).exists():
            return False
        raise clash
    return True


def _consequence(firing: Firing) -> consequences.Consequence | None:
    table = consequences.deadlines() if firing.phase == "deadline" else consequences.reminders()
    return table.get(firing.code)


def _is_stale_reminder(firing: Firing, at: datetime) -> bool:
    """A reminder missed by more than a day helps nobody; the later one, or the deadline itself, speaks."""
    return firing.days_before is not None and at - firing.due_at > timedelta(days=1)


def _note_failure(job: str, period: str, at: datetime, error: str) -> None:
    failure, created = JobFailure.objects.get_or_create(
        job=job, period=period, defaults={"first_at": at, "last_at": at, "error": error}
    )
    if not created:
        JobFailure.objects.filter(pk=failure.pk).update(last_at=at, error=error, times=F("times") + 1)
