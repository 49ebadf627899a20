"""No process serves under a role that could alter the record."""

from unittest.mock import patch

import pytest
from celery.signals import beat_init, worker_init
from celery.utils.dispatch import Signal
from django.core.management import CommandError
from django.db import OperationalError, connections

from ningde_projects.operations import startup

CALL = "ningde_projects.operations.startup.call_command"


@pytest.fixture(autouse=True)
def checked(settings: object) -> None:
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
