"""The commission's first page: the month's figures per place, each the count of the list that it opens (E2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import Month

from ..models import Opinion, Problem, Report, Summary
from ..workflow import OPINION_OWED, OpinionStatus, ReportStatus
from .categories import named_in

#: The states that a number of the table can open, each one condition for figure, list and export alike.
STATES = ("due", "filed", "nil", "late", "missing", "waiting", "returned", "accepted", "exempt", "problems")


def state_condition(state: str, at: datetime) -> Q:
    """Which reports a figure counts; unknown states are all reports."""
    filed = Q(first_submitted_at__isnull=False)
    return {
        "due": ~Q(status=ReportStatus.EXEMPT),
        "filed": filed,
        "nil": filed & Q(is_nil=True),
        "late": filed & Q(first_submitted_at__gte=F("due_at")),
        "missing": Q(
            status__in=[ReportStatus.TODO, ReportStatus.DRAFT],
            first_submitted_at__isnull=True,
            due_at__lte=at,
        ),
        "waiting": Q(status=ReportStatus.SUBMITTED),
        "returned": Q(return_count__gt=0),
        "accepted": Q(status=ReportStatus.ACCEPTED),
        "exempt": Q(status=ReportStatus.EXEMPT),
        "problems": filed & Q(problem_count__gt=0),
    }.get(state, Q())


def reports_of_month(
    actor: Actor, month: Month, place: str, state: str, at: datetime, *, grade: str = "", industry: str = ""
) -> QuerySet[Report]:
    """The list behind a figure. `place` is a place key; SJ means what the commission receives itself."""
    rows: QuerySet[Report] = Report.objects.visible_to(actor).filter(kind="monthly", month=month)
    rows = rows.filter(state_condition(state, at))
    if place:
        municipal = Q(receiver__kind=OrgKind.COMMISSION)
        rows = rows.filter(municipal) if place == "SJ" else rows.filter(~municipal, place__code=place)
    if grade:
        rows = rows.filter(project__level=grade)
    if industry:
        rows = rows.filter(project__industry__code=industry)
    return rows.select_related("project", "place", "owner", "receiver").order_by(
        "place__order", "project", "pk"
    )


@dataclass
class PlaceRow:
    code: str
    name: str
    counts: dict[str, int]
    summary: Summary | None = None
    categories: dict[str, int] = field(default_factory=dict)

    @property
    def on_time_percent(self) -> float | None:
        due = self.counts["due"]
        return (self.counts["filed"] - self.counts["late"]) * 100 / due if due else None

    @property
    def problems(self) -> int:
        return sum(self.categories.values())


@dataclass
class MonthView:
    month: Month
    rows: list[PlaceRow]
    total: PlaceRow
    categories: list[tuple[str, str]]
    departments: list[dict[str, Any]]
    forwarded: int
    counties: int
    late_counties: list[Summary]


def month_view(month: Month, at: datetime) -> MonthView:
    """All figures of one month: a fixed number of queries whatever the number of projects."""
    places = list(Place.objects.order_by("is_municipal", "order"))
    counts = _report_counts(month, at)
    problems = _problem_counts(month)
    summaries = {s.place_id: s for s in Summary.objects.filter(month=month).select_related("place")}
    rows = [
        PlaceRow(
            p.code,
            p.name,
            counts.get(p.code, dict.fromkeys(STATES, 0)),
            summaries.get(p.pk),
            problems.get(p.code, {}),
        )
        for p in places
    ]
    total = PlaceRow("", "", {s: sum(r.counts[s] for r in rows) for s in STATES})
    for row in rows:
        for code, n in row.categories.items():
            total.categories[code] = total.categories.get(code, 0) + n
    categories = [(c.code, c.name) for c in named_in(month) if total.categories.get(c.code)]
    sent = [s for s in summaries.values() if s.first_forwarded_at]
    return MonthView(
        month, rows, total, categories, _department_counts(month), len(sent), len(summaries),
        [s for s in summaries.values() if s.is_late(at) and at >= s.due_at],
    )  # fmt: skip


def _report_counts(month: Month, at: datetime) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    rows = (
        Report.objects.filter(kind="monthly", month=month).order_by()
        .values("place__code", "receiver__kind")
        .annotate(**{state: Count("pk", filter=state_condition(state, at)) for state in STATES})
    )  # fmt: skip
    for row in rows:
        code = "SJ" if row["receiver__kind"] == OrgKind.COMMISSION else row["place__code"]
        into = found.setdefault(code, dict.fromkeys(STATES, 0))
        for state in STATES:
            into[state] += row[state]
    return found


def problems_of_month(month: Month) -> QuerySet[Problem]:
    """Problems that a filed report of the month speaks of and calls unsettled."""
    rows: QuerySet[Problem] = Problem.objects.filter(
        statements__month=month, statements__answer__in=["new", "unsolved", "progress"]
    )
    return rows


def _problem_counts(month: Month) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    rows = (
        problems_of_month(month).order_by().values_list("place__code", "category__code")
        .annotate(n=Count("pk", distinct=True))
    )  # fmt: skip
    for place, category, n in rows:
        found.setdefault(place, {})[category] = n
    return found


def _department_counts(month: Month) -> list[dict[str, Any]]:
    rows = (
        Opinion.objects.filter(month=month).exclude(status=OpinionStatus.REASSIGNED).order_by()
        .values("department", "department__short_name", "department__public_id")
        .annotate(
            asked=Count("pk"),
            sent=Count("pk", filter=Q(status=OpinionStatus.SENT)),
            late=Count("pk", filter=Q(status=OpinionStatus.SENT, sent_at__gte=F("due_at"))),
            owed=Count("pk", filter=Q(status__in=OPINION_OWED)),
        ).order_by("-owed", "department__order")
    )  # fmt: skip
    return list(rows)


def opinions_of_month(actor: Actor, month: Month, department: str) -> QuerySet[Opinion]:
    """The list behind a department's figures; the text of what is not sent yet stays the department's own."""
    rows = Opinion.objects.filter(month=month).exclude(status=OpinionStatus.REASSIGNED)
    if department:
        rows = rows.filter(department__public_id=department)
    return rows.select_related("problem__project", "problem__place", "department").order_by(
        "department__order", "pk"
    )
