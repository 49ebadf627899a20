"""Navigation, home and to-do of the owners; the policy of their files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import reporting_month
from ningde_projects.shell import home
from ningde_projects.shell import navigation as nav

from ..models import Problem, Report
from ..selectors import attachments
from ..selectors.owner import offices_of, reports_of
from ..workflow import OWED, UNSETTLED, ProblemStatus, ReportStatus

_SHOWN = 20
owner = nav.has_duty(Duty.REPORT)


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("owner", _("My to-do"), "checkbox", "reports:owner", owner, nav.WORK, 1, hot=True,
                     mobile=True, mobile_label=pgettext_lazy("tab", "To do")),
        nav.NavEntry("owner_done", _("Filed by me"), "checks", "reports:owner-done", owner, nav.WORK, 2),
        nav.NavEntry("urgent", _("Report at once"), "urgent", "reports:urgent", owner, nav.WORK, 3, mobile=True,
                     mobile_label=pgettext_lazy("tab", "At once")),
        nav.NavEntry("owner_problems", _("Ledger of problems"), "list-details", "reports:owner-problems", owner,
                     nav.PROJECTS, 30, mobile=True, mobile_label=pgettext_lazy("tab", "Problems")),
        nav.NavEntry("archive", _("Archive of reports"), "archive", "reports:owner-archive", owner, nav.PROJECTS, 50),
        nav.NavEntry("rules", _("Rules of reporting"), "book-2", "reports:reporting-rules", owner, nav.HELP, 10),
    )  # fmt: skip
    nav.register_counts(_counts)
    home.register_home(lambda actor: actor.has(Duty.REPORT), "reports:owner", order=10)
    attachments.register()


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    """Three counts for an owner, none for anyone else."""
    if not actor.has(Duty.REPORT):
        return {}
    offices = list(offices_of(actor))
    reports = Report.objects.monthly(reporting_month(at)).filter(owner__in=offices)
    return {
        "owner": reports.filter(status__in=OWED),
        "owner_done": reports.filter(status__in=[ReportStatus.SUBMITTED, ReportStatus.ACCEPTED]),
        "owner_problems": Problem.objects.filter(owner__in=offices, status__in=UNSETTLED),
    }


# ---- to do -----------------------------------------------------------------------------------------------------


@todo_source
def reports_owed(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Returned, overdue and due reports, in the order of work (DESIGN.md §1.2)."""
    if not actor.has(Duty.REPORT):
        return []
    items = [
        _report_item(r, at) for r in reports_of(offices_of(actor), reporting_month(at)) if r.status in OWED
    ]
    items.sort(key=lambda item: item.rank)
    return [
        TodoGroup("reports", _("Monthly reports to file"), tuple(items[:_SHOWN]), len(items), "/reports/")
    ]


def _report_item(report: Report, at: datetime) -> TodoItem:
    url = f"/reports/{report.public_id}/"
    if report.status == ReportStatus.RETURNED:
        return TodoItem(report.project.name, report.return_reason, url, gettext("Correct and file again"),
                        report.refile_by, 0, "arrow-back-up")  # fmt: skip
    rank = 1 if report.is_overdue(at) else 3
    if rank == 3 and report.due_at is not None and (report.due_at - at).days < 3:
        rank = 2
    action = (
        gettext("Start filling in") if report.status == ReportStatus.TODO else gettext("Go on filling in")
    )
    return TodoItem(report.project.name, "", url, action, report.due_at, rank, "file-text")


@todo_source
def problems_to_confirm(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Problems that others call solved wait for the owner's word."""
    if not actor.has(Duty.REPORT):
        return []
    rows = Problem.objects.filter(owner__in=list(offices_of(actor)), status=ProblemStatus.CONFIRM)
    items = tuple(
        TodoItem(p.project.name, p.handling or p.description, f"/problems/{p.public_id}/",
                 gettext("Confirm or deny"), None, 2, "user-question")
        for p in rows.select_related("project").order_by("pk")[:_SHOWN]
    )  # fmt: skip
    url = "/reports/problems/?state=confirm"
    return [TodoGroup("confirm", _("Problems awaiting my confirmation"), items, rows.count(), url)]
