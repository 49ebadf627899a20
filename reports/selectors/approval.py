"""What awaits a government's approval, and what of a summary each office above the bureau may read (M6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.periods.selectors import DeadlineBook

from ..models import Summary, SummaryEdition
from ..workflow import SummaryStatus
from .annex2 import content_of
from .summary import was_late


def governments_of(actor: Actor) -> list[int]:
    """The county governments for which this person approves or reads."""
    held = actor.held_of(Duty.APPROVE, Duty.VIEW)
    return [h.organisation.pk for h in held if h.organisation.kind == OrgKind.COUNTY_GOVERNMENT]


def _rows(actor: Actor) -> QuerySet[Summary]:
    rows: QuerySet[Summary] = Summary.objects.visible_to(actor).filter(government__in=governments_of(actor))
    return rows.select_related("place", "bureau", "sent_by", "approved_by")


def waiting_for(actor: Actor) -> list[Summary]:
    """The oldest asking first."""
    return list(_rows(actor).filter(status=SummaryStatus.APPROVING).order_by("sent_at"))


def decided_by(actor: Actor, most: int = 24) -> list[Summary]:
    return list(_rows(actor).exclude(status=SummaryStatus.APPROVING).order_by("-month")[:most])


def waiting(actor: Actor) -> QuerySet[Summary]:
    offices = actor.offices(Duty.APPROVE)
    found: QuerySet[Summary] = Summary.objects.filter(government__in=offices, status=SummaryStatus.APPROVING)
    return found


@dataclass(frozen=True)
class Expected:
    """The next summary that will come, for the empty page."""

    month: Month
    until: datetime


def next_expected(actor: Actor, at: datetime) -> Expected:
    """This month's, unless it has been sent already: then the next one's."""
    month, book = reporting_month(at), DeadlineBook()
    sent = Summary.objects.filter(
        government__in=governments_of(actor), month=month, first_sent_at__isnull=False
    ).exists()
    month = month.next if sent else month
    return Expected(month, book.deadline("D3", month))


def sheet_for_government(summary: Summary) -> dict[str, Any] | None:
    """What was sent, while it awaits approval; what was approved, afterwards. Never what is being rewritten."""
    if summary.status == SummaryStatus.APPROVING:
        return content_of(summary)
    last = summary.editions.order_by("-number").first()
    return dict(last.content) if last else None


def forwarded_edition(summary: Summary) -> SummaryEdition | None:
    """The edition that lay before the commission last; a newer one not yet forwarded is the county's alone."""
    if summary.forwarded_at is None:
        return None
    return summary.editions.filter(at__lte=summary.forwarded_at).order_by("-number").first()


@dataclass(frozen=True)
class CountyLine:
    """One county in the commission's list; what has not been forwarded shows its absence only."""

    place: Place
    summary: Summary | None
    problems: int | None
    is_late: bool


def of_all_counties(month: Month, at: datetime) -> list[CountyLine]:
    """Every county of the month, in the offices' order. Two queries."""
    known = {s.place_id: s for s in Summary.objects.filter(month=month).select_related("place", "bureau")}
    sealed: dict[int, dict[str, Any]] = {}
    editions = SummaryEdition.objects.filter(summary__in=known.values(), at__lte=F("summary__forwarded_at"))
    for edition in editions.order_by("number"):
        sealed[edition.summary_id] = edition.content
    lines = []
    for place in Place.objects.filter(is_municipal=False).order_by("order"):
        summary = known.get(place.pk)
        shown = summary if summary and summary.first_forwarded_at else None
        content = sealed.get(summary.pk) if summary else None
        late = bool(summary and (was_late(summary) if shown else at >= summary.due_at))
        lines.append(CountyLine(place, shown, len(content["items"]) if content else None, late))
    return lines
