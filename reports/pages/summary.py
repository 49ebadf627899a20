"""Navigation, home and to-do for 附件2: the bureau that compiles, the government that approves, the commission."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.offices import is_commission
from ningde_projects.periods.month import reporting_month
from ningde_projects.shell import home
from ningde_projects.shell import navigation as nav

from ..models import Summary
from ..selectors import approval as read
from ..workflow import SummaryStatus
from .review import is_bureau, reads_bureau


def approves(actor: Any) -> bool:
    """Approves for a county government."""
    return any(
        h.duty == Duty.APPROVE and h.organisation.kind == OrgKind.COUNTY_GOVERNMENT for h in actor.held
    )


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("summary", _("Problem summary"), "table", "reports:summaries", reads_bureau, nav.WORK, 20,
                     mobile=True, mobile_label=pgettext_lazy("tab", "Summary")),
        nav.NavEntry("summaries", _("Counties' problem summaries"), "table", "reports:summaries", is_commission,
                     nav.WORK, 20, hot=True, mobile=True, mobile_label=pgettext_lazy("tab", "Summaries")),
        nav.NavEntry("approvals", _("Approval of problem summaries"), "writing-sign", "reports:approvals", approves,
                     nav.WORK, 5, hot=True, mobile=True, mobile_label=pgettext_lazy("tab", "Approval")),
    )  # fmt: skip
    nav.register_counts(_counts)
    home.register_home(approves, "reports:approvals", order=20)


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    """One count for an approver, one for the commission; none for anyone else."""
    found: dict[str, nav.Number] = {}
    if approves(actor):
        found["approvals"] = read.waiting(actor)
    if is_commission(actor):
        found["summaries"] = Summary.objects.filter(status=SummaryStatus.FORWARDED)
    return found


# ---- to do -----------------------------------------------------------------------------------------------------


@todo_source
def summary_to_compile(actor: Actor, at: datetime) -> list[TodoGroup]:
    """The bureau's step of the month: to send, to correct, to forward."""
    if not is_bureau(actor):
        return []
    words = {
        SummaryStatus.BUILDING: gettext("Compile and send for approval"),
        SummaryStatus.RETURNED: gettext("Correct and send again"),
        SummaryStatus.APPROVED: gettext("Forward"),
    }
    rows = Summary.objects.filter(
        bureau__in=actor.offices(Duty.REVIEW), month__lte=reporting_month(at), status__in=list(words)
    ).select_related("place")
    items = tuple(
        TodoItem(f"{s.place.name} {s.month}", s.return_reason if s.status == SummaryStatus.RETURNED else "",
                 f"/summaries/{s.month}/", words[SummaryStatus(s.status)], s.due_at, _rank(s, at), "table")
        for s in rows.order_by("-month")[:6]
    )  # fmt: skip
    return [TodoGroup("summary", _("Problem summary"), items, len(items), "/summaries/")]


def _rank(summary: Summary, at: datetime) -> int:
    if summary.status == SummaryStatus.RETURNED:
        return 0
    if at >= summary.due_at:
        return 1
    return 2 if (summary.due_at - at).days < 3 else 3


@todo_source
def summaries_to_approve(actor: Actor, at: datetime) -> list[TodoGroup]:
    if not approves(actor):
        return []
    items = tuple(
        TodoItem(f"{s.place.name} {s.month}", s.sent_by.name if s.sent_by else "", f"/approvals/{s.public_id}/",
                 gettext("Read and approve"), s.due_at, _rank(s, at), "writing-sign")
        for s in read.waiting_for(actor)
    )  # fmt: skip
    return [TodoGroup("approvals", _("Summaries awaiting approval"), items, len(items), "/approvals/")]


@todo_source
def summaries_to_receive(actor: Actor, at: datetime) -> list[TodoGroup]:
    if not is_commission(actor):
        return []
    rows = (
        Summary.objects.filter(status=SummaryStatus.FORWARDED)
        .select_related("place")
        .order_by("forwarded_at")
    )
    items = tuple(
        TodoItem(f"{s.place.name} {s.month}", "", f"/summaries/received/{s.public_id}/", gettext("Read and sign"), None,
                 3, "checks")
        for s in rows[:20]
    )  # fmt: skip
    return [
        TodoGroup("summaries", _("Summaries to sign for"), items, rows.count() if items else 0, "/summaries/")
    ]
