"""The receiver's worksheet of a month: filters, groups in the order of work, rows (M5.4, M6.1).

County bureau and commission read the same page, each its own reports. Page, bulk acts and export ask the same
rows; the number of queries does not depend on how many there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Level
from ningde_projects.projects.rules import completion_percent, schedule_percent
from ningde_projects.projects.selectors import Thresholds
from ningde_projects.shell.statuses import light_of

from ..models import Chase, Report
from ..workflow import ReportStatus

#: The groups, in the order of work. A report that its owner took up again after filing waits to be filed again.
STATES: dict[str, Q] = {
    "submitted": Q(status=ReportStatus.SUBMITTED),
    "returned": Q(status=ReportStatus.RETURNED)
    | Q(status=ReportStatus.DRAFT, first_submitted_at__isnull=False),
    "missing": Q(status__in=[ReportStatus.TODO, ReportStatus.DRAFT], first_submitted_at__isnull=True),
    "accepted": Q(status=ReportStatus.ACCEPTED),
    "exempt": Q(status=ReportStatus.EXEMPT),
}
#: What is done folds away until it is asked for (DESIGN.md §6), unless it is all there is.
FOLDED = ("accepted", "exempt")
#: What a recalled report says is the owner's alone again.
SHOWN = Q(submitted_at__isnull=False)
LIGHTS = ("g", "y", "r", "n")
SORTS = ("filed", "month", "rate", "problems")


def worksheet_offices(actor: Actor) -> list[Organisation]:
    """The receivers whose reports this person reads; acting on them is asked of each report."""
    kinds = (OrgKind.COUNTY_BUREAU, OrgKind.COMMISSION)
    held = actor.held_of(Duty.REVIEW, Duty.DISPATCH, Duty.VIEW)
    return list({h.organisation.pk: h.organisation for h in held if h.organisation.kind in kinds}.values())


def deciding_offices(actor: Actor) -> frozenset[int]:
    """For which of them he decides."""
    return actor.offices(Duty.REVIEW, Duty.DISPATCH)


@dataclass(frozen=True)
class Filters:
    """What the address asks for; unknown values are left out."""

    status: str = ""
    level: str = ""
    light: str = ""
    problems: str = ""
    department: str = ""
    words: str = ""
    sort: str = ""
    opened: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        def one_of(name: str, known: Any) -> str:
            value = query.get(name, "")
            return value if value in known else ""

        sort = query.get("sort", "")
        return cls(
            status=one_of("status", STATES),
            level=one_of("level", Level.values),
            light=one_of("light", LIGHTS),
            problems=one_of("problems", ("with", "nil")),
            department=_uuid_text(query.get("department", "")),
            words=" ".join(query.get("q", "").replace("\0", "").split())[:60],
            sort=sort if sort.removeprefix("-") in SORTS else "",
            opened=tuple(s for s in query.getlist("open") if s in FOLDED),
        )

    @property
    def is_set(self) -> bool:
        return self != replace(Filters(), status=self.status, sort=self.sort, opened=self.opened)

    def shows(self, state: str) -> bool:
        """The rows of the group are listed; otherwise only its heading with the count."""
        return self.status == state or (not self.status and (state not in FOLDED or state in self.opened))

    def unfolding(self, counted: Mapping[str, int]) -> Filters:
        """When nothing but one folded group is left it stands open: a page of one heading shows nothing."""
        filled = [state for state in STATES if counted[state]]
        if self.status or len(filled) != 1 or filled[0] not in FOLDED:
            return self
        return replace(self, opened=(*self.opened, filled[0]))

    def condition(self, lights: LightRule) -> Q:
        """All filters but that of the state."""
        found = Q()
        if self.level:
            found &= Q(project__level=self.level)
        if self.problems == "with":
            found &= SHOWN & Q(problem_count__gt=0)
        if self.problems == "nil":
            found &= SHOWN & Q(is_nil=True)
        if self.department:
            found &= Q(department__public_id=self.department)
        if self.light:
            found &= lights.condition(self.light)
        if self.words:
            found &= Q(project__name__icontains=self.words) | Q(owner__name__icontains=self.words)
        return found


def _uuid_text(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


@dataclass(frozen=True)
class LightRule:
    """红黄绿灯 as a condition of the database; the same bounds as `projects.rules.light_of` (a test compares)."""

    schedule: Decimal
    amber_points: Decimal

    @classmethod
    def of(cls, month: Month, thresholds: Thresholds) -> LightRule:
        return cls(schedule_percent(month), thresholds["amber_points"])

    def condition(self, light: str) -> Q:
        rated = SHOWN & Q(year_cumulative__isnull=False, annual_plan__gt=0)
        reaches = Q(year_cumulative__gte=F("annual_plan") * (self.schedule / 100))
        nearly = Q(year_cumulative__gte=F("annual_plan") * ((self.schedule - self.amber_points) / 100))
        return {
            "g": rated & reaches,
            "y": rated & nearly & ~reaches,
            "r": rated & ~nearly,
            "n": ~rated,
        }[light]


@dataclass(frozen=True)
class Counts:
    """Figures of the whole month (`due` … `late`) and of each group under the filters (`states`)."""

    due: int
    provincial: int
    on_time: int
    late: int
    missing: int
    accepted: int
    waiting: int
    states: Mapping[str, int]
    totals: Mapping[str, Any]

    @property
    def municipal(self) -> int:
        return self.due - self.provincial

    @property
    def percent(self) -> Decimal | None:
        return completion_percent(self.totals["year"], self.totals["plan"])


def base(actor: Actor, month: Month) -> QuerySet[Report]:
    """Every monthly report of the month that this person's offices receive."""
    rows: QuerySet[Report] = Report.objects.visible_to(actor).monthly(month)
    return rows.filter(receiver__in=[office.pk for office in worksheet_offices(actor)])


def counts(rows: QuerySet[Report], condition: Q) -> Counts:
    """One query: the month as it is, and the groups under the filters."""
    owed = ~STATES["exempt"]
    filed = Q(first_submitted_at__isnull=False)
    on_time = filed & Q(first_submitted_at__lt=F("due_at"))
    found = rows.aggregate(
        due=Count("pk", filter=owed),
        provincial=Count("pk", filter=owed & Q(project__level=Level.PROVINCIAL)),
        on_time=Count("pk", filter=on_time),
        late=Count("pk", filter=filed & ~Q(first_submitted_at__lt=F("due_at"))),
        **{f"all_{state}": Count("pk", filter=rule) for state, rule in STATES.items()},
        **{f"in_{state}": Count("pk", filter=rule & condition) for state, rule in STATES.items()},
        month=Sum("month_investment", filter=condition & SHOWN),
        year=Sum("year_cumulative", filter=condition & SHOWN & Q(annual_plan__gt=0)),
        plan=Sum("annual_plan", filter=condition & SHOWN & Q(year_cumulative__isnull=False)),
        problems=Sum("problem_count", filter=condition & SHOWN),
    )
    return Counts(
        due=found["due"], provincial=found["provincial"], on_time=found["on_time"], late=found["late"],
        missing=found["all_missing"], accepted=found["all_accepted"], waiting=found["all_submitted"],
        states={state: found[f"in_{state}"] for state in STATES},
        totals={key: found[key] for key in ("month", "year", "plan", "problems")},
    )  # fmt: skip


def listed(rows: QuerySet[Report], filters: Filters, condition: Q) -> QuerySet[Report]:
    """The rows in the order of work: by group, then as sorted, then as they were filed."""
    shown = Q()
    for state, rule in STATES.items():
        if filters.shows(state):
            shown |= rule
    numbers = [When(rule, then=Value(number)) for number, rule in enumerate(STATES.values())]
    chased = Chase.objects.filter(report=OuterRef("pk")).order_by()
    return (
        rows.filter(shown & condition)
        .annotate(
            group_number=Case(*numbers, default=Value(len(STATES)), output_field=IntegerField()),
            chase_count=Coalesce(
                Subquery(chased.values("report").annotate(n=Count("pk")).values("n")), Value(0)
            ),
            chased_at=Subquery(chased.order_by("-at").values("at")[:1]),
        )
        .select_related("project", "owner", "part__place", "place", "receiver", "department")
        .order_by("group_number", *_order(filters.sort), F("submitted_at").asc(nulls_last=True), "pk")
    )


def _order(sort: str) -> list[Any]:
    column: Any = {
        "filed": F("submitted_at"),
        "month": F("month_investment"),
        "rate": Case(When(annual_plan__gt=0, then=F("year_cumulative") / F("annual_plan"))),
        "problems": F("problem_count"),
    }.get(sort.removeprefix("-"))
    if column is None:
        return []
    return [column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)]


def in_words(filters: Filters) -> str:
    """The filters as a line for the head of an export."""
    parts = []
    if filters.status:
        parts.append(str(state_words()[filters.status]))
    if filters.level:
        parts.append(str(Level(filters.level).label))
    if filters.light:
        parts.append(str(light_of(filters.light).word))
    if filters.problems:
        parts.append(_("With problems") if filters.problems == "with" else _("Nil reports"))
    if filters.words:
        parts.append(_("Contains: %(words)s") % {"words": filters.words})
    return "；".join(parts)


def state_words() -> dict[str, str]:
    """The names of the groups, as on the chips: the words of the states themselves."""
    return {
        "submitted": pgettext("status", "Awaiting review"),
        "returned": pgettext("status", "Returned"),
        "missing": pgettext("status", "Not filed"),
        "accepted": pgettext("status", "Accepted"),
        "exempt": pgettext("status", "Exempt"),
    }


def ticked(
    actor: Actor, month: Month, ids: list[str], filters: Filters | None, condition: Q, most: int
) -> list[Report]:  # fmt: skip
    """The rows a bulk act means: those ticked, or all under the filters; hidden ones are left out silently."""
    rows = base(actor, month)
    if filters is None:
        rows = rows.filter(public_id__in=[i for i in map(_uuid_text, ids[:most]) if i])
        filters = Filters(opened=FOLDED)
        condition = Q()
    return list(listed(rows, filters, condition)[:most])
