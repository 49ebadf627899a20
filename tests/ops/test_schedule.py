"""What beat sends, a worker knows."""

import pytest
from django.conf import settings

from ningde_projects.celery import app

SCHEDULE = settings.CELERY_BEAT_SCHEDULE


@pytest.mark.parametrize("name", SCHEDULE)
def test_every_scheduled_task_exists(name: str) -> None:
    app.loader.import_default_modules()
    assert SCHEDULE[name]["task"] in app.tasks


@pytest.mark.parametrize("name", SCHEDULE)
def test_a_tick_that_nobody_took_is_thrown_away_before_the_next(name: str) -> None:
    """Else a worker that comes back after a night would do the same thing five hundred times."""
    assert SCHEDULE[name]["options"]["expires"] < SCHEDULE[name]["schedule"]
