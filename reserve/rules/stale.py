"""M1.4: when a reserve project counts as stale."""

from __future__ import annotations

from datetime import datetime, timedelta

from ningde_projects.periods.month import local_date, midnight

from .items import months_later


def stale_before(at: datetime, months: int) -> datetime:
    """Records last updated before this instant are stale: the same day so many months ago, 00:00."""
    return midnight(months_later(local_date(at), -months))


def stale_since(last_updated_at: datetime, months: int) -> datetime:
    """The instant at which a record grows stale."""
    return midnight(months_later(local_date(last_updated_at), months)) + timedelta(days=1)
