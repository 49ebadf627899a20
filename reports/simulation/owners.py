"""What owners do in the play: draft, file, file again, report at once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import Month
from ningde_projects.projects.playing import People, rng
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.refusals import RuleBroken

from ..models import Report
from ..models.problems import Problem
from ..selectors.basis import basis_of, carried_problems
from ..services import filing
from .behaviour import NEXT_PLAN, NOTES, PROBLEMS, PROGRESS, OwnerHabit, called, words

CENT = Decimal("0.01")


def typed(report: Report, habit: OwnerHabit, seed: int, name: str) -> dict[str, Any]:
    """What the owner types: figures that add up, a text that names quantities, answers, perhaps a new problem."""
    r = rng(seed, "typed", called(report), report.month)
    basis = basis_of([report])[report.pk]
    plan = report.annual_plan or Decimal(6000)
    month_investment = (plan * habit.month_share).quantize(CENT)
    year = basis.year_base(report.month) + month_investment
    base = basis.total_cumulative if basis.total_cumulative is not None else _past_years(report, plan)
    raw: dict[str, Any] = {
        "month_investment": str(month_investment),
        "year_cumulative": str(year),
        "total_cumulative": str(base + month_investment),
        "progress": words(r, r.choice(PROGRESS), report.month),
        "next_plan": words(r, r.choice(NEXT_PLAN), report.month),
        "in_statistics": r.choice(["yes", "yes", "no", ""]),
        "filler": name,
        "new": [],
    }
    if raw["in_statistics"] == "yes" and r.random() < 0.5:
        raw["statistics_cumulative"] = str(
            (year * Decimal(str(round(0.75 + r.random() * 0.3, 2)))).quantize(CENT)
        )
    open_left = _answer_carried(report, raw, habit, r)
    for _number in range(habit.new_problems):
        _new_problem(report.month, raw, r)
    if not open_left and not raw["new"]:
        raw["is_nil"] = "on"
    return raw


def _past_years(report: Report, plan: Decimal) -> Decimal:
    """For the first month played: something was invested before, and it stays below the total."""
    total = report.project.total_investment
    return (min(plan, total / 4) if total else plan).quantize(CENT)


def _answer_carried(report: Report, raw: dict[str, Any], habit: OwnerHabit, r: Random) -> int:
    still_open = 0
    for problem in carried_problems(report):
        solved = problem.status == "confirm" and r.random() < 0.8 or r.random() < habit.solves_carried
        answer = "solved" if solved else r.choice(["unsolved", "progress"])
        raw[f"p-{problem.public_id}-answer"] = answer
        raw[f"p-{problem.public_id}-note"] = (
            "" if answer == "unsolved" else words(r, r.choice(NOTES), report.month)
        )
        still_open += answer != "solved"
    return still_open


def _new_problem(month: Month, raw: dict[str, Any], r: Random) -> None:
    key = f"{r.getrandbits(32):08x}"
    code, text, request, level = r.choice(PROBLEMS)
    values = {
        "category": code, "occurred_on": month.day(r.randint(1, 28)).isoformat(), "level": level,
        "description": words(r, text, month), "request": words(r, request, month),
        "unit_text": "属地乡镇人民政府" if level == "county" else "市直有关部门",
        "impact": r.choice(["schedule", "start", "completion", ""]),
    }  # fmt: skip
    raw["new"].append(key)
    raw.update({f"n-{key}-{name}": value for name, value in values.items()})


def begin(report: Report, habit: OwnerHabit, people: People, seed: int, at: datetime) -> None:
    """Half of a form, saved as a draft."""
    actor = people.holder(Duty.REPORT, report.owner_id, at)
    report.refresh_from_db()
    if actor is None or report.status not in ("todo", "draft"):
        return
    raw = typed(report, habit, seed, actor.user.name)
    raw.pop("progress")
    filing.save_draft(report, raw, by=actor, at=at, version=report.version)


def file(report: Report, habit: OwnerHabit, people: People, seed: int, at: datetime) -> bool:
    """File the report; a polite question is answered."""
    actor = people.holder(Duty.REPORT, report.owner_id, at)
    report.refresh_from_db()
    if actor is None or report.status not in ("todo", "draft", "returned"):
        return False
    raw = typed(report, habit, seed, actor.user.name)
    try:
        filing.submit(report, raw, by=actor, at=at)
    except RuleBroken as asked:
        if set(asked.errors) != {"nil_answer"}:
            raise
        raw["nil_answer"] = "受天气和施工组织影响，已调整计划，下月赶上进度"
        filing.submit(report, raw, by=actor, at=at)
    return True


def confirm_or_deny(problem: Problem, people: People, seed: int, at: datetime) -> None:
    """The owner's word on a problem that a department calls solved."""
    actor = people.holder(Duty.REPORT, problem.owner_id, at)
    problem.refresh_from_db()
    if actor is None or problem.status != "confirm":
        return
    if rng(seed, "confirm", problem.number).random() < 0.85:
        perform(problem, "confirm_solved", by=actor, at=at)
    else:
        perform(problem, "deny_solved", by=actor, at=at, reason="现场尚未解决，仍影响施工")
