"""Celery shells of the record."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from . import seals


@shared_task(ignore_result=True)
def seal_record() -> int:
    """Seal the acts that are settled."""
    return seals.seal(timezone.now())
