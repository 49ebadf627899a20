"""Hard cases and the meetings of the city in the time machine, a few a month (M10.1, M8.4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from hookups.models import Session
from hookups.models.meetings import SessionKind
from hookups.services import meetings
from hookups.services.decisions import DecisionContent
from hookups.services.meetings import Content
from hookups.workflow.meetings import WORKERS
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.playing import Schedule, moment, player, rng
from ningde_projects.workflow.door import perform
from reports.models import Problem

from ..models import HardCase, InstructionTask
from ..services import hard_cases, instruction_tasks
from ..services.hard_cases import CaseContent, TaskContent
from ..workflow.hard_cases import HardCaseStatus, TaskStatus

#: How many problems the commission picks in a month, and how many a monthly meeting speaks of.
PICKED, SPOKEN = 2, 6


@player
def of_the_month(month: Month, play: Schedule) -> None:
    """The commission's meeting after the list is made, the cases a few days later."""
    r = rng(play.seed, "city", month)
    city = _office(OrgKind.MUNICIPAL_GOVERNMENT)
    commission = _office(OrgKind.COMMISSION)
    if city is None or commission is None:
        return
    play.at(moment(r, month, 12, 14), partial(_meet, play, SessionKind.MONTHLY, commission, commission))
    if month.number % 3 == 0:
        play.at(moment(r, month, 18, 26), partial(_meet, play, SessionKind.QUARTERLY, city, commission))
    play.at(moment(r, month, 16, 18), partial(_submit, play, month, city, commission))


def _office(kind: OrgKind) -> Organisation | None:
    return Organisation.objects.filter(kind=kind, is_active=True).select_related("place").first()


def _oldest(number: int, *, fresh: bool = False) -> list[Problem]:
    """The oldest unsettled problems; with `fresh` those that have not been before a leader."""
    rows = Problem.objects.unsettled()
    if fresh:
        rows = rows.filter(hard_case_lines__isnull=True)
    return list(
        rows.select_related("project__municipal_department", "project__owner", "unit").order_by(
            "occurred_on", "number"
        )[:number]
    )


def _unit_of(problem: Problem) -> Organisation:
    """Whom it is given to: the unit that was asked, else the department that leads the project, else its owner."""
    project = problem.project
    return problem.unit or project.municipal_department or project.owner


def _meet(
    play: Schedule, kind: SessionKind, office: Organisation, commission: Organisation, at: datetime
) -> None:
    """The oldest problems are spoken of; each second one ends in a decision."""
    by = play.people.holder(Duty.DISPATCH, commission.pk, at)
    chair = play.people.holder(Duty.LEAD, office.pk, at)
    problems = _oldest(SPOKEN)
    if by is None or chair is None or not problems:
        return
    lines = {problem.project.pk: (problem.project, problem.description[:200]) for problem in problems}
    day = local_date(at)
    decided = [
        DecisionContent(f"推动解决：{p.description[:60]}", unit=_unit_of(p), due_on=day + timedelta(days=20),
                        project=p.project)
        for p in problems[::2]
    ]  # fmt: skip
    content = Content(
        held_on=day, location="市行政中心会议室", chair=chair.user, people=[by.user],
        others="各县（市、区）分管领导，市直有关部门负责人", minutes="会议通报重点项目进展，逐项研究未销号问题。",
        lines=list(lines.values()), decisions=decided,
    )  # fmt: skip
    session: Session = meetings.begin(kind, office, content, by=by, at=at)
    meetings.put_on_record(session, None, by=by, at=at)


def _submit(play: Schedule, month: Month, city: Organisation, commission: Organisation, at: datetime) -> None:
    by = play.people.holder(Duty.DISPATCH, commission.pk, at)
    leader = play.people.holder(Duty.LEAD, city.pk, at)
    if by is None or leader is None:
        return
    for problem in _oldest(PICKED, fresh=True):
        content = CaseContent(
            title=f"{problem.project.name[:40]}难点事项", ground="across", leader=leader.user, problems=[problem],
            summary=f"{problem.description} 县级和部门多次协调未果。", proposal=problem.request[:200],
        )  # fmt: skip
        case = hard_cases.begin(content, by=by, at=at)
        perform(case, "submit", by=by, at=at)
        later = at + timedelta(days=rng(play.seed, "word", case.code).randint(1, 4))
        play.at(later, partial(_instruct, play, case.pk, city, commission))


def _instruct(play: Schedule, pk: int, city: Organisation, commission: Organisation, at: datetime) -> None:
    case = HardCase.objects.select_related("leader").get(pk=pk)
    leader = play.people.holder(Duty.LEAD, city.pk, at)
    line = case.lines.select_related("problem__unit", "problem__project__municipal_department").first()
    if leader is None or leader.user.pk != case.leader_id or line is None:
        return
    if case.status != HardCaseStatus.SUBMITTED:
        return
    day = local_date(at)
    task = TaskContent(_unit_of(line.problem), "牵头会商，提出解决方案并推动落实", day + timedelta(days=15))
    hard_cases.instruct(
        case, "请责任单位主动作为，限期解决，市发改委跟踪反馈。", day, [task], by=leader, at=at
    )
    luck = rng(play.seed, "case", case.code).random()
    play.at(at + timedelta(days=1), partial(_work, play, pk, "sign", ""))
    if luck < 0.8:
        play.at(at + timedelta(days=6), partial(_work, play, pk, "progress", "已召集会商，方案拟定中"))
    if luck < 0.65:
        done = at + timedelta(days=12 if luck < 0.5 else 18)
        play.at(done, partial(_work, play, pk, "finish", "问题已解决，会商纪要已印发"))
        play.at(done + timedelta(days=2), partial(_end, play, pk, commission))


def _worker(play: Schedule, task: InstructionTask, at: datetime) -> Actor | None:
    found = (play.people.holder(duty, task.unit_id, at) for _suffix, duty in WORKERS)
    return next((actor for actor in found if actor is not None), None)


def _work(play: Schedule, pk: int, verb: str, said: str, at: datetime) -> None:
    for task in InstructionTask.objects.filter(case=pk).select_related("unit", "case"):
        actor = _worker(play, task, at)
        wanted = (TaskStatus.WAITING,) if verb == "sign" else (TaskStatus.SIGNED, TaskStatus.WORKING)
        if actor is not None and task.status in wanted:
            perform(task, instruction_tasks.act_for(task, verb, actor), by=actor, at=at, reason=said)


def _end(play: Schedule, pk: int, commission: Organisation, at: datetime) -> None:
    """Verified, reported back to the leader, closed."""
    by = play.people.holder(Duty.DISPATCH, commission.pk, at)
    tasks = list(InstructionTask.objects.filter(case=pk).select_related("unit", "case"))
    # A matter of the commission itself is not verified by whoever reported it.
    if by is None or any(t.status != TaskStatus.REPORTED or t.unit_id == commission.pk for t in tasks):
        return
    for task in tasks:
        perform(task, "verify", by=by, at=at)
    case = HardCase.objects.get(pk=pk)
    if case.status == HardCaseStatus.WORKING:
        perform(case, "report_back", by=by, at=at, reason="批示事项已全部落实，问题已解决。")
        perform(case, "close", by=by, at=at)
