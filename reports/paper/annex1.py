"""附件1 from what was filed, and from a draft as it is being typed (M5.5, facts.md §2.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from ningde_projects.documents.paper import Form
from ningde_projects.documents.paper.draw import ROW_ID
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Level, Management, Stage
from ningde_projects.projects.rules import completion_percent, points_ahead, schedule_percent

from ..forms.drafts import figure_of
from ..forms.report import NewProblemForm
from ..models import Report, Submission
from ..models.problems import Answer
from ..models.reports import ReportKind
from .book import Layouts, Page, PrintMark, layout_of
from .standing import blank_standing, standing_of

Texts = Mapping[str, str]
#: Field of the layout -> name in the report's form, for what is typed as it stands.
TYPED = {
    "month_investment": "month_investment", "year_investment": "year_cumulative",
    "total_completed": "total_cumulative", "progress": "progress", "next_plan": "next_plan",
    "statistics_investment": "statistics_cumulative", "statistics_difference": "statistics_note",
    "nil_answer": "nil_answer", "reporter": "filler", "reporter_phone": "filler_phone", "unit_head": "head",
}  # fmt: skip
MONEY = frozenset({"month_investment", "year_investment", "total_completed", "statistics_investment"})
#: Column of the problem table -> name in the problem's form.
COLUMNS = {
    "category": "category", "description": "description", "occurred_on": "occurred_on", "effect": "impact",
    "affected_investment": "impact_amount", "measures_taken": "measures", "request": "request", "level": "level",
    "wanted_by": "expected_on",
}  # fmt: skip
_TENTH = Decimal("0.1")


# ---- as filed ----------------------------------------------------------------------------------------------------


def filed_page(
    report: Report, submission: Submission, latest: Submission, codes: Texts, layouts: Layouts
) -> Page:
    """One filing as it was filed; its head says what became of it. `codes`: category code by name."""
    layout = layouts.of("annex1", submission.at)
    values: dict[str, Any] = head_values(report, submission.facts)
    values |= typed_values(submission.values, report.month, submission.facts)
    rows = [_filed_row(line, codes) for line in submission.problems]
    values |= {"nil": nil_code(submission.is_nil, rows), "filed_on": local_date(submission.at)}
    form = Form(
        values,
        {"problems": printed_rows(rows, submission.is_nil)},
        PrintMark("annex1", layout.version, str(submission.public_id)),
        report.project.name,
        month_words(report.month),
    )
    return Page(layout, form, standing_of(report, submission, latest))


def _filed_row(line: Mapping[str, Any], codes: Texts) -> dict[str, Any]:
    """A stated problem; what it said of the problem itself was kept with the filing."""
    fields: Texts = line.get("fields") or {}
    row = problem_row(fields)
    row |= {
        "category": codes.get(line.get("category", ""), line.get("category", "")),
        "description": line.get("text", ""),
        "level": line.get("level", ""),
        "responsible": line.get("unit", ""),
        ROW_ID: line.get("problem", ""),
    }
    if line["answer"] != Answer.NEW:
        row |= {"handled": line["answer"], "handled_note": line.get("note", "")}
    return row


# ---- shared with drafts ------------------------------------------------------------------------------------------


def head_values(report: Report, facts: Texts) -> dict[str, Any]:
    """Rows 1—14 of the form: the project as it stood; what was not recorded stays empty."""
    kind = (
        "urgent"
        if report.kind == ReportKind.URGENT
        else "routine"
        if report.kind == ReportKind.MONTHLY
        else None
    )
    return {
        "month": report.month,
        "report_kind": kind,
        "place": facts.get("place", "") + facts.get("township", ""),
        "level": _known(facts, "level", Level.values),
        "management": _known(facts, "management", Management.values),
        "stage": dict(Stage.choices).get(facts.get("stage", ""), facts.get("stage", "")),
        "total_investment": figure_of(facts.get("total_investment")),
        "annual_plan": figure_of(facts.get("annual_plan")),
        "annual_target": facts.get("annual_goal", ""),
        "planned_start": _month(facts.get("planned_start", "")),
        "planned_finish": _month(facts.get("planned_finish", "")),
        **{
            name: facts.get(name, "")
            for name in ("name", "code", "industry", "owner", "content", "recipients", "owner_kind", "county_leader",
                         "county_direct", "industry_leader", "industry_direct")
        },
    }  # fmt: skip


def typed_values(raw: Mapping[str, Any], month: Month, facts: Texts) -> dict[str, Any]:
    """Rows 15—21 and the persons, from typed texts; a figure that cannot be read stays the text it is."""
    values: dict[str, Any] = {}
    for key, name in TYPED.items():
        text = str(raw.get(name) or "")
        values[key] = _figure(text) if key in MONEY else text
    values["in_statistics"] = {"yes": True, "no": False}.get(str(raw.get("in_statistics") or ""))
    percent = completion_percent(figure_of(raw.get("year_cumulative")), figure_of(facts.get("annual_plan")))
    schedule = schedule_percent(month).quantize(_TENTH)
    values |= {"schedule_rate": schedule, "year_rate": None, "schedule_gap": ""}
    if percent is not None:
        values |= {
            "year_rate": percent.quantize(_TENTH),
            "schedule_gap": gap_words(points_ahead(percent, month)),
        }
    return values


def problem_row(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Columns 22—27 from the texts of one problem."""
    row: dict[str, Any] = {}
    for column, name in COLUMNS.items():
        text = str(fields.get(name) or "")
        if column == "affected_investment":
            row[column] = _figure(text)
        elif column in ("occurred_on", "wanted_by"):
            row[column] = _day(text, name)
        else:
            row[column] = text
    return row


def nil_code(is_nil: bool, rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Which box is ticked; neither, when nobody has said."""
    return "nil" if is_nil else "problems" if rows else None


def printed_rows(rows: list[dict[str, Any]], is_nil: bool) -> list[dict[str, Any]]:
    """An empty table speaks of a nil report only where one was declared."""
    return rows if rows or is_nil else [{}]


def gap_words(points: Decimal) -> str:
    """超3.2 / 欠21.1 (percentage points)."""
    return f"欠{-points}" if points < 0 else f"超{points}" if points else "0"


def month_words(month: Month) -> dict[str, str]:
    return {"n": str(month.number), "month": f"{month.year}年{month.number}月"}


def _known(facts: Texts, name: str, values: Sequence[str]) -> str:
    return facts.get(name, "") if facts.get(name) in values else ""


def _figure(text: str) -> Decimal | str | None:
    found: Decimal | None = figure_of(text)
    return found if found is not None else text or None


def _month(text: str) -> Month | str | None:
    try:
        return Month.parse(text)
    except ValueError:
        return f"{text}年" if text else None


def _day(text: str, name: str) -> date | str | None:
    """As the problem's own form reads a day; what it cannot read stays the text it is."""
    if not text:
        return None
    try:
        day: date | None = NewProblemForm.base_fields[name].to_python(text)
    except ValidationError:
        return text
    return day


# ---- without content ---------------------------------------------------------------------------------------------


def blank_page(month: Month, at: datetime) -> Page:
    """The blank form of a month, to print and fill in by hand."""
    layout = layout_of("annex1", at)
    mark = PrintMark("annex1", layout.version, "blank")
    rows: list[dict[str, Any]] = [{} for _number in range(4)]
    form = Form({"month": month}, {"problems": rows}, mark, layout.name, month_words(month))
    return Page(layout, form, blank_standing())
