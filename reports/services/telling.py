"""Whom each act of the chain tells, and in which words. Names are those of workflow.py's `notifies`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import holders, holders_of_any
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import User
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.models import Act

from ..models import Opinion, Problem, Receipt, Report, Summary
from ..models.reports import ReportKind
from . import holdings
from .binding import (
    commission_ids,
    opinion_binding,
    problem_binding,
    receipt_binding,
    report_binding,
    summary_binding,
)

register(
    NoticeKind("report_submitted", _("Report filed: %(project)s"),
    _("%(owner)s has filed the report of %(month)s."),
               icon="send", outgoing=False),
    NoticeKind("report_urgent", _("Urgent: %(project)s"), _("%(owner)s reports at once: %(what)s"),
    icon="urgent",
               tone="red"),
    NoticeKind("report_direct", _("Direct report to the commission: %(project)s"),
               _("%(owner)s has reported straight to the commission: %(what)s"), icon="arrow-up-right"),
    NoticeKind("report_accepted", _("Report accepted: %(project)s"),
               _("%(office)s has accepted the report of %(month)s."), icon="check", tone="green",
               outgoing=False),
    NoticeKind("report_returned", _("Report returned: %(project)s"),
               _("%(office)s returned the report of %(month)s: %(reason)s"), icon="arrow-back-up",
               tone="red"),
    NoticeKind("report_revising", _("Accepted report is being corrected: %(project)s"),
               _("%(owner)s corrects the report of %(month)s: %(reason)s"), icon="pencil"),
    NoticeKind("report_exempted", _("Exempt from reporting: %(project)s"),
               _("No report is due for %(month)s: %(reason)s"), icon="calendar-off"),
    NoticeKind("report_obliged", _("Report required again: %(project)s"),
               _("The exemption for %(month)s has been withdrawn: %(reason)s"), icon="calendar-event",
               tone="amber"),
    NoticeKind("report_chased", _("%(office)s asks for %(count)s reports"),
               _("%(first)s and others are still to be filed for %(month)s."), icon="bell-ringing",
               tone="amber"),
    NoticeKind("receipt_queried", _("Industry department has a question: %(project)s"),
               _("%(office)s on the report of %(month)s: %(reason)s"), icon="help-circle", tone="amber"),
    NoticeKind("problem_passed_up", _("Problem passed up: %(project)s"),
               _("Problem %(number)s was not settled in time and now lies with %(holder)s."),
               icon="arrow-up-right",
               tone="violet"),
    NoticeKind("problem_settled", _("Please confirm: %(project)s"),
               _("Problem %(number)s is reported as solved: %(reason)s"), icon="user-question"),
    NoticeKind("problem_escalated", _("Escalation proposed: %(project)s"),
               _("A department proposes to put problem %(number)s before city leaders: %(reason)s"),
               icon="arrow-up-right", tone="violet"),
    NoticeKind("problem_denied", _("Not solved according to the owner: %(project)s"),
               _("Problem %(number)s: %(reason)s"), icon="alert-circle", tone="amber"),
    NoticeKind("problem_reopened", _("Problem reopened: %(project)s"), _("Problem %(number)s: %(reason)s"),
               icon="refresh", tone="amber"),
    NoticeKind("summary_to_approve", _("Problem summary of %(place)s awaits approval"),
               _("%(month)s: %(problems)s problems. Please approve or return it."), icon="writing-sign",
               tone="violet"),
    NoticeKind("summary_approved", _("Problem summary approved"), _("%(month)s may now be forwarded."),
               icon="rubber-stamp", tone="green"),
    NoticeKind("summary_returned", _("Problem summary returned"), _("%(month)s: %(reason)s"),
    icon="arrow-back-up",
               tone="red"),
    NoticeKind("summary_forwarded", _("%(place)s has forwarded its problem summary"),
               _("%(month)s: %(problems)s problems."), icon="send"),
    NoticeKind("summary_received", _("Problem summary received by the commission"), _("%(place)s %(month)s"),
               icon="checks", tone="green", outgoing=False),
    NoticeKind("opinion_asked", _("Problem for coordination: %(project)s"),
               _("Problem %(number)s was passed to your department; an opinion is due by the 15th."),
               icon="message-2"),
    NoticeKind("opinion_to_sign", _("Opinion awaits your signature"), _("%(project)s, problem %(number)s"),
               icon="writing-sign", tone="violet"),
    NoticeKind("opinion_returned", _("Opinion returned to the section"), _("%(project)s: %(reason)s"),
               icon="arrow-back-up", tone="red"),
    NoticeKind("opinion_sent", _("Coordination opinion: %(project)s"), _("%(department)s: %(text)s"),
               icon="message-2", tone="green"),
    NoticeKind("opinion_reassigned", _("Problem reassigned: %(project)s"),
               _("%(department)s has handed problem %(number)s on: %(reason)s"), icon="arrow-forward-up"),
)  # fmt: skip


def _report_params(report: Report, step: Step) -> dict[str, Any]:
    office = step.holder.organisation.short_name if step.holder else ""
    return {"project": report.project.name, "owner": report.owner.short_name, "month": str(report.month),
            "office": office, "reason": step.reason}  # fmt: skip


def _tell_report(kind: str, report: Report, step: Step, act: Act, people: Iterable[User], url: str) -> None:
    notify(kind, people, at=step.at, dedupe=f"{kind}:{act.pk}", params=_report_params(report, step), url=url)


def _owner_url(report: Report) -> str:
    return f"/reports/{report.public_id}/"


def _review_url(report: Report) -> str:
    return f"/review/{report.public_id}/"


def _filers(report: Report, step: Step) -> list[User]:
    return holders(Duty.REPORT, [report.owner_id], step.at)


def receiving_people(report: Report, step: Step) -> list[User]:
    """Everyone at the receivers who can act on it."""
    offices = [r.organisation_id for r in report.receipts.all()] or [report.receiver_id]
    return holders_of_any((Duty.REVIEW, Duty.HANDLE, Duty.DISPATCH), offices, step.at)


@report_binding.audience
def report_submitted(report: Report, step: Step, act: Act) -> None:
    if report.kind == ReportKind.MONTHLY:
        _tell_report(
            "report_submitted", report, step, act, receiving_people(report, step), _review_url(report)
        )
        return
    problem = Problem.objects.filter(first_report=report).first()
    leaders = [p for p in (_leader(problem), _direct(problem)) if p] if problem else []
    kind = "report_urgent" if report.kind == ReportKind.URGENT else "report_direct"
    params = _report_params(report, step) | {"what": problem.description[:120] if problem else ""}
    url = f"/problems/{problem.public_id}/" if problem else _review_url(report)
    notify(kind, [*receiving_people(report, step), *leaders], at=step.at, dedupe=f"{kind}:{act.pk}",
    params=params,
           url=url)  # fmt: skip


def _leader(problem: Problem) -> User | None:
    return holdings.leader_of(problem)


def _direct(problem: Problem) -> User | None:
    return holdings.direct_person(problem)


@report_binding.audience
def report_accepted(report: Report, step: Step, act: Act) -> None:
    _tell_report("report_accepted", report, step, act, _filers(report, step), _owner_url(report))


@report_binding.audience
def report_returned(report: Report, step: Step, act: Act) -> None:
    _tell_report("report_returned", report, step, act, _filers(report, step), _owner_url(report))


@report_binding.audience
def report_revising(report: Report, step: Step, act: Act) -> None:
    _tell_report("report_revising", report, step, act, receiving_people(report, step), _review_url(report))


@report_binding.audience
def report_exempted(report: Report, step: Step, act: Act) -> None:
    _tell_report("report_exempted", report, step, act, _filers(report, step), _owner_url(report))


@report_binding.audience
def report_obliged(report: Report, step: Step, act: Act) -> None:
    _tell_report("report_obliged", report, step, act, _filers(report, step), _owner_url(report))


@receipt_binding.audience
def receipt_queried(receipt: Receipt, step: Step, act: Act) -> None:
    report = receipt.report
    deciding = [*holders(Duty.REVIEW, [report.receiver_id], step.at),
                *holders(Duty.DISPATCH, [report.receiver_id], step.at)]  # fmt: skip
    _tell_report("receipt_queried", report, step, act, deciding, _review_url(report))


def _tell_problem(kind: str, problem: Problem, step: Step, act: Act, people: Iterable[User | None]) -> None:
    held = holdings.current_holding(problem)
    holder = (held.user.name if held.user else held.organisation.short_name) if held else ""
    params = {
        "project": problem.project.name,
        "number": problem.number,
        "reason": step.reason,
        "holder": holder,
    }
    notify(kind, [p for p in people if p], at=step.at, dedupe=f"{kind}:{act.pk}", params=params,
           url=f"/problems/{problem.public_id}/")  # fmt: skip


def _concerned(problem: Problem, step: Step) -> list[User | None]:
    """Leader, direct person and reporters."""
    return [_leader(problem), _direct(problem), *holders(Duty.REPORT, [problem.owner_id], step.at)]


@problem_binding.audience
def problem_passed_up(problem: Problem, step: Step, act: Act) -> None:
    receiver = [problem.first_report.receiver_id] if problem.first_report else []
    people = [*_concerned(problem, step), *holders(Duty.REVIEW, receiver, step.at)]
    _tell_problem("problem_passed_up", problem, step, act, people)


@problem_binding.audience
def problem_settled(problem: Problem, step: Step, act: Act) -> None:
    _tell_problem("problem_settled", problem, step, act, holders(Duty.REPORT, [problem.owner_id], step.at))


@problem_binding.audience
def problem_escalated(problem: Problem, step: Step, act: Act) -> None:
    _tell_problem("problem_escalated", problem, step, act, holders(Duty.DISPATCH, commission_ids(), step.at))


@problem_binding.audience
def problem_denied(problem: Problem, step: Step, act: Act) -> None:
    departments = list(problem.opinions.values_list("department", flat=True))
    people = [_leader(problem), _direct(problem), *holders(Duty.HANDLE, departments, step.at)]
    _tell_problem("problem_denied", problem, step, act, people)


@problem_binding.audience
def problem_reopened(problem: Problem, step: Step, act: Act) -> None:
    _tell_problem("problem_reopened", problem, step, act, _concerned(problem, step))


def _tell_summary(
    kind: str, summary: Summary, step: Step, act: Act, people: Iterable[User], url: str
) -> None:
    params = {"place": summary.place.name, "month": str(summary.month), "reason": step.reason,
              "problems": summary.counts.get("problems", 0)}  # fmt: skip
    notify(kind, people, at=step.at, dedupe=f"{kind}:{act.pk}", params=params, url=url)


def _compilers(summary: Summary, step: Step) -> list[User]:
    return holders(Duty.REVIEW, [summary.bureau_id], step.at)


@summary_binding.audience
def summary_to_approve(summary: Summary, step: Step, act: Act) -> None:
    _tell_summary("summary_to_approve", summary, step, act, holders(Duty.APPROVE, [summary.government_id],
    step.at),
                  f"/approvals/{summary.public_id}/")  # fmt: skip


@summary_binding.audience
def summary_approved(summary: Summary, step: Step, act: Act) -> None:
    _tell_summary(
        "summary_approved", summary, step, act, _compilers(summary, step), f"/summaries/{summary.month}/"
    )


@summary_binding.audience
def summary_returned(summary: Summary, step: Step, act: Act) -> None:
    _tell_summary(
        "summary_returned", summary, step, act, _compilers(summary, step), f"/summaries/{summary.month}/"
    )


@summary_binding.audience
def summary_forwarded(summary: Summary, step: Step, act: Act) -> None:
    _tell_summary("summary_forwarded", summary, step, act, holders(Duty.DISPATCH, commission_ids(), step.at),
                  f"/summaries/received/{summary.public_id}/")  # fmt: skip


@summary_binding.audience
def summary_received(summary: Summary, step: Step, act: Act) -> None:
    _tell_summary(
        "summary_received", summary, step, act, _compilers(summary, step), f"/summaries/{summary.month}/"
    )


def _tell_opinion(
    kind: str, opinion: Opinion, step: Step, act: Act, people: Iterable[User], url: str = ""
) -> None:
    params = {"project": opinion.problem.project.name, "number": opinion.problem.number,
    "reason": step.reason,
              "department": opinion.department.short_name, "text": opinion.text[:120]}  # fmt: skip
    notify(kind, people, at=step.at, dedupe=f"{kind}:{act.pk}", params=params,
           url=url or f"/opinions/{opinion.public_id}/")  # fmt: skip


@opinion_binding.audience
def opinion_to_sign(opinion: Opinion, step: Step, act: Act) -> None:
    _tell_opinion("opinion_to_sign", opinion, step, act, holders(Duty.SIGN, [opinion.department_id], step.at))


@opinion_binding.audience
def opinion_returned(opinion: Opinion, step: Step, act: Act) -> None:
    _tell_opinion(
        "opinion_returned", opinion, step, act, holders(Duty.HANDLE, [opinion.department_id], step.at)
    )


@opinion_binding.audience
def opinion_sent(opinion: Opinion, step: Step, act: Act) -> None:
    """County, owner and those who answer hear of it; the commission gets the batch."""
    problem = opinion.problem
    passers = [opinion.passed_from_id] if opinion.passed_from_id else []
    receiver = [problem.first_report.receiver_id] if problem.first_report else []
    people = [*holders(Duty.REPORT, [problem.owner_id], step.at), *holders(Duty.HANDLE, passers, step.at),
              *holders(Duty.REVIEW, receiver, step.at)]  # fmt: skip
    _tell_opinion("opinion_sent", opinion, step, act, people, f"/problems/{problem.public_id}/")


@opinion_binding.audience
def opinion_reassigned(opinion: Opinion, step: Step, act: Act) -> None:
    passers = [opinion.passed_from_id] if opinion.passed_from_id else []
    people = [*holders(Duty.HANDLE, passers, step.at), *holders(Duty.DISPATCH, commission_ids(), step.at)]
    _tell_opinion("opinion_reassigned", opinion, step, act, people, f"/problems/{opinion.problem.public_id}/")
