"""What the paper forms are made from, and who may have which: the same rules as the pages (E4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from ningde_projects.documents.paper.render import LANGUAGE
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import Month

from ..models import Report, Submission, Summary, SummaryEdition
from ..workflow import EDITABLE, SummaryStatus
from .filed import readable

#: A summary that stands as it was approved.
SEALED = frozenset({SummaryStatus.APPROVED, SummaryStatus.FORWARDED, SummaryStatus.RECEIVED})
_RELATED = ("project__industry", "part", "place", "owner", "receiver", "department")


@dataclass(frozen=True)
class Print:
    """A report for a workbook, with its last filing if there is one."""

    report: Report
    latest: Submission | None


def printable_report(actor: Actor, public_id: UUID) -> Report | None:
    """Hidden and missing alike are None."""
    found = Report.objects.visible_to(actor).filter(public_id=public_id).select_related(*_RELATED).first()
    return found if isinstance(found, Report) else None


def owed_reports(actor: Actor, month: Month) -> list[Report]:
    """What the person still has to file for the month: the sheets of the offline workbook."""
    rows = _monthly(actor, month).filter(owner__in=actor.offices(Duty.REPORT), status__in=EDITABLE)
    return list(rows)


def prints_of(actor: Actor, month: Month, owner: UUID | None = None, place: str = "") -> list[Print]:
    """The month's reports: one's own in any state, anyone else's once they have been filed. Two queries."""
    rows = _monthly(actor, month)
    if owner is not None:
        rows = rows.filter(owner__public_id=owner)
    if place:
        rows = rows.filter(place__code=place)
    reports: list[Report] = list(rows)
    filings: dict[int, list[Submission]] = {}
    for submission in Submission.objects.filter(report__in=reports).order_by("number"):
        filings.setdefault(submission.report_id, []).append(submission)
    found = []
    for report in reports:
        seen = readable(actor, report, filings.get(report.pk, []))
        if seen or actor.has(Duty.REPORT, [report.owner_id]):
            found.append(Print(report, seen[-1] if seen else None))
    return found


def _monthly(actor: Actor, month: Month) -> QuerySet[Any]:
    rows: QuerySet[Any] = Report.objects.visible_to(actor).monthly(month)
    return rows.select_related(*_RELATED).order_by("place__order", "owner__order", "project", "part")


# ---- 附件2 -------------------------------------------------------------------------------------------------------


def printable_summary(actor: Actor, public_id: UUID) -> Summary | None:
    rows = Summary.objects.visible_to(actor).select_related("place", "bureau", "government", "sent_by")
    return rows.filter(public_id=public_id).first()


def editions_for(actor: Actor, summary: Summary) -> list[SummaryEdition]:
    """Newest first. One that has not been forwarded is the county's alone."""
    rows = summary.editions.order_by("-number")
    if not _offices(actor) & {summary.bureau_id, summary.government_id}:
        if summary.forwarded_at is None:
            return []
        rows = rows.filter(at__lte=summary.forwarded_at)
    return list(rows)


def shown_summary(actor: Actor, summary: Summary) -> SummaryEdition | Summary | None:
    """What an export shows: the last edition; to the bureau what it is compiling, to the government what it is asked
    to approve. None when there is nothing yet that this person may read."""
    editions, offices = editions_for(actor, summary), _offices(actor)
    if summary.bureau_id in offices:
        return editions[0] if editions and summary.status in SEALED else summary
    if summary.government_id in offices and summary.status == SummaryStatus.APPROVING:
        return summary
    return editions[0] if editions else None


def _offices(actor: Actor) -> set[int]:
    return {held.organisation.pk for held in actor.held}


@dataclass(frozen=True)
class Forwarded:
    """One county of a month for the commission: its name, where it stands, what it forwarded last."""

    place: str
    standing: str
    edition: SummaryEdition | None
    forwarded_at: datetime | None


def forwarded_of(actor: Actor, month: Month) -> Sequence[Forwarded]:
    """Every county in the offices' order; three queries. What is not forwarded shows its absence only."""
    visible = Summary.objects.visible_to(actor).filter(month=month)
    known = {summary.place_id: summary for summary in visible}
    sealed: dict[int, SummaryEdition] = {}
    for edition in SummaryEdition.objects.filter(summary__in=known.values()).order_by("number"):
        summary = next(s for s in known.values() if s.pk == edition.summary_id)
        if summary.forwarded_at and edition.at <= summary.forwarded_at:
            sealed[summary.place_id] = edition
    found = []
    with translation.override(LANGUAGE):
        for place in Place.objects.filter(is_municipal=False).order_by("order"):
            summary_ = known.get(place.pk)
            standing = summary_.get_status_display() if summary_ else _("Not forwarded")
            forwarded_at = summary_.forwarded_at if summary_ else None
            found.append(Forwarded(place.name, standing, sealed.get(place.pk), forwarded_at))
    return found
