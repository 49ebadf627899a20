"""Navigation, home and to-do of departments, leaders and the commission."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.offices import holds
from ningde_projects.periods.month import reporting_month
from ningde_projects.shell import home
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status

from ..models import Holding, Opinion
from ..selectors import opinions as opinion_read
from ..workflow import OpinionStatus

CITY_OFFICES = (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION)


is_department = holds((OrgKind.MUNICIPAL_DEPARTMENT,), Duty.HANDLE, Duty.SIGN)
watches_city = holds((OrgKind.COMMISSION,), Duty.DISPATCH, Duty.VIEW, Duty.SCORE)
is_county_department = holds((OrgKind.COUNTY_DEPARTMENT,), Duty.HANDLE)


def sees_problems(actor: Any) -> bool:
    duties = {
        Duty.REVIEW,
        Duty.HANDLE,
        Duty.SIGN,
        Duty.DISPATCH,
        Duty.LEAD,
        Duty.DIRECT,
        Duty.APPROVE,
        Duty.VIEW,
    }
    return bool(actor.duties & duties)


def register() -> None:
    """Called once when the app is ready."""
    _statuses()
    nav.register(
        nav.NavEntry("month", _("The month"), "dashboard", "reports:month_current", watches_city, nav.WORK, 10,
                     mobile=True),
        nav.NavEntry("opinions", _("Coordination opinions"), "message-2-check", "reports:opinions", is_department,
                     nav.WORK, 10, hot=True, mobile=True),
        nav.NavEntry("passing", _("Pass problems up"), "send", "reports:passing", is_county_department, nav.WORK, 30,
                     mobile=True),
        nav.NavEntry("problems", _("Ledger of problems"), "list-details", "reports:problems", sees_problems,
                     nav.PROJECTS, 40, mobile=True, mobile_label=pgettext_lazy("tab", "Problems")),
        nav.NavEntry("timeliness", _("Timeliness of reports"), "chart-bar", "reports:timeliness",
                     nav.has_duty(Duty.DISPATCH, Duty.REVIEW, Duty.APPROVE, Duty.VIEW), nav.PROJECTS, 60),
    )  # fmt: skip
    nav.register_counts(_counts)
    home.register_home(watches_city, "reports:month_current")
    home.register_home(is_department, "reports:opinions")
    home.register_home(nav.has_duty(Duty.DIRECT), "reports:problems")


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    if not is_department(actor):
        return {}
    month = reporting_month(at)
    statuses = (
        [OpinionStatus.WAITING, OpinionStatus.DRAFTING]
        if actor.has(Duty.HANDLE)
        else [OpinionStatus.REVIEWING]
    )
    return {"opinions": opinion_read.own_opinions(actor, month).filter(status__in=statuses)}


def _statuses() -> None:
    for code, tone, icon, word in (
        ("op_waiting", "amber", "circle-dot", pgettext_lazy("status", "Awaiting handling")),
        ("op_drafting", "slate", "pencil", pgettext_lazy("opinion status", "Drafting")),
        ("op_reviewing", "violet", "writing-sign", pgettext_lazy("status", "Awaiting signature")),
        ("op_signed", "green", "rubber-stamp", pgettext_lazy("status", "Signed")),
        ("op_sent", "sea", "send", pgettext_lazy("status", "Sent to the commission")),
        ("op_reassigned", "slate", "arrow-forward-up", pgettext_lazy("status", "Reassigned")),
        ("exempt", "slate", "calendar-off", pgettext_lazy("status", "Exempt")),
    ):
        register_status(code, tone, icon, word)


# ---- to do ---------------------------------------------------------------------------------------------------


@todo_source
def opinions_owed(actor: Actor, at: datetime) -> list[TodoGroup]:
    """A department's opinions: to draft, to sign."""
    if not is_department(actor):
        return []
    month = reporting_month(at)
    groups = []
    for key, duty, statuses, title in (
        ("opinions", Duty.HANDLE, [OpinionStatus.WAITING, OpinionStatus.DRAFTING], _("Opinions to draft")),
        ("signing", Duty.SIGN, [OpinionStatus.REVIEWING], _("Opinions to sign")),
    ):
        if not actor.has(duty):
            continue
        rows = (
            opinion_read.own_opinions(actor, month)
            .filter(status__in=statuses)
            .select_related("problem__project")
        )
        items = tuple(_opinion_item(o, at) for o in rows.order_by("due_at", "pk")[:20])
        groups.append(TodoGroup(key, title, items, rows.count(), "/opinions/"))
    return groups


def _opinion_item(opinion: Opinion, at: datetime) -> TodoItem:
    rank = 0 if opinion.return_reason else 1 if at >= opinion.due_at else 3
    return TodoItem(opinion.problem.project.name, opinion.problem.description, f"/opinions/{opinion.public_id}/",
                    gettext("Handle"), opinion.due_at, rank, "message-2")  # fmt: skip


@todo_source
def clocks_running(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Problems that lie with the person, as direct responsible person or leader (M4.1)."""
    if not actor.duties & {Duty.DIRECT, Duty.LEAD}:
        return []
    people = {actor.user.pk, *(h.principal.pk for h in actor.held if h.principal)}
    rows = Holding.objects.filter(user__in=people, until__isnull=True).select_related("problem__project")
    items = tuple(
        TodoItem(h.problem.project.name, h.problem.description, f"/problems/{h.problem.public_id}/",
                 gettext("Settle or pass up"), h.due_at, 1 if h.due_at and at >= h.due_at else 2, "clock")
        for h in rows.order_by("due_at", "pk")[:20]
    )  # fmt: skip
    return [TodoGroup("clocks", _("Problems that lie with you"), items, rows.count(), "/problems/")]
