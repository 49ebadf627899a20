"""Celery shells around the outbox."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone


@shared_task(ignore_result=True)
def dispatch_outbox() -> int:
    """Send what waits in the outbox."""
    from .outbox import dispatch

    return dispatch(timezone.now())
