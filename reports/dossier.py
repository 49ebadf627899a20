"""The sheets that reports and problems add to the dossier of a project, as this person may see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.projects.dossier import Chapter, Pages
from ningde_projects.projects.models import Project
from ningde_projects.projects.rules import completion_percent, schedule_percent
from ningde_projects.shell.formats import full_stamp

from .exports import PROBLEMS
from .models import Report
from .models.reports import ReportKind
from .selectors.project_problems import problems_of
from .selectors.review import SHOWN

REPORTS = Sheet(
    key="dossier_reports", name=gettext_lazy("Monthly reports"), unit_line=gettext_lazy("Unit: 10,000 yuan"),
    columns=(
        Column("month", gettext_lazy("Month"), getter=lambda r: str(r.month), width=10),
        Column("part", pgettext_lazy("of a project", "Part"),
               getter=lambda r: r.part.place.name if r.part else _("Whole project"), width=14),
        Column("filed", gettext_lazy("First filed"), getter=lambda r: full_stamp(r.first_submitted_at)
               if r.first_submitted_at else "", width=20),
        Column("late", pgettext_lazy("status", "Filed late"), getter=lambda r: r.is_late(), kind="yesno", width=10),
        Column("status", gettext_lazy("State"), getter=lambda r: r.get_status_display(), width=12),
        Column("month_investment", gettext_lazy("investment of the month"), kind="money", width=16),
        Column("year_cumulative", gettext_lazy("cumulative investment of the year"), kind="money", width=16),
        Column("total_cumulative", gettext_lazy("cumulative investment since start"), kind="money", width=16),
        Column("annual_plan", gettext_lazy("annual plan"), kind="money", width=16),
        Column("percent", gettext_lazy("Share of the plan done"), kind="percent", width=12,
               getter=lambda r: completion_percent(r.year_cumulative, r.annual_plan)),
        Column("schedule", gettext_lazy("Schedule"), kind="percent", width=10,
               getter=lambda r: schedule_percent(r.month)),
        Column("problem_count", gettext_lazy("Problems"), kind="integer", width=8),
        Column("progress", gettext_lazy("physical progress"), width=60),
    ),
)  # fmt: skip


def _build(project: Project, actor: Actor, at: datetime) -> Iterator[tuple[Sheet, list[object]]]:
    reports = (
        Report.objects.visible_to(actor)
        .filter(SHOWN, project=project, kind=ReportKind.MONTHLY)
        .select_related("part__place")
        .order_by("-month", "-part__is_lead", "part__place__order", "pk")
    )
    if found := list(reports):
        yield REPORTS, found
    if problems := problems_of(project, actor):
        yield PROBLEMS, list(problems)


def build(project: Project, actor: Actor, at: datetime) -> Pages:
    return _build(project, actor, at)


CHAPTER = Chapter("reports", 40, build)
