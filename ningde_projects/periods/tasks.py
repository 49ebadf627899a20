"""Celery shells of the deadlines."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from . import engine


@shared_task(ignore_result=True)
def tick() -> int:
    """Run what is due; beat only ticks, so a lost or doubled tick harms nothing."""
    return engine.tick(timezone.now())
