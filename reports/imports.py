"""Reports filled in offline: upload, preview, all or nothing (M5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from openpyxl import Workbook

from ningde_projects.documents.imports import (
    Change,
    Importer,
    ImportPlan,
    Params,
    PlanItem,
    register_importer,
)
from ningde_projects.documents.paper import ParsedForm
from ningde_projects.documents.problems import CellError, blocking
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from .forms.drafts import differences
from .forms.wording import Wording
from .models import Report
from .models.reports import ReportKind
from .paper.book import choices_of
from .paper.drafts import CONTENT, REPORT, Case, cases_of, digest_of
from .paper.files import offline_book
from .paper.reading import Sheet, draft_of, judge, sheet_of
from .selectors.paper import owed_reports
from .services.filing import save_draft, submit
from .templatetags.reporting import monthname
from .workflow import EDITABLE

KIND = "reports-offline"
#: What is done with the sheets: kept as drafts, or filed at once.
DRAFT, FILE = "draft", "file"
#: A form has some forty rows, a busy project a hundred more.
_MAX_ROWS = 600


def is_filing(params: Params) -> bool:
    return params.get("way") == FILE


def refuse(actor: Actor, params: Params) -> str:
    if actor.has(Duty.REPORT):
        return ""
    return _("Only those who report for a project owner fill in reports offline.")


# ---- which sheet is which report ---------------------------------------------------------------------------------


def check_forms(forms: Sequence[ParsedForm], actor: Actor, at: datetime, params: Params) -> ImportPlan:
    """The whole plan: one line per sheet, and everything that is wrong or asked at once."""
    plan = ImportPlan()
    chosen: dict[int, ParsedForm] = {}
    known = {report.public_id: report for report in _reports(forms, actor)}
    for form in forms:
        report, errors = _report_of(form, known, actor)
        if report is not None and report.pk in chosen:
            errors = [form.error("", _("The same report stands on another sheet of this file: “%(sheet)s”")
                                 % {"sheet": chosen[report.pk].sheet}, _("Delete one of the two sheets."))]  # fmt: skip
        plan.errors += errors
        if report is not None and not errors:
            chosen[report.pk] = form
    cases = {case.report.pk: case for case in cases_of([r for r in known.values() if r.pk in chosen], actor)}
    for pk, form in chosen.items():
        _plan_sheet(plan, sheet_of(form, cases[pk]), filing=is_filing(params))
    return plan


def _reports(forms: Sequence[ParsedForm], actor: Actor) -> list[Report]:
    ids = [subject.public_id for form in forms if form.mark and (subject := form.mark.subject(REPORT))]
    rows: list[Report] = list(
        Report.objects.visible_to(actor)
        .filter(public_id__in=ids, kind=ReportKind.MONTHLY)
        .select_related(
            "project__industry", "part", "place", "owner", "receiver", "department", "draft_saved_by"
        )
    )
    return rows


def _report_of(
    form: ParsedForm, known: Mapping[UUID, Report], actor: Actor
) -> tuple[Report | None, list[CellError]]:
    """The sheet's report; a sheet that could not be read has told its errors already."""
    if form.mark is None or not form.values:
        return None, []
    subject = form.mark.subject(REPORT)
    if subject is None:
        return None, [form.error(
            "", _("This is a print or a blank form, not a sheet to fill in offline"),
            _("Download the workbook for offline work, and fill that in."),
        )]  # fmt: skip
    report = known.get(UUID(subject.public_id))
    if report is None or not actor.has(Duty.REPORT, [report.owner_id]):
        return None, [form.error(
            "", _("This sheet is not one of your reports: it was downloaded by another owner"),
            _("Upload the workbook that you downloaded yourself, or delete this sheet."),
        )]  # fmt: skip
    return report, []


# ---- what is done with one sheet ---------------------------------------------------------------------------------


def _plan_sheet(plan: ImportPlan, sheet: Sheet, *, filing: bool) -> None:
    """Unchanged sheets are recognised by what they say, not by counters that a harmless save moves."""
    case = sheet.case
    changes = _changes(sheet)
    untouched = _content_mark(sheet.form) == sheet.digest
    if case.report.status not in EDITABLE:
        if changes and not untouched:
            plan.errors.append(_locked(sheet))
        plan.items.append(_item(sheet, "unchanged" if not changes else "skip"))
    elif changes and _content_mark(sheet.form) != _content_now(case):
        _plan_stale(plan, sheet, untouched=untouched, filing=filing)
    elif changes or filing:
        found = [*sheet.findings, *judge(sheet, filing=filing)]
        plan.errors += found
        if not blocking(found):
            plan.items.append(_item(sheet, "update", changes, filing=filing))
    else:
        plan.items.append(_item(sheet, "unchanged"))


def _plan_stale(plan: ImportPlan, sheet: Sheet, *, untouched: bool, filing: bool) -> None:
    """The draft was changed on the page after the download. Who left the sheet alone loses nothing by that."""
    report = sheet.case.report
    if untouched and not filing:
        plan.errors.append(sheet.form.error(
            "", _("The draft in the system is newer and the sheet was not changed; the newer draft stays"),
            _("Nothing to do."), is_question=True,
        ))  # fmt: skip
        plan.items.append(_item(sheet, "skip"))
        return
    who = report.draft_saved_by.name if report.draft_saved_by else report.owner.short_name
    plan.errors.append(sheet.form.error(
        "", _("%(who)s changed this report in the system after the workbook was downloaded") % {"who": who},
        _("Download the workbook again and copy your entries of this sheet into it."),
    ))  # fmt: skip


def _locked(sheet: Sheet) -> CellError:
    report = sheet.case.report
    return sheet.form.error(
        "", _("This report is “%(state)s” and cannot be changed") % {"state": report.get_status_display()},
        _("Delete the sheet; ask %(office)s to return the report if it has to be corrected.")
        % {"office": report.receiver.short_name},
    )  # fmt: skip


def _content_mark(form: ParsedForm) -> str:
    subject = form.mark.subject(CONTENT) if form.mark else None
    return subject.public_id if subject else ""


def _content_now(case: Case) -> str:
    return digest_of(case.values, case.rows)


def _changes(sheet: Sheet) -> list[Change]:
    """Field by field, in the page's words; a whole problem that only one side has is one line."""
    case = sheet.case
    keys = list(dict.fromkeys([*case.raw.get("new", []), *sheet.raw.get("new", [])]))
    wording = Wording(case.report.month, case.carried, case.lists, keys)
    found = differences(case.raw, sheet.raw, wording)
    return [
        Change(d.label, d.theirs, d.mine) for d in found if d.name != "year_cumulative" or _year_typed(sheet)
    ]


def _year_typed(sheet: Sheet) -> bool:
    """The year's figure is computed; an empty cell is no change of it."""
    return bool(sheet.raw.get("year_cumulative"))


def _item(sheet: Sheet, action: Any, changes: Sequence[Change] = (), *, filing: bool = False) -> PlanItem:
    report = sheet.case.report
    data: dict[str, Any] = {}
    label = report.project.name
    if action == "update":
        data = {
            "report": str(report.public_id),
            "version": report.version,
            "draft": draft_of(sheet),
            "file": filing,
        }
        label = (_("%(project)s: file") if filing else _("%(project)s: keep as draft")) % {"project": label}
    return PlanItem(action, label, sheet.form.sheet, 0, tuple(changes), data)


# ---- carrying out ------------------------------------------------------------------------------------------------


def apply(plan: ImportPlan, actor: Actor, at: datetime, params: Params) -> dict[str, Any]:
    """All sheets or none: one that is refused undoes the others (the transaction is open already)."""
    filed = saved = 0
    wanted = [item for item in plan.items if item.action == "update"]
    rows = Report.objects.visible_to(actor).select_related(
        "project__industry", "part", "place", "owner", "receiver", "department"
    )
    known = {str(r.public_id): r for r in rows.filter(public_id__in=[i.data["report"] for i in wanted])}
    for item in wanted:
        report = known[item.data["report"]]
        save_draft(report, item.data["draft"], by=actor, at=at, version=item.data["version"])
        saved += 1
        if item.data["file"]:
            try:
                submit(report, item.data["draft"], by=actor, at=at, version=report.version)
            except RuleBroken as refused:
                raise RuleBroken(f"{report.project.name}：{refused}", errors=refused.errors) from refused
            filed += 1
    return {"saved": saved, "filed": filed}


# ---- registered --------------------------------------------------------------------------------------------------


def _month(params: Params, at: datetime) -> Month:
    try:
        return Month.parse(params.get("month", ""))
    except ValueError:
        return reporting_month(at)


def _button(params: Params, count: int) -> str:
    if is_filing(params):
        return ngettext("File %(n)s report", "File %(n)s reports", count) % {"n": count}
    return ngettext("Keep %(n)s draft", "Keep %(n)s drafts", count) % {"n": count}


def _told(params: Params, result: Mapping[str, Any]) -> str:
    if is_filing(params):
        n = int(result.get("filed", 0))
        return ngettext("%(n)s report filed.", "%(n)s reports filed.", n) % {"n": n}
    n = int(result.get("saved", 0))
    return ngettext("%(n)s draft kept; not filed yet.", "%(n)s drafts kept; not filed yet.", n) % {"n": n}


def _template(actor: Actor, at: datetime, params: Params) -> Workbook:
    month = _month(params, at)
    reports = owed_reports(actor, month)
    if not reports:
        raise WrongState(_("No report of %(month)s is owed") % {"month": monthname(month)})
    record("paper", "offline", by=actor, at=at, data={"rows": len(reports)})
    return offline_book(reports, month, actor, at)


def _page(params: Params) -> str:
    asked = {name: params[name] for name in ("month", "way") if params.get(name)}
    return f"{reverse('reports:offline_upload')}?{urlencode(asked)}"


def register() -> None:
    """Called once when the app is ready."""
    register_importer(Importer(
        kind=KIND,
        title=gettext_lazy("Reports filled in offline"),
        apply=apply,
        refuse=refuse,
        layout="annex1",
        check_forms=check_forms,
        choices=lambda actor, at, params: choices_of(_month(params, at)),
        template=_template,
        explanation=gettext_lazy("Every sheet is one report. All are kept, or none."),
        params=("month", "way"),
        back_url=_page,
        start_url=_page,
        max_rows=_MAX_ROWS,
        button=_button,
        told=_told,
    ))  # fmt: skip
