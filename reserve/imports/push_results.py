"""The platform's answer as a table: each row registers a project or returns it, errors named by cell (M1.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from ningde_projects.documents.blank_forms import sheet_form
from ningde_projects.documents.imports import Change, Importer, ImportPlan, Params, PlanItem
from ningde_projects.documents.rows import ParsedRow
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.offices import is_commission
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.door import perform

from ..models import Push
from ..workflow.pushes import PUSH, PushStatus, PushTo

KIND = "push-results"
RESULTS = (
    ("register", gettext_lazy("Registered there")),
    ("return", gettext_lazy("Returned by the platform")),
)
SHEET = Sheet(
    key=KIND, name=gettext_lazy("Results"), title=gettext_lazy("Results of a push"),
    columns=(
        Column("code", gettext_lazy("National project code"), width=26, max_length=40),
        Column("name", gettext_lazy("Project name"), width=36, required=True, max_length=120),
        Column("result", gettext_lazy("Result"), kind="choice", choices=RESULTS, width=14, required=True),
        Column("outside_number", gettext_lazy("number there"), width=22, max_length=60),
        Column("day", gettext_lazy("Day"), kind="date", width=14, required=True),
        Column("reason", gettext_lazy("reason of the return"), width=40, max_length=500),
    ),
)  # fmt: skip


def refuse(actor: Actor, params: Params) -> str:
    if not is_commission(actor):
        return _("Only the commission may do this.")
    return "" if params.get("target") in PushTo.values else _("Choose the platform first.")


def check_rows(rows: Sequence[ParsedRow], actor: Actor, at: datetime, params: Params) -> ImportPlan:
    pushes = Push.objects.filter(target=params.get("target", "")).select_related("project__place")
    check = _Check(list(pushes), local_date(at))
    for row in rows:
        check.row(row)
    return check.plan


class _Check:
    """All rows of one file against all pushes of the platform, read once."""

    def __init__(self, pushes: list[Push], today: date) -> None:
        self.plan, self.today = ImportPlan(), today
        self.by_code = {push.project.code: push for push in pushes if push.project.code}
        self.by_name: dict[str, list[Push]] = {}
        for push in pushes:
            self.by_name.setdefault(push.project.name, []).append(push)
        self.numbers = {push.outside_number: push.pk for push in pushes if push.outside_number}
        self.seen: dict[int, int] = {}

    def row(self, row: ParsedRow) -> None:
        before = len(self.plan.errors)
        push = self._push(row)
        result, day = row.get("result"), row.get("day")
        if push is None or not result or day is None:
            return
        first = self.seen.setdefault(push.pk, row.row)
        if first != row.row:
            self._error(
                row,
                "name",
                _("The same project stands in row {row}").format(row=first),
                _("Delete one of the rows."),
            )
        if push.status not in PUSH.by_name[result].source:
            self._error(row, "result", _("The project is “{state}”").format(state=push.get_status_display()),
                        _("Only what has been pushed can have a result; take the row out."))  # fmt: skip
        self._day(row, push, day)
        self._content(row, push, result)
        if len(self.plan.errors) == before:
            self._item(row, push, result, day)

    def _push(self, row: ParsedRow) -> Push | None:
        code, name = (row.get("code") or "").replace(" ", ""), row.get("name")
        if code:
            found = self.by_code.get(code)
            if found is None:
                self._error(row, "code", _("No project with this code was pushed to this platform"),
                            _("Correct the code, or leave it empty."))  # fmt: skip
            return found
        fitting = self.by_name.get(name or "", [])
        if len(fitting) == 1 or not name:
            return fitting[0] if fitting else None
        rule = (
            _("Several projects have this name")
            if fitting
            else _("No project of this name was pushed to this platform")
        )
        self._error(
            row,
            "name",
            rule,
            _("Give the national project code.") if fitting else _("Write the name as in the batch."),
        )
        return None

    def _day(self, row: ParsedRow, push: Push, day: date) -> None:
        if day > self.today:
            self._error(row, "day", _("The day lies in the future"), _("Correct the day."))
        elif push.pushed_at and day < local_date(push.pushed_at):
            self._error(row, "day", _("The day lies before the push"), _("Correct the day."))

    def _content(self, row: ParsedRow, push: Push, result: str) -> None:
        number = (row.get("outside_number") or "").strip()
        if result == "return":
            if not row.get("reason"):
                self._error(
                    row, "reason", _("A return has a reason"), _("Write what the platform asks to change.")
                )
            return
        if not number:
            self._error(
                row,
                "outside_number",
                _("A registered project has a number"),
                _("Write the number of the platform."),
            )
        elif self.numbers.setdefault(number, push.pk) != push.pk:
            self._error(
                row, "outside_number", _("Another project has this number"), _("Correct one of the two.")
            )

    def _error(self, row: ParsedRow, key: str, rule: str, way_out: str) -> None:
        self.plan.errors.append(row.error(key, rule, way_out))

    def _item(self, row: ParsedRow, push: Push, result: str, day: date) -> None:
        words = str(dict(RESULTS)[result])
        change = Change(str(_("State")), str(push.get_status_display()), words)
        self.plan.items.append(PlanItem(
            "update", push.project.name, row.sheet, row.row, (change,),
            {"push": push.pk, "version": push.version, "act": result, "day": day.isoformat(),
             "outside_number": (row.get("outside_number") or "").strip(), "reason": row.get("reason") or ""},
        ))  # fmt: skip


def apply(plan: ImportPlan, actor: Actor, at: datetime, params: Params) -> Mapping[str, Any]:
    """One act per row through the door; any refusal undoes all."""
    for item in plan.items:
        data = item.data
        push = Push.objects.select_related("project__place").get(pk=data["push"])
        perform(push, data["act"], by=actor, at=at, reason=data["reason"], version=data["version"],
                data={"day": date.fromisoformat(data["day"]), "outside_number": data["outside_number"]})  # fmt: skip
    return {"projects": len(plan.items)}


def template(actor: Actor, at: datetime, params: Params) -> Workbook:
    """Everything that has been pushed and has no result yet."""
    rows = Push.objects.filter(target=params.get("target", ""), status=PushStatus.PUSHED).select_related(
        "project"
    )
    lines = [{"code": p.project.code, "name": p.project.name, "result": None, "outside_number": "", "day": None,
              "reason": ""} for p in rows]  # fmt: skip
    return sheet_form(SHEET, lines)


def importer() -> Importer:
    return Importer(
        kind=KIND, title=gettext_lazy("Import results of a push"), apply=apply, refuse=refuse, sheet=SHEET,
        check_rows=check_rows, template=template, params=("target",),
        back_url=lambda params: f"{reverse('reserve:pushes')}?target={params.get('target', '')}",
        explanation=gettext_lazy(
            "One row per project: registered with its number, or returned with the reason. The form lists what has been "
            "pushed and has no result yet. Nothing is written before you confirm the preview."
        ),
    )  # fmt: skip
