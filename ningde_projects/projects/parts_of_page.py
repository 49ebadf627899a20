"""What the register itself puts on the page of a project: its tabs, its figures, the files, the record."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import reporting_month
from ningde_projects.shell import formats

from . import files, panels
from .models import AnnualPlan, NodeKind, PlanNode, Project
from .panels import Figure, Kpi, Panel, Tab
from .selectors import acts_of


def _total(project: Project, actor: Actor, at: datetime) -> Figure:
    total = project.total_investment
    if total is None:
        return Figure(_("Total investment"), "—", detail=pgettext("fact", "Not stated"))
    detail = _("{amount} hundred million yuan").format(amount=formats.yi(total, 2))
    return Figure(_("Total investment"), formats.money(total), pgettext("unit", "10,000 yuan"), detail)


def _year(project: Project, actor: Actor, at: datetime) -> Figure:
    """Until a report says more: the plan alone, the whole project's or the sum of its parts'."""
    year = reporting_month(at).year
    rows = AnnualPlan.objects.filter(project=project, year=year, investment__isnull=False)
    sums = [(part, sum_) for part, sum_ in rows.values_list("part_id", "investment") if sum_ is not None]
    whole = [sum_ for part, sum_ in sums if part is None]
    plan = whole[0] if whole else sum(sum_ for _part, sum_ in sums) if sums else None
    title = _("Plan of {year}").format(year=year)
    if plan is None:
        return Figure(title, "—", detail=_("No plan of the year"))
    detail = _("Sum of the counties' parts") if not whole else _("Nothing has been reported this year.")
    return Figure(title, formats.money(plan), pgettext("unit", "10,000 yuan"), detail)


def _time(project: Project, actor: Actor, at: datetime) -> Figure:
    first, last = project.start_year, project.end_year
    value = f"{first or '?'}—{last or '?'}" if first or last else "—"
    return Figure(_("Time of building"), value, detail=_("First and last year"))


def _statistics(project: Project, actor: Actor, at: datetime) -> Figure:
    """No figure is invented: until the platform's figures are there, what the owner has said of the entry."""
    words = {True: _("Registered, as the owner says"), False: _("Not registered, as the owner says")}
    detail = words.get(project.in_statistics) if project.in_statistics is not None else None
    return Figure(_("Figure of the statistics platform"), "—", detail=detail or _("No statistics yet"))


def _acts(project: Project, actor: Actor, at: datetime) -> str:
    number = acts_of(project, actor).count()
    return str(number) if number else ""


def _nodes(project: Project, actor: Actor, at: datetime) -> str:
    """Reached and all, of the nodes of the preliminary work."""
    rows = PlanNode.objects.filter(project=project, kind=NodeKind.PRELIMINARY)
    days = list(rows.values_list("reached_on", flat=True))
    return f"{sum(1 for day in days if day)}/{len(days)}" if days else ""


def load() -> None:
    """Called once when the app is ready."""
    panels.register_tab(
        Tab(panels.OVERVIEW, gettext_lazy("Overview"), 10),
        Tab("preliminary", gettext_lazy("Preliminary work"), 40, _nodes),
        Tab("documents", gettext_lazy("Documents"), 60, files.count),
        Tab("record", gettext_lazy("Record of changes"), 70, _acts),
    )
    panels.register_kpi(
        Kpi("total", 10, _total), Kpi("since", 20, _time, 90), Kpi("year", 30, _year, 90),
        Kpi("statistics", 40, _statistics, 90),
    )  # fmt: skip
    panels.register(
        Panel("files", pgettext_lazy("panel", "Documents"), "projects/inc/files.html", files.latest, 80, "side"),
        Panel("all_files", pgettext_lazy("panel", "Documents"), "projects/inc/files_all.html", files.every, 10,
              tabs=("documents",)),
    )  # fmt: skip
