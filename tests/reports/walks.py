"""How each kind of thing comes into each of its states: by walking the real workflow, never by setting it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from ningde_projects.workflow.door import perform
from reports.models import Opinion, Problem, Receipt, Report, Summary
from reports.models.opinions import OpinionSource
from reports.services import filing, opinions, summaries
from reports.services.problems import pass_up_overdue
from tests.cast import Cast
from tests.reports.story import OCTOBER, figures, filed, november, opened, problem, report_of

T = TypeVar("T")
Walk = Callable[[Cast, str], Any]
NOON = november(6, 12)


def _act(cast: Cast, obj: T, name: str, person: Any, at: Any = NOON, **more: Any) -> T:
    perform(obj, name, by=cast.actor(person, at), at=at, **more)
    return obj


def report_in(cast: Cast, status: str) -> Report:
    opened()
    report = report_of(cast.project_xp)
    if status == "todo":
        return report
    if status == "exempt":
        return _act(cast, report, "exempt", cast.bureau_xp, reason="停工经批准")
    if status == "draft":
        return _act(cast, report, "start", cast.owner_xp)
    filing.submit(report, figures(), by=cast.actor(cast.owner_xp, november(5)), at=november(5))
    if status == "returned":
        return _act(cast, report, "return", cast.bureau_xp, reason="请写明桩号")
    if status == "accepted":
        return _act(cast, report, "accept", cast.bureau_xp)
    return report


def receipt_in(cast: Cast, status: str) -> Receipt:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    receipt = report.receipts.get(organisation=cast.department_xp.organisation)
    steps = {"waiting": [], "opened": ["open"], "confirmed": ["confirm"], "queried": ["query"]}[status]
    for name in steps:
        _act(cast, receipt, name, cast.department_xp, reason="请核实完成量")
    return receipt


def problem_in(cast: Cast, status: str) -> Problem:
    filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem())
    raised = Problem.objects.get()
    if status == "working":
        return _act(cast, raised, "take_up", cast.direct_xp)
    if status == "escalated":
        pass_up_overdue(november(12))
        raised.refresh_from_db()
        return raised
    if status in ("confirm", "resolved", "closed"):
        _act(cast, raised, "settle", cast.direct_xp, reason="已协调解决")
    if status in ("resolved", "closed"):
        _act(cast, raised, "confirm_solved", cast.owner_xp)
    if status == "closed":
        _act(cast, raised, "strike_off", cast.commission)
    return raised


def summary_in(cast: Cast, status: str) -> Summary:
    opened()
    summary = Summary.objects.get(place__code="XP", month=OCTOBER)
    bureau = cast.actor(cast.bureau_xp, november(9))
    if status == "building":
        return summary
    summaries.send_for_approval(summary, by=bureau, at=november(9))
    if status == "approving":
        return summary
    if status == "returned":
        return _act(
            cast, summary, "return_by_government", cast.government_xp, november(9, 15), reason="请核对"
        )
    _act(cast, summary, "approve", cast.government_xp, november(9, 15))
    if status in ("forwarded", "received"):
        _act(cast, summary, "forward", cast.bureau_xp, november(9, 16))
    if status == "received":
        _act(cast, summary, "receive", cast.commission, november(9, 17))
    return summary


OPINION = {"result": "working", "text": "已受理，月底前办结", "due_on": date(2026, 11, 28)}


def opinion_in(cast: Cast, status: str) -> Opinion:
    filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem(level="department"))
    opinion = opinions.pass_to_department(
        Problem.objects.get(), cast.muni_department.organisation, OCTOBER,
        by=cast.actor(cast.department_xp, november(6)), at=november(6),
    )  # fmt: skip
    assert opinion.source == OpinionSource.COUNTY_DEPARTMENT
    if status == "waiting":
        return opinion
    if status == "reassigned":
        return _act(cast, opinion, "reassign", cast.muni_department, reason="属自然资源职责",
                    data={"department": cast.muni_factor.organisation})  # fmt: skip
    _act(cast, opinion, "draft", cast.muni_department, data=OPINION)
    if status == "drafting":
        return opinion
    _act(cast, opinion, "send_to_sign", cast.muni_department, data=OPINION)
    if status in ("signed", "sent"):
        _act(cast, opinion, "sign", cast.muni_signer)
    if status == "sent":
        opinions.send_together(
            opinion.department, OCTOBER, by=cast.actor(cast.muni_department, NOON), at=NOON
        )
        opinion.refresh_from_db()
    return opinion


WALKS: dict[str, Walk] = {
    "report": report_in,
    "receipt": receipt_in,
    "problem": problem_in,
    "summary": summary_in,
    "opinion": opinion_in,
}
