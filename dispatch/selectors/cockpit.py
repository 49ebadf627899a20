"""调度驾驶舱: a month's figures from the sums per place; each is the number of rows of the list that it opens (M8.2).

A fixed number of queries over rows whose number follows places, levels and industries, never projects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.urls import reverse

from ningde_projects.organizations.models import Industry, Place
from ningde_projects.periods.month import Month, local_date, reporting_month
from ningde_projects.projects.models import Level
from ningde_projects.projects.rules import schedule_percent
from reports.models import Summary, VerificationCheck
from reports.models.checks import Finding
from reports.selectors.categories import named_in

from ..models import Counted, Item, Listing, ProblemSums, ReportSums, Tier
from ..workflow.items import ITEM_OWED, ItemStatus

STATES = ("due", "filed", "nil", "late", "missing", "waiting", "returned", "accepted")
LIGHTS = {"red": "r", "amber": "y", "green": "g", "unrated": "n"}
SAID = ("unsettled", "new", "solved", "old")
TREND = 12
OLDEST = 10
_SUMMED = {name: Sum(name) for name in (*STATES, *LIGHTS, "planned", "completed")}


@dataclass(frozen=True)
class Scope:
    """What the page is narrowed to; unknown values are left out."""

    month: Month
    level: str = ""
    industry: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str], at: datetime) -> Scope:
        try:
            month = Month.parse(params.get("month", ""))
        except ValueError:
            month = reporting_month(at)
        level = params.get("level", "")
        return cls(month, level if level in Level.values else "", params.get("industry", "")[:20])

    @property
    def is_narrowed(self) -> bool:
        return bool(self.level or self.industry)

    @property
    def condition(self) -> Q:
        found = Q()
        if self.level:
            found &= Q(level=self.level)
        if self.industry:
            found &= Q(industry__code=self.industry)
        return found

    def query(self, **more: str) -> str:
        """The rest of an address that opens the list behind a figure."""
        kept = {"grade": self.level, "industry": self.industry, **more}
        return urlencode({name: value for name, value in kept.items() if value})

    def reports_url(self, state: str, place: str = "") -> str:
        return f"{reverse('reports:month_reports', args=[self.month])}?{self.query(state=state, place=place)}"

    def lag_url(self, light: str, place: str = "") -> str:
        kept = {"month": str(self.month), "light": light, "place": place, "level": self.level,
                "industry": self.industry}  # fmt: skip
        return f"{reverse('dispatch:lag')}?{urlencode({n: v for n, v in kept.items() if v})}"

    def problems_url(self, said: str = "unsettled", place: str = "", category: str = "") -> str:
        words = self.query(status="all", month=str(self.month), said=said, place=place, category=category)
        return f"{reverse('reports:problems')}?{words}"


@dataclass
class Sums:
    """The figures of one row, one month or the whole city."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*STATES, *LIGHTS), 0))
    said: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*SAID, "asked", "sent"), 0))
    planned: Decimal = Decimal(0)
    completed: Decimal = Decimal(0)
    month: Month | None = None

    def add(self, row: Mapping[str, Any]) -> None:
        for name in self.counts:
            self.counts[name] += row[name] or 0
        self.planned += row["planned"] or 0
        self.completed += row["completed"] or 0

    @property
    def on_time(self) -> int:
        return self.counts["filed"] - self.counts["late"]

    @property
    def on_time_percent(self) -> Decimal | None:
        return Decimal(self.on_time) * 100 / self.counts["due"] if self.counts["due"] else None

    @property
    def completed_percent(self) -> Decimal | None:
        return self.completed * 100 / self.planned if self.planned else None

    @property
    def projects(self) -> int:
        return sum(self.counts[name] for name in LIGHTS)

    @property
    def red_percent(self) -> Decimal | None:
        return Decimal(self.counts["red"]) * 100 / self.projects if self.projects else None


@dataclass
class PlaceRow(Sums):
    place: Place | None = None
    categories: dict[str, int] = field(default_factory=dict)
    #: Accepted by the county and not forwarded with its summary yet.
    to_forward: int = 0

    @property
    def problems(self) -> int:
        return sum(self.categories.values())


@dataclass(frozen=True)
class Cockpit:
    scope: Scope
    rows: list[PlaceRow]
    total: PlaceRow
    before: Sums
    months: list[tuple[Month, Sums]]
    categories: list[tuple[str, str]]
    schedule: Decimal
    counted_at: datetime | None
    checked: int
    untrue: int
    forwarded: int
    counties: int
    #: The month's three-tier list: level, its words, how many items.
    tiers: list[tuple[str, str, int]]
    overdue_items: int
    #: Items of the list of the month before, how many of them are struck off, how many came over.
    listed_before: tuple[int, int, int]
    oldest: list[Item]
    unsettled: int
    industries: list[Industry]


def cockpit(scope: Scope, at: datetime) -> Cockpit:
    """All figures of the page; the sums must have been refreshed before."""
    places = list(Place.objects.order_by("is_municipal", "order"))
    summaries = {s.place_id: s for s in Summary.objects.filter(month=scope.month)}
    rows = {p.pk: PlaceRow(place=p) for p in places}
    _add_reports(rows, scope)
    _add_problems(rows, scope)
    total = PlaceRow()
    for pk, row in rows.items():
        summary = summaries.get(pk)
        row.to_forward = row.counts["accepted"] if summary and not summary.first_forwarded_at else 0
        _add(total, row)
    months = _months(scope)
    checks = VerificationCheck.objects.filter(report__month=scope.month).aggregate(
        all=Count("pk"), untrue=Count("pk", filter=~Q(finding=Finding.ACCURATE))
    )
    named = named_in(scope.month)
    tiers = _tiers(scope)
    return Cockpit(
        scope, [rows[p.pk] for p in places], total, dict(months).get(scope.month.previous, Sums()), months,
        [(c.code, c.name) for c in named if total.categories.get(c.code)], schedule_percent(scope.month),
        Counted.objects.filter(month=scope.month).aggregate(at=Max("at"))["at"],
        checks["all"], checks["untrue"], sum(1 for s in summaries.values() if s.first_forwarded_at), len(summaries),
        [(value, str(Tier(value).label), tiers.get(value, 0)) for value in Tier.values],
        _overdue(scope, at), _before(scope), list(_unsettled(scope)[:OLDEST]), _unsettled(scope).count(),
        list(Industry.objects.order_by("order", "pk")),
    )  # fmt: skip


def _add_reports(rows: dict[int, PlaceRow], scope: Scope) -> None:
    found = ReportSums.objects.filter(scope.condition, month=scope.month).order_by().values("place")
    for row in found.annotate(**_SUMMED):
        rows[row["place"]].add(row)


def _add_problems(rows: dict[int, PlaceRow], scope: Scope) -> None:
    names = (*SAID, "asked", "sent")
    sums = ProblemSums.objects.filter(scope.condition, month=scope.month).order_by()
    for place, category, *numbers in sums.values_list("place", "category").annotate(
        *(Sum(name) for name in names)
    ):
        into = rows[place]
        for name, number in zip(names, numbers, strict=True):
            into.said[name] += number
        if numbers[0]:
            into.categories[category] = into.categories.get(category, 0) + numbers[0]


def _add(total: PlaceRow, row: PlaceRow) -> None:
    total.add({**row.counts, "planned": row.planned, "completed": row.completed})
    for name, number in row.said.items():
        total.said[name] += number
    for code, number in row.categories.items():
        total.categories[code] = total.categories.get(code, 0) + number
    total.to_forward += row.to_forward


def _months(scope: Scope) -> list[tuple[Month, Sums]]:
    """The last twelve months, oldest first; what was not counted then is left out."""
    first = scope.month.plus(1 - TREND)
    found: dict[Month, Sums] = defaultdict(Sums)
    span = scope.condition & Q(month__gte=first, month__lte=scope.month)
    for row in ReportSums.objects.filter(span).order_by().values("month").annotate(**_SUMMED):
        found[row["month"]].add(row)
    for month, number in (
        ProblemSums.objects.filter(span).order_by().values_list("month").annotate(n=Sum("unsettled"))
    ):
        found[month].said["unsettled"] = number
    for month, sums in found.items():
        sums.month = month
    return sorted(found.items())


def _narrowed(scope: Scope, prefix: str = "") -> Q:
    found = Q()
    if scope.level:
        found &= Q(**{f"{prefix}project__level": scope.level})
    if scope.industry:
        found &= Q(**{f"{prefix}project__industry__code": scope.industry})
    return found


def _items(scope: Scope) -> QuerySet[Item]:
    rows: QuerySet[Item] = Item.objects.filter(_narrowed(scope), listings__list__month=scope.month)
    return rows.exclude(status=ItemStatus.REMOVED).order_by()


def _unsettled(scope: Scope) -> QuerySet[Item]:
    """What is still on somebody's desk, the longest first."""
    rows: QuerySet[Item] = Item.objects.unsettled().filter(_narrowed(scope))
    return rows.select_related("project", "place", "unit").order_by("issued_at", "pk")


def _before(scope: Scope) -> tuple[int, int, int]:
    rows = Listing.objects.filter(_narrowed(scope, "item__")).exclude(item__status=ItemStatus.REMOVED)
    found = rows.aggregate(
        all=Count("pk", filter=Q(list__month=scope.month.previous)),
        closed=Count("pk", filter=Q(list__month=scope.month.previous, item__status=ItemStatus.CLOSED)),
        carried=Count("pk", filter=Q(list__month=scope.month, is_carried=True)),
    )
    return found["all"], found["closed"], found["carried"]


def _tiers(scope: Scope) -> dict[str, int]:
    return dict(_items(scope).values_list("tier").annotate(n=Count("pk", distinct=True)))


def _overdue(scope: Scope, at: datetime) -> int:
    number: int = _items(scope).filter(status__in=ITEM_OWED, due_on__lt=local_date(at)).distinct().count()
    return number
