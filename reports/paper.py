"""附件1 and 附件2 as workbooks in the paper's layout, ready to print and stamp (M5.5, M6.4, point 12)."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _
from openpyxl import Workbook

from ningde_projects.documents.models import LayoutVersion
from ningde_projects.documents.paper.marks import FormMark, Subject
from ningde_projects.documents.paper.render import Form, Stamp, render_form, render_forms
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Post, Responsible
from ningde_projects.projects.rules import completion_percent, points_ahead, schedule_percent

from .models import Category, Report, Submission, Summary, SummaryEdition
from .models.problems import Answer, AskedLevel, Impact
from .selectors.annex2 import content_of
from .services.filing import project_facts
from .services.summaries import county_counts

#: A file made twice from one edition is the same to the byte, so nothing in it may speak of the time of making.
_FIXED_TIME = (2023, 11, 6, 0, 0, 0)


def _money(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _choices() -> dict[str, list[tuple[str, str]]]:
    """The words of the forms' own lists; the forms are Chinese whatever the page's language."""
    return {
        "categories": list(Category.objects.values_list("code", "name")),
        "effects": [(v, str(label)) for v, label in Impact.choices],
        "levels": [(v, str(label)) for v, label in AskedLevel.choices],
        "handled": [(v, str(label)) for v, label in Answer.choices if v != Answer.NEW],
    }


# ---- 附件1 -----------------------------------------------------------------------------------------------


def annex1(report: Report, submission: Submission | None) -> Workbook:
    """One report as filed; without a filing, the blank form of its project marked as a draft."""
    layout = LayoutVersion.current("annex1", report.month.last_day)
    form = _annex1_form(report, submission, _people([report]), _category_codes())
    return render_form(
        layout, form.values, form.tables, mark=form.mark, choices=_choices(), words=form.words,
        stamp=None if submission else Stamp.draft(),
    )  # fmt: skip


def annex1_blank(month: Month) -> Workbook:
    """The empty form of a month."""
    layout = LayoutVersion.current("annex1", month.last_day)
    return render_form(
        layout, {"month": month}, {"problems": []}, choices=_choices(), words={"n": str(month.number)}
    )


def annex1_book(reports: Sequence[Report]) -> Workbook:
    """All reports of one owner and month, a tab each (M5.5)."""
    month = reports[0].month
    layout = LayoutVersion.current("annex1", month.last_day)
    latest: dict[int, Submission] = {}
    for submission in Submission.objects.filter(report__in=reports).order_by("number"):
        latest[submission.report_id] = submission
    people, codes = _people(reports), _category_codes()
    forms = [_annex1_form(r, latest.get(r.pk), people, codes) for r in reports]
    return render_forms(layout, forms, choices=_choices())


def _people(reports: Sequence[Report]) -> dict[tuple[int, str], str]:
    rows = Responsible.objects.filter(project__in=[r.project_id for r in reports], valid_to__isnull=True)
    return {
        (r.project_id, r.post): r.user.name + (f"（{r.user.title}）" if r.user.title else "")
        for r in rows.select_related("user")
    }


def _category_codes() -> dict[str, str]:
    return {name: code for code, name in Category.objects.values_list("code", "name")}


def _annex1_form(
    report: Report,
    submission: Submission | None,
    people: Mapping[tuple[int, str], str],
    codes: Mapping[str, str],
) -> Form:
    facts: Mapping[str, str] = submission.facts if submission else project_facts(report)
    values: Mapping[str, str] = submission.values if submission else {}
    plan, year = _money(facts.get("annual_plan")), _money(values.get("year_cumulative"))
    percent = completion_percent(year, plan)
    first, last = [int(y) if y.isdigit() else None for y in (facts.get("years") or "—").split("—")[:2]]
    recipients = "、".join(
        o for o in (report.receiver.name, report.department.name if report.department else "") if o
    )
    found: dict[str, Any] = {
        "month": report.month, "recipients": recipients,
        "report_kind": "urgent" if report.kind == "urgent" else "routine",
        "nil": None if submission is None else "nil" if submission.is_nil else "problems",
        **{name: facts.get(name, "") for name in ("name", "code", "level", "management", "industry", "owner", "content")},
        "stage": report.project.get_stage_display(), "place": facts.get("place", "") + facts.get("township", ""),
        "total_investment": _money(facts.get("total_investment")), "annual_plan": plan,
        "annual_target": facts.get("annual_goal", ""),
        "planned_start": Month(first, 1) if first else None, "planned_finish": Month(last, 12) if last else None,
        "county_leader": people.get((report.project_id, Post.COUNTY_LEADER), ""),
        "county_direct": people.get((report.project_id, Post.COUNTY_DIRECT), ""),
        "industry_leader": people.get((report.project_id, Post.INDUSTRY_LEADER), ""),
        "industry_direct": people.get((report.project_id, Post.INDUSTRY_DIRECT), ""),
        "month_investment": _money(values.get("month_investment")), "year_investment": year,
        "total_completed": _money(values.get("total_cumulative")),
        "year_rate": None if percent is None else percent.quantize(Decimal("0.1")),
        "schedule_rate": schedule_percent(report.month).quantize(Decimal("0.1")),
        "schedule_gap": "" if percent is None else str(points_ahead(percent, report.month)),
        "progress": values.get("progress", ""), "next_plan": values.get("next_plan", ""),
        "in_statistics": {"yes": True, "no": False}.get(values.get("in_statistics", "")),
        "statistics_investment": _money(values.get("statistics_cumulative")),
        "statistics_difference": values.get("statistics_note", ""),
        "reporter": values.get("filler", ""), "reporter_phone": values.get("filler_phone", ""),
        "unit_head": values.get("head", ""), "filed_on": local_date(submission.at) if submission else None,
    }  # fmt: skip
    problems = [
        _annex1_problem(n, line, codes) for n, line in enumerate(submission.problems if submission else [], 1)
    ]
    mark = FormMark("annex1", 1, export_id=str(submission.public_id if submission else report.public_id),
                    subjects=(Subject("report", str(report.public_id), report.version),))  # fmt: skip
    return Form(
        found, {"problems": problems}, mark, tab=report.project.name, words={"n": str(report.month.number)}
    )


def _annex1_problem(number: int, line: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    fields: Mapping[str, str] = line.get("fields") or {}
    text = line["text"] if not line.get("note") else f"{line['text']}（{line['note']}）"
    occurred = fields.get("occurred_on", "")
    return {
        "row_id": line["problem"], "number": number, "category": codes.get(line.get("category", "")),
        "description": text, "occurred_on": _day(occurred) if len(occurred) == 10 and occurred[4] == "-" else None,
        "effect": fields.get("impact") or None, "affected_investment": _money(fields.get("impact_amount")),
        "measures_taken": fields.get("measures", ""), "request": fields.get("request", ""),
        "level": line.get("level") or None, "responsible": line.get("unit", ""),
        "handled": None if line["answer"] == Answer.NEW else line["answer"],
    }  # fmt: skip


# ---- 附件2 -----------------------------------------------------------------------------------------------


def annex2(summary: Summary) -> Workbook:
    """The county's summary: the latest edition as issued, or what is being compiled, marked 送审稿."""
    edition = summary.editions.order_by("-number").first()
    if edition is not None and summary.status in ("approved", "forwarded", "received"):
        return annex2_edition(edition)
    layout = LayoutVersion.current("annex2", summary.month.last_day)
    content = content_of(summary)
    content["counts"] = content["counts"] or county_counts(summary)
    return _annex2(layout, content, Stamp.draft(), None, str(summary.public_id))


def annex2_edition(edition: SummaryEdition) -> Workbook:
    month = Month.parse(edition.content["month"])
    layout = LayoutVersion.current("annex2", month.last_day)
    stamp = Stamp.approved(edition.by_text, edition.at)
    book = _annex2(layout, edition.content, stamp, edition, str(edition.public_id))
    # What was issued is not filled in again, and its mark is signed with the time of making: the file would never
    # be the same twice.
    for cell in book.worksheets[0][1]:
        if str(cell.value or "").startswith("nd1:"):
            cell.value = None
    return book


def annex2_book(summaries: Sequence[Summary]) -> Workbook:
    """All counties of a month in one workbook, each as it stands: approved, or marked as being compiled."""
    layout = LayoutVersion.current("annex2", summaries[0].month.last_day)
    forms = []
    for summary in summaries:
        edition = summary.editions.order_by("-number").first()
        content = edition.content if edition else content_of(summary)
        content["counts"] = content["counts"] or county_counts(summary)
        forms.append(_annex2_form(content, edition, str(summary.public_id)))
    return render_forms(layout, forms, choices=_choices())


def _annex2(
    layout: Any, content: Mapping[str, Any], stamp: Stamp, edition: SummaryEdition | None, export: str
) -> Workbook:
    form = _annex2_form(content, edition, export)
    book = render_form(
        layout, form.values, form.tables, mark=form.mark, stamp=stamp, choices=_choices(), words=form.words
    )
    _missing_sheet(book, content)
    return book


def _annex2_form(content: Mapping[str, Any], edition: SummaryEdition | None, export: str) -> Form:
    counts, month = content["counts"], Month.parse(content["month"])
    by_category = "，".join(f"{name} {n}" for name, n in counts.get("by_category", {}).items())
    values = {
        "place": content["place"], "month": month, "compiler": content["bureau"],
        "approver": edition.by_text if edition else "", "approved_on": local_date(edition.at) if edition else None,
        "due": counts.get("due"), "filed": counts.get("filed"), "nil": counts.get("nil"),
        "with_problems": counts.get("with_problems"), "problem_count": counts.get("problems"), "by_category": by_category,
    }  # fmt: skip
    rows = [
        {
            "row_id": i["problem"], "number": i["number"], "project": i["project"], "level": i["level"],
            "industry": i["industry"], "owner": i["owner"], "total_investment": _money(i["total_investment"]),
            "annual_plan": _money(i["annual_plan"]), "completed": _money(i["year_cumulative"]),
            "rate": _money(i["percent"]), "gap": i["points"], "category": i["category"], "problem": i["text"],
            "county_action": i["county_opinion"], "request": i["request"], "coordination_level": i["asked_level"],
            "lead_department": i["lead_department"], "other_departments": i["cooperating"], "county_leader": i["leader"],
            "direct_person": i["direct"], "deadline": _day(i["due_on"]), "lagging": bool(i["is_lagging"]),
            "remark": i["note"],
        }
        for i in content["items"]
    ]  # fmt: skip
    mark = FormMark("annex2", 1, export_id=export)
    return Form(values, {"problems": rows}, mark, tab=content["place"], words={"n": str(month.number)})


def _missing_sheet(book: Workbook, content: Mapping[str, Any]) -> None:
    """未报与退回附表: named, so that timeliness can be followed (M6.1, M7.1)."""
    sheet = book.create_sheet(_("Missing and returned"))
    sheet.append([_("No."), _("Project name"), _("Owner"), _("State")])
    for number, row in enumerate(content["missing"], start=1):
        sheet.append([number, row["project"], row["owner"], row["status_text"]])
    for cells in sheet.iter_rows(min_row=2, min_col=2):
        for cell in cells:
            cell.data_type = "s"
    for column, width in zip("ABCD", (8, 44, 36, 14), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
    sheet.print_title_rows = "1:1"


def workbook_bytes(book: Workbook, made_at: datetime | None = None) -> bytes:
    """The file; with `made_at` (an edition's own time) it is the same to the byte whenever it is made."""
    if made_at is not None:
        stamp = made_at.replace(tzinfo=None, microsecond=0)
        book.properties.created = book.properties.modified = stamp
    raw = io.BytesIO()
    book.save(raw)
    if made_at is None:
        return raw.getvalue()
    fixed = io.BytesIO()
    with ZipFile(raw) as source, ZipFile(fixed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _with_fixed_times(content, made_at)
            target.writestr(ZipInfo(name, _FIXED_TIME), content, ZIP_DEFLATED)
    return fixed.getvalue()


def _with_fixed_times(core: bytes, made_at: datetime) -> bytes:
    stamp = f"{made_at.replace(microsecond=0):%Y-%m-%dT%H:%M:%SZ}".encode()
    return re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, core)
