"""One report as its receiver reads it: checks, this month beside the last, what changed, problems (M5.4, point 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.projects.rules import completion_percent, light_of
from ningde_projects.projects.selectors import Thresholds
from ningde_projects.shell.flow import Check

from .. import rules
from ..forms.drafts import figure_of
from ..forms.wording import field_labels
from ..models import Opinion, Problem, Receipt, Report, Submission
from ..models.reports import ReportKind
from ..services.filing import draft_of_submission
from ..services.receivers import bureau_of
from ..services.reviewing import entry_of
from ..workflow import UNSETTLED, ReportStatus
from .basis import circumstances_of
from .returns import checks_of, judged
from .review_rows import chip_of, overdue_days, state_of

#: Offices that read a report from the receiving side; owners have their own page.
_READING = (Duty.REVIEW, Duty.DISPATCH, Duty.HANDLE, Duty.SIGN, Duty.VIEW)


@dataclass(frozen=True)
class Figure:
    """A line of the comparison; `earlier` is what the filing before said, where it differs."""

    label: str
    now: Decimal | None
    last: Decimal | None
    earlier: Decimal | None = None
    percent: bool = False

    @property
    def change(self) -> Decimal | None:
        return None if self.now is None or self.last is None else self.now - self.last


@dataclass(frozen=True)
class Wording:
    """A text with the one it is compared with; `base` says which."""

    label: str
    now: str
    before: str
    base: str


@dataclass(frozen=True)
class ProblemRow:
    problem: Problem
    is_new: bool
    answer: str
    note: str
    days: int
    tone: str
    text: str
    before: str | None = None
    #: The month's opinions that this person may see; for the department that passes problems up.
    opinions: Sequence[Opinion] = ()

    @property
    def is_open(self) -> bool:
        return self.problem.status in UNSETTLED


@dataclass
class Reading:
    """Everything that pane and page show; figures are empty while the owner is typing."""

    report: Report
    state: str
    chip: tuple[str, str]
    light: str
    overdue: int
    receipts: Sequence[Receipt]
    checks: Sequence[Check] = ()
    figures: Sequence[Figure] = ()
    texts: Sequence[Wording] = ()
    last_plan: str = ""
    problems: Sequence[ProblemRow] = ()
    gone: Sequence[str] = field(default_factory=tuple)
    submission: Submission | None = None
    earlier: Submission | None = None

    @property
    def is_shown(self) -> bool:
        return self.submission is not None

    @property
    def tally(self) -> str:
        """2 项通过，2 项提示."""
        n = {kind: sum(1 for c in self.checks if c.result == kind) for kind in ("pass", "warn", "fail")}
        words = [_("%(n)s passed") % {"n": n["pass"]}] if n["pass"] else []
        words += [_("%(n)s warned") % {"n": n["warn"]}] if n["warn"] else []
        words += [_("%(n)s failed") % {"n": n["fail"]}] if n["fail"] else []
        return pgettext("list of counts", ", ").join(words)

    @property
    def new_problems(self) -> int:
        return sum(1 for row in self.problems if row.is_new)

    @property
    def carried(self) -> int:
        return len(self.problems) - self.new_problems

    @property
    def earlier_name(self) -> str:
        return filing_name(self.earlier.number) if self.earlier else ""


def filing_name(number: int) -> str:
    """第1次报送."""
    return pgettext("filing", "filing no. %(n)s") % {"n": number}


def reads_as_receiver(report: Report, actor: Actor, receipts: Sequence[Receipt]) -> bool:
    """A receiver, the bureau of its county, or the commission."""
    offices = {report.receiver_id, *(r.organisation_id for r in receipts)}
    if offices & actor.offices(*_READING) or actor.has(Duty.DISPATCH):
        return True
    bureau = bureau_of(report.place_id)
    return bureau is not None and bureau.pk in actor.offices(*_READING)


def read_as_receiver(reports: Sequence[Report], actor: Actor) -> frozenset[int]:
    """Which of these reports `reads_as_receiver` would give to the actor; one query."""
    if actor.has(Duty.DISPATCH):
        return frozenset(report.pk for report in reports)
    offices = actor.offices(*_READING)
    places = {
        h.organisation.place_id
        for h in actor.held_of(*_READING)
        if h.organisation.kind == OrgKind.COUNTY_BUREAU
    }
    received = set(
        Receipt.objects.filter(report__in=[r.pk for r in reports], organisation__in=offices).values_list(
            "report", flat=True
        )
    )
    return frozenset(
        r.pk for r in reports if r.receiver_id in offices or r.place_id in places or r.pk in received
    )


def receipts_of(report: Report) -> list[Receipt]:
    return list(report.receipts.select_related("organisation", "opened_by", "confirmed_by"))


def reading_of(report: Report, receipts: Sequence[Receipt], actor: Actor, at: datetime) -> Reading:
    """A fixed number of queries."""
    shown = report.submitted_at is not None
    thresholds = Thresholds(report.month)
    percent = completion_percent(report.year_cumulative, report.annual_plan) if shown else None
    reading = Reading(
        report, state_of(report), chip_of(report, at),
        light_of(percent, report.month, thresholds["amber_points"]).value, overdue_days(report, at), receipts,
    )  # fmt: skip
    if not shown:
        return reading
    reading.submission = report.submissions.order_by("-number").first()
    if reading.submission is not None and reading.submission.number > 1:
        reading.earlier = judged(report, reading.submission)
    reading.problems = _problems(report, reading.earlier, thresholds, actor, at)
    reading.gone = _gone(reading)
    if report.kind == ReportKind.MONTHLY:
        circumstances = circumstances_of([report], thresholds=thresholds)[report.pk]
        reading.checks = _checks(reading, circumstances)
        reading.figures = _figures(report, circumstances.basis, reading.earlier, percent)
        reading.texts = _texts(report, circumstances.basis, reading.earlier)
        reading.last_plan = _last_plan(report)
    return reading


# ---- checks ----------------------------------------------------------------------------------------------------


def _checks(reading: Reading, circumstances: rules.Circumstances) -> list[Check]:
    """What was asked for when it was returned, then the rules."""
    report = reading.report
    found: list[Check] = []
    asked = report.return_fields and report.status == ReportStatus.SUBMITTED
    if asked and reading.submission and reading.earlier:
        found += checks_of(report, draft_of_submission(reading.submission), reading.earlier)
    remarks = rules.check_entry(entry_of(report), circumstances)
    return found + [Check(remark.weight.value, remark.text) for remark in remarks]


# ---- figures and texts -----------------------------------------------------------------------------------------


def _figures(
    report: Report, basis: rules.Basis, earlier: Submission | None, percent: Decimal | None
) -> list[Figure]:
    before: Mapping[str, Any] = earlier.values if earlier else {}
    labels = field_labels(report.month)
    same_year = basis.month is not None and basis.month.year == report.month.year
    last_percent = completion_percent(basis.year_cumulative, report.annual_plan) if same_year else None
    lines = [
        ("month_investment", report.month_investment, basis.month_investment),
        ("year_cumulative", report.year_cumulative, basis.year_cumulative if same_year else None),
        ("total_cumulative", report.total_cumulative, basis.total_cumulative),
    ]
    found = [
        Figure(labels[name], now, last, _other(figure_of(before.get(name)), now)) for name, now, last in lines
    ]
    found.append(Figure(_("Annual plan completed"), percent, last_percent, percent=True))
    return found


def _other(earlier: Decimal | None, now: Decimal | None) -> Decimal | None:
    return earlier if earlier is not None and earlier != now else None


def _texts(report: Report, basis: rules.Basis, earlier: Submission | None) -> list[Wording]:
    """Changed words against the filing before, else against last month (point 7)."""
    labels = field_labels(report.month)
    if earlier is not None:
        base = filing_name(earlier.number)
        names = ("progress", "next_plan", "statistics_note", "nil_answer")
        texts = [Wording(labels[n], str(getattr(report, n)), earlier.values.get(n, ""), base) for n in names]
        return [text for text in texts if text.now or text.before]
    base = rules.month_name(basis.month) if basis.month else ""
    texts = [Wording(labels["progress"], report.progress, basis.progress or report.progress, base)]
    for name in ("next_plan", "statistics_note", "nil_answer"):
        value = str(getattr(report, name))
        texts += [Wording(labels[name], value, value, "")] if value else []
    return texts


def _last_plan(report: Report) -> str:
    """What the month before had planned for this one; progress is read against it."""
    before = Report.objects.filter(
        kind=ReportKind.MONTHLY, project=report.project_id, part=report.part_id, month=report.month.previous,
        submitted_at__isnull=False,
    )  # fmt: skip
    return before.values_list("next_plan", flat=True).first() or ""


# ---- problems --------------------------------------------------------------------------------------------------


def _problems(
    report: Report, earlier: Submission | None, thresholds: Thresholds, actor: Actor, at: datetime
) -> list[ProblemRow]:
    """What the report states, the oldest first; texts beside those of the filing before."""
    before = {line["problem"]: line for line in earlier.problems} if earlier else {}
    rows = []
    opinions: dict[int, list[Opinion]] = {}
    asked = Opinion.objects.visible_to(actor).filter(problem__statements__report=report, month=report.month)
    for opinion in asked.select_related("department"):
        opinions.setdefault(opinion.problem_id, []).append(opinion)
    statements = report.statements.select_related("problem__category", "problem__unit", "problem__project")
    for statement in statements.order_by("problem__reported_at", "problem"):
        problem = statement.problem
        line = before.get(str(problem.public_id))
        days = problem.days(at)
        rows.append(
            ProblemRow(
                problem, statement.answer == "new", statement.get_answer_display(), statement.note, days,
                tone_of(days, thresholds), problem.description,
                None if earlier is None else line["text"] if line else "", opinions.get(problem.pk, ()),
            )
        )  # fmt: skip
    return rows


def _gone(reading: Reading) -> list[str]:
    """Problems that the filing before had and this one has not."""
    if reading.earlier is None or reading.submission is None:
        return []
    kept = {line["problem"] for line in reading.submission.problems}
    return [line["text"] for line in reading.earlier.problems if line["problem"] not in kept]


def tone_of(days: int, thresholds: Thresholds) -> str:
    return "over" if days > thresholds["days_red"] else "soon" if days > thresholds["days_amber"] else "ok"


# ---- the next one ----------------------------------------------------------------------------------------------


def next_waiting(report: Report) -> Report | None:
    """The report of the same receiver and month that has waited longest, this one left out."""
    rows = Report.objects.filter(
        kind=ReportKind.MONTHLY,
        receiver=report.receiver_id,
        month=report.month,
        status=ReportStatus.SUBMITTED,
    )
    return rows.exclude(pk=report.pk).order_by("submitted_at", "pk").first()
