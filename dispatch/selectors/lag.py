"""滞后分析: how key projects stood in a month, why, since when, where they are heading (M8.2). Page and file alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.projects.lights import Lag
from ningde_projects.projects.models import Level
from ningde_projects.projects.rules import Light
from ningde_projects.shell.statuses import LIGHTS as LIGHT_WORDS

from ..models import Standing

#: The order of the work: what lags first, then what is about to.
LIGHTS = (Light.RED, Light.AMBER, Light.GREEN, Light.NONE)
MONTHS_SHOWN = 6


@dataclass(frozen=True)
class LagFilters:
    """What the address asks for; unknown values are left out."""

    month: Month
    light: str = ""
    lag: str = ""
    place: str = ""
    level: str = ""
    words: str = ""
    industry: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str], at: datetime) -> LagFilters:
        def one_of(name: str, known: Iterable[str]) -> str:
            value = params.get(name, "")
            return value if value in set(known) else ""

        try:
            month = Month.parse(params.get("month", ""))
        except ValueError:
            month = reporting_month(at)
        return cls(
            month,
            one_of("light", (light.value for light in Light)), one_of("lag", (lag.value for lag in Lag)),
            params.get("place", "")[:10], one_of("level", Level.values),
            params.get("q", "").replace("\0", "").strip()[:60],
            params.get("industry", "")[:20],
        )  # fmt: skip

    @property
    def is_set(self) -> bool:
        return bool(self.light or self.lag or self.place or self.level or self.words or self.industry)

    def condition(self, *, without: str = "") -> Q:
        """All filters as one condition, one of them left out for its own counts."""
        found = Q()
        if self.light and without != "light":
            found &= Q(light=self.light)
        if self.lag and without != "lag":
            found &= Q(lags__contains=self.lag)
        if self.place:
            found &= Q(place__code=self.place)
        if self.level:
            found &= Q(project__level=self.level)
        if self.industry:
            found &= Q(project__industry__code=self.industry)
        if self.words:
            found &= Q(project__name__icontains=self.words) | Q(project__owner__name__icontains=self.words)
        return found


@dataclass(frozen=True)
class LagRow:
    standing: Standing
    #: Points gained or lost against the month before; None when one of the two is not rated.
    change: Decimal | None
    #: The lights of the last months, oldest first, this one last; None where the project was not judged.
    lights: tuple[str | None, ...]
    parts: tuple[Standing, ...] = ()

    @property
    def why(self) -> str:
        return "；".join(self.standing.reasons)

    @property
    def lags(self) -> list[Lag]:
        return lags_of(self.standing)


@dataclass(frozen=True)
class LagCounts:
    """How many projects there are of each light and of each lag, other filters applied."""

    lights: Mapping[str, int] = field(default_factory=dict)
    lags: Mapping[str, int] = field(default_factory=dict)
    total: int = 0


def light_word(code: str) -> str:
    return str(LIGHT_WORDS[code].word)


def lags_of(standing: Standing) -> list[Lag]:
    return [Lag(value) for value in standing.lags.split(",") if value]


def of_month(actor: Actor, month: Month) -> QuerySet[Standing]:
    """One row per project that this person sees; figures add up once, so the parts hang on their project."""
    rows: QuerySet[Standing] = Standing.objects.visible_to(actor)
    return rows.filter(month=month, part__isnull=True)


def listed(actor: Actor, filters: LagFilters) -> QuerySet[Standing]:
    """The rows of the list, the worst first."""
    rows = of_month(actor, filters.month).filter(filters.condition())
    whens = [When(light=light.value, then=Value(number)) for number, light in enumerate(LIGHTS)]
    order = Case(*whens, output_field=IntegerField())
    return rows.select_related("project__owner", "project__industry", "place").order_by(
        order, "-red_months", F("ahead").asc(nulls_last=True), "place__order", "project__pk"
    )


def counts(actor: Actor, filters: LagFilters) -> LagCounts:
    """One query for all numbers on the filter chips."""
    rows = of_month(actor, filters.month).order_by()
    lights = {
        f"light_{light.value}": Q(filters.condition(without="light"), light=light.value) for light in Light
    }
    lags = {f"lag_{lag.value}": Q(filters.condition(without="lag"), lags__contains=lag.value) for lag in Lag}
    found: dict[str, Any] = rows.aggregate(
        total=Count("pk", filter=filters.condition(without="light")),
        **{name: Count("pk", filter=rule) for name, rule in {**lights, **lags}.items()},
    )
    return LagCounts(
        {light.value: found[f"light_{light.value}"] for light in Light},
        {lag.value: found[f"lag_{lag.value}"] for lag in Lag},
        found["total"],
    )


def rows_of(actor: Actor, standings: Iterable[Standing], month: Month) -> list[LagRow]:
    """The rows with their parts, their change and their last months: two queries for any number."""
    shown = list(standings)
    projects = [standing.project_id for standing in shown]
    first = month.plus(1 - MONTHS_SHOWN)
    before: dict[int, dict[Month, Standing]] = defaultdict(dict)
    for old in Standing.objects.filter(
        project__in=projects, part__isnull=True, month__gte=first, month__lt=month
    ):
        before[old.project_id][old.month] = old
    parts: dict[int, list[Standing]] = defaultdict(list)
    of_parts = Standing.objects.visible_to(actor).filter(
        project__in=projects, month=month, part__isnull=False
    )
    for part in of_parts.select_related("place").order_by("place__order"):
        parts[part.project_id].append(part)
    return [
        LagRow(
            standing, _change(standing, before[standing.project_id].get(month.previous)),
            (*(_light(before[standing.project_id].get(m)) for m in first.until(month.previous)), standing.light),
            tuple(parts[standing.project_id]),
        )
        for standing in shown
    ]  # fmt: skip


def _light(standing: Standing | None) -> str | None:
    return standing.light if standing else None


def _change(now: Standing, before: Standing | None) -> Decimal | None:
    if before is None or now.ahead is None or before.ahead is None:
        return None
    return now.ahead - before.ahead


def places_of(actor: Actor, month: Month) -> list[Place]:
    return list(
        Place.objects.filter(pk__in=of_month(actor, month).order_by().values("place")).order_by("order")
    )


def judged_at(month: Month) -> datetime | None:
    rows = Standing.objects.filter(month=month).order_by("-judged_at")
    return rows.values_list("judged_at", flat=True).first()


def filter_line(filters: LagFilters) -> str:
    words = [str(filters.month)]
    if filters.light:
        words.append(str(light_word(filters.light)))
    if filters.lag:
        words.append(str(Lag(filters.lag).label))
    if filters.place:
        words.append(Place.objects.filter(code=filters.place).values_list("name", flat=True).first() or "")
    if filters.level:
        words.append(str(Level(filters.level).label))
    words += [filters.words] if filters.words else []
    return " · ".join(words)
