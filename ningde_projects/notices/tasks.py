"""Celery shells around the outbox."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from . import outbox


@shared_task(ignore_result=True)
def dispatch_outbox() -> int:
    """Send what waits in the outbox."""
    return outbox.dispatch(timezone.now())
