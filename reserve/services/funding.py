"""Requests and payments of preliminary funds (M2.3)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, SystemActor
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.door import Step, perform, record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import Case, FundingBatch, FundingRequest, Payment
from ..policies.cases import filing_right
from ..rules import funding as rules
from ..workflow.cases import CaseStatus
from ..workflow.funding import BATCH_OPEN, FUNDING_LIVE, FundingStatus
from .case_binding import convener_verb
from .case_limits import funds_limits
from .funding_binding import funding_binding
from .funding_telling import tell_requested


def request_funds(
    case: Case, amount: Decimal | None, purpose: str, *, confirmed: bool = False, by: Actor, at: datetime
) -> FundingRequest:
    """Ask for preliminary funds; only after the case has passed (M2.3). Raises NotAllowed, WrongState, RuleBroken."""
    right = filing_right(by, case.project)
    if isinstance(right, NotAllowed):
        raise right
    with transaction.atomic():
        case.refresh_from_db(from_queryset=Case.objects.select_for_update())
        if case.status != CaseStatus.PASSED:
            raise WrongState(
                _(
                    "Preliminary funds can be requested only after the 3+N consultation has passed (measure 2); "
                    "the case is “{state}”."
                ).format(state=case.get_status_display())
            )
        _check_request(case, amount, purpose, confirmed, at)
        number = (case.lines.aggregate(last=Max("number"))["last"] or 0) + 1
        line = FundingRequest.objects.create(
            case=case,
            number=number,
            amount=amount,
            purpose=purpose.strip(),
            requested_at=at,
            requested_by=by.user,
        )
        act = record("funding", "request", by=by, at=at, obj=line, holder=right, project_id=case.project_id,
                     place_id=case.place_id, data={"amount": f"{amount:.2f}"})  # fmt: skip
        tell_requested(line, act, right.organisation)
    return line


def _check_request(case: Case, amount: Decimal | None, purpose: str, confirmed: bool, at: datetime) -> None:
    errors: dict[str, list[str]] = {}
    if wrong := rules.amount_error(amount):
        errors["amount"] = [wrong]
    if not purpose.strip():
        errors["purpose"] = [_("Write what the funds are for.")]
    if not errors and amount is not None and not confirmed:
        live = case.lines.filter(status__in=FUNDING_LIVE).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
        if doubt := rules.request_doubt(amount, live, case.project.total_investment, funds_limits(at)):
            errors["confirmed"] = [doubt]
    if errors:
        raise RuleBroken(_("The request cannot be made like this yet."), errors=errors)


def withdraw(line: FundingRequest, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    """The owner's row for an owner's reporter, the department's for its handler."""
    verb = "withdraw_owner" if by.has(Duty.REPORT, [line.case.project.owner_id]) else "withdraw"
    return perform(line, verb, by=by, at=at, version=version)


def send_back(
    line: FundingRequest, *, reason: str, by: Actor, at: datetime, version: int | None = None
) -> Act:
    return perform(
        line, convener_verb("return", line.case.level), by=by, at=at, reason=reason, version=version
    )


def take_out(line: FundingRequest, *, by: Actor, at: datetime) -> Act:
    return perform(line, convener_verb("take_out", line.case.level), by=by, at=at)


def pay(
    line: FundingRequest, amount: Decimal | None, paid_on: date | None, document: str, *, by: Actor, at: datetime,
    version: int | None = None,
) -> Payment:  # fmt: skip
    """Enter one disbursement; parts are allowed, the approved amount is never exceeded."""
    data = {"amount": amount, "paid_on": paid_on, "document": document.strip()}
    with transaction.atomic():
        perform(line, "pay", by=by, at=at, version=version, data=data)
        if line.open_amount == 0:
            perform(line, "settle", by=SystemActor(at), at=at)
        payment: Payment = line.payments.latest("pk")
    return payment


def void(line: FundingRequest, payment_id: UUID, *, reason: str, by: Actor, at: datetime) -> None:
    """Cancel a payment that was entered wrongly; it stays readable."""
    with transaction.atomic():
        perform(line, "void", by=by, at=at, reason=reason, data={"payment": payment_id})
        if line.status == FundingStatus.PAID and line.open_amount > 0:
            perform(line, "unsettle", by=SystemActor(at), at=at)


# ---- guards and effects ----------------------------------------------------------------------------------------


@funding_binding.effect
def keep_request_return(line: FundingRequest, step: Step) -> None:
    line.return_reason = step.reason


@funding_binding.guard
def batch_takes_it(line: FundingRequest, step: Step) -> None:
    batch: FundingBatch = step.data["batch"]
    batch.refresh_from_db(from_queryset=FundingBatch.objects.select_for_update())
    if batch.status not in BATCH_OPEN:
        raise WrongState(
            _("The batch is “{state}”; it takes no more requests.").format(state=batch.get_status_display())
        )
    if batch.convener_id != line.case.convener_id:
        raise RuleBroken(_("The request belongs to another convener."))
    if line.case.status != CaseStatus.PASSED:
        raise WrongState(_("The project's consultation has not passed."))


@funding_binding.effect
def put_into_batch(line: FundingRequest, step: Step) -> None:
    line.batch = step.data["batch"]
    step.record["batch"] = str(line.batch)


@funding_binding.guard
def batch_is_open(line: FundingRequest, step: Step) -> None:
    batch = FundingBatch.objects.select_for_update().get(pk=line.batch_id)
    if batch.status not in BATCH_OPEN:
        raise WrongState(_("The batch is with the government or approved; nothing is taken out of it."))


@funding_binding.effect
def take_from_batch(line: FundingRequest, step: Step) -> None:
    step.record["batch"] = str(line.batch)
    line.batch = None


@funding_binding.effect
def keep_grant(line: FundingRequest, step: Step) -> None:
    line.approved, line.decided_at = step.data["approved"], step.at
    step.record["approved"] = f"{line.approved:.2f}"


@funding_binding.guard
def payment_fits(line: FundingRequest, step: Step) -> None:
    errors: dict[str, list[str]] = {}
    if wrong := rules.payment_error(step.data.get("amount"), line.open_amount):
        errors["amount"] = [wrong]
    approved_on = local_date(line.decided_at) if line.decided_at else None
    if wrong := rules.day_error(step.data.get("paid_on"), approved_on, local_date(step.at)):
        errors["paid_on"] = [wrong]
    if not step.data.get("document"):
        errors["document"] = [_("Write the number of the payment document.")]
    if errors:
        raise RuleBroken(_("The payment cannot be entered like this."), errors=errors)


@funding_binding.effect
def keep_payment(line: FundingRequest, step: Step) -> None:
    amount: Decimal = step.data["amount"]
    Payment.objects.create(
        line=line, amount=amount, paid_on=step.data["paid_on"], document=step.data["document"], at=step.at,
        by=step.person.user,
    )  # fmt: skip
    line.paid += amount
    step.record.update(
        amount=f"{amount:.2f}", document=step.data["document"], paid_on=str(step.data["paid_on"])
    )


@funding_binding.guard
def payment_stands(line: FundingRequest, step: Step) -> None:
    payment = line.payments.select_for_update().filter(public_id=step.data["payment"]).first()
    if payment is None or payment.voided_at is not None:
        raise WrongState(_("This payment has been cancelled already."))
    step.found["payment"] = payment


@funding_binding.effect
def void_payment(line: FundingRequest, step: Step) -> None:
    payment: Payment = step.found["payment"]
    payment.voided_at, payment.voided_by, payment.void_reason = step.at, step.person.user, step.reason
    payment.save()
    line.paid -= payment.amount
    step.record.update(amount=f"{payment.amount:.2f}", document=payment.document)
