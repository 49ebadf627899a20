"""Delivery to all receivers, and how far each is; everyone concerned sees every state (M5.2, M5.3, M6.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ningde_projects.organizations.actor import Actor, SystemActor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.door import Step, perform

from ..models import Receipt, Report
from ..models.reports import ReportKind
from ..workflow import ReceiptStatus
from .binding import receipt_binding
from .receivers import bureau_of, commission

_OPENING = {Duty.HANDLE: "open", Duty.REVIEW: "open_review", Duty.DISPATCH: "open_dispatch"}


def receiving_organisations(report: Report) -> list[Organisation]:
    """An urgent report reaches bureau, department and commission at once; a direct one too,
    the commission deciding."""
    found = [report.receiver]
    if report.department:
        found.append(report.department)
    if report.kind in (ReportKind.URGENT, ReportKind.DIRECT):
        found.append(commission())
        bureau = bureau_of(report.place_id)
        found += [bureau] if bureau else []
    return list({organisation.pk: organisation for organisation in found}.values())


def deliver(report: Report, at: datetime) -> None:
    """Put the report before every receiver, again after it was filed again."""
    known = {receipt.organisation_id: receipt for receipt in report.receipts.select_related("report")}
    receivers = receiving_organisations(report)
    Receipt.objects.bulk_create(
        Receipt(
            report=report, organisation=organisation, decides=organisation.pk == report.receiver_id,
            delivered_at=at,
        )
        for organisation in receivers
        if organisation.pk not in known
    )  # fmt: skip
    for organisation in receivers:
        receipt = known.get(organisation.pk)
        if receipt is not None and receipt.status != ReceiptStatus.WAITING:
            perform(receipt, "redeliver", by=SystemActor(at), at=at)


def open_as(report: Report, actor: Actor, at: datetime) -> None:
    """Looking at a filed report opens it for the receiver; from then on it cannot be recalled (settled point 6)."""
    for receipt in _mine(report.receipts.all(), actor):
        if receipt.status == ReceiptStatus.WAITING:
            duty = next((d for d in _OPENING if actor.has(d, [receipt.organisation_id])), None)
            if duty is not None:
                perform(receipt, _OPENING[duty], by=actor, at=at)


def _mine(receipts: Iterable[Receipt], actor: Actor) -> list[Receipt]:
    offices = actor.offices(*_OPENING)
    return [r for r in receipts if r.organisation_id in offices]


@receipt_binding.effect
def mark_opened(receipt: Receipt, step: Step) -> None:
    receipt.opened_at, receipt.opened_by = step.at, step.person.user
    Report.objects.filter(pk=receipt.report_id, opened_at__isnull=True).update(opened_at=step.at)


@receipt_binding.effect
def mark_confirmed(receipt: Receipt, step: Step) -> None:
    receipt.opened_at = receipt.opened_at or step.at
    receipt.opened_by = receipt.opened_by or step.person.user
    receipt.confirmed_at, receipt.confirmed_by = step.at, step.person.user
    receipt.note = step.reason
    Report.objects.filter(pk=receipt.report_id, opened_at__isnull=True).update(opened_at=step.at)


@receipt_binding.effect
def mark_queried(receipt: Receipt, step: Step) -> None:
    receipt.note = step.reason
    receipt.confirmed_at = receipt.confirmed_by = None


@receipt_binding.effect
def clear_receipt(receipt: Receipt, step: Step) -> None:
    receipt.delivered_at = step.at
    receipt.opened_at = receipt.opened_by = receipt.confirmed_at = receipt.confirmed_by = None
