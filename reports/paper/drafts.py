"""附件1 of what is still being typed: the owner's own print, and the sheet that is filled in offline (M5.5)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import translation

from ningde_projects.documents.paper import Form, FormMark, Subject
from ningde_projects.documents.paper.draw import LOCKED, ROW_ID
from ningde_projects.documents.paper.render import LANGUAGE
from ningde_projects.organizations.actor import Actor

from .. import rules
from ..forms.drafts import with_computed
from ..forms.fields import clean_text
from ..forms.report import Lists
from ..models import Problem, Report
from ..selectors.basis import carried_of, circumstances_of, lists_for
from ..selectors.printed_facts import printed_facts
from ..services.filing import first_draft, project_facts
from .annex1 import (
    COLUMNS,
    TYPED,
    head_values,
    month_words,
    nil_code,
    printed_rows,
    problem_row,
    typed_values,
)
from .book import Page, PrintMark, layout_of
from .standing import draft_standing

#: What the hidden mark of an offline sheet speaks of.
REPORT, CONTENT = "report", "content"
#: The only columns of a carried problem that are answered; the rest is shown.
ANSWERED = ("handled", "handled_note")
#: All columns of a new problem that are typed.
WRITTEN = (*COLUMNS, "responsible")


@dataclass
class Case:
    """A report with everything its form needs; `raw` is what the form would show now."""

    report: Report
    raw: Mapping[str, Any]
    carried: Sequence[Problem]
    lists: Lists
    circumstances: rules.Circumstances

    @cached_property
    def values(self) -> dict[str, Any]:
        """The fields as the sheet shows them."""
        with translation.override(LANGUAGE):
            facts = project_facts(self.report) | printed_facts(self.report)
        values = head_values(self.report, facts) | typed_values(self.raw, self.report.month, facts)
        values["nil"] = nil_code(bool(self.raw.get("is_nil")), self.rows)
        return values

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The problems as the sheet shows them: carried ones first, as on the page."""
        carried = [_carried_row(self, problem) for problem in self.carried]
        return carried + [new_row(self, key) for key in self.raw.get("new", [])]


def cases_of(reports: Sequence[Report], actor: Actor) -> list[Case]:
    """Of one or several months; a few queries per report."""
    found: list[Case] = []
    for month in sorted({report.month for report in reports}):
        group = [report for report in reports if report.month == month]
        carried, circumstances = carried_of(group), circumstances_of(group)
        lists: dict[int, Lists] = {}
        for report in group:
            if report.place_id not in lists:
                lists[report.place_id] = lists_for(report)
            typed = first_draft(report, actor.user.name, actor.user.phone)
            raw = with_computed(typed, circumstances[report.pk])
            found.append(
                Case(report, raw, carried[report.pk], lists[report.place_id], circumstances[report.pk])
            )
    return found


def draft_page(case: Case, at: datetime) -> Page:
    """The owner's print of what is not filed yet, marked 草稿."""
    layout = layout_of("annex1", at)
    mark = PrintMark("annex1", layout.version, str(case.report.public_id))
    rows = printed_rows(case.rows, bool(case.raw.get("is_nil")))
    return Page(layout, _form(case, mark, rows), draft_standing(case.report))


def offline_page(case: Case, at: datetime) -> Page:
    """The sheet to fill in: its mark says which report it is, and what it held when it went out."""
    layout = layout_of("annex1", at)
    mark = FormMark(
        "annex1",
        layout.version,
        subjects=(
            Subject(REPORT, str(case.report.public_id), case.report.version),
            Subject(CONTENT, digest_of(case.values, case.rows)),
        ),
    )
    return Page(layout, _form(case, mark, case.rows), draft_standing(case.report), fill=True)


def _form(case: Case, mark: FormMark, rows: list[dict[str, Any]]) -> Form:
    words = month_words(case.report.month)
    return Form(case.values, {"problems": rows}, mark, case.report.project.name, words)


def _carried_row(case: Case, problem: Problem) -> dict[str, Any]:
    name = f"p-{problem.public_id}"
    return {
        ROW_ID: name,
        LOCKED: WRITTEN,
        **stated(problem),
        "handled": str(case.raw.get(f"{name}-answer") or ""),
        "handled_note": str(case.raw.get(f"{name}-note") or ""),
    }


def stated(problem: Problem) -> dict[str, Any]:
    """What a carried problem is, as the sheet shows it."""
    return {
        "category": problem.category.code, "description": problem.description, "occurred_on": problem.occurred_on,
        "effect": problem.impact, "affected_investment": problem.impact_amount, "measures_taken": problem.measures,
        "request": problem.request, "level": problem.level, "responsible": problem.unit_name,
        "wanted_by": problem.expected_on,
    }  # fmt: skip


def new_row(case: Case, key: str) -> dict[str, Any]:
    """A problem that is new this month, as typed; a new one is not answered, so those cells are closed."""
    fields = {name: case.raw.get(f"n-{key}-{name}") for name in (*COLUMNS.values(), "unit", "unit_text")}
    return {
        ROW_ID: f"n-{key}",
        LOCKED: ANSWERED,
        **problem_row(fields),
        "responsible": unit_words(case.lists, fields),
    }


def unit_words(lists: Lists, fields: Mapping[str, Any]) -> str:
    chosen = str(fields.get("unit") or "")
    known = next((unit.short_name for unit in lists.units if str(unit.public_id) == chosen), "")
    return known or str(fields.get("unit_text") or "")


# ---- what a sheet says, comparable -------------------------------------------------------------------------------


def said(value: Any) -> str:
    """One value as it is compared: 5,290 and 5290.00 say the same, so do line ends of two programs."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    return clean_text(str(value))


def said_by(values: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Everything of a sheet that can be filled in."""
    keys = (*TYPED, "nil", "in_statistics")
    found: list[list[Any]] = []
    for row in rows:
        name = str(row.get(ROW_ID) or "")
        columns = ANSWERED if name.startswith("p-") else WRITTEN
        told = {key: said(row.get(key)) for key in columns}
        if name.startswith("p-") or any(told.values()):
            found.append([name, told])
    return {"values": {key: said(values.get(key)) for key in keys}, "rows": found}


def digest_of(values: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str:
    text = json.dumps(said_by(values, rows), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
