"""The owner's home: what is owed, what was returned, which problems wait for an answer (E1, M5.1).

The number of queries does not depend on the number of projects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import Month
from ningde_projects.projects.rules import completion_percent, light_of, points_ahead
from ningde_projects.projects.selectors import Thresholds
from ningde_projects.shell.flow import Check
from ningde_projects.workflow.models import Act

from ..forms.drafts import COUNTED, failing_fields, filled_in
from ..models import Opinion, Problem, Report, ReportingPeriod, Submission
from ..models.problems import AskedLevel
from ..rules import Basis
from ..workflow import EDITABLE, OWED, OpinionStatus, ReportStatus
from .basis import basis_of, carried_of, circumstances_of
from .returns import checks_of

#: The order of work (DESIGN.md §1.2).
GROUPS = ("returned", "overdue", "todo", "filed", "exempt")


def offices_of(actor: Actor) -> frozenset[int]:
    """The owners for which this person reports."""
    return actor.offices(Duty.REPORT)


@dataclass(frozen=True)
class Returned:
    """What the receiver wants changed, and how far that is."""

    who: str
    at: datetime | None
    reason: str
    points: Sequence[Check] = ()

    @property
    def unchanged(self) -> int:
        return sum(1 for point in self.points if point.result == "fail")

    @property
    def changed(self) -> int:
        return len(self.points) - self.unchanged


@dataclass(frozen=True)
class Card:
    """One report of the list."""

    report: Report
    group: str
    light: str
    basis: Basis
    percent: Decimal | None
    points: Decimal | None
    carried: int
    filled: int
    returned: Returned | None = None
    total: int = len(COUNTED)

    @property
    def due_at(self) -> datetime | None:
        return (self.report.refile_by or None) if self.group == "returned" else self.report.due_at

    @property
    def behind(self) -> Decimal | None:
        return -self.points if self.points is not None and self.points < 0 else None

    @property
    def is_resubmission(self) -> bool:
        return self.report.status == ReportStatus.SUBMITTED and self.report.submission_count > 1


@dataclass(frozen=True)
class Reply:
    who: str
    at: datetime
    text: str


@dataclass(frozen=True)
class CarriedCard:
    """A problem carried forward, with what was answered in this month's draft."""

    problem: Problem
    report: Report
    days: int
    tone: str
    reply: Reply | None
    answer: str = ""
    note: str = ""

    @property
    def open(self) -> bool:
        return self.report.status in EDITABLE

    @property
    def needs_note(self) -> bool:
        return self.answer in ("progress", "solved")

    @property
    def level(self) -> str:
        return str(AskedLevel(self.problem.level).label)


@dataclass
class Home:
    month: Month
    is_open: bool
    cards: list[Card] = field(default_factory=list)
    carried: list[CarriedCard] = field(default_factory=list)

    def group(self, key: str) -> list[Card]:
        return [card for card in self.cards if card.group == key]

    @property
    def groups(self) -> list[tuple[str, list[Card]]]:
        return [(key, cards) for key in GROUPS if (cards := self.group(key))]

    @property
    def owed(self) -> int:
        return sum(1 for card in self.cards if card.report.status in OWED)

    @property
    def expected(self) -> int:
        return sum(1 for card in self.cards if card.report.status != ReportStatus.EXEMPT)

    @property
    def filed(self) -> int:
        return self.expected - self.owed

    @property
    def unanswered(self) -> int:
        return sum(1 for card in self.carried if card.open and not card.answer)


def reports_of(offices: Iterable[int], month: Month) -> list[Report]:
    """The monthly reports that these owners owe for a month."""
    return list(
        Report.objects.monthly(month)
        .filter(owner__in=list(offices))
        .select_related("project", "part__place", "place", "receiver", "department", "owner")
        .order_by("project__place__order", "project", "part")
    )


def home_of(actor: Actor, month: Month, at: datetime) -> Home:
    """Everything that the home page lists."""
    reports = reports_of(offices_of(actor), month)
    is_open = bool(reports) or ReportingPeriod.objects.filter(month=month).exists()
    if not reports:
        return Home(month, is_open)
    basis, carried = basis_of(reports), carried_of(reports)
    limits = Thresholds(month)
    returned = _returned([r for r in reports if r.status == ReportStatus.RETURNED], basis, limits)
    cards = [_card(r, basis[r.pk], carried[r.pk], limits, returned.get(r.pk), at) for r in reports]
    cards.sort(key=lambda card: (GROUPS.index(card.group), card.due_at or at))
    replies = replies_to([p for problems in carried.values() for p in problems])
    return Home(month, is_open, cards, [
        carried_card(problem, report, limits, replies.get(problem.pk), at)
        for report in reports if report.status != ReportStatus.EXEMPT
        for problem in carried[report.pk]
    ])  # fmt: skip


def _card(
    report: Report, basis: Basis, carried: Sequence[Problem], limits: Thresholds, returned: Returned | None,
    at: datetime,
) -> Card:  # fmt: skip
    filed = report.submission_count > 0 and report.status not in (ReportStatus.TODO, ReportStatus.DRAFT)
    month = report.month if filed else basis.month
    year = report.year_cumulative if filed else basis.year_cumulative
    known = month is not None and month.year == report.month.year
    percent = completion_percent(year, report.annual_plan) if known else None
    return Card(
        report=report,
        group=_group(report, at),
        light=light_of(percent, month or report.month, limits["amber_points"]).value,
        basis=basis,
        percent=percent,
        points=points_ahead(percent, month) if percent is not None and month is not None else None,
        carried=len(carried),
        filled=filled_in(report.draft, [str(p.public_id) for p in carried]) if report.draft else 0,
        returned=returned,
    )


def _group(report: Report, at: datetime) -> str:
    if report.status == ReportStatus.RETURNED:
        return "returned"
    if report.status in (ReportStatus.TODO, ReportStatus.DRAFT):
        return "overdue" if report.is_overdue(at) else "todo"
    return "exempt" if report.status == ReportStatus.EXEMPT else "filed"


def _returned(
    reports: Sequence[Report], basis: Mapping[int, Basis], limits: Thresholds
) -> dict[int, Returned]:  # fmt: skip
    """By report: who returned it, and which of the named points are changed in the draft. Three queries."""
    if not reports:
        return {}
    acts = {
        act.object_id: act
        for act in Act.objects.filter(
            machine="report", object_id__in=[r.pk for r in reports], name__in=["return", "return_direct"]
        ).select_related("organisation").order_by("id")
    }  # fmt: skip
    last = {
        s.report_id: s
        for s in Submission.objects.filter(
            report__in=reports, number=F("report__submission_count")
        )
    }  # fmt: skip
    circumstances = circumstances_of(reports, thresholds=limits, basis=basis)
    found = {}
    for report in reports:
        act = acts.get(report.pk)
        office = act.organisation.short_name if act and act.organisation else ""
        wrong = failing_fields(report.draft, circumstances[report.pk])
        points = checks_of(report, report.draft, last[report.pk], wrong) if report.pk in last else []
        found[report.pk] = Returned(
            f"{act.user_text}（{office}）" if act else "", report.returned_at, report.return_reason, points
        )
    return found


def carried_card(
    problem: Problem, report: Report, limits: Thresholds, reply: Reply | None, at: datetime,
    raw: dict[str, Any] | None = None,
) -> CarriedCard:  # fmt: skip
    """A carried problem with its age and this month's answer."""
    days = problem.days(at)
    tone = "over" if days > limits["days_red"] else "soon" if days > limits["days_amber"] else "ok"
    typed = report.draft if raw is None else raw
    key = f"p-{problem.public_id}"
    return CarriedCard(
        problem, report, days, tone, reply,
        str(typed.get(f"{key}-answer") or ""), str(typed.get(f"{key}-note") or ""),
    )  # fmt: skip


#: Acts on a problem whose reason is an answer to the owner.
_ANSWERS = ("take_up", "handle", "pass_up", "settle", "settle_lead", "reopen")


def replies_to(problems: Sequence[Problem]) -> dict[int, Reply]:
    """By problem: the latest official word on it, with office and day. Two queries."""
    keys = [p.pk for p in problems]
    if not keys:
        return {}
    found: dict[int, Reply] = {}
    opinions = Opinion.objects.filter(problem__in=keys, status=OpinionStatus.SENT).exclude(text="")
    for opinion in opinions.select_related("department").order_by("sent_at"):
        if opinion.sent_at is not None:
            found[opinion.problem_id] = Reply(opinion.department.short_name, opinion.sent_at, opinion.text)
    acts = (
        Act.objects.filter(machine="problem", object_id__in=keys, name__in=_ANSWERS)
        .exclude(reason="")
        .select_related("organisation")
        .order_by("object_id", "-id")
        .distinct("object_id")
    )
    for act in acts:
        if act.object_id is None:
            continue
        known = found.get(act.object_id)
        if known is None or known.at < act.at:
            office = act.organisation.short_name if act.organisation else act.organisation_text
            found[act.object_id] = Reply(office, act.at, act.reason)
    return found


# ---- the right column ------------------------------------------------------------------------------------------

#: What others did about an owner's matters.
_NEWS = {
    "report": ["accept", "accept_direct", "return", "return_direct", "exempt", "exempt_direct", "oblige", "chase"],
    "receipt": ["query", "confirm"],
    "problem": ["take_up", "handle", "pass_up", "pass_up_overdue", "settle", "settle_lead", "settle_by_department",
                "escalate_by_department", "reopen", "strike_off"],
    "opinion": ["send"],
}  # fmt: skip
NEWS_DAYS = 7


@dataclass(frozen=True)
class News:
    act: Act
    project: str


def news_for(actor: Actor, at: datetime, *, days: int = NEWS_DAYS, most: int = 12) -> list[News]:
    """What happened to the owner's reports and problems; two queries."""
    offices = list(offices_of(actor))
    names = dict(
        Report.objects.filter(owner__in=offices)
        .order_by()
        .values_list("project_id", "project__name")
        .distinct()
    )
    if not names:
        return []
    wanted = Act.objects.none()
    for machine, acts in _NEWS.items():
        wanted |= Act.objects.filter(machine=machine, name__in=acts)
    rows = wanted.filter(project_id__in=list(names), at__gte=at - timedelta(days=days), at__lte=at)
    return [
        News(act, names[act.project_id])
        for act in rows.select_related("organisation").order_by("-at", "-id")[:most]
        if act.project_id is not None
    ]


def next_owed(actor: Actor, after: Report) -> Report | None:
    """After one is filed: the next that is still owed for the same month."""
    found = (
        Report.objects.monthly(after.month)
        .owed()
        .filter(owner__in=list(offices_of(actor)))
        .exclude(pk=after.pk)
        .select_related("project")
        .order_by(F("refile_by").asc(nulls_last=True), "due_at", "pk")
        .first()
    )
    return found if isinstance(found, Report) else None
