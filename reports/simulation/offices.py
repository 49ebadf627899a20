"""What offices do in the play: read, return, compile, approve, pass, give opinions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.periods.month import Month
from ningde_projects.projects.playing import People, rng
from ningde_projects.workflow.door import perform

from ..models import Holding, Opinion, Problem, Report, Summary
from ..models.problems import HolderKind
from ..services import opinions, receipts, reviewing, summaries
from .behaviour import COUNTY_OPINIONS, OPINIONS, RETURN_REASONS, OwnerHabit, called, words


def _reviewer_duty(report: Report) -> Duty:
    return Duty.DISPATCH if report.receiver.kind == OrgKind.COMMISSION else Duty.REVIEW


def review(report: Report, habit: OwnerHabit, people: People, seed: int, at: datetime) -> str:
    """Read a filed report: accept it, or return a careless one once. Answers what was done."""
    report.refresh_from_db()
    actor = people.holder(_reviewer_duty(report), report.receiver_id, at)
    if actor is None or report.status != "submitted":
        return ""
    receipts.open_as(report, actor, at)
    report.refresh_from_db()
    r = rng(seed, "review", called(report), report.month)
    if habit.will_be_returned and report.return_count == 0:
        reviewing.return_report(report, by=actor, at=at, reason=r.choice(RETURN_REASONS), fields=["progress"],
                                refile_by=at + timedelta(days=2))  # fmt: skip
        return "returned"
    opinion = words(r, r.choice(COUNTY_OPINIONS), report.month) if report.problem_count else ""
    reviewing.accept(report, by=actor, at=at, opinion=opinion)
    return "accepted"


def confirm_for_industry(report: Report, people: People, at: datetime) -> None:
    if report.department_id is None:
        return
    actor = people.holder(Duty.HANDLE, report.department_id, at)
    receipt = report.receipts.filter(organisation=report.department_id).first()
    if actor is not None and receipt is not None and receipt.status != "confirmed":
        perform(receipt, "confirm", by=actor, at=at)


def handle_as_direct(problem: Problem, people: People, seed: int, at: datetime) -> None:
    """The direct responsible person settles some, passes some up, and lets the clock run out on others (M4.1)."""
    holding = Holding.objects.filter(problem=problem, until__isnull=True).select_related("user").first()
    problem.refresh_from_db()
    if (
        holding is None
        or holding.kind != HolderKind.DIRECT
        or holding.user is None
        or problem.status != "open"
    ):
        return
    actor = people.actor(holding.user, at)
    roll = rng(seed, "direct", problem.number).random()
    if roll < 0.2:
        perform(problem, "settle", by=actor, at=at, reason="已现场协调解决，请业主确认")
    elif roll < 0.55:
        perform(problem, "pass_up", by=actor, at=at, reason="超出本级职权，请责任领导协调")
    elif roll < 0.75:
        perform(problem, "take_up", by=actor, at=at)


def pass_on(problem: Problem, month: Month, people: People, at: datetime) -> None:
    """The county department passes what asks for a municipal department (M6.2)."""
    department = problem.category.factor_department or problem.project.municipal_department
    county = problem.part.county_department if problem.part else problem.project.county_department
    if county is None or department is None or problem.status not in ("open", "working", "escalated"):
        return
    actor = people.holder(Duty.HANDLE, county.pk, at)
    if actor is None or Opinion.objects.filter(problem=problem, department=department, month=month).exists():
        return
    opinions.pass_to_department(
        problem, department, month, by=actor, at=at, note="县级已会商，请市直部门协调"
    )


# ---- 附件2 ------------------------------------------------------------------------------------------------------


def compile_summary(summary: Summary, people: People, seed: int, at: datetime) -> None:
    actor = people.holder(Duty.REVIEW, summary.bureau_id, at)
    summary.refresh_from_db()
    if actor is None or summary.status not in ("building", "returned"):
        return
    summaries.draw_in(summary, by=actor, at=at)
    for item in summary.items.select_related("problem__project"):
        values: dict[str, object] = {}
        if not item.county_opinion.strip():
            r = rng(seed, "opinion", item.problem.number, summary.month)
            values["county_opinion"] = words(r, r.choice(COUNTY_OPINIONS), summary.month)
        if item.level == "department" and item.lead_department_id is None:
            values["lead_department"] = item.problem.project.municipal_department
            if values["lead_department"] is None:
                values["level"] = "county"
        if values:
            summaries.edit_item(item, values, by=actor, at=at, version=item.version)
    summaries.send_for_approval(summary, by=actor, at=at)


def approve_summary(summary: Summary, people: People, at: datetime) -> None:
    summary.refresh_from_db()
    actor = people.others(Duty.APPROVE, summary.government_id, at, summary.sent_by_id)
    if actor is not None and summary.status == "approving":
        summaries.look_at(summary, actor, at)
        summaries.approve(summary, by=actor, at=at)


def forward_summary(summary: Summary, people: People, at: datetime) -> None:
    summary.refresh_from_db()
    actor = people.holder(Duty.REVIEW, summary.bureau_id, at)
    if actor is not None and summary.status == "approved":
        summaries.forward(summary, by=actor, at=at)


def receive_summary(summary: Summary, commission_id: int, people: People, at: datetime) -> None:
    summary.refresh_from_db()
    actor = people.holder(Duty.DISPATCH, commission_id, at)
    if actor is not None and summary.status == "forwarded":
        perform(summary, "receive", by=actor, at=at)


# ---- opinions --------------------------------------------------------------------------------------------------


def give_opinion(opinion: Opinion, people: People, seed: int, at: datetime) -> None:
    actor = people.holder(Duty.HANDLE, opinion.department_id, at)
    opinion.refresh_from_db()
    if actor is None or opinion.status not in ("waiting", "drafting"):
        return
    r = rng(seed, "department", opinion.problem.number, opinion.month)
    result = r.choices(["working", "solved", "escalate", "not_ours"], [0.62, 0.24, 0.1, 0.04])[0]
    values = {
        "result": result, "text": words(r, r.choice(OPINIONS), opinion.month), "section": actor.user.section,
        "person": actor.user.name, "due_on": _later(at, r.randint(8, 35)),
        "proper_unit": "县级主管部门" if result == "not_ours" else "",
    }  # fmt: skip
    opinions.send_to_sign(opinion, values, by=actor, at=at, version=None)


def _later(at: datetime, days: int) -> date:
    return (at + timedelta(days=days)).date()


def sign_opinion(opinion: Opinion, people: People, at: datetime) -> None:
    opinion.refresh_from_db()
    actor = people.others(Duty.SIGN, opinion.department_id, at, opinion.submitted_by_id)
    if actor is not None and opinion.status == "reviewing":
        perform(opinion, "sign", by=actor, at=at)


def send_opinions(department_id: int, month: Month, people: People, at: datetime) -> None:
    actor = people.holder(Duty.HANDLE, department_id, at)
    signed = Opinion.objects.filter(department=department_id, month=month, status="signed")
    if actor is not None and signed.exists():
        office = next(h.organisation for h in actor.held if h.organisation.pk == department_id)
        opinions.send_together(office, month, by=actor, at=at)
