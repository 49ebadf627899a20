"""The problem ledger and one problem with both channels side by side (M6.2, point 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month, local_date
from ningde_projects.periods.selectors import entered_days
from ningde_projects.projects.models import Level
from ningde_projects.workflow.models import Act

from .. import rules
from ..models import Holding, Opinion, Problem, ProblemStatement, SummaryItem
from ..services.holdings import booked_workdays
from ..workflow import UNSETTLED, OpinionStatus, ProblemStatus

#: Status, code of the category, code of the place.
Facet = tuple[str, str, str]


#: What the reports of a month can say of a problem; "old": unsettled for more than 90 days at the month's end.
SAID: dict[str, tuple[str, ...]] = {
    "unsettled": ("new", "unsolved", "progress"), "new": ("new",), "solved": ("solved",),
    "old": ("new", "unsolved", "progress"),
}  # fmt: skip
OLD_DAYS = 90


def old_before(month: Month) -> date:
    """Problems that occurred before this day have been open for more than 90 days when the month ends."""
    return month.last_day - timedelta(days=OLD_DAYS)


def said_in(month: Month, said: str) -> Q:
    """Problems of which a report of the month says so; anything at all without a word."""
    if not said:
        return Q(statements__month=month)
    found = Q(statements__month=month, statements__answer__in=SAID[said])
    return found & Q(occurred_on__lt=old_before(month)) if said == "old" else found


@dataclass(frozen=True)
class LedgerFilters:
    """What the address asks for; unknown values are ignored."""

    status: str = "unsettled"
    category: str = ""
    place: str = ""
    level: str = ""
    words: str = ""
    month: Month | None = None
    #: What the reports of the month say of it, one of SAID; only with a month.
    said: str = ""
    #: Level and industry of the project.
    grade: str = ""
    industry: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> LedgerFilters:
        status = query.get("status", "unsettled")
        try:
            month = Month.parse(query.get("month", ""))
        except ValueError:
            month = None
        return cls(
            status=status if status in {"unsettled", "all", *ProblemStatus.values} else "unsettled",
            category=query.get("category", "")[:4], place=query.get("place", "")[:4],
            level=query.get("level", "") if query.get("level") in {"county", "department", "leader"} else "",
            words=query.get("q", "").replace("\x00", "")[:60].strip(), month=month,
            said=query.get("said", "") if month and query.get("said", "") in SAID else "",
            grade=query.get("grade", "") if query.get("grade") in Level.values else "",
            industry=query.get("industry", "")[:20],
        )  # fmt: skip

    def condition(self) -> Q:
        found = self.beside_the_counted()
        if self.status == "unsettled":
            found &= Q(status__in=UNSETTLED)
        elif self.status != "all":
            found &= Q(status=self.status)
        if self.category:
            found &= Q(category__code=self.category)
        if self.place:
            found &= Q(place__code=self.place)
        return found

    def fits(self, counted: Facet, *, without: str) -> bool:
        """The three counted filters, one of them left out, on a row of the counts."""
        status, category, place = counted
        return (
            (without == "status" or self._has_status(status))
            and (without == "category" or self.category in ("", category))
            and (without == "place" or self.place in ("", place))
        )

    def _has_status(self, status: str) -> bool:
        return status in UNSETTLED if self.status == "unsettled" else self.status in ("all", status)

    def beside_the_counted(self) -> Q:
        """The filters whose values carry no counts."""
        found = Q()
        if self.level:
            found &= Q(level=self.level)
        if self.words:
            found &= (
                Q(description__icontains=self.words)
                | Q(project__name__icontains=self.words)
                | Q(number__icontains=self.words)
            )
        if self.grade:
            found &= Q(project__level=self.grade)
        if self.industry:
            found &= Q(project__industry__code=self.industry)
        if self.month:
            found &= said_in(self.month, self.said)
        return found


def ledger(actor: Actor, filters: LedgerFilters) -> QuerySet[Problem]:
    """Visible problems, oldest first; page and export read the same rows."""
    rows: QuerySet[Problem] = Problem.objects.visible_to(actor).filter(filters.condition())
    return (
        rows.select_related("project", "place", "category", "unit", "owner")
        .order_by("occurred_on", "pk")
        .distinct()
    )


@dataclass(frozen=True)
class Facets:
    """How many rows each value of one filter would show, the other filters kept."""

    statuses: Counter[str]
    categories: Counter[str]
    places: Counter[str]
    place_names: dict[str, str]


def facets(actor: Actor, filters: LedgerFilters) -> Facets:
    """One query, counted by all three; the sums are made here."""
    rows = Problem.objects.visible_to(actor).filter(filters.beside_the_counted())
    counted = rows.order_by().values_list("status", "category__code", "place__code", "place__name").annotate(
        n=Count("pk", distinct=True)
    )  # fmt: skip
    sums = {name: Counter[str]() for name in ("status", "category", "place")}
    names: dict[str, str] = {}
    for status, category, place, name_of_place, number in counted:
        key: Facet = (status, category, place)
        names[place] = name_of_place
        for (name, sum_), value in zip(sums.items(), key, strict=True):
            if filters.fits(key, without=name):
                sum_[value] += number
    return Facets(sums["status"], sums["category"], sums["place"], names)


@dataclass
class Line:
    """One holder's time."""

    holding: Holding
    workdays: int
    stopped: bool


@dataclass
class ProblemView:
    problem: Problem
    days: int
    statements: list[ProblemStatement]
    summary_items: list[SummaryItem]
    opinions: list[Opinion]
    holdings: list[Line]
    acts: list[Act]
    contradictions: list[str] = field(default_factory=list)


def problem_view(problem: Problem, actor: Actor, at: datetime) -> ProblemView:
    """Everything that this person may see of one problem; a fixed number of queries."""
    statements = list(problem.statements.select_related("report").order_by("-month"))
    items = [
        i for i in problem.summary_items.select_related("summary", "lead_department").order_by("-summary__month")
        if _may_see_summary(i, actor)
    ]  # fmt: skip
    opinions = list(
        Opinion.objects.visible_to(actor).filter(problem=problem)
        .select_related("department", "signed_by", "passed_from").order_by("-month", "pk")
    )  # fmt: skip
    acts = list(
        Act.objects.filter(
            Q(machine="problem", object_id=problem.pk)
            | Q(machine="opinion", object_id__in=[o.pk for o in opinions])
            | Q(machine="holding", object_id__in=problem.holdings.values("pk"))
        )
        .select_related("organisation")
        .order_by("-id")[:60]
    )
    return ProblemView(
        problem, (local_date(at) - problem.occurred_on).days, statements, items, opinions,
        _lines(problem, at), acts, _contradictions(problem, items, opinions, statements),
    )  # fmt: skip


def _may_see_summary(item: SummaryItem, actor: Actor) -> bool:
    """The county's wording is the county's alone until it has been forwarded."""
    if item.summary.first_forwarded_at is not None:
        return True
    offices = {h.organisation.pk for h in actor.held}
    return bool(offices & {item.summary.bureau_id, item.summary.government_id})


def _lines(problem: Problem, at: datetime) -> list[Line]:
    entered = entered_days()
    rows = problem.holdings.select_related("organisation", "user").prefetch_related("stops")
    return [
        Line(h, h.workdays if h.workdays is not None else booked_workdays(h, at, entered),
             any(s.until is None for s in h.stops.all()))
        for h in rows
    ]  # fmt: skip


def _contradictions(
    problem: Problem,
    items: list[SummaryItem],
    opinions: list[Opinion],
    statements: Iterable[ProblemStatement],
) -> list[str]:
    months = {o.month for o in opinions} | {i.summary.month for i in items}
    if not months:
        return []
    month = max(months)
    item = next((i for i in items if i.summary.month == month), None)
    said = [o for o in opinions if o.month == month and o.status == OpinionStatus.SENT]
    latest = next(iter(statements), None)
    return rules.contradictions(
        county_level=item.level if item else "",
        county_department=item.lead_department.short_name if item and item.lead_department else "",
        asked=[o.department.short_name for o in opinions if o.month == month],
        results=[(o.department.short_name, o.result) for o in said],
        owner_says_open=bool(latest and latest.answer != "solved" and problem.status in UNSETTLED),
    )
