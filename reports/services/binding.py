"""The tables of workflow.py tied to their models: who holds which office of a row,
and what an act is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import Responsible
from ningde_projects.workflow.door import bind

from ..models import Opinion, Problem, Receipt, Report, Summary
from ..workflow import OPINION, PROBLEM, RECEIPT, REPORT, SUMMARY


def commission_ids() -> frozenset[int]:
    return frozenset(Organisation.objects.filter(kind=OrgKind.COMMISSION).values_list("pk", flat=True))


def _report_offices(report: Report, office: str) -> Iterable[int]:
    if office == "owner":
        return {report.owner_id}
    if office == "receiver":
        return {report.receiver_id}
    if office == "commission_receiver":
        return {report.receiver_id} & commission_ids()
    return commission_ids()


def _about_report(report: Report) -> Mapping[str, Any]:
    return {"object_text": str(report)[:200], "project_id": report.project_id, "place_id": report.place_id}


def _receipt_offices(receipt: Receipt, office: str) -> Iterable[int]:
    if office == "decider":
        return {receipt.report.receiver_id}
    return {receipt.organisation_id}


def _about_receipt(receipt: Receipt) -> Mapping[str, Any]:
    return _about_report(receipt.report)


def responsible_organisations(problem: Problem) -> set[int]:
    """Where the persons who answer for the problem's project sit."""
    people = Responsible.objects.filter(project=problem.project_id, valid_to__isnull=True)
    return set(people.values_list("user__organisation", flat=True))


def _problem_persons(problem: Problem, office: str) -> Iterable[int] | None:
    """Only those who answer for the project, not everyone of their office (M4.1)."""
    if office != "responsible":
        return None
    people = Responsible.objects.filter(project=problem.project_id, valid_to__isnull=True)
    return people.values_list("user", flat=True)


def _problem_offices(problem: Problem, office: str) -> Iterable[int]:
    if office == "owner":
        return {problem.owner_id}
    if office == "responsible":
        return responsible_organisations(problem)
    return commission_ids()


def _about_problem(problem: Problem) -> Mapping[str, Any]:
    return {
        "object_text": f"{problem.number} {problem.description}"[:200],
        "project_id": problem.project_id,
        "place_id": problem.place_id,
    }


def _summary_offices(summary: Summary, office: str) -> Iterable[int]:
    if office == "bureau":
        return {summary.bureau_id}
    if office == "government":
        return {summary.government_id}
    return commission_ids()


def _about_summary(summary: Summary) -> Mapping[str, Any]:
    return {"object_text": str(summary)[:200], "place_id": summary.place_id}


def _opinion_offices(opinion: Opinion, office: str) -> Iterable[int]:
    return {opinion.department_id}


def _about_opinion(opinion: Opinion) -> Mapping[str, Any]:
    problem = opinion.problem
    return {
        "object_text": f"{problem.number} {opinion.month}"[:200],
        "project_id": problem.project_id,
        "place_id": problem.place_id,
    }


report_binding = bind(
    REPORT, Report, offices=_report_offices, about=_about_report,
    steady=("project", "part", "place", "owner", "receiver", "department"),
)  # fmt: skip
receipt_binding = bind(RECEIPT, Receipt, offices=_receipt_offices, about=_about_receipt)
problem_binding = bind(
    PROBLEM, Problem, offices=_problem_offices, about=_about_problem, persons=_problem_persons
)
summary_binding = bind(SUMMARY, Summary, offices=_summary_offices, about=_about_summary)
opinion_binding = bind(OPINION, Opinion, offices=_opinion_offices, about=_about_opinion)
