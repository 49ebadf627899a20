"""The tick: once however many beats run, in order after any downtime, undone when a worker dies (security.md)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, connections

from ningde_projects.periods import consequences, engine
from ningde_projects.periods.consequences import Firing
from ningde_projects.periods.models import CalendarDay, Enforcement, Extension, JobFailure, JobRun
from ningde_projects.periods.month import ZONE, Month, midnight
from tests.cast import Cast

OCTOBER = Month(2026, 10)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Only what this test registers, and a list of what has run."""
    done: list[tuple[str, str]] = []
    for name in ("_deadlines", "_reminders", "_sweeps"):
        monkeypatch.setattr(consequences, name, {})
    monkeypatch.setattr(consequences, "deadlines", lambda: consequences._deadlines)
    monkeypatch.setattr(consequences, "reminders", lambda: consequences._reminders)
    monkeypatch.setattr(consequences, "sweeps", lambda: consequences._sweeps)
    return done


def note(done: list[tuple[str, str]], *codes: str) -> None:
    for code in codes:

        def consequence(firing: Firing, _now: datetime, code: str = code) -> int:
            done.append((code, str(firing.month)))
            return 1

        consequences.on_deadline(code)(consequence)


@pytest.mark.django_db
def test_a_consequence_fires_at_its_instant_and_never_again(log: list[tuple[str, str]]) -> None:
    Enforcement.objects.create(since=at(1))
    note(log, "D2")
    engine.tick(at(7, 23, 59))
    assert log == []
    engine.tick(at(8))
    engine.tick(at(8, 0, 1))
    assert log == [("D2", "2026-10")]
    assert JobRun.objects.get(job="D2:deadline").period == "2026-10"


@pytest.mark.django_db
def test_lost_days_are_caught_up_in_the_order_of_their_instants(log: list[tuple[str, str]]) -> None:
    Enforcement.objects.create(since=at(1, month=10))
    note(log, "D5", "D3", "D2", "D1")
    engine.tick(at(20))
    assert log == [("D1", "2026-09"), ("D2", "2026-09"), ("D3", "2026-09"), ("D5", "2026-09"),
                   ("D1", "2026-10"), ("D2", "2026-10"), ("D3", "2026-10"), ("D5", "2026-10")]  # fmt: skip
    assert all(run.was_late for run in JobRun.objects.filter(due_at__lt=at(15)))


@pytest.mark.django_db
def test_nothing_before_the_installation_is_caught_up(log: list[tuple[str, str]]) -> None:
    note(log, "D2")
    engine.tick(at(9))
    assert Enforcement.objects.get().since == at(1)
    assert log == [("D2", "2026-10")]


@pytest.mark.django_db
def test_one_failing_rule_stops_its_own_later_firings_only_and_is_tried_again(
    log: list[tuple[str, str]],
) -> None:
    Enforcement.objects.create(since=at(1, month=10))
    note(log, "D3")
    broken = True

    @consequences.on_deadline("D2")
    def fails(firing: Firing, _now: datetime) -> int:
        CalendarDay.objects.create(day=firing.month.first_day, is_workday=True, note="half done")
        if broken:
            raise RuntimeError("the disk is full")
        log.append(("D2", str(firing.month)))
        return 1

    engine.tick(at(20))
    assert log == [("D3", "2026-09"), ("D3", "2026-10")]
    failure = JobFailure.objects.get()
    assert "the disk is full" in failure.error
    assert CalendarDay.objects.count() == 0
    broken = False
    engine.tick(at(20, 1))
    assert log[2:] == [("D2", "2026-09"), ("D2", "2026-10")]
    assert not JobFailure.objects.exists()


@pytest.mark.django_db
def test_an_extension_fires_at_its_own_instant_for_its_own_organisations(
    cast: Cast, log: list[tuple[str, str]]
) -> None:
    Enforcement.objects.create(since=at(1))
    seen: list[tuple[object, frozenset[int]]] = []

    @consequences.on_deadline("D3")
    def consequence(firing: Firing, _now: datetime) -> int:
        seen.append((firing.only, firing.excluded))
        return 0

    extension = Extension.objects.create(
        code="D3", month=OCTOBER, until=at(14), reason="台风", decided_by=cast.commission, decided_at=at(9)
    )
    bureau = cast.bureau_xp.organisation
    extension.organisations.add(bureau)
    engine.tick(at(11))
    assert seen == [(None, frozenset({bureau.pk}))]
    engine.tick(at(13, 23))
    assert len(seen) == 1
    engine.tick(at(14))
    assert seen[1] == (frozenset({bureau.pk}), frozenset())


@pytest.mark.django_db
def test_a_reminder_missed_by_more_than_a_day_is_left_out(log: list[tuple[str, str]]) -> None:
    Enforcement.objects.create(since=at(1))
    days: list[int | None] = []

    @consequences.on_reminder("D2")
    def remind(firing: Firing, _now: datetime) -> int:
        days.append(firing.days_before)
        return 1

    engine.tick(at(4, 9))
    engine.tick(at(7, 9))
    assert days == [3, 0]


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_fire_once(log: list[tuple[str, str]]) -> None:
    Enforcement.objects.create(since=at(1))

    @consequences.on_deadline("D2")
    def slow(firing: Firing, _now: datetime) -> int:
        time.sleep(0.3)
        log.append(("D2", str(firing.month)))
        return 1

    def beat() -> None:
        try:
            engine.tick(at(8))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=beat) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log == [("D2", "2026-10")]


_VICTIM = """
import sys, time
import django
django.setup()
from datetime import datetime
from ningde_projects.periods import consequences, engine
from ningde_projects.periods.models import CalendarDay
from ningde_projects.periods.month import ZONE
consequences._deadlines.clear(); consequences._reminders.clear(); consequences._sweeps.clear()

@consequences.on_deadline("D2")
def sweep(firing, now):
    CalendarDay.objects.create(day=firing.month.first_day, is_workday=True, note="marked")
    print("in the middle", flush=True)
    time.sleep(float(sys.argv[1]))
    return 1

engine.tick(datetime(2026, 11, 8, tzinfo=ZONE))
"""


def _victim(seconds: float) -> subprocess.Popen[str]:
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    if database.get("PORT"):
        url += f"&port={database['PORT']}"
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "ningde_projects.settings.test",
    }
    return subprocess.Popen(
        [sys.executable, "-c", _VICTIM, str(seconds)], env=environment, cwd=settings.BASE_DIR, text=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_sweep_leaves_nothing_done_twice_and_nothing_lost() -> None:
    Enforcement.objects.create(since=at(1))
    victim = _victim(60)
    assert victim.stdout is not None
    assert victim.stdout.readline() == "in the middle\n"
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    until = time.monotonic() + 20
    while time.monotonic() < until and _others():
        time.sleep(0.1)
    assert JobRun.objects.count() == 0
    assert CalendarDay.objects.count() == 0
    assert _victim(0).wait(60) == 0
    assert CalendarDay.objects.filter(note="marked").count() == 1
    assert _victim(0).wait(60) == 0
    assert CalendarDay.objects.filter(note="marked").count() == 1
    assert JobRun.objects.get().done_at == midnight(at(8).date())


def _others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_clock_set_back_an_hour_repeats_nothing(log: list[tuple[str, str]]) -> None:
    Enforcement.objects.create(since=at(1))
    note(log, "D2")
    engine.tick(at(8, 0, 30))
    engine.tick(at(8, 0, 30) - timedelta(hours=1))
    engine.tick(at(8, 1))
    assert log == [("D2", "2026-10")]


# ---- one tick at a time, and what builds on what ------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_second_tick_does_not_run_ahead_of_the_first(log: list[tuple[str, str]]) -> None:
    """While one still opens the month, another must not mark what is missing in it: it would find nothing."""
    Enforcement.objects.create(since=at(1))
    inside, go_on = threading.Event(), threading.Event()

    @consequences.on_deadline("D1")
    def opens(firing: Firing, _now: datetime) -> int:
        inside.set()
        go_on.wait(10)
        log.append(("D1", str(firing.month)))
        return 1

    note(log, "D2")

    def beat() -> None:
        try:
            engine.tick(at(8))
        finally:
            connections.close_all()

    first = threading.Thread(target=beat)
    first.start()
    assert inside.wait(10)
    assert engine.tick(at(8)) == 0
    assert log == []
    go_on.set()
    first.join(10)
    assert log == [("D1", "2026-10"), ("D2", "2026-10")]


@pytest.mark.django_db(transaction=True)
def test_the_same_firing_in_two_hands_happens_once(log: list[tuple[str, str]]) -> None:
    """Also without the lock of the tick: the ledger's unique row decides."""
    firing = Firing("D2", "deadline", OCTOBER, at(8))
    go = threading.Barrier(4)

    @consequences.on_deadline("D2")
    def slow(firing: Firing, _now: datetime) -> int:
        time.sleep(0.2)
        log.append(("D2", str(firing.month)))
        return 1

    answers: list[bool] = []

    def hand() -> None:
        try:
            go.wait(10)
            answers.append(engine.run_once(firing, at(8)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hand) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, False, False, True]
    assert log == [("D2", "2026-10")]


@pytest.mark.django_db
def test_what_builds_on_a_failing_rule_waits_for_it(log: list[tuple[str, str]]) -> None:
    Enforcement.objects.create(since=at(1))
    note(log, "D2", "D3", "D7")
    broken = True

    @consequences.on_deadline("D1")
    def opens(firing: Firing, _now: datetime) -> int:
        if broken:
            raise RuntimeError("cannot open")
        log.append(("D1", str(firing.month)))
        return 1

    engine.tick(at(12))
    assert log == [("D7", "2026-10")]
    broken = False
    engine.tick(at(12, 0, 1))
    assert log[1:] == [("D1", "2026-10"), ("D2", "2026-10"), ("D3", "2026-10")]


@pytest.mark.django_db
def test_a_failing_sweep_stops_neither_the_others_nor_the_deadlines(log: list[tuple[str, str]]) -> None:
    Enforcement.objects.create(since=at(1))
    note(log, "D2")
    broken = True

    @consequences.on_every_tick("first")
    def fails(_now: datetime) -> int:
        if broken:
            raise RuntimeError("sweep is broken")
        return 0

    @consequences.on_every_tick("second")
    def works(_now: datetime) -> int:
        log.append(("sweep", "second"))
        return 1

    engine.tick(at(8))
    engine.tick(at(8, 0, 1))
    assert log == [("D2", "2026-10"), ("sweep", "second"), ("sweep", "second")]
    failure = JobFailure.objects.get()
    assert (failure.job, failure.times) == ("sweep:first", 2)
    broken = False
    engine.tick(at(8, 0, 2))
    assert not JobFailure.objects.exists()


@pytest.mark.django_db
def test_an_office_that_was_given_time_twice_is_marked_at_the_later_instant_only(
    cast: Cast, log: list[tuple[str, str]]
) -> None:
    Enforcement.objects.create(since=at(1))
    seen: list[frozenset[int] | None] = []

    @consequences.on_deadline("D3")
    def consequence(firing: Firing, _now: datetime) -> int:
        seen.append(firing.only)
        return 0

    xp, fa = cast.bureau_xp.organisation, cast.bureau_fa.organisation
    for until, offices in ((at(13), [xp, fa]), (at(16), [xp])):
        extension = Extension.objects.create(
            code="D3", month=OCTOBER, until=until, reason="台风", decided_by=cast.commission, decided_at=at(9)
        )
        extension.organisations.set(offices)
    engine.tick(at(20))
    assert seen == [None, frozenset({fa.pk}), frozenset({xp.pk})]


@pytest.mark.django_db
def test_reminders_of_an_extension_go_to_its_organisations(cast: Cast, log: list[tuple[str, str]]) -> None:
    Enforcement.objects.create(since=at(1))
    seen: list[tuple[int | None, bool]] = []

    @consequences.on_reminder("D3")
    def remind(firing: Firing, _now: datetime) -> int:
        seen.append((firing.days_before, firing.only is not None))
        return 0

    extension = Extension.objects.create(
        code="D3", month=OCTOBER, until=at(16), reason="台风", decided_by=cast.commission, decided_at=at(9)
    )
    extension.organisations.add(cast.bureau_xp.organisation)
    for day in range(7, 17):
        engine.tick(at(day, 9))
    assert seen == [(3, False), (1, False), (0, False), (3, True), (1, True), (0, True)]


@pytest.mark.django_db
def test_the_turn_of_the_year_keeps_order_and_periods(log: list[tuple[str, str]]) -> None:
    Enforcement.objects.create(since=at(1, month=12))
    note(log, "D1", "D2", "D10", "D13")
    engine.tick(datetime(2027, 1, 9, tzinfo=ZONE))
    assert log == [("D1", "2026-11"), ("D2", "2026-11"), ("D1", "2026-12"), ("D10", "2026-12"), ("D13", "2026-12"),
                   ("D2", "2026-12")]  # fmt: skip


@pytest.mark.django_db
def test_rows_that_a_job_changes_say_which_job_it_was(log: list[tuple[str, str]]) -> None:
    from pghistory.models import Context

    Enforcement.objects.create(since=at(1))

    @consequences.on_deadline("D2")
    def consequence(firing: Firing, _now: datetime) -> int:
        CalendarDay.objects.create(day=firing.month.first_day, is_workday=True, note="x")
        return 1

    engine.tick(at(8))
    assert Context.objects.get().metadata == {"job": "D2:deadline", "period": "2026-10"}
