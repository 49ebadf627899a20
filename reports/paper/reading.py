"""A sheet that comes back filled in: turned into the typed values of its report's form, and every finding named (M5.5).

Judged by the same forms as the page, so there is one set of rules and one wording.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ningde_projects.documents.paper import ParsedForm
from ningde_projects.documents.paper.draw import ROW_ID
from ningde_projects.documents.problems import CellError
from ningde_projects.documents.rows import ParsedRow

from .. import rules
from ..forms.drafts import with_computed
from ..forms.report import MAX_NEW_PROBLEMS, full_form
from .annex1 import COLUMNS, TYPED
from .drafts import ANSWERED, WRITTEN, Case, digest_of, new_row, said, stated

_CARRIED = re.compile(r"^p-([0-9a-f-]{36})$")
_NEW = re.compile(r"^n-([0-9a-f]{8})$")
_FIELD_OF = {name: key for key, name in TYPED.items()} | {"is_nil": "nil", "in_statistics": "in_statistics"}
_COLUMN_OF = {name: column for column, name in COLUMNS.items()} | {
    "unit": "responsible",
    "unit_text": "responsible",
}


@dataclass
class Sheet:
    """One sheet against its report: the typed values that it makes, and the rows by what they are called in the form."""

    form: ParsedForm
    case: Case
    raw: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, ParsedRow] = field(default_factory=dict)
    findings: list[CellError] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of what the sheet says now; the mark holds that of what it said when it went out."""
        values = {key: value.value for key, value in self.form.values.items()}
        return digest_of(values, self._told())

    def _told(self) -> list[dict[str, Any]]:
        names = {id(row): name for name, row in self.rows.items()}
        return [
            {**row.values, ROW_ID: names[id(row)]}
            for row in self.form.tables.get("problems", [])
            if id(row) in names
        ]


def sheet_of(form: ParsedForm, case: Case) -> Sheet:
    """What was typed offline, over what the form has: fields that the sheet does not show stay as they are."""
    sheet = Sheet(form, case, dict(case.raw))
    _read_fields(sheet)
    _read_rows(sheet)
    return sheet


def _read_fields(sheet: Sheet) -> None:
    for key, name in TYPED.items():
        value = sheet.form.get(key)
        if said(value) != said(sheet.case.values[key]):
            sheet.raw[name] = rules.figure(value) if isinstance(value, Decimal) else said(value)
    sheet.raw["is_nil"] = "on" if sheet.form.get("nil") == "nil" else ""
    sheet.raw["in_statistics"] = {True: "yes", False: "no"}.get(sheet.form.get("in_statistics"), "")


def _read_rows(sheet: Sheet) -> None:
    carried = {str(problem.public_id): problem for problem in sheet.case.carried}
    keys: list[str] = []
    for row in sheet.form.tables.get("problems", []):
        known = _CARRIED.match(row.row_id)
        if known and known[1] in carried:
            sheet.rows[row.row_id] = row
            for column, name in zip(ANSWERED, ("answer", "note"), strict=True):
                sheet.raw[f"{row.row_id}-{name}"] = said(row.get(column))
            _ask_about_changes(sheet, row, stated(carried[known[1]]))
        elif row.row_id.startswith("p-"):
            sheet.findings.append(row.question(
                "", _("This problem is no longer open in the report; the row is not read"), _("Nothing to do.")
            ))  # fmt: skip
        elif any(said(row.get(column)) for column in WRITTEN):
            keys.append(_read_new(sheet, row))
        elif any(said(row.get(column)) for column in ANSWERED):
            sheet.findings.append(row.error(
                "description", _("An answer without its problem"), _("Describe the problem, or empty the row.")
            ))  # fmt: skip
    if len(keys) > MAX_NEW_PROBLEMS:
        sheet.findings.append(sheet.form.error(
            "nil", _("At most %(n)s new problems can be reported at once") % {"n": MAX_NEW_PROBLEMS},
            _("Put problems of the same kind together."),
        ))  # fmt: skip
    sheet.raw["new"] = keys[:MAX_NEW_PROBLEMS]


def _ask_about_changes(sheet: Sheet, row: ParsedRow, shown: Mapping[str, Any]) -> None:
    """A carried problem keeps its words; what is new about it goes into the answer."""
    for column, value in shown.items():
        if said(row.get(column)) != said(value):
            sheet.findings.append(row.question(
                column, _("A carried problem cannot be changed here; this cell is not read"),
                _("Write what is new into the last column."),
            ))  # fmt: skip


def _read_new(sheet: Sheet, row: ParsedRow) -> str:
    known = _NEW.match(row.row_id)
    key = known[1] if known else _key_for(sheet, row)
    sheet.rows[f"n-{key}"] = row
    before = new_row(sheet.case, key)
    for column, name in COLUMNS.items():
        if said(row.get(column)) != said(before[column]):
            value = row.get(column)
            sheet.raw[f"n-{key}-{name}"] = rules.figure(value) if isinstance(value, Decimal) else said(value)
    if said(row.get("responsible")) != said(before["responsible"]):
        _read_unit(sheet, key, said(row.get("responsible")))
    for column in ANSWERED:
        if said(row.get(column)):
            sheet.findings.append(row.question(
                column, _("A new problem has no answer yet; this cell is not read"), _("Nothing to do.")
            ))  # fmt: skip
    return key


def _key_for(sheet: Sheet, row: ParsedRow) -> str:
    """The same for the same row of the same file, so that a file that comes twice adds nothing twice."""
    export = sheet.form.mark.export_id if sheet.form.mark else ""
    name = f"{sheet.case.report.public_id}:{export}:{row.row}"
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def _read_unit(sheet: Sheet, key: str, text: str) -> None:
    """A unit of the list by name or short name; any other is kept as it is written."""
    units = [unit for unit in sheet.case.lists.units if text and text in (unit.short_name, unit.name)]
    sheet.raw[f"n-{key}-unit"] = str(units[0].public_id) if len(units) == 1 else ""
    sheet.raw[f"n-{key}-unit_text"] = "" if len(units) == 1 else text


# ---- judged ------------------------------------------------------------------------------------------------------


def judge(sheet: Sheet, *, filing: bool) -> list[CellError]:
    """What the page's own rules say, by cell. They block a filing; a draft is kept all the same, with its questions."""
    case = sheet.case
    raw = with_computed(sheet.raw, case.circumstances) if _year_left_alone(sheet) else sheet.raw
    form = full_form(
        raw, month=case.report.month, carried=case.carried, lists=case.lists, circumstances=case.circumstances
    )
    found: list[CellError] = []
    if not form.is_valid():
        for name, messages in form.errors().items():
            found += [_finding(sheet, name, text, filing=filing) for text in messages]
    if not form.report.data.get("is_nil") and not sheet.rows:
        found.append(sheet.form.error(
            "nil", _("Neither a problem nor a nil report"), _("Describe the problem, or tick the nil report."),
            is_question=not filing,
        ))  # fmt: skip
    unread = {error.address for error in sheet.form.errors}
    return [error for error in found if not error.address or error.address not in unread]


def _year_left_alone(sheet: Sheet) -> bool:
    """The year's figure is ours to compute where it follows; whoever types another one is told."""
    typed = said(sheet.form.get("year_investment"))
    return not typed or typed == said(sheet.case.values["year_investment"])


def _finding(sheet: Sheet, name: str, text: str, *, filing: bool) -> CellError:
    """In a draft the same words are a question."""
    way_out = (
        _("Correct it here and upload the file again.") if filing else _("To be corrected before filing.")
    )
    prefix, _dash, rest = name.rpartition("-")
    if prefix in sheet.rows:
        column = dict(zip(("answer", "note"), ANSWERED, strict=True)).get(rest) or _COLUMN_OF.get(rest, "")
        return sheet.rows[prefix].error(column, text, way_out, is_question=not filing)
    return sheet.form.error(_FIELD_OF.get(name, ""), text, way_out, is_question=not filing)


def draft_of(sheet: Sheet) -> dict[str, Any]:
    """What is stored: as on the page, the year's figure is computed where it follows from what was filed."""
    return with_computed(sheet.raw, sheet.case.circumstances)
