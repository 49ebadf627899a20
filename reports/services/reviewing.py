"""The receiver's side: accept, return with reason and named fields, in bulk, exempt, chase (M5.4, M6.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import Actor, holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.door import Step, perform, record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal, RuleBroken, StaleVersion, WrongState

from .. import rules
from ..models import Chase, Report
from ..selectors.basis import circumstances_of
from ..workflow import OWED
from .binding import report_binding
from .filing import draft_of_submission

RETURN_REASONS = ("figures", "progress", "problem", "evidence")


def transition_for(report: Report, verb: str) -> str:
    """'accept' for a county bureau; its twin when the commission is the receiver (M5.2)."""
    return f"{verb}_direct" if report.receiver.kind == OrgKind.COMMISSION else verb


def accept(
    report: Report, *, by: Actor, at: datetime, version: int | None = None, opinion: str | None = None
) -> Act:
    """Accept a filed report; raises RuleBroken when a check failed."""
    data = {} if opinion is None else {"opinion": opinion}
    return perform(report, transition_for(report, "accept"), by=by, at=at, version=version, data=data)


def return_report(
    report: Report, *, by: Actor, at: datetime, reason: str, fields: Sequence[str] = (),
    refile_by: datetime | None = None, version: int | None = None,
) -> Act:  # fmt: skip
    """Return a filed report with the reason and the fields to correct (settled point 7)."""
    return perform(
        report, transition_for(report, "return"), by=by, at=at, reason=reason, version=version,
        data={"fields": list(fields), "refile_by": refile_by},
    )  # fmt: skip


def exempt(report: Report, *, by: Actor, at: datetime, reason: str) -> Act:
    """免报 by decision (settled point 4)."""
    return perform(report, "exempt" if by.has(Duty.REVIEW, [report.receiver_id]) else "exempt_direct",
                   by=by, at=at, reason=reason)  # fmt: skip


@dataclass(frozen=True)
class Skipped:
    report: Report
    why: str


@dataclass(frozen=True)
class BulkOutcome:
    done: list[Report]
    skipped: list[Skipped]


def bulk_accept(reports: Iterable[Report], *, by: Actor, at: datetime) -> BulkOutcome:
    """Accept each one that can be accepted; the others are named with the reason (lessons.md)."""
    return _bulk(reports, lambda report: accept(report, by=by, at=at))


def bulk_return(
    reports: Iterable[Report], *, by: Actor, at: datetime, reason: str, fields: Sequence[str],
    refile_by: datetime | None = None,
) -> BulkOutcome:  # fmt: skip
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    return _bulk(
        reports,
        lambda report: return_report(report, by=by, at=at, reason=reason, fields=fields, refile_by=refile_by),
    )


def _bulk(reports: Iterable[Report], act: Callable[[Report], Act]) -> BulkOutcome:
    done: list[Report] = []
    skipped: list[Skipped] = []
    for report in reports:
        try:
            with transaction.atomic():
                act(report)
            done.append(report)
        except Refusal as refused:
            skipped.append(Skipped(report, str(refused)))
    return BulkOutcome(done, skipped)


def chase(reports: Iterable[Report], *, by: Actor, at: datetime) -> BulkOutcome:
    """催报: remind the owner now; not more than once a day for one report, only what is still owed."""
    done: list[Report] = []
    skipped: list[Skipped] = []
    day = local_date(at)
    for report in reports:
        why = _no_chase(report, by)
        if not why:
            _row, created = Chase.objects.get_or_create(
                report=report, day=day, defaults={"at": at, "by": by.user}
            )
            why = "" if created else _("Already chased today.")
        if why:
            skipped.append(Skipped(report, why))
            continue
        record(
            "report",
            "chase",
            by=by,
            at=at,
            obj=report,
            project_id=report.project_id,
            place_id=report.place_id,
        )
        done.append(report)
    by_owner: dict[int, list[Report]] = {}
    for report in done:
        by_owner.setdefault(report.owner_id, []).append(report)
    for owner, owed in by_owner.items():
        notify("report_chased", holders(Duty.REPORT, [owner], at), at=at,
        dedupe=f"chase:{owner}:{at.isoformat()}",
               params={"office": by.organisation.short_name, "count": len(owed),
               "first": owed[0].project.name,
                       "month": str(owed[0].month)}, url="/reports/")  # fmt: skip
    return BulkOutcome(done, skipped)


def _no_chase(report: Report, by: Actor) -> str:
    if not (by.has(Duty.REVIEW, [report.receiver_id]) or by.has(Duty.DISPATCH)):
        return str(NotAllowed(_("Only the receiver or the commission chases a report.")))
    if report.status not in OWED:
        return str(WrongState(_("Nothing is owed for it.")))
    return ""


def keep_opinion(report: Report, text: str, *, by: Actor, at: datetime, before: str | None = None) -> None:
    """The county's first opinion, written while reading; it goes into the summary.

    `before` is what the page was shown with: StaleVersion when a colleague has written another one since.
    """
    if not by.has(Duty.REVIEW, [report.receiver_id]):
        raise NotAllowed(_("Only the county bureau writes the county's opinion."))
    rows = Report.objects.filter(pk=report.pk)
    if before is not None:
        rows = rows.filter(county_opinion__in=[before, text])
    if not rows.update(county_opinion=text):
        raise StaleVersion(
            _("A colleague has changed the county's opinion meanwhile. Compare, then save again.")
        )


# ---- guards and effects ----------------------------------------------------------------------------------------


def entry_of(report: Report) -> rules.Entry:
    """The filed figures as the checks read them."""
    return rules.Entry(
        report.month_investment, report.year_cumulative, report.total_cumulative, report.progress,
        report.is_nil, report.nil_answer, report.statistics_cumulative,
    )  # fmt: skip


@report_binding.guard
def no_failed_check(report: Report, step: Step) -> None:
    if report.kind != "monthly":
        return
    failed = rules.failures(rules.check_entry(entry_of(report), circumstances_of([report])[report.pk]))
    if failed:
        raise RuleBroken(_("A check failed: %(what)s. Return the report.") % {"what": failed[0].text})


@report_binding.effect
def mark_accepted(report: Report, step: Step) -> None:
    report.accepted_at, report.accepted_by = step.at, step.person.user
    report.opened_at = report.opened_at or step.at
    if "opinion" in step.data:
        report.county_opinion = step.data["opinion"]
    report.return_reason, report.return_fields, report.refile_by = "", [], None
    report.revision_reason = ""
    _confirm_own_receipt(report, step)


@report_binding.effect
def mark_returned(report: Report, step: Step) -> None:
    report.returned_at, report.return_reason = step.at, step.reason
    report.return_fields = list(step.data.get("fields", []))
    report.refile_by = step.data.get("refile_by")
    report.return_count += 1
    report.opened_at = report.opened_at or step.at
    last = report.submissions.order_by("-number").first()
    if last is not None:
        report.draft = draft_of_submission(last)
    step.record.update(number=report.submission_count, fields=report.return_fields)


@report_binding.effect
def mark_exempt(report: Report, step: Step) -> None:
    report.exempt_reason = step.reason


@report_binding.effect
def clear_exemption(report: Report, step: Step) -> None:
    report.exempt_reason = ""


def _confirm_own_receipt(report: Report, step: Step) -> None:
    receipt = report.receipts.filter(organisation=report.receiver_id).first()
    if receipt is not None and receipt.status != "confirmed":
        verb = "confirm_dispatch" if report.receiver.kind == OrgKind.COMMISSION else "confirm_review"
        perform(receipt, verb, by=step.person, at=step.at)
