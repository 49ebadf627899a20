"""Targets and completion of a year as one matrix: department × county (M1.1). Four queries whatever the number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.urls import reverse

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import BUSINESS_DUTIES, OrgKind
from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.periods.month import Month, local_date
from ningde_projects.periods.selectors import DeadlineBook

from ..models import TargetEdition
from .entries import came_into_pool
from .offices import industry_departments, reporting_places

_ZERO = Decimal(0)


@dataclass
class Figures:
    """Target and completion of one cell, row or column; investment in 万元."""

    target_count: int = 0
    target_sum: Decimal = _ZERO
    done_count: int = 0
    done_sum: Decimal = _ZERO
    #: The projects behind the completion, when this reader may open them.
    url: str = ""

    def add(self, other: Figures) -> None:
        self.target_count += other.target_count
        self.target_sum += other.target_sum
        self.done_count += other.done_count
        self.done_sum += other.done_sum

    @property
    def is_empty(self) -> bool:
        return not (self.target_count or self.target_sum or self.done_count or self.done_sum)

    @property
    def is_met(self) -> bool:
        return self.done_count >= self.target_count and self.done_sum >= self.target_sum

    @property
    def rate(self) -> Decimal | None:
        """Completed investment in per cent of the target, else of the number."""
        if self.target_sum:
            return self.done_sum * 100 / self.target_sum
        return Decimal(self.done_count * 100) / self.target_count if self.target_count else None


@dataclass
class Row:
    """One department; None stands for projects that no department leads."""

    department: Organisation | None
    cells: list[Figures]
    total: Figures


@dataclass
class Matrix:
    places: list[Place]
    rows: list[Row]
    columns: list[Figures] = field(default_factory=list)
    total: Figures = field(default_factory=Figures)


@dataclass(frozen=True)
class Reach:
    """Which cells this person may open: the city all, a department its row, a county its column."""

    everything: bool
    places: frozenset[int]
    departments: frozenset[int]

    def opens(self, place: int | None, department: int | None) -> bool:
        return self.everything or place in self.places or department in self.departments


def reach_of(actor: Actor) -> Reach:
    offices = [h.organisation for h in actor.held if h.duty in BUSINESS_DUTIES]
    city = (OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT)
    county = (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_DEPARTMENT)
    return Reach(
        any(o.kind in city for o in offices),
        frozenset(o.place_id for o in offices if o.kind in county),
        frozenset(o.pk for o in offices if o.kind == OrgKind.MUNICIPAL_DEPARTMENT),
    )


def matrix(edition: TargetEdition | None, year: int, reach: Reach) -> Matrix:
    """Targets of an edition (None: none has been issued) beside what has come into the pool in the year."""
    targets: dict[tuple[int | None, int | None], tuple[int, Decimal]] = {}
    if edition is not None:
        targets = {
            (place, department): (count, amount)
            for place, department, count, amount in edition.cells.values_list(
                "place", "department", "count", "investment"
            )
        }
    done = _done(year)
    departments = _departments({key[1] for key in (*targets, *done)})
    places = reporting_places()
    if any(key[0] not in {p.pk for p in places} for key in done):
        places += list(Place.objects.filter(is_municipal=True))
    found = Matrix(places, [], [Figures() for _ in places])
    for department in departments:
        pk = department.pk if department else None
        cells = [
            _cell(targets.get((p.pk, pk)), done.get((p.pk, pk)), year, p, department, reach) for p in places
        ]
        total = Figures(url=_url(year, None, department) if reach.opens(None, pk) else "")
        for column, cell in zip(found.columns, cells, strict=True):
            column.add(cell)
            total.add(cell)
        found.rows.append(Row(department, cells, total))
        found.total.add(total)
    for column, place in zip(found.columns, places, strict=True):
        column.url = _url(year, place, None) if reach.opens(place.pk, None) else ""
    found.total.url = _url(year, None, None)
    return found


def _done(year: int) -> dict[tuple[int | None, int | None], tuple[int, Decimal]]:
    rows = (
        came_into_pool(year)
        .order_by()
        .values_list("place", "municipal_department")
        .annotate(number=Count("pk"), amount=Sum("total_investment"))
    )
    return {(place, department): (number, amount or _ZERO) for place, department, number, amount in rows}


def _departments(ids: Iterable[int | None]) -> list[Organisation | None]:
    """All that lead an industry, and whoever else has a target or a project."""
    wanted = set(ids)
    known: list[Organisation | None] = list(industry_departments())
    listed = {d.pk for d in known if d}
    more = {pk for pk in wanted if pk is not None and pk not in listed}
    known += list(Organisation.objects.filter(pk__in=more).order_by("order", "pk"))
    return [*known, None] if None in wanted else known


def _cell(
    target: tuple[int, Decimal] | None, done: tuple[int, Decimal] | None, year: int, place: Place,
    department: Organisation | None, reach: Reach,
) -> Figures:  # fmt: skip
    count, amount = target or (0, _ZERO)
    number, total = done or (0, _ZERO)
    opens = number and reach.opens(place.pk, department.pk if department else None)
    return Figures(count, amount, number, total, _url(year, place, department) if opens else "")


def _url(year: int, place: Place | None, department: Organisation | None) -> str:
    query: Mapping[str, object] = {
        "year": year,
        **({"place": place.code} if place else {}),
        **({"department": department.public_id} if department else {}),
    }
    return f"{reverse('reserve:target-projects')}?{urlencode(query)}"


def due_at(year: int) -> datetime:
    """When the targets of a year have to be issued: 24:00 of 31 December before it (D13)."""
    return DeadlineBook().deadline("D13", Month(year - 1, 12))


def year_to_set(at: datetime) -> int:
    """The year that the commission works on: next year's targets from December on."""
    today = local_date(at)
    return today.year + 1 if today.month == 12 else today.year


def known_years(actor: Actor, at: datetime) -> list[int]:
    """The years that can be chosen, newest first: this one and the next always."""
    set_ = TargetEdition.objects.visible_to(actor).order_by().values_list("year", flat=True).distinct()
    today = local_date(at)
    return sorted({*set_, today.year, today.year + 1}, reverse=True)
