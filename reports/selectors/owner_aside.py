"""What stands beside a report: who received it, its record, the steps to come, the months before (M5.2, E3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.notices.models import Notice
from ningde_projects.organizations.actor import holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.projects.rules import completion_percent
from ningde_projects.shell import formats
from ningde_projects.shell.flow import Step, TimelineItem
from ningde_projects.workflow.models import Act

from ..models import Receipt, Report, ReportingPeriod, Summary
from ..models.reports import ReportKind
from ..rules import month_name
from ..services.receipts import receiving_organisations
from ..workflow import ReportStatus
from .acts import doer_of, look_of, verb_of

StepState = Literal["done", "now", "back", "later"]
_RECEIVING = (Duty.REVIEW, Duty.HANDLE, Duty.DISPATCH)


# ---- receivers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """An office that hears of a filing, and its people who are told."""

    office: Organisation
    names: list[str]


def told_by_filing(report: Report, at: datetime) -> list[Told]:
    """Whom the button notifies: said before it is pressed (lessons.md)."""
    found = []
    for office in receiving_organisations(report):
        people = {u.pk: u.name for duty in _RECEIVING for u in holders(duty, [office.pk], at)}
        found.append(Told(office, list(people.values())))
    return found


def receipts_of(report: Report) -> list[Receipt]:
    """Every receiver and how far it is; everyone concerned sees every state."""
    return list(report.receipts.select_related("organisation", "opened_by", "confirmed_by"))


@dataclass(frozen=True)
class Informed:
    """A person who was told of an urgent report: proof of notice."""

    name: str
    office: str
    read_at: datetime | None


def informed_of(report: Report) -> list[Informed]:
    """Everyone told of the latest filing of an urgent or direct report, in the order of offices."""
    act = Act.objects.filter(machine="report", name="submit", object_id=report.pk).order_by("-id").first()
    if act is None:
        return []
    kind = "report_urgent" if report.kind == ReportKind.URGENT else "report_direct"
    rows = Notice.objects.filter(dedupe=f"{kind}:{act.pk}").select_related("recipient__organisation")
    ordered = rows.order_by("recipient__organisation__place__order", "recipient__organisation__order", "pk")
    return [Informed(n.recipient.name, n.recipient.organisation.short_name, n.read_at) for n in ordered]


# ---- the record ------------------------------------------------------------------------------------------------

_RECEIPT_ACTS = (
    "open",
    "open_review",
    "open_dispatch",
    "confirm",
    "confirm_review",
    "confirm_dispatch",
    "query",
)


def record_of(report: Report, *, with_draft: bool) -> list[TimelineItem]:
    """Newest first: the draft being typed (for its owner only), every act, the opening of the month."""
    receipts = [r.pk for r in report.receipts.all()]
    acts = (
        Act.objects.filter(
            Q(machine="report", object_id=report.pk)
            | Q(machine="receipt", object_id__in=receipts, name__in=_RECEIPT_ACTS)
        )
        .exclude(machine="report", name="start")
        .select_related("organisation")
        .order_by("-id")
    )
    items = [_line(report, act) for act in acts]
    if with_draft and report.draft and report.draft_saved_at and report.draft_saved_by:
        verb = _("Correcting") if report.status == ReportStatus.RETURNED else _("Filling in")
        items.insert(0, TimelineItem(verb, report.draft_saved_by.name, report.draft_saved_at, "pencil"))
    opened = ReportingPeriod.objects.filter(month=report.month).first()
    if report.kind == ReportKind.MONTHLY and opened is not None:
        text = _("Report of %(month)s made") % {"month": month_name(report.month)}
        items.append(TimelineItem(text, _("the system"), opened.opened_at, "copy"))
    return items


def _line(report: Report, act: Act) -> TimelineItem:
    icon, tone = look_of(act.name)
    verb, url, url_text = verb_of(act), "", ""
    if act.machine == "report" and act.name == "submit" and act.data.get("number"):
        number = act.data["number"]
        verb = _("%(verb)s (no. %(n)s)") % {"verb": verb, "n": number}
        url = reverse("reports:submission", args=[report.public_id, number])
        url_text = _("See it as filed")
    return TimelineItem(verb, doer_of(act), act.at, icon, tone, act.reason, url, url_text)


# ---- the steps to come -----------------------------------------------------------------------------------------


def steps_of(report: Report) -> list[Step]:
    """Every step shows its next one; the county's own steps are told by state only."""
    book = DeadlineBook()
    d3 = formats.last_day(book.deadline("D3", report.month))
    d5 = formats.last_day(book.deadline("D5", report.month))
    by_d3 = _("by the %(day)s") % {"day": d3.day}
    by_d5 = _("by the %(day)s") % {"day": d5.day}
    status = report.status
    first: StepState = "back" if status == ReportStatus.RETURNED else (
        "done" if status in (ReportStatus.SUBMITTED, ReportStatus.ACCEPTED) else "now"
    )  # fmt: skip
    accepted: StepState = "done" if status == ReportStatus.ACCEPTED else (
        "now" if status == ReportStatus.SUBMITTED else "later"
    )  # fmt: skip
    detail = {"back": _("being corrected"), "now": _("being filled in"), "later": ""}.get(
        first, formats.short_stamp(report.submitted_at) if report.submitted_at else ""
    )
    steps = [
        Step(_("Filed by the owner"), detail, first),
        Step(_("Accepted by %(office)s") % {"office": report.receiver.short_name},
             formats.short_stamp(report.accepted_at) if accepted == "done" and report.accepted_at else by_d3,
             accepted),
    ]  # fmt: skip
    if report.receiver.kind == OrgKind.COUNTY_BUREAU:
        forwarded = Summary.objects.filter(
            place=report.place_id, month=report.month, first_forwarded_at__isnull=False
        ).exists()
        third: StepState = "later" if accepted != "done" else "done" if forwarded else "now"
        steps.append(Step(_("Approved by the county government and forwarded"), by_d3, third))
    steps.append(Step(_("Opinions of the municipal departments"), by_d5, "later"))
    return steps


# ---- the months before -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PastMonth:
    report: Report
    percent: Decimal | None

    @property
    def name(self) -> str:
        return month_name(self.report.month)

    @property
    def status(self) -> str:
        """Late stays late (settled point 6)."""
        if self.report.is_late():
            return "late"
        if self.report.status == ReportStatus.SUBMITTED and self.report.submission_count > 1:
            return "resubmit"
        return self.report.status


def past_months(report: Report, most: int = 6) -> list[PastMonth]:
    rows = Report.objects.filter(
        kind=ReportKind.MONTHLY, project=report.project_id, part=report.part_id, month__lt=report.month
    ).order_by("-month")[:most]
    return [PastMonth(r, completion_percent(r.year_cumulative, r.annual_plan)) for r in rows]
