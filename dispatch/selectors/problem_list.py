"""The municipal problem list of a month, drawn from what has come: one problem once, all sources (M8.1, point 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.periods.month import Month, local_date, reporting_month
from ningde_projects.periods.selectors import entered_days
from reports import rules as reporting
from reports.models import Holding, Opinion, Problem, ProblemStatement, Summary, SummaryItem
from reports.models.opinions import OpinionSource
from reports.services.holdings import booked_workdays
from reports.workflow import UNSETTLED, OpinionStatus, ProblemStatus

from ..policies.problem_list import reads_living
from ..querysets.editions import reads_whole


class Source(models.TextChoices):
    """How a problem came to the commission; it may have come by several ways."""

    COUNTY = "county", pgettext_lazy("source of a problem", "County summary")
    WAITING = "waiting", pgettext_lazy("source of a problem", "County: not yet forwarded")
    DEPARTMENT = "department", pgettext_lazy("source of a problem", "Passed by departments")
    MUNICIPAL = "municipal", pgettext_lazy("source of a problem", "Municipal-managed project")
    DIRECT = "direct", pgettext_lazy("source of a problem", "Owner's direct report")
    URGENT = "urgent", pgettext_lazy("source of a problem", "Urgent report")


@dataclass
class Line:
    """One problem as the list shows it; a sealed edition keeps exactly these values."""

    number: str
    problem: str
    project: str
    owner: str
    place: str
    place_name: str
    category: str
    category_name: str
    text: str
    request: str
    sources: list[str]
    unit: str
    level: str
    days: int
    status: str
    handling: str
    is_new: bool
    #: 项目类别: the industry.
    industry: str = ""
    #: The county's summary came or will come after the deadline.
    late: bool = False
    #: Department, result, text.
    opinions: list[list[str]] = field(default_factory=list)
    #: Holder, working days, 1 while it lies with him.
    holders: list[list[Any]] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        return self.status not in UNSETTLED

    @property
    def level_word(self) -> str:
        from reports.models.problems import AskedLevel

        return str(AskedLevel(self.level).label)

    @property
    def source_words(self) -> list[str]:
        return [str(Source(code).label) for code in self.sources]


@dataclass
class Drawn:
    """A line with what only the living list needs."""

    line: Line
    pk: int
    place_order: int


def alive_in(month: Month) -> QuerySet[Problem]:
    """Unsettled in the month or settled in it; what the owner took back was never a problem.

    What is reported at once (directly, urgently) while the month's list is being compiled does not wait for the next
    month's forms: it stands in this list, after the sealing as its supplement (point 5).
    """
    withdrawn = Q(status=ProblemStatus.CLOSED, closed_at=F("resolved_at"))
    at_once = Q(is_direct=True) | Q(is_urgent=True)
    rows: QuerySet[Problem] = Problem.objects.filter(
        Q(status__in=UNSETTLED) | Q(resolved_at__gte=month.start),
        Q(first_month__lte=month) | at_once & Q(first_month=month.next, reported_at__lt=month.next.end),
    ).exclude(withdrawn)
    return rows


def listed_first(problem: Problem) -> Month:
    """The first month whose list it stands in."""
    first: Month = problem.first_month
    if problem.is_direct or problem.is_urgent:
        return min(first, reporting_month(problem.reported_at))
    return first


def living(actor: Actor, month: Month) -> QuerySet[Problem]:
    """What this person reads of the living list: the commission and the municipal government all of it."""
    if reads_whole(actor):
        return alive_in(month)
    if not reads_living(actor):
        return alive_in(month).none()
    return alive_in(month).filter(pk__in=Problem.objects.visible_to(actor).order_by().values("pk"))


def draw(actor: Actor, month: Month, at: datetime) -> list[Drawn]:
    """The whole list for a reader, by place and age; a fixed number of queries."""
    return lines_of(living(actor, month), month, at, None if reads_whole(actor) else actor)


def lines_of(rows: QuerySet[Problem], month: Month, at: datetime, reader: Actor | None) -> list[Drawn]:
    """`reader` None: every opinion that was sent; else those that he may read."""
    problems = list(
        rows.select_related("project__industry", "place", "category", "unit", "owner", "first_report__receiver")
        .order_by("place__is_municipal", "place__order", "occurred_on", "pk")
    )  # fmt: skip
    ids = [p.pk for p in problems]
    around = _Around(ids, month, at, reader)
    return [Drawn(_line(p, month, at, around), p.pk, n) for n, p in enumerate(problems)]


class _Around:
    """What others say of the problems in the month, read in sets."""

    def __init__(self, ids: list[int], month: Month, at: datetime, reader: Actor | None) -> None:
        self.items = {
            item.problem_id: item
            for item in SummaryItem.objects.filter(
                problem__in=ids, summary__month=month, summary__first_forwarded_at__isnull=False
            ).select_related("lead_department")
        }
        self.late = {s.place_id for s in Summary.objects.filter(month=month) if s.is_late(at)}
        opinions = Opinion.objects if reader is None else Opinion.objects.visible_to(reader)
        self.opinions: dict[int, list[Opinion]] = defaultdict(list)
        for opinion in (
            opinions.filter(problem__in=ids, month=month)
            .exclude(status=OpinionStatus.REASSIGNED)
            .select_related("department")
            .order_by("department__order", "pk")
        ):
            self.opinions[opinion.problem_id].append(opinion)
        # The latest that the owner's forms say of each.
        self.said: dict[int, str] = dict(
            ProblemStatement.objects.filter(problem__in=ids, month__lte=month)
            .order_by("problem", "-month", "-pk")
            .distinct("problem")
            .values_list("problem", "answer")
        )


def _line(problem: Problem, month: Month, at: datetime, around: _Around) -> Line:
    item, opinions = around.items.get(problem.pk), around.opinions.get(problem.pk, [])
    is_open = problem.status in UNSETTLED
    end = at if is_open or problem.resolved_at is None else problem.resolved_at
    sources = _sources(problem, item, opinions)
    level = item.level if item else problem.level
    unit = item.lead_department.short_name if item and item.lead_department else problem.unit_name
    return Line(
        number=problem.number, problem=str(problem.public_id), project=problem.project.name,
        owner=problem.owner.name, place=problem.place.code, place_name=problem.place.name,
        category=problem.category.code, category_name=problem.category.name,
        text=item.text if item else problem.description,
        request=(item.request if item else "") or problem.request,
        sources=sources, unit=unit, level=level, days=max((local_date(end) - problem.occurred_on).days, 0),
        status=problem.status, handling=problem.handling, is_new=listed_first(problem) == month,
        industry=problem.project.industry.name if problem.project.industry else "",
        late=problem.place_id in around.late and bool({Source.COUNTY, Source.WAITING} & set(sources)),
        opinions=[[o.department.short_name, o.result, o.text] for o in opinions if o.status == OpinionStatus.SENT],
        contradictions=_contradictions(problem, item, opinions, around.said.get(problem.pk, "")),
    )  # fmt: skip


def _sources(problem: Problem, item: SummaryItem | None, opinions: list[Opinion]) -> list[str]:
    found: list[str] = []
    first = problem.first_report
    municipal = first is not None and first.kind == "monthly" and first.receiver.kind == OrgKind.COMMISSION
    if item is not None:
        found.append(Source.COUNTY)
    elif municipal:
        found.append(Source.MUNICIPAL)
    elif not problem.is_direct:
        found.append(Source.WAITING)
    if any(o.source in (OpinionSource.COUNTY_DEPARTMENT, OpinionSource.CARRIED) for o in opinions):
        found.append(Source.DEPARTMENT)
    if problem.is_direct:
        found.append(Source.DIRECT)
    if problem.is_urgent:
        found.append(Source.URGENT)
    return [str(source) for source in found]


def _contradictions(
    problem: Problem, item: SummaryItem | None, opinions: list[Opinion], said: str
) -> list[str]:
    """The same marks as on the problem's own page."""
    return reporting.contradictions(
        county_level=item.level if item else "",
        county_department=item.lead_department.short_name if item and item.lead_department else "",
        asked=[o.department.short_name for o in opinions],
        results=[(o.department.short_name, o.result) for o in opinions if o.status == OpinionStatus.SENT],
        owner_says_open=said not in ("", "solved") and problem.status in UNSETTLED,
    )


def add_holders(drawn: Iterable[Drawn], at: datetime) -> None:
    """Working days by holder, for the lines that are shown (point 8)."""
    lines = {row.pk: row.line for row in drawn}
    entered = entered_days()
    spent: dict[int, dict[str, list[Any]]] = defaultdict(dict)
    rows = Holding.objects.filter(problem__in=list(lines)).select_related("organisation", "user")
    for holding in rows.prefetch_related("stops").order_by("since", "pk"):
        name = f"{holding.organisation.short_name}{' ' + holding.user.name if holding.user else ''}"
        days = holding.workdays if holding.workdays is not None else booked_workdays(holding, at, entered)
        entry = spent[holding.problem_id].setdefault(name, [name, 0, 0])
        entry[1] += days
        entry[2] = int(holding.until is None)
    for pk, line in lines.items():
        line.holders = list(spent[pk].values())
