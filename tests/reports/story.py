"""The chain walked through the real services: short steps that tests put together (house rule 11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ningde_projects.organizations.models import User
from ningde_projects.periods.month import Month, midnight
from reports.basics import load_categories
from reports.models import Report
from reports.services import filing, opening
from tests.cast import Cast

OCTOBER = Month(2026, 10)


def november(day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """An instant in November 2026, in Ningde."""
    start = midnight(OCTOBER.next.day(day))
    return start.replace(hour=hour, minute=minute, second=second)


def opened(month: Month = OCTOBER, at: datetime | None = None) -> None:
    load_categories()
    opening.open_month(month, at or month.next.start)


def figures(month: str = "420", year: str = "5290", total: str = "15890", **more: Any) -> dict[str, Any]:
    """A sound form without problems carried."""
    return {
        "month_investment": month, "year_cumulative": year, "total_cumulative": total,
        "progress": "K0+000—K2+140 路基全部完成，占 56%；水稳层完成 1.42 公里", "filler": "郑示安", "new": [], **more,
    }  # fmt: skip


def problem(key: str = "0a1b2c3d", **more: str) -> dict[str, Any]:
    """Typed values of one new problem block."""
    values = {
        "category": "03", "occurred_on": "2026-10-18", "level": "county", "unit_text": "三沙镇人民政府",
        "description": "K2+140 处管线迁改方案未定，影响路基接顺 60 米", "request": "11月20日前确定迁改方案",
    } | more  # fmt: skip
    return {"new": [key], **{f"n-{key}-{name}": value for name, value in values.items()}}


def report_of(project: Any, month: Month = OCTOBER, part: Any = None) -> Report:
    return Report.objects.get(project=project, month=month, part=part, kind="monthly")


def filed(cast: Cast, project: Any, person: User, at: datetime, **values: Any) -> Report:
    """Open the month if need be, and file a sound report."""
    if not Report.objects.filter(project=project, month=OCTOBER).exists():
        opened()
    report = report_of(project)
    filing.submit(report, figures() | values, by=cast.actor(person, at), at=at)
    return report
