"""M7.1: on time, missing, late and returned, per project and organisation over any months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
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


class Unknown(Exception):  # noqa: N818 - a name that nobody here knows, not a fault
    """No report of this key is seen."""


@dataclass(frozen=True)
class Span:
    first: Month
    last: Month


def _reports(actor: Actor, span: Span) -> QuerySet[Report]:
    rows: QuerySet[Report] = Report.objects.visible_to(actor).filter(
        kind="monthly", month__gte=span.first, month__lte=span.last
    )
    return rows.exclude(status="exempt")


def conditions(at: datetime) -> dict[str, Q]:
    """Which reports a number counts: one rule for the figure, the list behind it and its export."""
    filed = Q(first_submitted_at__isnull=False)
    return {
        "due": Q(due_at__lte=at) | filed,
        "on_time": filed & Q(first_submitted_at__lt=F("due_at")),
        "late": filed & Q(first_submitted_at__gte=F("due_at")),
        "missing": Q(first_submitted_at__isnull=True, due_at__lte=at),
        "returned": Q(return_count__gt=0),
        "nil": filed & Q(is_nil=True),
    }


def figures(actor: Actor, span: Span, group: str, at: datetime) -> list[dict[str, Any]]:
    """One row per place, owner, project or department; the worst first. One query."""
    key, name = GROUPS[group]
    rows = (
        _reports(actor, span).order_by()
        .values(key=F(key), name=F(name))
        .annotate(**{column: Count("pk", filter=rule) for column, rule in conditions(at).items()})
    )  # fmt: skip
    found: list[dict[str, Any]] = [dict(r) for r in rows if r["key"] is not None]
    for row in found:
        row["percent"] = _percent(row)
    return sorted(
        found,
        key=lambda r: (r["percent"] if r["percent"] is not None else 101, -r["missing"], str(r["name"])),
    )


def behind(actor: Actor, span: Span, group: str, key: str, state: str, at: datetime) -> QuerySet[Report]:
    """The reports that one number counts, the newest month first; without a key those of the sum of all rows."""
    column, _name = GROUPS[group]
    rows = _reports(actor, span).filter(conditions(at)[state])
    rows = rows.filter(**{column: key}) if key else rows.filter(**{f"{column}__isnull": False})
    return rows.select_related("project", "part__place", "place", "owner", "receiver").order_by(
        "-month", "place__order", "project", "pk"
    )


def name_of(actor: Actor, span: Span, group: str, key: str) -> str:
    """Whose number it is; "" for the sum. Unknown for a key of which this person sees no report."""
    if not key:
        return ""
    column, name = GROUPS[group]
    try:
        found = _reports(actor, span).filter(**{column: key}).order_by().values_list(name, flat=True).first()
    except ValidationError as wrong:  # no key at all
        raise Unknown from wrong
    if found is None:
        raise Unknown
    return str(found)


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
