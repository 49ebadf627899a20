"""No process serves under a role that could alter the record."""

import os
from pathlib import Path
from unittest.mock import patch

import pytest
from celery.signals import beat_init, worker_init
from celery.utils.dispatch import Signal
from django.core.management import CommandError
from django.db import OperationalError, connections

from ningde_projects.operations import startup

CALL = "ningde_projects.operations.startup.call_command"


@pytest.fixture(autouse=True)
def checked(settings: object, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path / "state"  # type: ignore[attr-defined]
    settings.RUNTIME_ROLE_CHECK = True  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_the_owner_of_the_tables_is_refused() -> None:
    """The tests themselves run as the owner: the real check, nothing replaced but the closing of connections."""
    with patch.object(connections, "close_all"), pytest.raises(CommandError, match="does not start"):
        startup.refuse_wrong_role()


@pytest.mark.parametrize("signal", [worker_init, beat_init], ids=["worker", "beat"])
def test_worker_and_beat_end_for_a_faulty_role(signal: Signal) -> None:
    """Only an exit passes through Celery's signals, which log anything else and go on."""
    assert startup.before_tasks in [reference() for _, reference in signal.receivers]
    alone = Signal(name="alone")
    alone.connect(startup.before_tasks)
    with (
        patch.object(connections, "close_all"),
        patch(CALL, side_effect=CommandError("owns tables")),
        pytest.raises(SystemExit, match="owns tables"),
    ):
        alone.send(sender=None)


def test_an_absent_database_does_not_end_the_process() -> None:
    with (
        patch.object(connections, "close_all"),
        patch(CALL, side_effect=OperationalError("gone")) as called,
    ):
        startup.refuse_wrong_role()
    assert called.called


def test_no_connection_is_left_for_the_workers_children() -> None:
    with patch.object(connections, "close_all") as closed, patch(CALL):
        startup.refuse_wrong_role()
    assert closed.called


def test_commands_that_run_as_owner_are_not_checked(settings: object) -> None:
    settings.RUNTIME_ROLE_CHECK = False  # type: ignore[attr-defined]
    with patch(CALL) as called:
        startup.refuse_wrong_role()
    assert not called.called


def test_the_folder_for_what_is_written_is_made(tmp_path: Path) -> None:
    with patch.object(connections, "close_all"), patch(CALL):
        startup.before_serving()
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_or_written_ends_the_process(settings: object, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.STATE_DIR = tmp_path / "file" / "state"  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="STATE_DIR cannot be made"):
        startup.before_serving()
    settings.STATE_DIR = tmp_path  # type: ignore[attr-defined]
    with (
        patch.object(os, "access", return_value=False),
        pytest.raises(CommandError, match="cannot be written"),
    ):
        startup.before_serving()
