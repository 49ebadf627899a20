"""附件2 from the accepted reports to the commission (M6.1, M6.4)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.workflow.door import Step, perform, person_refusal
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import RuleBroken, StaleVersion, WrongState

from ..models import Problem, Report, Summary, SummaryEdition, SummaryItem
from ..models.problems import AskedLevel
from ..selectors.annex2 import sealed_content
from ..workflow import OWED, SUMMARY, SUMMARY_EDITABLE, UNSETTLED, ReportStatus
from .binding import summary_binding
from .summary_order import arrange, number

ITEM_FIELDS = (
    "text",
    "county_opinion",
    "request",
    "level",
    "lead_department",
    "cooperating",
    "due_on",
    "note",
)


def draw_in(summary: Summary, *, by: Actor, at: datetime) -> Act:
    """Pull the problems of the accepted reports in again; what the county has written stays."""
    return perform(summary, "draw_in", by=by, at=at)


def send_for_approval(summary: Summary, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    """Ask the county government; the moment of the first asking decides lateness (settled point 6)."""
    return perform(summary, "send_for_approval", by=by, at=at, version=version)


def approve(
    summary: Summary, *, by: Actor, at: datetime, version: int | None = None, opinion: str = ""
) -> Act:
    """审定 by another person than the one who sent it; seals an edition."""
    return perform(summary, "approve", by=by, at=at, version=version, reason=opinion)


def forward(summary: Summary, *, by: Actor, at: datetime) -> Act:
    return perform(summary, "forward", by=by, at=at)


def edit_item(
    item: SummaryItem, values: Mapping[str, Any], *, by: Actor, at: datetime, version: int
) -> SummaryItem:
    """Change a line while the summary is being compiled; the owner's wording stays in `original_text`."""
    summary = item.summary
    refused = person_refusal(summary, SUMMARY.by_name["draw_in"], by)
    if refused:
        raise refused
    if summary.status not in SUMMARY_EDITABLE:
        raise WrongState(
            _("The summary is locked while it is “%(state)s”.") % {"state": summary.get_status_display()}
        )
    changes = {name: values[name] for name in ITEM_FIELDS if name in values}
    changed = SummaryItem.objects.filter(pk=item.pk, version=version).update(
        version=F("version") + 1, **changes
    )
    if not changed:
        raise StaleVersion(
            _("Someone else changed this line while you had it open. Compare, then save again.")
        )
    item.refresh_from_db()
    return item


def look_at(summary: Summary, actor: Actor, at: datetime) -> None:
    """The government's first look; from then on the bureau cannot withdraw."""
    if (
        summary.status == "approving"
        and person_refusal(summary, SUMMARY.by_name["return_by_government"], actor) is None
    ):
        Summary.objects.filter(pk=summary.pk, opened_at__isnull=True).update(opened_at=at)


# ---- guards ----------------------------------------------------------------------------------------------------


def incomplete_items(summary: Summary) -> list[str]:
    """What stands in the way of sending: each line needs its text, and a way up needs its department."""
    missing: list[str] = []
    if summary.drawn_at is None and _accepted(summary).exists():
        missing.append(_("The accepted reports have not been pulled in yet."))
    for item in summary.items.select_related("problem"):
        if not item.text.strip():
            missing.append(_("Line %(n)s: the problem is not described.") % {"n": item.order})
        if item.level == AskedLevel.DEPARTMENT and item.lead_department_id is None:
            missing.append(_("Line %(n)s: name the leading municipal department.") % {"n": item.order})
        if not item.county_opinion.strip():
            missing.append(_("Line %(n)s: the county's coordination so far is empty.") % {"n": item.order})
    return missing


def _accepted(summary: Summary) -> QuerySet[Report]:
    return Report.objects.filter(
        kind="monthly", month=summary.month, receiver=summary.bureau_id, status=ReportStatus.ACCEPTED
    )


@summary_binding.guard
def items_are_complete(summary: Summary, step: Step) -> None:
    missing = incomplete_items(summary)
    if missing:
        raise RuleBroken(" ".join(missing), errors={"items": missing})


@summary_binding.guard
def not_opened_by_government(summary: Summary, step: Step) -> None:
    if summary.opened_at is not None:
        raise WrongState(_("The county government has opened it; ask for its return."))


# ---- effects ---------------------------------------------------------------------------------------------------


def county_counts(summary: Summary) -> dict[str, Any]:
    """应报, 已报, 零报告, 有问题项目, 问题 by category — counted once, for screen and paper alike."""
    reports = Report.objects.filter(kind="monthly", month=summary.month, receiver=summary.bureau_id)
    rows = list(
        reports.values_list(
            "status", "is_nil", "problem_count", "first_submitted_at", "due_at", "project__level"
        )
    )
    filed = [r for r in rows if r[3] is not None]
    items = summary.items.select_related("problem__category")
    return {
        "due": sum(1 for r in rows if r[0] != ReportStatus.EXEMPT),
        "exempt": sum(1 for r in rows if r[0] == ReportStatus.EXEMPT),
        "filed": len(filed),
        "nil": sum(1 for r in filed if r[1]),
        "with_problems": sum(1 for r in filed if r[2]),
        "late": sum(1 for r in filed if r[3] >= r[4]),
        "missing": sum(1 for r in rows if r[0] in OWED and r[3] is None),
        "returned": sum(1 for r in rows if r[0] == ReportStatus.RETURNED),
        "waiting": sum(1 for r in rows if r[0] == ReportStatus.SUBMITTED),
        "accepted": sum(1 for r in rows if r[0] == ReportStatus.ACCEPTED),
        "problems": len(items),
        "by_category": dict(Counter(i.problem.category.name for i in items)),
        "by_level": dict(Counter(i.level for i in items)),
    }


@summary_binding.effect
def draw_items(summary: Summary, step: Step) -> None:
    summary.drawn_at = step.at
    step.record.update(draw(summary))


def draw(summary: Summary) -> dict[str, int]:
    """Lines for every unsettled problem of the accepted reports; a returned report's carried problems stay (03d)."""
    reports = {
        r.pk: r
        for r in Report.objects.filter(kind="monthly", month=summary.month, receiver=summary.bureau_id)
    }
    accepted = {pk for pk, r in reports.items() if r.status == ReportStatus.ACCEPTED}
    wanted = (
        Problem.objects.filter(status__in=UNSETTLED, place=summary.place_id, first_month__lte=summary.month)
        .filter(project__reports__in=reports)
        .select_related("category", "unit", "first_report")
        .prefetch_related("statements")
        .distinct()
    )
    chosen: list[tuple[Problem, Report | None]] = []
    for problem in wanted:
        stated = next((s for s in problem.statements.all() if s.report_id in reports), None)
        is_new = problem.first_month == summary.month and problem.first_report_id in reports
        if stated and stated.report_id in accepted:
            chosen.append((problem, reports[stated.report_id]))
        elif not is_new and problem.first_month < summary.month:
            chosen.append((problem, None))
    existing = {
        item.problem_id: item for item in summary.items.select_related("problem").order_by("order", "pk")
    }
    gone = [item.pk for pk, item in existing.items() if pk not in {p.pk for p, _r in chosen}]
    summary.items.filter(pk__in=gone).delete()
    kept = [item for item in existing.values() if item.pk not in gone]
    _follow_reports(kept, {p.pk: _item(summary, p, r) for p, r in chosen if p.pk in existing})
    fresh = [_item(summary, p, r) for p, r in chosen if p.pk not in existing]
    fresh.sort(key=lambda item: (item.problem.project_id, item.problem.reported_at, item.problem_id))
    SummaryItem.objects.bulk_create(fresh)
    number(arrange(kept, fresh))
    return {"new": len(fresh), "dropped": len(gone), "total": len(chosen)}


def _follow_reports(kept: list[SummaryItem], anew: Mapping[int, SummaryItem]) -> None:
    """A report filed again says it in other words: the owner's wording follows, the county's own stays."""
    for item in kept:
        now = anew[item.problem_id]
        untouched = item.text == item.original_text
        if (item.report_id, item.original_text) == (now.report_id, now.original_text):
            continue
        item.report, item.original_text = now.report, now.original_text
        item.text = now.original_text if untouched else item.text
        item.county_opinion = item.county_opinion or now.county_opinion
        item.version += 1
        item.save(update_fields=["report", "original_text", "text", "county_opinion", "version"])


def _item(summary: Summary, problem: Problem, report: Report | None) -> SummaryItem:
    note = next((s.note for s in problem.statements.all() if report and s.report_id == report.pk), "")
    text = problem.description + (f"（{summary.month.number}月：{note}）" if note else "")
    lead = problem.unit if problem.unit and problem.unit.kind == "municipal_department" else None
    return SummaryItem(
        summary=summary, problem=problem, report=report, original_text=text, text=text,
        county_opinion=report.county_opinion if report else problem.handling, request=problem.request,
        level=problem.level, lead_department=lead or problem.category.factor_department,
        due_on=problem.expected_on,
    )  # fmt: skip


@summary_binding.effect
def mark_sent(summary: Summary, step: Step) -> None:
    summary.first_sent_at = summary.first_sent_at or step.at
    summary.sent_at, summary.sent_by = step.at, step.person.user
    summary.opened_at = None
    summary.counts = county_counts(summary)
    step.record.update(late=summary.is_late(step.at), problems=summary.counts["problems"])


@summary_binding.effect
def clear_sending(summary: Summary, step: Step) -> None:
    """A withdrawn asking does not count."""
    summary.sent_at = summary.sent_by = None
    if not summary.editions.exists() and summary.returned_at is None:
        summary.first_sent_at = None


@summary_binding.effect
def seal_edition(summary: Summary, step: Step) -> None:
    """Keep what was approved, as it was (M6.4)."""
    summary.approved_at, summary.approved_by = step.at, step.person.user
    summary.opened_at = summary.opened_at or step.at
    summary.return_reason = ""
    content = sealed_content(summary, step.at)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    holder = step.holder
    government = holder.organisation if holder else step.person.organisation
    name = step.person.user.name
    if holder and holder.principal:
        name = _("%(name)s for %(principal)s") % {"name": name, "principal": holder.principal.name}
    SummaryEdition.objects.create(
        summary=summary, number=summary.editions.count() + 1, at=step.at, by=step.person.user, by_text=name,
        government_text=government.name, content=content, digest=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip


@summary_binding.effect
def mark_summary_returned(summary: Summary, step: Step) -> None:
    summary.return_reason, summary.returned_at = step.reason, step.at
    summary.returned_by_text = f"{step.person.organisation.short_name} {step.person.user.name}"
    summary.approved_at = summary.approved_by = None


@summary_binding.effect
def mark_forwarded(summary: Summary, step: Step) -> None:
    summary.first_forwarded_at = summary.first_forwarded_at or step.at
    summary.forwarded_at = step.at


@summary_binding.effect
def mark_received(summary: Summary, step: Step) -> None:
    summary.received_at = step.at
