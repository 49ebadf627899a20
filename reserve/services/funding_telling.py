"""Whom the funds tell, and in what words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import holders
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.shell.formats import money
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.models import Act

from ..models import FundingBatch, FundingRequest
from .case_telling import conveners, filers
from .funding_binding import batch_binding, funding_binding

register(
    NoticeKind("funding_requested", _("Preliminary funds requested: %(project)s"),
               _("%(office)s asks for %(amount)s (10,000 yuan): %(purpose)s"), icon="coin"),
    NoticeKind("funding_returned", _("Request for preliminary funds returned: %(project)s"), _("%(reason)s"),
               icon="arrow-back-up", tone="red"),
    NoticeKind("funding_granted", _("Preliminary funds decided: %(project)s"),
               _("Requested %(amount)s, approved %(approved)s (10,000 yuan)."), icon="rubber-stamp", tone="green"),
    NoticeKind("funding_paid", _("Preliminary funds disbursed: %(project)s"),
               _("%(sum)s (10,000 yuan), %(document)s."), icon="cash", tone="green"),
    NoticeKind("funding_payment_void", _("Payment cancelled: %(project)s"), _("%(document)s: %(reason)s"),
               icon="x", tone="amber"),
    NoticeKind("batch_to_approve", _("Preliminary funds await approval: %(batch)s"),
               _("%(count)s requests, %(sum)s (10,000 yuan) together."), icon="writing-sign", tone="violet"),
    NoticeKind("batch_approved", _("Preliminary funds approved: %(batch)s"),
               _("%(approved)s (10,000 yuan) are to be disbursed."), icon="rubber-stamp", tone="green"),
    NoticeKind("batch_returned", _("Batch of preliminary funds returned: %(batch)s"), _("%(reason)s"),
               icon="arrow-back-up", tone="red"),
)  # fmt: skip


def _params(line: FundingRequest, step: Step | None = None, **more: Any) -> dict[str, Any]:
    reason = step.reason if step else ""
    facts = (
        {"sum": step.record.get("amount", ""), "document": step.record.get("document", "")} if step else {}
    )
    return {
        "project": line.case.project.name, "amount": money(line.amount), "purpose": line.purpose[:100],
        "approved": money(line.approved) if line.approved is not None else "", "reason": reason, **facts, **more,
    }  # fmt: skip


def _line_url(line: FundingRequest) -> str:
    return f"/reserve/funding/lines/{line.public_id}/"


def askers(line: FundingRequest, act: Act) -> list[User]:
    """The filing office of the case, and whoever asked."""
    people = filers(line.case, act.at)
    return [*people, line.requested_by] if line.requested_by else people


def tell_requested(line: FundingRequest, act: Act, office: Organisation) -> None:
    notify("funding_requested", conveners(line.case, act.at), at=act.at, dedupe=f"funding_requested:{act.pk}",
           params=_params(line, office=office.short_name), url=_line_url(line))  # fmt: skip


def _tell_line(kind: str, line: FundingRequest, step: Step, act: Act) -> None:
    notify(kind, askers(line, act), at=step.at, dedupe=f"{kind}:{act.pk}", params=_params(line, step),
           url=_line_url(line))  # fmt: skip


@funding_binding.audience
def funding_returned(line: FundingRequest, step: Step, act: Act) -> None:
    _tell_line("funding_returned", line, step, act)


@funding_binding.audience
def funding_granted(line: FundingRequest, step: Step, act: Act) -> None:
    _tell_line("funding_granted", line, step, act)


@funding_binding.audience
def funding_paid(line: FundingRequest, step: Step, act: Act) -> None:
    _tell_line("funding_paid", line, step, act)


@funding_binding.audience
def funding_payment_void(line: FundingRequest, step: Step, act: Act) -> None:
    _tell_line("funding_payment_void", line, step, act)


def _tell_batch(
    kind: str, batch: FundingBatch, step: Step, act: Act, people: Iterable[User], url: str, **more: Any
) -> None:
    params = {
        "batch": _name(batch),
        "reason": step.reason,
        "approved": step.record.get("approved", ""),
        **more,
    }
    notify(kind, people, at=step.at, dedupe=f"{kind}:{act.pk}", params=params, url=url)


def _name(batch: FundingBatch) -> str:
    return f"{batch.place.name} {batch.year}-{batch.number}"


def _batch_url(batch: FundingBatch) -> str:
    return f"/reserve/funding/batches/{batch.public_id}/"


def _conveners(batch: FundingBatch, step: Step) -> list[User]:
    duty = Duty.DISPATCH if batch.level == "municipal" else Duty.REVIEW
    return holders(duty, [batch.convener_id], step.at)


@batch_binding.audience
def batch_to_approve(batch: FundingBatch, step: Step, act: Act) -> None:
    amounts = list(batch.lines.values_list("amount", flat=True))
    _tell_batch("batch_to_approve", batch, step, act, holders(Duty.APPROVE, [batch.government_id], step.at),
                _batch_url(batch), count=len(amounts), sum=money(sum(amounts)))  # fmt: skip


@batch_binding.audience
def batch_approved(batch: FundingBatch, step: Step, act: Act) -> None:
    """The convener, and the office that now pays."""
    people = [*_conveners(batch, step), *holders(Duty.HANDLE, [batch.finance_id], step.at)]
    _tell_batch("batch_approved", batch, step, act, people, _batch_url(batch))


@batch_binding.audience
def batch_returned(batch: FundingBatch, step: Step, act: Act) -> None:
    _tell_batch("batch_returned", batch, step, act, _conveners(batch, step), _batch_url(batch))
