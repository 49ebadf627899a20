"""Reads of preliminary funds: the list, the totals that open it, batches, what finance has to pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import ZONE

from ..models import FundingBatch, FundingRequest
from ..workflow.funding import FUNDING_LIVE, BatchStatus, FundingStatus
from .cases import LONGEST_SEARCH, year_of

_NIL = Decimal(0)


@dataclass(frozen=True)
class FundingFilters:
    """`year` 0 means all years."""

    year: int = 0
    status: str = ""
    batch: FundingBatch | None = None
    text: str = ""

    @property
    def is_set(self) -> bool:
        return bool(self.year or self.status or self.batch or self.text)

    def words(self) -> str:
        parts = [_("Year {year}").format(year=self.year)] if self.year else []
        parts += [str(FundingStatus(self.status).label)] if self.status in FundingStatus.values else []
        parts += [_("To be paid")] if self.status == "open" else []
        parts += [str(self.batch)] if self.batch else []
        parts += [_("Contains: {text}").format(text=self.text)] if self.text else []
        return "；".join(parts)


def read_filters(query: Mapping[str, str], actor: Actor) -> FundingFilters:
    status, year = query.get("status", ""), query.get("year", "")
    wanted = query.get("batch", "")
    batch = None
    if len(wanted) == 36 and all(c in "0123456789abcdef-" for c in wanted):
        batch = (
            FundingBatch.objects.visible_to(actor).filter(public_id=wanted).select_related("place").first()
        )
    return FundingFilters(
        year=year_of(year, actor.at) if year else 0,
        status=status if status in [*FundingStatus.values, "open"] else "",
        batch=batch,
        text=" ".join(query.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH],
    )


def lines_of(actor: Actor, filters: FundingFilters, *, with_status: bool = True) -> QuerySet[FundingRequest]:
    rows: QuerySet[FundingRequest] = FundingRequest.objects.visible_to(actor)
    if filters.year:
        rows = rows.annotate(asked_year=ExtractYear("requested_at", tzinfo=ZONE)).filter(
            asked_year=filters.year
        )
    if filters.batch:
        rows = rows.filter(batch=filters.batch)
    for word in filters.text.split():
        rows = rows.filter(Q(case__project__name__icontains=word) | Q(purpose__icontains=word))
    if with_status and filters.status == "open":
        rows = rows.filter(status=FundingStatus.APPROVED)
    elif with_status and filters.status:
        rows = rows.filter(status=filters.status)
    return rows


def listed(actor: Actor, filters: FundingFilters) -> QuerySet[FundingRequest]:
    return (
        lines_of(actor, filters)
        .select_related(
            "case__project__place", "case__project__owner", "case__place", "batch__place", "case__filer"
        )
        .order_by("-requested_at", "-pk")
    )


@dataclass(frozen=True)
class Totals:
    """In 万元: asked for (what still stands), granted, paid, still to be paid."""

    lines: int
    requested: Decimal
    approved: Decimal
    paid: Decimal

    @property
    def open(self) -> Decimal:
        return self.approved - self.paid

    @property
    def percent(self) -> Decimal | None:
        return self.paid / self.approved * 100 if self.approved else None


_SUMS: dict[str, Any] = {
    "n": Count("pk", filter=Q(status__in=FUNDING_LIVE)),
    "requested": Sum("amount", filter=Q(status__in=FUNDING_LIVE), default=_NIL),
    "approved_sum": Sum("approved", default=_NIL),
    "paid_sum": Sum("paid", default=_NIL),
}


def _totals(row: Mapping[str, Any]) -> Totals:
    return Totals(row["n"], row["requested"], row["approved_sum"], row["paid_sum"])


def totals(rows: QuerySet[FundingRequest]) -> Totals:
    return _totals(rows.order_by().aggregate(**_SUMS))


def by_status(rows: QuerySet[FundingRequest]) -> dict[str, int]:
    return dict(rows.order_by().values_list("status").annotate(number=Count("pk")))


@dataclass(frozen=True)
class TotalRow:
    label: str
    query: str
    totals: Totals


def by_year(rows: QuerySet[FundingRequest]) -> list[TotalRow]:
    found = (
        rows.order_by().annotate(of_year=ExtractYear("requested_at", tzinfo=ZONE)).values("of_year").annotate(**_SUMS)
        .order_by("-of_year")
    )  # fmt: skip
    return [TotalRow(str(row["of_year"]), f"?year={row['of_year']}", _totals(row)) for row in found]


def by_batch(rows: QuerySet[FundingRequest]) -> list[TotalRow]:
    found = (
        rows.filter(batch__isnull=False).order_by()
        .values("batch__public_id", "batch__number", "batch__year", "batch__place__name").annotate(**_SUMS)
        .order_by("-batch__year", "-batch__number", "batch__place__order")
    )  # fmt: skip
    return [
        TotalRow(
            _("Batch no. {number} of {year}, {place}").format(
                number=row["batch__number"], year=row["batch__year"], place=row["batch__place__name"]
            ),
            f"?batch={row['batch__public_id']}", _totals(row),
        )
        for row in found
    ]  # fmt: skip


def by_project(rows: QuerySet[FundingRequest]) -> list[TotalRow]:
    found = (
        rows.order_by().values("case__project__name").annotate(**_SUMS)
        .order_by(F("approved_sum").desc(), "case__project__name")[:200]
    )  # fmt: skip
    return [
        TotalRow(row["case__project__name"], f"?q={row['case__project__name']}", _totals(row))
        for row in found
    ]


# ---- batches and payments --------------------------------------------------------------------------------------


def batches(actor: Actor) -> QuerySet[FundingBatch]:
    rows: QuerySet[FundingBatch] = FundingBatch.objects.visible_to(actor)
    return (
        rows.select_related("place", "convener", "government", "finance", "sent_by")
        .annotate(
            lines_count=Count("lines"),
            requested=Sum("lines__amount", default=_NIL),
            granted=Sum("lines__approved", default=_NIL),
            disbursed=Sum("lines__paid", default=_NIL),
        )
        .order_by("-year", "place__order", "-number")
    )


def waiting_batches(actor: Actor) -> QuerySet[FundingBatch]:
    """What this person's government has to decide."""
    return batches(actor).filter(government__in=actor.offices(Duty.APPROVE), status=BatchStatus.APPROVING)


def decided_batches(actor: Actor) -> QuerySet[FundingBatch]:
    mine = batches(actor).filter(government__in=actor.offices(Duty.APPROVE))
    return mine.exclude(status__in=[BatchStatus.APPROVING, BatchStatus.BUILDING])


def free_lines(conveners: Iterable[Organisation]) -> QuerySet[FundingRequest]:
    """Requests that wait for a batch."""
    rows: QuerySet[FundingRequest] = FundingRequest.objects.filter(
        case__convener__in=list(conveners), status=FundingStatus.REQUESTED
    )
    return rows.select_related("case__project__place", "case__project__owner", "case__filer").order_by(
        "requested_at"
    )


def to_pay(actor: Actor) -> QuerySet[FundingRequest]:
    """Granted and not yet paid in full, of the batches that this person's office pays."""
    rows: QuerySet[FundingRequest] = FundingRequest.objects.filter(
        batch__finance__in=actor.offices(Duty.HANDLE), status=FundingStatus.APPROVED
    )
    return rows.select_related("case__project__place", "case__project__owner", "batch__place").order_by(
        "decided_at", "pk"
    )


def finance_offices(convener: Organisation) -> QuerySet[Organisation]:
    kind = OrgKind.MUNICIPAL_DEPARTMENT if convener.kind == OrgKind.COMMISSION else OrgKind.COUNTY_DEPARTMENT
    return Organisation.objects.filter(place=convener.place_id, kind=kind, is_active=True).order_by(
        "order", "name"
    )


def pays(actor: Actor) -> bool:
    """Whether some approved batch is paid by an office of this person."""
    return FundingBatch.objects.filter(
        finance__in=actor.offices(Duty.HANDLE), status=BatchStatus.APPROVED
    ).exists()
