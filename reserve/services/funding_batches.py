"""Batches of requests: bundled by the convener, approved by the government, then paid by finance (M2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, SystemActor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.door import Step, perform, person_refusal, record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import FundingBatch, FundingRequest, RunLevel
from ..policies.cases import convening_right
from ..rules import funding as rules
from ..workflow.funding import BATCH, BatchStatus
from .case_binding import convener_verb
from .case_offices import chain_offices
from .funding_binding import batch_binding


def open_batch(
    lines: Iterable[FundingRequest], *, finance: Organisation | None, note: str = "", by: Actor, at: datetime
) -> FundingBatch:
    """A new batch with these requests. Raises NotAllowed, RuleBroken (no request, no finance office)."""
    right = convening_right(by)
    if isinstance(right, NotAllowed):
        raise right
    office = right.organisation
    chosen = list(lines)
    errors: dict[str, list[str]] = {}
    if not chosen:
        errors["lines"] = [_("Choose at least one request.")]
    if finance is None or finance.place_id != office.place_id or finance.kind not in _FINANCE_KINDS:
        errors["finance"] = [_("Name the finance office that pays.")]
    if errors or finance is None:
        raise RuleBroken(_("The batch cannot be made like this yet."), errors=errors)
    _convener, government = chain_offices(office.place)
    with transaction.atomic():
        # Two batches at once would take the same number: the convener's row is the lock.
        Organisation.objects.select_for_update().get(pk=office.pk)
        year = local_date(at).year
        last = (
            FundingBatch.objects.filter(convener=office, year=year).aggregate(last=Max("number"))["last"] or 0
        )
        level = RunLevel.MUNICIPAL if office.kind == OrgKind.COMMISSION else RunLevel.COUNTY
        batch = FundingBatch.objects.create(
            level=level, place=office.place, convener=office, government=government, finance=finance, year=year,
            number=last + 1, note=note.strip(), created_at=at, created_by=by.user,
        )  # fmt: skip
        record("funding_batch", "create", by=by, at=at, obj=batch, holder=right, place_id=office.place_id)
        for line in chosen:
            take_in(batch, line, by=by, at=at)
    return batch


_FINANCE_KINDS = (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COUNTY_DEPARTMENT)


def take_in(batch: FundingBatch, line: FundingRequest, *, by: Actor, at: datetime) -> Act:
    return perform(line, convener_verb("bundle", line.case.level), by=by, at=at, data={"batch": batch})


def send(batch: FundingBatch, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    return perform(batch, convener_verb("send", batch.level), by=by, at=at, version=version)


def withdraw(batch: FundingBatch, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    return perform(batch, convener_verb("withdraw", batch.level), by=by, at=at, version=version)


def discard(batch: FundingBatch, *, reason: str, by: Actor, at: datetime, version: int | None = None) -> Act:
    """The requests are free again for another batch."""
    return perform(batch, convener_verb("discard", batch.level), by=by, at=at, reason=reason, version=version)


def approve(
    batch: FundingBatch, amounts: Mapping[int, Decimal | None], *, text: str = "", by: Actor, at: datetime,
    version: int | None = None,
) -> Act:  # fmt: skip
    """审定, an amount for every line (line id → 万元; 0 = not granted), by another person than the one who sent it."""
    return perform(
        batch, "approve", by=by, at=at, reason=text, version=version, data={"amounts": dict(amounts)}
    )


def send_back(
    batch: FundingBatch, *, reason: str, by: Actor, at: datetime, version: int | None = None
) -> Act:
    return perform(batch, "return", by=by, at=at, reason=reason, version=version)


def look_at(batch: FundingBatch, actor: Actor, at: datetime) -> None:
    """The government's first look; from then on the convener does not take it back."""
    if (
        batch.status == BatchStatus.APPROVING
        and person_refusal(batch, BATCH.by_name["return"], actor) is None
    ):
        FundingBatch.objects.filter(pk=batch.pk, opened_at__isnull=True).update(opened_at=at)


# ---- guards and effects ----------------------------------------------------------------------------------------


@batch_binding.guard
def batch_has_lines(batch: FundingBatch, step: Step) -> None:
    if not batch.lines.exists():
        raise RuleBroken(_("The batch holds no request."))


@batch_binding.guard
def batch_not_opened(batch: FundingBatch, step: Step) -> None:
    if batch.opened_at is not None:
        raise WrongState(_("The government has opened the batch; ask for its return."))


@batch_binding.guard
def amounts_are_sound(batch: FundingBatch, step: Step) -> None:
    """M2.3: an amount for every line, none above what was requested, not all of them nought."""
    amounts: Mapping[int, Decimal | None] = step.data.get("amounts") or {}
    errors: dict[str, list[str]] = {}
    lines = list(batch.lines.select_for_update(of=("self",)).select_related("case__project").order_by("pk"))
    for line in lines:
        if wrong := rules.approved_error(amounts.get(line.pk), line.amount):
            errors[f"amount_{line.pk}"] = [f"{line.case.project.name}：{wrong}"]
    if not errors and not any(amounts.values()):
        errors["amounts"] = [_("Nothing is granted at all; return the batch with the reason instead.")]
    if errors:
        raise RuleBroken(_("The amounts cannot be approved like this."), errors=errors)
    step.found["lines"] = lines


@batch_binding.effect
def mark_batch_sent(batch: FundingBatch, step: Step) -> None:
    batch.sent_at, batch.sent_by, batch.opened_at = step.at, step.person.user, None
    batch.return_reason = ""


@batch_binding.effect
def mark_batch_withdrawn(batch: FundingBatch, step: Step) -> None:
    """A withdrawn asking does not count, unless the government has seen an earlier one."""
    if batch.returned_at is None:
        batch.sent_at = batch.sent_by = None


@batch_binding.effect
def grant_lines(batch: FundingBatch, step: Step) -> None:
    batch.approved_at, batch.approved_by, batch.approval_text = step.at, step.person.user, step.reason
    batch.opened_at = batch.opened_at or step.at
    amounts: Mapping[int, Decimal] = step.data["amounts"]
    system = SystemActor(step.at)
    for line in step.found["lines"]:
        verb = "grant" if amounts[line.pk] else "refuse"
        perform(line, verb, by=system, at=step.at, data={"approved": amounts[line.pk]})
    step.record["approved"] = f"{sum(amounts[line.pk] for line in step.found['lines']):.2f}"


@batch_binding.effect
def mark_batch_returned(batch: FundingBatch, step: Step) -> None:
    batch.return_reason, batch.returned_at = step.reason, step.at
    batch.returned_by_text = f"{step.person.organisation.short_name} {step.person.user.name}"


@batch_binding.effect
def release_lines(batch: FundingBatch, step: Step) -> None:
    for line in batch.lines.order_by("pk"):
        perform(line, convener_verb("take_out", batch.level), by=step.person, at=step.at)
