"""Celery shells of the accounts."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from .services import suspension


@shared_task(ignore_result=True)
def suspend_unused() -> int:
    """Suspend the accounts that nobody has used for 90 days."""
    return suspension.suspend_unused(timezone.now())
