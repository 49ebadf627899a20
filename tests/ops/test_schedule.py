"""What beat sends, a worker knows."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery.schedules import crontab
from django.conf import settings

from ningde_projects.celery import app

SCHEDULE = settings.CELERY_BEAT_SCHEDULE


@pytest.mark.parametrize("name", SCHEDULE)
def test_every_scheduled_task_exists(name: str) -> None:
    app.loader.import_default_modules()
    assert SCHEDULE[name]["task"] in app.tasks


def seconds_between_ticks(schedule: float | crontab) -> float:
    if not isinstance(schedule, crontab):
        return schedule

    def after(moment: datetime) -> datetime:
        begun, rest, _now = schedule.remaining_delta(moment)
        following: datetime = begun + rest
        return following

    first = after(datetime(2026, 11, 24, tzinfo=ZoneInfo("Asia/Shanghai")))
    return (after(first + timedelta(seconds=1)) - first).total_seconds()


@pytest.mark.parametrize("name", SCHEDULE)
def test_a_tick_that_nobody_took_is_thrown_away_before_the_next(name: str) -> None:
    """Else a worker that comes back after a night would do the same thing five hundred times."""
    interval = seconds_between_ticks(SCHEDULE[name]["schedule"])
    assert 60 <= interval <= 86_400
    assert SCHEDULE[name]["options"]["expires"] < interval
