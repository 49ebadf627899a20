"""A report as it reads: what was filed, or what would be filed now; and two filings compared (M5.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Level, Management, Stage
from ningde_projects.projects.rules import completion_percent, points_ahead, schedule_percent

from ..forms.drafts import Difference, differences, figure_of
from ..forms.wording import Wording, field_labels
from ..models import Report, Submission
from ..models.problems import Answer, AskedLevel, Impact
from ..services.filing import draft_of_submission, project_facts
from .basis import lists_for
from .owner_form import FormState


def filings_of(actor: Actor, report: Report) -> list[Submission]:
    """Oldest first; what the owner has recalled is the owner's alone."""
    return readable(actor, report, list(report.submissions.select_related("report").order_by("number")))


def readable(actor: Actor, report: Report, filings: list[Submission]) -> list[Submission]:
    recalled = report.submitted_at is None
    return filings[:-1] if recalled and not actor.has(Duty.REPORT, [report.owner_id]) else filings


@dataclass(frozen=True)
class ProblemLine:
    """One problem of the sheet, in words."""

    number: int
    code: str
    is_new: bool
    answer: str
    note: str
    category: str
    text: str
    level: str
    unit: str
    request: str = ""
    occurred_on: str = ""
    expected_on: str = ""
    impact: str = ""
    impact_amount: str = ""
    measures: str = ""


@dataclass(frozen=True)
class Sheet:
    """附件1 as plain values: the page, the preview and a past filing draw the same."""

    month: Month
    facts: Mapping[str, str]
    values: Mapping[str, str]
    problems: Sequence[ProblemLine]
    is_nil: bool

    @property
    def labels(self) -> dict[str, str]:
        return field_labels(self.month)

    @property
    def percent(self) -> Decimal | None:
        return completion_percent(
            figure_of(self.values.get("year_cumulative")), figure_of(self.facts.get("annual_plan"))
        )

    @property
    def schedule(self) -> Decimal:
        return schedule_percent(self.month)

    @property
    def points(self) -> Decimal | None:
        return None if self.percent is None else points_ahead(self.percent, self.month)

    @property
    def in_statistics(self) -> str:
        return {"yes": _("Registered"), "no": _("Not registered")}.get(
            self.values.get("in_statistics", ""), ""
        )


def _worded_facts(facts: Mapping[str, str]) -> dict[str, str]:
    """Codes of the register as words; unknown ones stay as they were filed."""
    known: dict[str, dict[str, str]] = {
        "level": {v: str(label) for v, label in Level.choices},
        "management": {v: str(label) for v, label in Management.choices},
        "stage": {v: str(label) for v, label in Stage.choices},
    }
    return {name: known.get(name, {}).get(value, value) for name, value in facts.items()}


def facts_of(report: Report) -> dict[str, str]:
    """The project's facts as they stand now, in words."""
    return _worded_facts(project_facts(report))


def sheet_of(submission: Submission) -> Sheet:
    """What was filed, as it was filed."""
    lines = [_filed_line(number, line) for number, line in enumerate(submission.problems, start=1)]
    return Sheet(
        submission.report.month, _worded_facts(submission.facts), submission.values, lines, submission.is_nil
    )


def _filed_line(number: int, line: Mapping[str, Any]) -> ProblemLine:
    fields: Mapping[str, str] = line.get("fields") or {}
    return ProblemLine(
        number=number, code=line.get("number", ""), is_new=line["answer"] == Answer.NEW,
        answer=str(Answer(line["answer"]).label), note=line.get("note", ""), category=line.get("category", ""),
        text=line.get("text", ""), level=_label(AskedLevel, line.get("level", "")), unit=line.get("unit", ""),
        request=fields.get("request", ""), occurred_on=fields.get("occurred_on", ""),
        expected_on=fields.get("expected_on", ""), impact=_label(Impact, fields.get("impact", "")),
        impact_amount=fields.get("impact_amount", ""), measures=fields.get("measures", ""),
    )  # fmt: skip


def _label(choices: type[AskedLevel] | type[Impact], value: str) -> str:
    return {str(v): str(label) for v, label in choices.choices}.get(value, "")


def sheet_of_draft(state: FormState) -> Sheet:
    """What would be filed now."""
    wording, raw = state.wording, state.raw
    lines = [
        ProblemLine(
            number=block.number, code=block.card.problem.number, is_new=False,
            answer=wording.shown(f"{block.form.prefix}-answer", block.card.answer), note=block.card.note,
            category=block.card.problem.category.name, text=block.card.problem.description,
            level=block.card.level, unit=block.card.problem.unit_name,
        )
        for block in state.carried_blocks
    ]  # fmt: skip
    for new in state.new_blocks if not state.is_nil else []:
        typed = {name: str(raw.get(f"n-{new.key}-{name}") or "") for name in new.form.fields}
        shown = {name: wording.shown(f"n-{new.key}-{name}", value) for name, value in typed.items()}
        lines.append(ProblemLine(
            number=new.number, code="", is_new=True, answer=str(Answer.NEW.label), note="",
            category=shown["category"], text=shown["description"], level=shown["level"],
            unit=shown["unit"] or shown["unit_text"], request=shown["request"], occurred_on=shown["occurred_on"],
            expected_on=shown["expected_on"], impact=shown["impact"], impact_amount=shown["impact_amount"],
            measures=shown["measures"],
        ))  # fmt: skip
    values = {name: str(raw.get(name) or "") for name in state.form.report.fields}
    return Sheet(state.report.month, facts_of(state.report), values, lines, state.is_nil)


def changes_between(earlier: Submission, later: Submission) -> list[Difference]:
    """What the later filing says differently; problems are numbered as in the later one."""
    report = later.report
    keys = [line.get("key") or line["problem"] for line in later.problems]
    wording = Wording(report.month, [], lists_for(report), keys)
    return differences(draft_of_submission(earlier), draft_of_submission(later), wording)
