"""Celery shells around the services; each is safe to repeat."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.utils import timezone

logger = logging.getLogger(__name__)


def wake(task: Any, row_id: int) -> None:
    """Start a task once the row is committed. An absent broker is survived: look_after_files finds the row."""
    task.delay_on_commit(row_id)


@shared_task(ignore_result=True)
def write_export(job_id: int) -> bool:
    from .services import exports

    return exports.run(job_id, timezone.now())


@shared_task(ignore_result=True)
def read_import(batch_id: int) -> bool:
    from .services import imports

    return imports.check_waiting(batch_id, timezone.now())


@shared_task(ignore_result=True)
def look_after_files() -> None:
    """Every minute: what a lost wake-up left waiting, what waits for the scanner, what has expired."""
    from .services import exports, imports, sweeping, uploads

    at = timezone.now()
    for job_id in exports.waiting(at):
        _alone(exports.run, job_id, at)
    for batch_id in imports.waiting(at):
        _alone(imports.check_waiting, batch_id, at)
    for work in (uploads.scan_pending, exports.expire, imports.expire, sweeping.sweep):
        _alone(work, at)


def _alone(work: Callable[..., object], *given: object) -> None:
    """One failure does not keep the others waiting; the row says what became of it, the log says why."""
    try:
        work(*given)
    except Exception:
        logger.exception("looking after files")
