"""What the room of reports adds to the register: figures, panels, tabs, record, files, list columns (screen 07)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ningde_projects.documents.models import Attachment
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import reporting_month
from ningde_projects.projects import columns, dossier, files, panels, progress
from ningde_projects.projects.columns import FacetKind, ListColumn
from ningde_projects.projects.lights import Progress
from ningde_projects.projects.models import Project
from ningde_projects.projects.panels import Figure, Kpi, Panel, Tab
from ningde_projects.projects.selectors import Thresholds
from ningde_projects.shell import formats

from ..dossier import CHAPTER
from ..models import Problem, Report
from ..models.reports import ReportKind
from ..rules import month_name
from ..selectors import project_acts, project_problems
from ..selectors.attachments import SUBJECT, readable_reports
from ..selectors.project_figures import figure_rows, open_problems, read_figures, years
from ..selectors.project_months import year_curve, year_table
from ..selectors.review import SHOWN

# ---- figures under the strip -----------------------------------------------------------------------------------


def _progress(project: Project, actor: Actor, at: datetime) -> Progress | None:
    """Read once per page: the project is loaded anew for every request."""
    year = reporting_month(at).year
    kept: dict[tuple[int, int], Progress | None] = project.__dict__.setdefault("_year_figures", {})
    key = (actor.user.pk, year)
    if key not in kept:
        kept[key] = progress.progress_of(actor, year, [project.pk]).get(project.pk)
    return kept[key]


def _problems(project: Project, actor: Actor) -> list[Problem]:
    kept: dict[int, list[Problem]] = project.__dict__.setdefault("_problems_seen", {})
    if actor.user.pk not in kept:
        kept[actor.user.pk] = project_problems.problems_of(project, actor)
    return kept[actor.user.pk]


def _since_start(project: Project, actor: Actor, at: datetime) -> Figure | None:
    found = _progress(project, actor, at)
    if found is None or found.total is None:
        return None
    title, unit = _("Done since start"), pgettext("unit", "10,000 yuan")
    number = project.parts.count()
    if number > found.parts:
        return Figure(title, formats.money(found.total), unit, _partial(found.parts, number))
    detail = ""
    if project.total_investment:
        share = formats.pct(found.total * 100 / project.total_investment)
        detail = _("{share} of the total investment").format(share=share)
    return Figure(title, formats.money(found.total), unit, detail)


def _partial(seen: int, all_: int) -> str:
    return _("{n} of {all} counties' parts, those open to you").format(n=seen, all=all_)


def _year(project: Project, actor: Actor, at: datetime) -> Figure | None:
    found = _progress(project, actor, at)
    if found is None or found.done is None:
        return None
    title = _("Done in {year} / plan").format(year=found.month.year)
    if found.ahead is None or found.percent is None:
        return Figure(title, formats.money(found.done), "/ —", _("No plan of the year: no rate"))
    points = formats.figure(abs(found.ahead), 1)
    words = (
        _("{percent}, {points} points above schedule")
        if found.ahead >= 0
        else _("{percent}, {points} points below schedule")
    )
    amber = Thresholds(reporting_month(at))["amber_points"]
    tone = "" if found.ahead >= 0 else "amber" if found.ahead >= -amber else "red"
    return Figure(
        title, formats.money(found.done), f"/ {formats.money(found.planned)}",
        words.format(percent=formats.pct(found.percent), points=points), tone,
    )  # fmt: skip


def _statistics(project: Project, actor: Actor, at: datetime) -> Figure | None:
    """What the owners say the platform shows; the platform's own figures are the statistics office's to bring."""
    found = _progress(project, actor, at)
    if found is None or found.statistics is None:
        return None
    gap = found.statistics - (found.done or Decimal(0))
    words = (
        _("as the owner says, {amount} above the report")
        if gap > 0
        else _("as the owner says, {amount} below the report")
        if gap < 0
        else _("as the owner says, equal to the report")
    )
    return Figure(
        _("Statistics platform, {year}").format(year=found.month.year), formats.money(found.statistics),
        pgettext("unit", "10,000 yuan"), words.format(amount=formats.money(abs(gap))), "amber" if gap else "",
    )  # fmt: skip


def _open(project: Project, actor: Actor, at: datetime) -> Figure:
    counted = project_problems.count_of(_problems(project, actor), at)
    if counted.open:
        detail = _("oldest {days} days, {settled} settled before").format(
            days=counted.oldest, settled=counted.settled
        )
    else:
        detail = _("{settled} settled before").format(settled=counted.settled)
    return Figure(
        _("Open problems"), str(counted.open), pgettext("count of problems", "problems"), detail, counted.tone,
        url=f"{reverse('projects:detail', args=[project.public_id])}?tab=problems#tabs",
    )  # fmt: skip


# ---- panels ----------------------------------------------------------------------------------------------------


def _curve(project: Project, actor: Actor, at: datetime, year: int) -> Mapping[str, Any]:
    return {"curve": year_curve(project, actor, year)}


def _months(project: Project, actor: Actor, at: datetime, year: int) -> Mapping[str, Any]:
    return {"table": year_table(project, actor, at, year)}


def _timeline(project: Project, actor: Actor, at: datetime, year: int) -> Mapping[str, Any]:
    problems = _problems(project, actor)
    found = project_problems.timeline(problems, at, year, most=project_problems.MOST_BARS)
    return {"timeline": found, "any": bool(problems)}


def _timeline_all(project: Project, actor: Actor, at: datetime, year: int) -> Mapping[str, Any] | None:
    found = project_problems.timeline(_problems(project, actor), at, year)
    return {"timeline": found, "any": True} if found.chart else None


def _problem_table(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any]:
    return {"rows": project_problems.rows_of(_problems(project, actor), at)}


def _at_once(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Urgent and direct reports stand outside of the months (M5.3, M6.3)."""
    rows = (
        Report.objects.visible_to(actor)
        .filter(SHOWN, project=project)
        .exclude(kind=ReportKind.MONTHLY)
        .select_related("owner")
        .order_by("-submitted_at", "-pk")[:50]
    )
    found = list(rows)
    return {"reports": found} if found else None


def _report_count(project: Project, actor: Actor, at: datetime) -> str:
    number = Report.objects.visible_to(actor).filter(SHOWN, project=project).count()
    return str(number) if number else ""


def _problem_count(project: Project, actor: Actor, at: datetime) -> str:
    number = len(_problems(project, actor))
    return str(number) if number else ""


# ---- files -----------------------------------------------------------------------------------------------------


def _files(project: Project, actor: Actor) -> Iterator[files.ProjectFile]:
    """The files of the reports that this person reads; two queries."""
    reports = {
        report.public_id: report
        for report in readable_reports(actor).filter(project=project).only("public_id", "month", "kind")
    }
    rows = Attachment.objects.filter(
        ~Q(state=Attachment.State.PENDING) | Q(uploaded_by=actor.user),
        subject_type=SUBJECT, subject_id__in=list(reports), removed_at=None,
    ).select_related("uploaded_by")  # fmt: skip
    for row in rows:
        report = reports[row.subject_id]
        yield files.ProjectFile(row, _named(report), reverse("reports:report", args=[report.public_id]))


def _named(report: Report) -> str:
    if report.kind != ReportKind.MONTHLY:
        return str(report.get_kind_display())
    return _("report of {year}, {month}").format(year=report.month.year, month=month_name(report.month))


# ---- registering -----------------------------------------------------------------------------------------------


def register() -> None:
    """Called once when the app is ready."""
    progress.register(progress.YearFigures(figure_rows, read_figures, years))
    panels.register_kpi(
        Kpi("since", 20, _since_start), Kpi("year", 30, _year), Kpi("statistics", 40, _statistics),
        Kpi("problems", 50, _open),
    )  # fmt: skip
    panels.register_tab(
        Tab("reports", gettext_lazy("Monthly reports"), 20, _report_count),
        Tab("problems", pgettext_lazy("tab", "Problems"), 30, _problem_count),
    )
    panels.register(
        Panel("curve", gettext_lazy("Investment curve"), "reports/project/curve.html", _curve, 10,
              tabs=("overview", "reports"), by_year=True),
        Panel("months", gettext_lazy("Monthly reports"), "reports/project/months.html", _months, 20,
              tabs=("overview", "reports"), by_year=True),
        Panel("at_once", gettext_lazy("Urgent and direct reports"), "reports/project/at_once.html", _at_once, 30,
              tabs=("reports",)),
        Panel("problems", gettext_lazy("Timeline of problems"), "reports/project/timeline.html", _timeline, 30,
              by_year=True),
        Panel("problem_bars", gettext_lazy("Timeline of problems"), "reports/project/timeline.html", _timeline_all,
              10, tabs=("problems",), by_year=True),
        Panel("problem_table", pgettext_lazy("tab", "Problems"), "reports/project/problems.html", _problem_table,
              20, tabs=("problems",)),
    )  # fmt: skip
    panels.register_acts(*project_acts.SOURCES)
    files.register(files.FileSource(SUBJECT, _files))
    dossier.register(CHAPTER)
    columns.register(
        ListColumn("problems", gettext_lazy("Open problems"), "count", lambda row: row.loaded(open_problems), 95,
                   kind="integer", sort_by=(open_problems, int), width=12)
    )  # fmt: skip
    columns.register_facet(
        FacetKind("problems", gettext_lazy("Open problems"),
                  lambda: {"open": _("With open problems"), "none": _("Without open problems")}, 60,
                  load=open_problems, read=lambda number: "open", missing="none")
    )  # fmt: skip
