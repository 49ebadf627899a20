"""M7.1: on time, missing, late and returned, per project and organisation over any months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month

from ..models import Report, VerificationCheck

#: What the rows stand for: column of the key, column of the name.
GROUPS: dict[str, tuple[str, str]] = {
    "place": ("place__code", "place__name"),
    "owner": ("owner__public_id", "owner__name"),
    "project": ("project__public_id", "project__name"),
    "department": ("department__public_id", "department__name"),
}

COUNTS = ("due", "on_time", "late", "missing", "returned", "nil")


@dataclass(frozen=True)
class Span:
    first: Month
    last: Month


def _reports(actor: Actor, span: Span) -> QuerySet[Report]:
    rows: QuerySet[Report] = Report.objects.visible_to(actor).filter(
        kind="monthly", month__gte=span.first, month__lte=span.last
    )
    return rows.exclude(status="exempt")


def figures(actor: Actor, span: Span, group: str, at: datetime) -> list[dict[str, Any]]:
    """One row per place, owner, project or department; the worst first. One query."""
    key, name = GROUPS[group]
    filed = Q(first_submitted_at__isnull=False)
    rows = (
        _reports(actor, span).order_by()
        .values(key=F(key), name=F(name))
        .annotate(
            due=Count("pk", filter=Q(due_at__lte=at) | filed),
            on_time=Count("pk", filter=filed & Q(first_submitted_at__lt=F("due_at"))),
            late=Count("pk", filter=filed & Q(first_submitted_at__gte=F("due_at"))),
            missing=Count("pk", filter=Q(first_submitted_at__isnull=True, due_at__lte=at)),
            returned=Count("pk", filter=Q(return_count__gt=0)),
            nil=Count("pk", filter=filed & Q(is_nil=True)),
        )
    )  # fmt: skip
    found: list[dict[str, Any]] = [dict(r) for r in rows if r["key"] is not None]
    for row in found:
        row["percent"] = _percent(row)
    return sorted(
        found,
        key=lambda r: (r["percent"] if r["percent"] is not None else 101, -r["missing"], str(r["name"])),
    )


def total(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The sums under the table: what stands in its rows, no more."""
    found: dict[str, Any] = {column: sum(row[column] for row in rows) for column in COUNTS}
    return found | {"percent": _percent(found)}


def _percent(row: dict[str, Any]) -> float | None:
    return row["on_time"] * 100 / row["due"] if row["due"] else None


def checks(actor: Actor, span: Span) -> QuerySet[VerificationCheck]:
    """Verification checks of visible reports in the span, newest first."""
    return VerificationCheck.objects.filter(report__in=_reports(actor, span)).select_related(
        "report__project", "report__place", "report__owner", "by"
    )


def check_counts(actor: Actor, span: Span) -> dict[str, int]:
    return dict(checks(actor, span).order_by().values_list("finding").annotate(n=Count("pk")))
