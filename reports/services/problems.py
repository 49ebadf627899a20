"""Problems as they are stated, handled, passed up, solved and struck off (M4.1, M5.1, settled point 3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from ningde_projects.organizations.actor import Actor, SystemActor
from ningde_projects.workflow.door import Step, perform

from ..forms.report import FullForm, NewProblemForm
from ..models import Problem, ProblemStatement, Report
from ..models.problems import Answer, HolderKind
from ..workflow import UNSETTLED, ProblemStatus
from . import holdings
from .binding import problem_binding

_FIELDS = ("category", "description", "occurred_on", "level", "unit", "unit_text", "request", "expected_on",
           "impact", "impact_amount", "measures")  # fmt: skip


#: The row of the series stays locked until the filing ends, so no number is given twice.
_NEXT = """
INSERT INTO reports_numberseries (place_id, year, last) VALUES (%s, %s, 1)
ON CONFLICT (place_id, year) DO UPDATE SET last = reports_numberseries.last + 1 RETURNING last
"""


def next_number(report: Report, at: datetime) -> str:
    """350921-style keys are not used: place key, year and a running number, e.g. XP-2026-0007."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [report.place_id, at.year])
        (last,) = cursor.fetchone()
    return f"{report.place.code}-{at.year}-{last:04d}"


# ---- what a filing says about problems -------------------------------------------------------------------------


def state_problems(report: Report, form: FullForm, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Write the statements of one filing; answers the lines that the submission keeps."""
    earlier = _lines_of_last(report)
    lines: list[dict[str, Any]] = []
    for problem, carried in form.carried:
        answer, note = carried.cleaned_data["answer"], carried.cleaned_data["note"]
        _state(problem, report, answer, note, at)
        _follow_answer(problem, answer, note, actor, at)
        lines.append({"answer": answer, "note": note, "problem": str(problem.public_id),
        "number": problem.number,
                      "category": problem.category.name, "text": problem.description, "level": problem.level,
                      "unit": problem.unit_name, "fields": _fields_of(problem)})  # fmt: skip
    kept: set[str] = set()
    for key, new in [] if report.is_nil else form.new:
        problem = _raise_problem(report, new, earlier.get(key), actor, at)
        kept.add(str(problem.public_id))
        if key in earlier:
            _state(problem, report, Answer.NEW, "", at)
        else:
            ProblemStatement.objects.create(
                problem=problem, report=report, month=report.month, answer=Answer.NEW, at=at
            )
        lines.append({"answer": "new", "note": "", "problem": str(problem.public_id),
        "number": problem.number,
                      "category": problem.category.name, "text": problem.description, "level": problem.level,
                      "unit": problem.unit_name, "key": key, "fields": _typed(new)})  # fmt: skip
    for public_id in set(earlier.values()) - kept:
        _drop(public_id, report, actor, at)
    return lines


def _lines_of_last(report: Report) -> dict[str, str]:
    """Form key -> problem of the new problems in the last filing of this report; the first has none before it."""
    if report.submission_count == 1:
        return {}
    last = report.submissions.order_by("-number").first()
    return {
        line["key"]: line["problem"] for line in (last.problems if last else []) if line["answer"] == "new"
    }


def _typed(form: NewProblemForm) -> dict[str, str]:
    return {name: str(form.data.get(form.add_prefix(name), "")) for name in _FIELDS}


def _fields_of(problem: Problem) -> dict[str, str]:
    """What a carried problem is when it is stated: the paper of the month prints it as it was then (point 15)."""
    return {
        "occurred_on": problem.occurred_on.isoformat(),
        "request": problem.request,
        "expected_on": problem.expected_on.isoformat() if problem.expected_on else "",
        "impact": problem.impact,
        "impact_amount": "" if problem.impact_amount is None else str(problem.impact_amount),
        "measures": problem.measures,
    }


def _state(problem: Problem, report: Report, answer: str, note: str, at: datetime) -> None:
    ProblemStatement.objects.update_or_create(
        problem=problem,
        report=report,
        defaults={"month": report.month, "answer": answer, "note": note, "at": at},
    )


def _follow_answer(problem: Problem, answer: str, note: str, actor: Actor, at: datetime) -> None:
    """The owner's word moves the problem: solved closes it for him, anything else keeps or takes it back."""
    if answer == Answer.SOLVED:
        if problem.status in UNSETTLED:
            perform(problem, "confirm_solved", by=actor, at=at, reason=note)
    elif problem.status in (ProblemStatus.RESOLVED, ProblemStatus.CLOSED):
        perform(problem, "restate", by=actor, at=at, reason=note)
    elif problem.status == ProblemStatus.CONFIRM:
        perform(problem, "deny_solved", by=actor, at=at, reason=note or str(Answer(answer).label))


def _raise_problem(
    report: Report, form: NewProblemForm, known: str | None, actor: Actor, at: datetime
) -> Problem:
    values = {name: form.cleaned_data[name] for name in _FIELDS}
    problem: Problem | None = Problem.objects.filter(public_id=known).first() if known else None
    if problem is not None:
        if problem.status in (ProblemStatus.RESOLVED, ProblemStatus.CLOSED):
            perform(problem, "restate", by=actor, at=at)
        for name, value in values.items():
            setattr(problem, name, value)
        problem.save()
        return problem
    problem = Problem(
        number=next_number(report, at), project=report.project, part=report.part, place=report.place,
        owner=report.owner, reported_at=at, reported_by=actor.user, first_report=report,
        first_month=report.month,
        is_urgent=report.kind == "urgent", is_direct=report.kind == "direct", **values,
    )  # fmt: skip
    problem.save()
    holdings.start_clock(problem, report.receiver, at, is_new=True)
    return problem


def _drop(public_id: str, report: Report, actor: Actor, at: datetime) -> None:
    problem = Problem.objects.get(public_id=public_id)
    ProblemStatement.objects.filter(problem=problem, report=report).delete()
    if problem.status in UNSETTLED:
        perform(problem, "withdraw", by=actor, at=at)


def withdraw_statements(report: Report, at: datetime, actor: Actor) -> None:
    """A recalled filing takes its statements back: new problems are withdrawn, solved ones are open again."""
    for statement in report.statements.select_related("problem"):
        problem = statement.problem
        if statement.answer == Answer.NEW and problem.status in UNSETTLED:
            perform(problem, "withdraw", by=actor, at=at)
        elif statement.answer == Answer.SOLVED and problem.status == ProblemStatus.RESOLVED:
            perform(problem, "restate", by=actor, at=at)
    report.statements.all().delete()


# ---- D6 --------------------------------------------------------------------------------------------------------


def pass_up_overdue(at: datetime) -> int:
    """D6: problems that lay three working days with the direct responsible person go to the leader by themselves.

    Each in its own transaction, so that one failure stops nobody else's; the state says what is done.
    """
    due = Problem.objects.filter(
        holdings__until__isnull=True, holdings__kind=HolderKind.DIRECT, holdings__due_at__lte=at,
        status__in=[ProblemStatus.OPEN, ProblemStatus.WORKING],
    ).exclude(holdings__stops__until__isnull=True, holdings__stops__since__isnull=False)  # fmt: skip
    done = 0
    for problem in due.select_related("project").order_by("holdings__due_at"):
        perform(problem, "pass_up_overdue", by=SystemActor(at), at=at)
        done += 1
    return done


# ---- effects ---------------------------------------------------------------------------------------------------


@problem_binding.effect
def note_handling(problem: Problem, step: Step) -> None:
    if step.reason:
        problem.handling = step.reason


@problem_binding.effect
def pass_to_leader(problem: Problem, step: Step) -> None:
    """The ball goes to the responsible leader; without one it lies with the receiver's side,
    and that shows."""
    if step.reason:
        problem.handling = step.reason
    leader = holdings.leader_of(problem)
    held = holdings.current_holding(problem)
    if leader is not None:
        holdings.move(problem, HolderKind.LEADER, leader.organisation, leader, step.at)
    elif held is not None:
        holdings.move(problem, HolderKind.COUNTY, held.organisation, None, step.at)
    step.record["leader"] = leader.name if leader else ""


@problem_binding.effect
def await_owner(problem: Problem, step: Step) -> None:
    problem.handling = step.reason or problem.handling
    holdings.move(problem, HolderKind.OWNER, problem.owner, None, step.at)


@problem_binding.effect
def book_resolution(problem: Problem, step: Step) -> None:
    problem.resolved_at = step.at
    holdings.end(problem, step.at)


@problem_binding.effect
def reopen_problem(problem: Problem, step: Step) -> None:
    problem.resolved_at = problem.closed_at = None
    if step.reason:
        problem.handling = step.reason
    receiver = problem.first_report.receiver if problem.first_report else problem.owner
    holdings.start_clock(problem, receiver, step.at)


@problem_binding.effect
def restate_problem(problem: Problem, step: Step) -> None:
    reopen_problem(problem, step)


@problem_binding.effect
def withdraw_problem(problem: Problem, step: Step) -> None:
    problem.resolved_at = problem.closed_at = step.at
    step.record["withdrawn"] = True
    holdings.end(problem, step.at)


@problem_binding.effect
def close_problem(problem: Problem, step: Step) -> None:
    problem.closed_at = step.at
