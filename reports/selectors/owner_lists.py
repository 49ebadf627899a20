"""The owner's lists: problems, archive of reports, projects to report on (E2); page and export read the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Project, ProjectPart, Stage
from ningde_projects.projects.selectors import Thresholds

from ..forms.at_once import Place
from ..forms.report import Lists
from ..models import Category, Problem, Report
from ..models.reports import ReportKind
from ..workflow import UNSETTLED, ProblemStatus, ReportStatus
from .categories import in_force, named_in
from .owner import Reply, offices_of, replies_to

# ---- what can be reported on -----------------------------------------------------------------------------------


def places_of(actor: Actor) -> list[Place]:
    """Projects under way (or parts of them) that the person's owners report; two queries."""
    offices = list(offices_of(actor))
    alive = [Stage.UNDER_WAY, Stage.PRELIMINARY]
    parts = ProjectPart.objects.filter(
        Q(owner__in=offices) | Q(owner__isnull=True, project__owner__in=offices), project__stage__in=alive
    ).select_related("project__place", "project__county_department", "project__municipal_department",
                     "project__owner", "place", "owner", "county_department")  # fmt: skip
    whole = (
        Project.objects.filter(owner__in=offices, stage__in=alive, parts__isnull=True)
        .select_related("place", "county_department", "municipal_department", "owner")
        .order_by("place__order", "pk")
    )
    return [*(Place(p, None) for p in whole), *(Place(part.project, part) for part in parts)]


def lists_for_owner(actor: Actor, month: Month) -> Lists:
    """Choices before a project is chosen: the counties of all of the owner's projects, and the city."""
    counties = {p.part.place_id if p.part else p.project.place_id for p in places_of(actor)}
    units = Organisation.objects.filter(is_active=True).filter(
        Q(kind__in=[OrgKind.COUNTY_DEPARTMENT, OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_BUREAU],
          place__in=counties)
        | Q(kind__in=[OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION])
    )  # fmt: skip
    return Lists(list(in_force(month)), list(units.order_by("-place__order", "order", "name")))


# ---- problems --------------------------------------------------------------------------------------------------

Params = Mapping[str, Sequence[str]]
PROBLEM_STATES = ("unsettled", "confirm", "settled", "all")


@dataclass(frozen=True)
class ProblemFilters:
    """The filters of the ledger as they stand in the address; anything unknown is left out."""

    state: str = "unsettled"
    category: str = ""
    text: str = ""

    @classmethod
    def read(cls, params: Params) -> ProblemFilters:
        def one(name: str) -> str:
            return (params.get(name) or [""])[-1].strip()[:100]

        state = one("state")
        return cls(state if state in PROBLEM_STATES else "unsettled", one("category"), one("q"))


def problems_of(actor: Actor, filters: ProblemFilters) -> QuerySet[Problem]:
    """The owner's problems, the longest open first."""
    rows = _searched(_own_problems(actor), filters)
    if filters.category:
        rows = rows.filter(category__code=filters.category)
    return (
        _in_state(rows, filters.state)
        .select_related("project", "category", "unit", "place", "owner")
        .order_by("reported_at", "pk")
    )


def _own_problems(actor: Actor) -> QuerySet[Problem]:
    return cast("QuerySet[Problem]", Problem.objects.filter(owner__in=list(offices_of(actor))))


def _searched(rows: QuerySet[Problem], filters: ProblemFilters) -> QuerySet[Problem]:
    for word in filters.text.split():
        rows = rows.filter(
            Q(description__icontains=word) | Q(number__icontains=word) | Q(project__name__icontains=word)
        )
    return rows


def _in_state(rows: QuerySet[Problem], state: str) -> QuerySet[Problem]:
    if state == "unsettled":
        return rows.filter(status__in=UNSETTLED)
    if state == "confirm":
        return rows.filter(status=ProblemStatus.CONFIRM)
    if state == "settled":
        return rows.exclude(status__in=UNSETTLED)
    return rows


def problem_counts(actor: Actor, filters: ProblemFilters) -> dict[str, int]:
    """How many each state would show with the other filters as they are; one query."""
    rows = _searched(_own_problems(actor), filters)
    if filters.category:
        rows = rows.filter(category__code=filters.category)
    return rows.aggregate(
        all=Count("pk"), unsettled=Count("pk", filter=Q(status__in=UNSETTLED)),
        confirm=Count("pk", filter=Q(status=ProblemStatus.CONFIRM)),
        settled=Count("pk", filter=~Q(status__in=UNSETTLED)),
    )  # fmt: skip


@dataclass(frozen=True)
class LedgerRow:
    problem: Problem
    days: int
    tone: str
    reply: Reply | None

    @property
    def asks_me(self) -> bool:
        return self.problem.status == ProblemStatus.CONFIRM


def ledger_rows(problems: Sequence[Problem], at: datetime) -> list[LedgerRow]:
    """One page of the ledger with age and latest word; three queries."""
    limits, replies = Thresholds(Month.at(at)), replies_to(problems)
    found = []
    for problem in problems:
        days = problem.days(at)
        settled = problem.status not in UNSETTLED
        tone = (
            "ok"
            if settled or days <= limits["days_amber"]
            else "over"
            if days > limits["days_red"]
            else "soon"
        )
        found.append(LedgerRow(problem, days, tone, replies.get(problem.pk)))
    return found


def own_categories(actor: Actor, month: Month) -> list[Category]:
    """Of the codes under which the owner has filed a problem, the versions of the month."""
    codes = set(_own_problems(actor).order_by().values_list("category__code", flat=True))
    return [category for category in named_in(month) if category.code in codes]


# ---- the archive -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ArchiveFilters:
    year: int | None = None
    month: Month | None = None
    status: str = ""
    kind: str = ""
    text: str = ""

    @classmethod
    def read(cls, params: Params) -> ArchiveFilters:
        def one(name: str) -> str:
            return (params.get(name) or [""])[-1].strip()[:100]

        year, month = one("year"), None
        try:
            month = Month.parse(one("month"))
        except ValueError:
            month = None
        return cls(
            int(year) if year.isascii() and year.isdigit() and 2000 <= int(year) <= 2999 else None, month,
            one("status") if one("status") in ARCHIVE_STATES else "",
            one("kind") if one("kind") in ReportKind.values else "", one("q"),
        )  # fmt: skip


ARCHIVE_STATES = ("filed", "accepted", "late", "owed", "nil", "exempt")


def archive_of(actor: Actor, filters: ArchiveFilters) -> QuerySet[Report]:
    """All reports of the person's owners, newest month first."""
    rows = cast("QuerySet[Report]", Report.objects.filter(owner__in=list(offices_of(actor))))
    if filters.year:
        rows = rows.filter(month__gte=Month(filters.year, 1), month__lte=Month(filters.year, 12))
    if filters.month:
        rows = rows.filter(month=filters.month)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.status:
        rows = rows.filter(_archive_state(filters.status))
    for word in filters.text.split():
        rows = rows.filter(project__name__icontains=word)
    return rows.select_related("project", "place", "owner", "receiver", "part__place").order_by(
        "-month", "project__place__order", "project", "part", "pk"
    )


def _archive_state(state: str) -> Q:
    return {
        "filed": Q(status=ReportStatus.SUBMITTED),
        "accepted": Q(status=ReportStatus.ACCEPTED),
        "late": Q(first_submitted_at__gte=F("due_at")),
        "owed": Q(status__in=[ReportStatus.TODO, ReportStatus.DRAFT, ReportStatus.RETURNED]),
        "nil": Q(is_nil=True),
        "exempt": Q(status=ReportStatus.EXEMPT),
    }[state]


def archive_years(actor: Actor) -> list[int]:
    months = Report.objects.filter(owner__in=list(offices_of(actor))).order_by()
    return sorted({m.year for m in months.values_list("month", flat=True).distinct()}, reverse=True)


def shown_status(report: Report, at: datetime) -> str:
    """The chip of a list: overdue and late are said before the state."""
    if report.is_overdue(at):
        return "overdue"
    if report.status == ReportStatus.SUBMITTED and report.submission_count > 1:
        return "resubmit"
    return report.status


def in_words(filters: ProblemFilters | ArchiveFilters) -> str:
    """The line over an export that says which filters were on."""
    names: dict[str, Any] = dict(filters.__dict__)
    parts = [f"{_label(name)}：{_value(name, value)}" for name, value in names.items() if value]
    return "；".join(parts)


def _label(name: str) -> str:
    return {
        "state": _("State"), "category": _("Category"), "text": _("Contains"),
        "year": _("Year"), "month": _("Month"), "status": _("State"), "kind": _("Kind"),
    }[name]  # fmt: skip


def _value(name: str, value: Any) -> str:
    if name == "kind":
        return str(ReportKind(value).label)
    words = {
        "unsettled": _("Unsettled"), "confirm": _("Awaiting my confirmation"), "settled": _("Settled"),
        "all": _("All"), "filed": _("Awaiting review"), "accepted": _("Accepted"), "late": _("Filed late"),
        "owed": _("Still owed"), "nil": _("Nil report"), "exempt": _("Exempt from reporting"),
    }  # fmt: skip
    return words.get(str(value), str(value))
