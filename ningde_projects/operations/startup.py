"""What web, worker and beat make sure of before they serve."""

import logging
import os
from pathlib import Path
from typing import Any

from celery.signals import beat_init, worker_init
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, connections

logger = logging.getLogger(__name__)


def refuse_wrong_role() -> None:
    """Raise CommandError when this process's database role could alter the record.

    An absent database is no reason to end: nothing can be altered then, and the pages have a word to say about
    it. A server's processes come up again often enough for the check to be made.
    """
    if not settings.RUNTIME_ROLE_CHECK:
        return
    try:
        call_command("check_runtime", verbosity=0)
    except (OperationalError, InterfaceError) as error:
        logger.warning("The rights of the database role could not be checked: %s", error)
    finally:
        # The worker forks after this; a connection must not be shared with its children.
        connections.close_all()


def before_serving() -> None:
    """Raise CommandError when this process could not do its work, or could do more than its work."""
    folder: Path = settings.STATE_DIR
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"STATE_DIR cannot be made: {error}") from error
    if not os.access(folder, os.W_OK):
        # Beat would wait for its schedule's file for ever, without a word.
        raise CommandError(f"STATE_DIR {folder} cannot be written.")
    refuse_wrong_role()


@worker_init.connect
@beat_init.connect
def before_tasks(**_kwargs: Any) -> None:
    """Celery only logs what a receiver raises, and goes on; an exit it lets through."""
    try:
        before_serving()
    except CommandError as fault:
        raise SystemExit(str(fault)) from fault
