"""Navigation, to-do and words of preliminary funds: who asks, bundles, approves and pays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.projects import panels
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.flow import TimelineItem
from ningde_projects.shell.formats import money
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts
from ningde_projects.workflow.models import Act

from ..exports.funding import FUNDING_EXPORT
from ..models import FundingBatch, FundingRequest
from ..policies.offices import approves, conveners_of, files, is_convener
from ..selectors import funding as read
from ..services import funding as _lines  # binds guards and effects
from ..services import funding_batches as _batches
from ..workflow.funding import BatchStatus

_SHOWN = 20
_DEPARTMENTS = (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COUNTY_DEPARTMENT)


def is_finance(actor: Any) -> bool:
    """Handles for an office that pays some approved batch (one query, for departments' handlers only)."""
    if not any(h.duty == Duty.HANDLE and h.organisation.kind in _DEPARTMENTS for h in actor.held):
        return False
    return read.pays(actor)


def sees_funding(actor: Any) -> bool:
    return is_convener(actor) or files(actor) or approves(actor)


def register() -> None:
    """Called once when the app is ready."""
    _statuses()
    acts.register("funding", pgettext_lazy("acts", "Preliminary funds"), {
        "request": pgettext_lazy("act", "Preliminary funds requested"),
    })  # fmt: skip
    acts.register("funding_batch", pgettext_lazy("acts", "Batch of preliminary funds"), {
        "create": pgettext_lazy("act", "Batch made up"),
    })  # fmt: skip
    register_export(FUNDING_EXPORT)
    nav.register(
        nav.NavEntry("funding", _("Preliminary funds"), "coin", "reserve:funding", sees_funding, nav.PROJECTS, 31),
        nav.NavEntry("funding_approvals", _("Approval of preliminary funds"), "writing-sign",
                     "reserve:funding_approvals", approves, nav.WORK, 8, hot=True, mobile=True,
                     mobile_label=pgettext_lazy("tab", "Funds")),
        nav.NavEntry("funding_payments", _("Funds to disburse"), "cash", "reserve:funding_payments", is_finance,
                     nav.WORK, 26, hot=True),
    )  # fmt: skip
    nav.register_counts(_counts)
    panels.register_acts(panels.ActSource("funding", _visible_acts, _describe))


def _statuses() -> None:
    for code, tone, icon, word in (
        ("fund_requested", "sea", "clock-hour-4", pgettext_lazy("status", "Requested")),
        ("fund_withdrawn", "slate", "arrow-back-up", pgettext_lazy("status", "Withdrawn")),
        ("fund_returned", "red", "arrow-back-up", pgettext_lazy("status", "Returned")),
        ("fund_bundled", "violet", "stack-2", pgettext_lazy("status", "In a batch")),
        ("fund_approved", "amber", "cash", pgettext_lazy("status", "To be disbursed")),
        ("fund_paying", "amber", "cash", pgettext_lazy("status", "Disbursed in part")),
        ("fund_refused", "slate", "circle-x", pgettext_lazy("status", "Not granted")),
        ("fund_paid", "green", "checks", pgettext_lazy("status", "Disbursed")),
        ("batch_building", "slate", "pencil", pgettext_lazy("batch status", "Compiling")),
        ("batch_approving", "violet", "writing-sign", pgettext_lazy("status", "Awaiting approval")),
        ("batch_returned", "red", "arrow-back-up", pgettext_lazy("status", "Returned")),
        ("batch_approved", "green", "rubber-stamp", pgettext_lazy("status", "Approved")),
        ("batch_discarded", "slate", "x", pgettext_lazy("status", "Discarded")),
    ):
        register_status(code, tone, icon, word)


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    """One count for an approver, one for a finance office's handler."""
    found: dict[str, nav.Number] = {}
    if approves(actor):
        found["funding_approvals"] = FundingBatch.objects.filter(
            government__in=actor.offices(Duty.APPROVE), status=BatchStatus.APPROVING
        )
    if any(h.duty == Duty.HANDLE and h.organisation.kind in _DEPARTMENTS for h in actor.held):
        found["funding_payments"] = read.to_pay(actor)
    return found


def _visible_acts(actor: Actor) -> Q:
    return Q(Exists(FundingRequest.objects.visible_to(actor).filter(pk=OuterRef("object_id"))))


def _describe(act: Act) -> TimelineItem:
    who = " ".join(part for part in (act.user_text or gettext("The system"), act.organisation_text) if part)
    facts = [
        act.data.get("approved") or act.data.get("amount") or "",
        act.data.get("document") or "",
        act.reason,
    ]
    return TimelineItem(
        verb=acts.act_title(act.machine, act.name), who=who, at=act.at, icon="coin", tone="green",
        note="；".join(part for part in facts if part),
    )  # fmt: skip


# ---- to do -----------------------------------------------------------------------------------------------------


def _batch_item(batch: FundingBatch, action: str, rank: int = 3) -> TodoItem:
    return TodoItem(str(batch), batch.return_reason, reverse("reserve:funding_batch", args=[batch.public_id]), action,
                    None, rank, "coin")  # fmt: skip


@todo_source
def batches_to_approve(actor: Actor, at: datetime) -> list[TodoGroup]:
    if not approves(actor):
        return []
    items = tuple(_batch_item(b, gettext("Read and approve")) for b in read.waiting_batches(actor)[:_SHOWN])
    url = reverse("reserve:funding_approvals")
    return [TodoGroup("funding_approvals", _("Preliminary funds awaiting approval"), items, len(items), url)]


@todo_source
def funds_to_bundle(actor: Actor, at: datetime) -> list[TodoGroup]:
    """The convener's: batches sent back, and requests that wait for a batch."""
    mine = conveners_of(actor)
    if not mine:
        return []
    returned = FundingBatch.objects.filter(convener__in=mine, status=BatchStatus.RETURNED).select_related(
        "place"
    )
    items = [_batch_item(batch, gettext("Correct and send again"), 0) for batch in returned[:_SHOWN]]
    free = read.free_lines(mine)
    items += [
        TodoItem(line.case.project.name, f"{money(line.amount)} · {line.purpose[:60]}",
                 reverse("reserve:funding_batches"), gettext("Take into a batch"), None, 3, "coin")
        for line in free[:_SHOWN]
    ]  # fmt: skip
    url = reverse("reserve:funding_batches")
    return [TodoGroup("funding_bundle", _("Requests for preliminary funds"), tuple(items), len(items), url)]


@todo_source
def funds_to_pay(actor: Actor, at: datetime) -> list[TodoGroup]:
    if not is_finance(actor):
        return []
    rows = read.to_pay(actor)
    items = tuple(
        TodoItem(line.case.project.name, money(line.open_amount),
                 reverse("reserve:funding_line", args=[line.public_id]), gettext("Disburse"), None, 3, "cash")
        for line in rows[:_SHOWN]
    )  # fmt: skip
    url = reverse("reserve:funding_payments")
    return [
        TodoGroup(
            "funding_payments", _("Preliminary funds to disburse"), items, rows.count() if items else 0, url
        )
    ]


__all__ = ["_batches", "_lines", "register"]
