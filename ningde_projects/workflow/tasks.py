"""Celery shells of the record and of what surrounds it."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from . import seals, upkeep


@shared_task(ignore_result=True)
def seal_record() -> int:
    """Seal the acts that are settled."""
    return seals.seal(timezone.now())


@shared_task(ignore_result=True)
def verify_record() -> int:
    """Go over the whole record at night; the administrators are told when something is wrong."""
    return upkeep.verify_and_tell(timezone.now())


@shared_task(ignore_result=True)
def clean_up() -> int:
    """Drop what has served its time."""
    return upkeep.clean_up(timezone.now())
