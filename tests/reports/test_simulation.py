"""The time machine plays real months: the same seed plays the same, nothing is written past the door."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from ningde_projects.periods.models import JobFailure, JobRun
from ningde_projects.periods.month import Month, midnight
from ningde_projects.projects.models import Project
from ningde_projects.workflow.models import Act
from reports.basics import load_categories
from reports.models import Opinion, Problem, Report, Summary
from reports.simulation.multiply import multiply
from reports.simulation.play import Play, Tally
from tests.cast import Cast

JULY, SEPTEMBER = Month(2026, 7), Month(2026, 9)
Trace = list[tuple[str, str, str, str]]


def play(seed: int) -> tuple[Tally, Trace]:
    load_categories()
    tally = Play(seed, midnight(SEPTEMBER.plus(2).first_day)).run(JULY, SEPTEMBER, lambda _line: None)
    acts = Act.objects.filter(at__gte=JULY.next.start).order_by("id")
    trace = [(str(a.at), a.machine, a.name, a.user_text) for a in acts]
    return tally, trace


def test_the_same_seed_plays_the_same_months_and_another_seed_others(cast: Cast) -> None:
    multiply(12)

    def once(seed: int) -> tuple[Tally, Trace]:
        sid = transaction.savepoint()
        played = play(seed)
        transaction.savepoint_rollback(sid)
        return played

    first, again, other = once(7), once(7), once(8)
    assert first == again
    assert first[1] != other[1]
    assert first[0].filed > 20


def test_a_played_quarter_has_every_kind_of_month_and_no_failed_deadline(cast: Cast) -> None:
    multiply(40)
    tally, _trace = play(7)
    assert not JobFailure.objects.exists()
    assert JobRun.objects.filter(job="D2:deadline").count() == 3
    reports = Report.objects.filter(kind="monthly")
    assert tally.reports == reports.count() >= 120
    assert any(r.is_late() for r in reports)
    assert reports.filter(is_nil=True).exists()
    assert reports.filter(return_count__gt=0).exists()
    assert reports.filter(first_submitted_at__isnull=True).exists()
    assert Problem.objects.filter(status="resolved").exists()
    assert Opinion.objects.filter(status="sent").exists()
    assert Summary.objects.filter(status="received").exists()


def test_the_play_never_writes_a_state_itself() -> None:
    folder: Path = settings.BASE_DIR / "reports" / "simulation"
    for file in folder.glob("*.py"):
        assert not re.search(r"\.status\s*=[^=]|update\([^)]*status", file.read_text(encoding="utf-8")), (
            file.name
        )


def test_the_command_refuses_months_that_have_reports(cast: Cast) -> None:
    load_categories()
    settings_on = settings.DEMONSTRATION
    settings.DEMONSTRATION = True
    try:
        play(7)
        with pytest.raises(CommandError, match="reports already"):
            call_command("simulate", first="2026-08", last="2026-09")
        settings.DEMONSTRATION = False
        with pytest.raises(CommandError, match="DEMONSTRATION"):
            call_command("simulate", first="2026-08", last="2026-09")
    finally:
        settings.DEMONSTRATION = settings_on


def test_copies_of_projects_are_named_as_such(cast: Cast) -> None:
    added = multiply(30)
    assert Project.objects.key_under_way().count() == 30
    assert Project.objects.filter(name__contains="演练").count() == added
