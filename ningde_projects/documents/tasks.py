"""Celery shells around the services; each is safe to repeat."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from .models import ImportBatch


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
        exports.run(job_id, at)
    waiting = ImportBatch.objects.filter(state=ImportBatch.State.WAITING, expires_at__gt=at)
    for batch_id in waiting.order_by("created_at").values_list("pk", flat=True):
        imports.check_waiting(batch_id, at)
    uploads.scan_pending(at)
    exports.expire(at)
    imports.expire(at)
    sweeping.sweep(at)
