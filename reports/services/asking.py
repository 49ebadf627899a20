"""转行业部门核实: the deciding receiver asks the industry department to look at a report again (M5.2)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import Actor, holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.workflow.door import Step, perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import WrongState

from ..models import Receipt, Report
from .binding import receipt_binding

register(
    NoticeKind("receipt_asked", gettext_lazy("Please verify: %(project)s"),
               gettext_lazy("%(office)s asks about the report of %(month)s: %(reason)s"), icon="help-circle",
               tone="amber"),
)  # fmt: skip


def transition_for(report: Report) -> str:
    return "ask_dispatch" if report.receiver.kind == OrgKind.COMMISSION else "ask"


def industry_receipt(report: Report) -> Receipt | None:
    """The receipt of the department that confirms for the industry; None when nobody was informed."""
    return report.receipts.select_related("organisation", "report").filter(decides=False).first()


def ask_industry(report: Report, *, by: Actor, at: datetime, question: str) -> Act:
    """Put the question to the department. Raises WrongState when the project names no department."""
    receipt = industry_receipt(report)
    if receipt is None:
        raise WrongState(_("The project has no industry department that received the report."))
    return perform(receipt, transition_for(report), by=by, at=at, reason=question)


@receipt_binding.guard
def another_receivers(receipt: Receipt, step: Step) -> None:
    if receipt.decides:
        raise WrongState(_("This is the deciding receiver's own receipt."))


@receipt_binding.effect
def mark_asked(receipt: Receipt, step: Step) -> None:
    receipt.note = step.reason
    receipt.delivered_at = step.at
    receipt.opened_at = receipt.opened_by = receipt.confirmed_at = receipt.confirmed_by = None


@receipt_binding.audience
def receipt_asked(receipt: Receipt, step: Step, act: Act) -> None:
    report = receipt.report
    office = step.holder.organisation.short_name if step.holder else ""
    params = {
        "project": report.project.name,
        "month": str(report.month),
        "office": office,
        "reason": step.reason,
    }
    notify("receipt_asked", holders(Duty.HANDLE, [receipt.organisation_id], step.at), at=step.at,
           dedupe=f"receipt_asked:{act.pk}", params=params, url=f"/review/{report.public_id}/")  # fmt: skip
