"""The chain's lists as sheets: the same rows as the page (E2)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.lists import CONTENT_TYPES, Heading, ListFormat, write_list
from ningde_projects.documents.responses import file_response
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.documents.text import export_file_name
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell.formats import full_stamp
from ningde_projects.workflow.door import record

from .models.problems import AskedLevel
from .workflow import OpinionStatus, ProblemStatus, ReportStatus


def _stamp(at: datetime | None) -> str:
    return full_stamp(at) if at else ""


def list_response(
    request: OfficeRequest, sheet: Sheet, rows: Iterable[Any], *, title: str, filter_line: str = "",
    form: ListFormat = "xlsx",
) -> HttpResponseBase:  # fmt: skip
    """Write a list and record who took it with how many rows."""
    if form not in CONTENT_TYPES:
        raise Http404
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115  (the response closes it)
    made = f"{request.actor.user.name} {full_stamp(request.now)}"
    written = write_list(
        file, form, sheet, rows, Heading(title=title, filter_line=filter_line, made_line=made)
    )
    file.seek(0)
    record("report", "export", by=request.actor, at=request.now, text=title,
           data={"rows": written, "format": form, "filters": filter_line})  # fmt: skip
    name = export_file_name([request.actor.organisation.short_name, title], request.now, form)
    return file_response(file, name, CONTENT_TYPES[form])


PROBLEMS = Sheet(
    key="problems", name=_("Problems"), title=_("Ledger of problems"),
    columns=(
        Column("number", _("Number"), width=16),
        Column("project", _("Project name"), getter=lambda p: p.project.name, width=36),
        Column("place", _("County"), getter=lambda p: p.place.name, width=14),
        Column("owner", _("Owner"), getter=lambda p: p.owner.name, width=28),
        Column("category", _("Category"), getter=lambda p: p.category.name, width=14),
        Column("status", _("State"), kind="choice", choices=ProblemStatus.choices, width=12),
        Column("level", _("Level asked for"), kind="choice", choices=AskedLevel.choices, width=14),
        Column("unit", _("Responsible unit"), getter=lambda p: p.unit_name, width=20),
        Column("description", _("Description"), width=50),
        Column("request", _("Request"), width=40),
        Column("occurred_on", _("Occurred on"), kind="date", width=12),
        Column("reported_at", _("Reported"), getter=lambda p: p.reported_at.date(), kind="date", width=12),
        Column("handling", _("Latest handling"), width=40),
    ),
)  # fmt: skip

OPINIONS = Sheet(
    key="opinions", name=_("Opinions"), title=_("Coordination opinions of municipal departments"),
    columns=(
        Column("project", _("Project name"), getter=lambda o: o.problem.project.name, width=36),
        Column("place", _("County"), getter=lambda o: o.problem.place.name, width=14),
        Column("number", _("Number"), getter=lambda o: o.problem.number, width=16),
        Column("description", _("Problem"), getter=lambda o: o.problem.description, width=50),
        Column("department", _("Municipal department"), getter=lambda o: o.department.name, width=24),
        Column("result", _("Result"), getter=lambda o: o.get_result_display(), width=14),
        Column("text", _("Coordination opinion"), width=50),
        Column("section", _("Section in charge"), width=18),
        Column("due_on", _("To be settled by"), kind="date", width=12),
        Column("escalate", _("To be escalated"), getter=lambda o: _("yes") if o.result == "escalate" else "", width=10),
        Column("status", _("State"), kind="choice", choices=OpinionStatus.choices, width=14),
    ),
)  # fmt: skip

REPORTS = Sheet(
    key="reports", name=_("Reports"), title=_("Monthly reports of key projects"),
    unit_line=_("Unit: 10,000 yuan"),
    columns=(
        Column("project", _("Project name"), getter=lambda r: r.project.name, width=36),
        Column("place", _("County"), getter=lambda r: r.place.name, width=14),
        Column("owner", _("Owner"), getter=lambda r: r.owner.name, width=28),
        Column("receiver", _("Receiver"), getter=lambda r: r.receiver.short_name, width=16),
        Column("status", _("State"), kind="choice", choices=ReportStatus.choices, width=12),
        Column("month_investment", _("Investment of the month"), kind="money", width=16),
        Column("year_cumulative", _("Cumulative investment of the year"), kind="money", width=16),
        Column("annual_plan", _("Annual plan"), kind="money", width=16),
        Column("problem_count", _("Problems"), kind="integer", width=8),
        Column("is_nil", _("Nil report"), getter=lambda r: _("yes") if r.is_nil and r.submitted_at else "", width=10),
        Column("submitted", _("Filed"), getter=lambda r: _stamp(r.first_submitted_at), width=20),
        Column("late", _("Filed late"), getter=lambda r: _("yes") if r.is_late() else "", width=10),
        Column("returned", _("Times returned"), getter=lambda r: r.return_count, kind="integer", width=10),
    ),
)  # fmt: skip

TIMELINESS = Sheet(
    key="timeliness", name=_("Timeliness"), title=_("Timeliness of reports"),
    columns=(
        Column("name", _("Project or unit"), getter=lambda r: r["name"], width=40),
        Column("due", _("Due"), getter=lambda r: r["due"], kind="integer", width=10),
        Column("on_time", _("On time"), getter=lambda r: r["on_time"], kind="integer", width=10),
        Column("late", _("Filed late"), getter=lambda r: r["late"], kind="integer", width=10),
        Column("missing", _("Missing"), getter=lambda r: r["missing"], kind="integer", width=10),
        Column("returned", _("Returned"), getter=lambda r: r["returned"], kind="integer", width=10),
        Column("nil", _("Nil reports"), getter=lambda r: r["nil"], kind="integer", width=10),
        Column("percent", _("On time (%)"), getter=lambda r: _percent(r["percent"]), width=12),
    ),
)  # fmt: skip


FILINGS = Sheet(
    key="filings", name=_("Reports"), title=_("Timeliness of reports"),
    columns=(
        Column("month", _("Month"), getter=lambda r: str(r.month), width=10),
        *(column for column in REPORTS.columns if column.key in ("project", "place", "owner", "receiver", "status")),
        Column("due_at", _("Due by"), getter=lambda r: _stamp(r.due_at), width=20),
        *(column for column in REPORTS.columns if column.key in ("submitted", "late", "returned")),
    ),
)  # fmt: skip


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
