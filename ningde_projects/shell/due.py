"""The countdown to a deadline (DESIGN §4). An instant is half-open: it is over once ``now`` reaches it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import formats

SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class Due:
    """``tone``: ok (> 3 days), soon (≤ 3 days), today, over."""

    instant: datetime
    tone: str
    until: str
    short: str
    left: str
    days: int
    """Calendar days to the last day; negative once it has passed."""

    @property
    def over(self) -> bool:
        return self.tone == "over"

    @property
    def icon(self) -> str:
        return "alert-circle" if self.tone in {"over", "today"} else "clock"


def _days(count: int) -> str:
    return ngettext("{n} day", "{n} days", count).format(n=count)


def _hours(count: int) -> str:
    return ngettext("{n} hour", "{n} hours", count).format(n=count)


def span(delta: timedelta) -> str:
    """2 天 9 小时; 9 小时; 12 分钟."""
    minutes = max(0, int(delta.total_seconds()) // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days and hours:
        return _("{days} {hours}").format(days=_days(days), hours=_hours(hours))
    if days:
        return _days(days)
    if hours:
        return _hours(hours)
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)


def due(instant: datetime, now: datetime) -> Due:
    """Tone and words for a deadline as seen at ``now``. Days are calendar days, as the offices count them."""
    today = timezone.localtime(now).date()
    final = formats.last_day(instant)
    days = (final - today).days
    until = formats.until(instant)
    if now >= instant:
        late = _days(-days) if days < 0 else span(now - instant)
        words = _("{time} overdue").format(time=late)
        return Due(instant, "over", until, words, words, days)
    left = _("{time} left").format(time=span(instant - now))
    if days == 0:
        return Due(instant, "today", until, _("Due today"), left, 0)
    short = _("{time} left").format(time=_days(days))
    return Due(instant, "soon" if days <= SOON_DAYS else "ok", until, short, left, days)
