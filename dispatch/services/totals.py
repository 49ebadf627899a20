"""Count a month's sums anew where something has happened since (performance.md: totals per place, never one for all).

A reader calls `refresh` before it reads: with nothing new it costs three short queries. Places are counted under a
lock of their own, so two readers at once do the work once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, Count, F, Max, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Now

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Place
from ningde_projects.periods.consequences import on_every_tick
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.workflow.models import Act
from reports.models import Opinion, ProblemStatement, Report
from reports.selectors.month import state_condition
from reports.selectors.problems import SAID, old_before
from reports.workflow import OpinionStatus, ReportStatus

from ..models import Counted, ProblemSums, ReportSums, Standing

_STATES = ("due", "filed", "nil", "late", "missing", "waiting", "returned", "accepted")
_LIGHTS = {"green": "g", "amber": "y", "red": "r", "unrated": "n"}
_SAID = {name: Q(answer__in=answers) for name, answers in SAID.items()}
#: An act whose transaction may still be under way is looked at again.
_UNDERWAY = timedelta(seconds=10)
_LOCK = 8_205

Key = tuple[int, str, int | None]


def refresh(month: Month, at: datetime) -> int:
    """Bring the sums of a month up to date; how many places were counted anew."""
    places = stale_places(month, at)
    if places:
        count(month, places, at)
    return len(places)


def stale_places(month: Month, at: datetime) -> set[int]:
    """Places where something was done since they were counted, or where a report has become overdue."""
    every = dict(Place.objects.values_list("pk", "is_municipal"))
    known = {row.place_id: row for row in Counted.objects.filter(month=month)}
    if len(known) < len(every):
        return set(every)
    since = min(row.act for row in known.values())
    touched = set(
        Act.objects.filter(pk__gt=since)
        .exclude(machine="")
        .order_by()
        .values_list("place_id", flat=True)
        .distinct()
    )
    if None in touched:
        return set(every)
    stale = {place for place in touched if place is not None}
    stale |= {pk for pk, row in known.items() if row.next_due is not None and row.next_due <= at}
    # What the commission receives itself is counted apart from its county.
    return (stale | {pk for pk, municipal in every.items() if municipal}) if stale else set()


@transaction.atomic
def count(month: Month, places: Collection[int], at: datetime) -> None:
    """Count these places of a month; a fixed number of statements."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, month.year * 100 + month.number])
    act = Act.objects.filter(recorded_at__lt=Now() - _UNDERWAY).aggregate(last=Max("pk"))["last"] or 0
    ReportSums.objects.filter(month=month, place__in=places).delete()
    ProblemSums.objects.filter(month=month, place__in=places).delete()
    ReportSums.objects.bulk_create(
        ReportSums(month=month, place_id=place, level=level, industry_id=industry, **numbers)
        for (place, level, industry), numbers in _report_sums(month, places, at).items()
    )
    ProblemSums.objects.bulk_create(
        ProblemSums(
            month=month, place_id=place, level=level, industry_id=industry, category=category, **numbers
        )
        for ((place, level, industry), category), numbers in _problem_sums(month, places).items()
    )
    due = _next_due(month, places, at)
    Counted.objects.bulk_create(
        (Counted(month=month, place_id=place, at=at, act=act, next_due=due.get(place)) for place in places),
        update_conflicts=True, unique_fields=["month", "place"], update_fields=["at", "act", "next_due"],
    )  # fmt: skip


def _municipal() -> int:
    return Place.objects.values_list("pk", flat=True).get(is_municipal=True)


def _row_place(receiver: str, place: str) -> Case:
    """The row of the table that a report belongs to: its receiver is the commission, or its county."""
    return Case(
        When(**{f"{receiver}__kind": OrgKind.COMMISSION, "then": Value(_municipal())}), default=F(place),
        output_field=BigIntegerField(),
    )  # fmt: skip


def _in_places(rows: QuerySet[Any], column: str, places: Iterable[int]) -> QuerySet[Any]:
    return rows.filter(**{f"{column}__in": list(places)})


def _report_sums(month: Month, places: Collection[int], at: datetime) -> dict[Key, dict[str, Any]]:
    found: dict[Key, dict[str, Any]] = {}
    rows = Report.objects.filter(kind="monthly", month=month).annotate(row=_row_place("receiver", "place"))
    counted = (
        _in_places(rows, "row", places).order_by()
        .values("row", "project__level", "project__industry")
        .annotate(**{state: Count("pk", filter=state_condition(state, at)) for state in _STATES})
    )  # fmt: skip
    for row in counted:
        key = (row["row"], row["project__level"], row["project__industry"])
        found[key] = {state: row[state] for state in _STATES}
    standings = (
        _in_places(Standing.objects.filter(month=month, part__isnull=True), "place", places).order_by()
        .values("place", "project__level", "project__industry")
        .annotate(
            **{name: Count("pk", filter=Q(light=code)) for name, code in _LIGHTS.items()},
            planned=Sum("annual_plan"),
            completed=Sum("year_cumulative", filter=Q(annual_plan__isnull=False)),
        )
    )  # fmt: skip
    for row in standings:
        key = (row["place"], row["project__level"], row["project__industry"])
        found.setdefault(key, {}).update({n: row[n] or 0 for n in (*_LIGHTS, "planned", "completed")})
    return found


def _problem_sums(month: Month, places: Collection[int]) -> dict[tuple[Key, str], dict[str, int]]:
    found: dict[tuple[Key, str], dict[str, int]] = {}
    said = _SAID | {"old": _SAID["old"] & Q(problem__occurred_on__lt=old_before(month))}
    statements = (
        _in_places(ProblemStatement.objects.filter(month=month), "problem__place", places).order_by()
        .values("problem__place", "problem__project__level", "problem__project__industry", "problem__category__code")
        .annotate(**{name: Count("problem", distinct=True, filter=rule) for name, rule in said.items()})
    )  # fmt: skip
    for row in statements:
        found[_problem_key(row)] = {name: row[name] for name in said}
    opinions = (
        _in_places(Opinion.objects.filter(month=month), "problem__place", places)
        .exclude(status=OpinionStatus.REASSIGNED).order_by()
        .values("problem__place", "problem__project__level", "problem__project__industry", "problem__category__code")
        .annotate(asked=Count("pk"), sent=Count("pk", filter=Q(status=OpinionStatus.SENT)))
    )  # fmt: skip
    for row in opinions:
        found.setdefault(_problem_key(row), {}).update(asked=row["asked"], sent=row["sent"])
    return found


def _problem_key(row: dict[str, Any]) -> tuple[Key, str]:
    key = (row["problem__place"], row["problem__project__level"], row["problem__project__industry"])
    return key, row["problem__category__code"]


def _next_due(month: Month, places: Collection[int], at: datetime) -> dict[int, datetime]:
    rows = Report.objects.filter(
        kind="monthly", month=month, status__in=[ReportStatus.TODO, ReportStatus.DRAFT],
        first_submitted_at__isnull=True, due_at__gt=at,
    ).annotate(row=_row_place("receiver", "place"))  # fmt: skip
    return dict(_in_places(rows, "row", places).order_by().values_list("row").annotate(Min("due_at")))


@on_every_tick("dispatch_sums")
def keep_fresh(at: datetime) -> int:
    """The running month and the one before, so that a reader finds them counted."""
    month = reporting_month(at)
    return refresh(month, at) + refresh(month.previous, at)
