"""The industry department's worksheet: what its projects report, and how far its own check is (M5.2, M6.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month
from ningde_projects.projects.rules import completion_percent, light_of
from ningde_projects.projects.selectors import Thresholds

from ..models import Opinion, Report
from ..workflow import ReceiptStatus, ReportStatus
from .review_rows import chip_of, overdue_days

_FILED = Q(submitted_at__isnull=False)
#: In the order of work; what was taken back by its owner is not before the department.
STATES: dict[str, Q] = {
    "waiting": _FILED & Q(own__status__in=[ReceiptStatus.WAITING, ReceiptStatus.OPENED]),
    "queried": _FILED & Q(own__status=ReceiptStatus.QUERIED),
    "confirmed": _FILED & Q(own__status=ReceiptStatus.CONFIRMED),
    "missing": Q(submitted_at__isnull=True) & ~Q(status=ReportStatus.EXEMPT),
}
KINDS = (OrgKind.COUNTY_DEPARTMENT, OrgKind.MUNICIPAL_DEPARTMENT)


def departments_of(actor: Actor) -> list[Organisation]:
    """The departments that this person handles for."""
    held = actor.held_of(Duty.HANDLE)
    return list({h.organisation.pk: h.organisation for h in held if h.organisation.kind in KINDS}.values())


def state_words() -> dict[str, str]:
    return {
        "waiting": _("To be checked"),
        "queried": _("Queried"),
        "confirmed": _("Confirmed"),
        "missing": pgettext("status", "Not filed"),
    }


def base(actor: Actor, month: Month) -> QuerySet[Report]:
    """The month's reports of which these departments are informed, with their own receipt."""
    offices = [office.pk for office in departments_of(actor)]
    rows: QuerySet[Report] = Report.objects.visible_to(actor).monthly(month)
    return rows.filter(department__in=offices).annotate(
        own=FilteredRelation("receipts", condition=Q(receipts__organisation__in=offices)),
    )


def counts(rows: QuerySet[Report]) -> dict[str, int]:
    """One query."""
    return rows.aggregate(**{state: Count("pk", filter=rule) for state, rule in STATES.items()})


@dataclass(frozen=True)
class IndustryRow:
    report: Report
    state: str
    chip: tuple[str, str]
    light: str
    percent: Decimal | None
    overdue: int
    passed: int


def listed(rows: QuerySet[Report], status: str) -> QuerySet[Report]:
    shown = STATES.get(status)
    if shown is None:
        shown = Q(pk__in=[])
        for rule in STATES.values():
            shown |= rule
    return (
        rows.filter(shown)
        .annotate(own_status=F("own__status"), own_note=F("own__note"))
        .select_related("project", "owner", "part__place", "place", "receiver")
        .order_by(F("submitted_at").asc(nulls_last=True), "pk")
    )


def rows_of(reports: Sequence[Report], month: Month, actor: Actor, at: datetime) -> list[IndustryRow]:
    """A fixed number of queries for a page."""
    thresholds = Thresholds(month)
    passed = _passed(reports, month, actor)
    found = []
    for report in reports:
        shown = report.submitted_at is not None
        percent = completion_percent(report.year_cumulative, report.annual_plan) if shown else None
        light = light_of(percent, month, thresholds["amber_points"]).value
        found.append(
            IndustryRow(
                report, _state(report), chip_of(report, at), light, percent, overdue_days(report, at),
                passed.get(report.pk, 0),
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: list(STATES).index(row.state))


def _state(report: Report) -> str:
    if report.submitted_at is None:
        return "missing"
    own = getattr(report, "own_status", None)
    return {ReceiptStatus.QUERIED.value: "queried", ReceiptStatus.CONFIRMED.value: "confirmed"}.get(
        own or "", "waiting"
    )


def _passed(reports: Sequence[Report], month: Month, actor: Actor) -> Mapping[int, int]:
    """By report: how many of its problems have gone to a municipal department this month."""
    rows = (
        Opinion.objects.visible_to(actor)
        .filter(month=month, problem__statements__report__in=[r.pk for r in reports])
        .order_by()
        .values_list("problem__statements__report")
        .annotate(n=Count("problem", distinct=True))
    )
    return dict(rows)


def waiting(actor: Actor, month: Month) -> QuerySet[Report]:
    """For navigation and to-do."""
    return base(actor, month).filter(STATES["waiting"])
