"""Navigation, home and to-do of those who receive reports: bureaus, the commission, industry departments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.offices import holds, is_commission
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.shell import home
from ningde_projects.shell import navigation as nav

from ..models import Report
from ..selectors import review as read
from ..selectors import review_industry as industry
from ..selectors.review_urgent import urgent_count, urgent_waiting
from ..workflow import ReportStatus

_SHOWN = 20


is_bureau = holds((OrgKind.COUNTY_BUREAU,), Duty.REVIEW)
reads_bureau = holds((OrgKind.COUNTY_BUREAU,), Duty.REVIEW, Duty.VIEW)
is_county_department = holds((OrgKind.COUNTY_DEPARTMENT,), Duty.HANDLE)
is_municipal_department = holds((OrgKind.MUNICIPAL_DEPARTMENT,), Duty.HANDLE)


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("review", _("Report review"), "clipboard-check", "reports:review", reads_bureau, nav.WORK, 10,
                     hot=True, mobile=True, mobile_label=pgettext_lazy("tab", "Review")),
        nav.NavEntry("review_owed", _("Chased and returned"), "bell-ringing", "reports:review_owed", reads_bureau,
                     nav.WORK, 30),
        nav.NavEntry("review_city", _("Reports of municipal-managed projects"), "clipboard-check", "reports:review",
                     is_commission, nav.WORK, 30, hot=True),
        nav.NavEntry("industry", _("Industry review"), "clipboard-check", "reports:industry", is_county_department,
                     nav.WORK, 10, hot=True, mobile=True, mobile_label=pgettext_lazy("tab", "Review")),
        nav.NavEntry("industry_city", _("Reports of the industry"), "clipboard-check", "reports:industry",
                     is_municipal_department, nav.PROJECTS, 20),
    )  # fmt: skip
    nav.register_counts(_counts)
    home.register_home(is_bureau, "reports:review", order=20)
    home.register_home(is_county_department, "reports:industry", order=30)


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    """Two counts for a receiver, one for a department; none for anyone else."""
    month, found = reporting_month(at), dict[str, nav.Number]()
    if reads_bureau(actor) or is_commission(actor):
        offices = [office.pk for office in read.worksheet_offices(actor)]
        reports = Report.objects.monthly(month).filter(receiver__in=offices)
        submitted = reports.filter(read.STATES["submitted"])
        found |= {
            "review": submitted,
            "review_city": submitted,
            "review_owed": reports.filter(read.STATES["missing"] | read.STATES["returned"]),
        }
    if is_county_department(actor) or is_municipal_department(actor):
        waiting = industry.waiting(actor, month)
        found |= {"industry": waiting, "industry_city": waiting}
    return found


# ---- to do -----------------------------------------------------------------------------------------------------


@todo_source
def reports_to_review(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Filed reports, the longest waiting first; then what is overdue to be filed."""
    offices = [o.pk for o in read.worksheet_offices(actor) if o.pk in read.deciding_offices(actor)]
    if not offices:
        return []
    month = reporting_month(at)
    rows = Report.objects.monthly(month).filter(receiver__in=offices).select_related("project", "owner")
    waiting = rows.filter(status=ReportStatus.SUBMITTED).order_by("submitted_at", "pk")
    missing = rows.missing(at)
    items = tuple(_review_item(r) for r in waiting[:_SHOWN])
    groups = [TodoGroup("review", _("Reports to review"), items, waiting.count(), f"/review/?month={month}")]
    overdue = missing.count()
    if overdue:
        url = f"/review/?month={month}&status=missing"
        groups.append(
            TodoGroup("chase", _("Reports not filed"), (_chase_item(overdue, month, url),), overdue, url)
        )
    return groups


def _review_item(report: Report) -> TodoItem:
    again = report.submission_count > 1
    detail = gettext("filed again") if again else report.owner.short_name
    return TodoItem(report.project.name, detail, f"/review/{report.public_id}/", gettext("Review"), None,
                    2 if again else 3, "clipboard-check")  # fmt: skip


def _chase_item(count: int, month: Month, url: str) -> TodoItem:
    title = gettext("%(n)s reports of %(month)s are overdue") % {"n": count, "month": month}
    return TodoItem(title, "", url, gettext("Chase"), None, 1, "bell-ringing")


@todo_source
def urgent_to_sign(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Urgent and direct reports, whatever the month; first of all."""
    if not actor.duties & {Duty.REVIEW, Duty.DISPATCH, Duty.HANDLE}:
        return []
    items = tuple(
        TodoItem(r.report.project.name, r.report.get_kind_display(), f"/review/{r.report.public_id}/",
                 gettext("Read and sign"), None, 0, "urgent")
        for r in urgent_waiting(actor, _SHOWN)
    )  # fmt: skip
    return [TodoGroup("urgent", _("Urgent and direct reports"), items, urgent_count(actor) if items else 0)]


@todo_source
def reports_to_check(actor: Actor, at: datetime) -> list[TodoGroup]:
    """The industry department's share."""
    if not is_county_department(actor):
        return []
    month = reporting_month(at)
    rows = industry.listed(industry.base(actor, month), "waiting")
    items = tuple(
        TodoItem(r.project.name, getattr(r, "own_note", "") or r.owner.short_name, f"/review/{r.public_id}/",
                 gettext("Check"), None, 2 if getattr(r, "own_note", "") else 3, "clipboard-check")
        for r in rows[:_SHOWN]
    )  # fmt: skip
    total = industry.waiting(actor, month).count() if items else 0
    return [TodoGroup("industry", _("Reports to check for the industry"), items, total, "/review/industry/")]
