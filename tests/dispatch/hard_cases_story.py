"""Hard cases walked through the real services: short steps that tests put together (house rule 11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dispatch.models import HardCase, InstructionTask
from dispatch.services import hard_cases, instruction_tasks
from dispatch.services.hard_cases import CaseContent, TaskContent
from ningde_projects.organizations.models import User
from ningde_projects.periods.month import midnight
from ningde_projects.workflow.door import perform
from reports.models import Problem
from tests.cast import Cast
from tests.reports.story import filed, problem


def november(day: int, hour: int = 9) -> datetime:
    """An instant in November 2026, in Ningde."""
    return midnight(date(2026, 11, day)).replace(hour=hour)


def problem_of(cast: Cast, place: str = "xp") -> Problem:
    """An unsettled problem of a county's project, raised by its report; its text carries the county's canary."""
    project, owner = getattr(cast, f"project_{place}"), getattr(cast, f"owner_{place}")
    if not Problem.objects.filter(project=project).exists():
        words = problem(description=f"管线迁改方案未定{cast.canary(place)}")
        filed(cast, project, owner, november(2), **words)
    found: Problem = Problem.objects.get(project=project)
    return found


def content(cast: Cast, **more: Any) -> CaseContent:
    values: dict[str, Any] = {
        "title": "管线迁改跨部门协调", "ground": "across", "summary": "涉及电力、通信两家，县级多次协调未果。机密内情",
        "proposal": "由市工信局牵头明确迁改方案", "leader": cast.city_government, "problems": [problem_of(cast)],
    } | more  # fmt: skip
    return CaseContent(**values)


def act(cast: Cast, obj: Any, verb: str, who: User, at: datetime, reason: str = "") -> None:
    actor = cast.actor(who, at)
    module: Any = instruction_tasks if isinstance(obj, InstructionTask) else hard_cases
    perform(obj, module.act_for(obj, verb, actor), by=actor, at=at, reason=reason)


def drafted(cast: Cast, **more: Any) -> HardCase:
    at = november(3)
    return hard_cases.begin(content(cast, **more), by=cast.actor(cast.commission, at), at=at)


def submitted(cast: Cast, **more: Any) -> HardCase:
    case = drafted(cast, **more)
    act(cast, case, "submit", cast.commission, november(4))
    return case


def tasks_of(cast: Cast) -> list[TaskContent]:
    return [TaskContent(cast.muni_department.organisation, "明确迁改方案", date(2026, 11, 20))]


def instructed(cast: Cast, tasks: list[TaskContent] | None = None, **more: Any) -> HardCase:
    case = submitted(cast, **more)
    at = november(5)
    hard_cases.instruct(case, "请工信局牵头，限期解决。批示原文", date(2026, 11, 5), tasks or tasks_of(cast),
                        by=cast.actor(cast.city_government, at), at=at)  # fmt: skip
    return case


def task_of(case: HardCase) -> InstructionTask:
    found: InstructionTask = case.tasks.select_related("unit", "case").get()
    return found


# ---- walks to each state, for the matrix -----------------------------------------------------------------------


def case_in(cast: Cast, status: str) -> HardCase:
    if status in ("drafting", "withdrawn"):
        case = drafted(cast)
    elif status in ("submitted", "returned"):
        case = submitted(cast)
    else:
        case = instructed(cast)
    if status == "withdrawn":
        act(cast, case, "withdraw", cast.commission, november(4), "重复")
    if status == "returned":
        act(cast, case, "return", cast.city_government, november(5), "请补充县级协调情况")
    if status in ("working", "reported", "closed"):
        task_in(cast, "verified", case)
    if status in ("reported", "closed"):
        case.refresh_from_db()
        act(cast, case, "report_back", cast.commission, november(12), "已全部落实")
    if status == "closed":
        act(cast, case, "close", cast.commission, november(13))
    case.refresh_from_db()
    return case


def task_in(cast: Cast, status: str, case: HardCase | None = None) -> InstructionTask:
    task = task_of(case or instructed(cast))
    steps = [("sign", cast.muni_department, 6, ""), ("progress", cast.muni_department, 7, "已召集两家会商"),
             ("finish", cast.muni_department, 9, "方案已确定，附纪要"), ("verify", cast.commission, 11, "")]  # fmt: skip
    order = ["signed", "working", "reported", "verified"]
    for reached, (verb, who, day, reason) in zip(order, steps, strict=True):
        if status == "waiting":
            break
        act(cast, task, verb, who, november(day), reason)
        if reached == status:
            break
    return task


def addresses(cast: Cast) -> dict[str, list[Any]]:
    """Route -> what goes into its address, for the grid of routes and people."""
    case = instructed(cast)
    task = task_of(case)
    one, matter = [case.public_id], [task.public_id]
    return {
        "dispatch:hard_cases": [], "dispatch:hard_case_new": [], "dispatch:instruction_tasks": [],
        "dispatch:hard_case": one, "dispatch:hard_case_edit": one, "dispatch:hard_case_instruct": one,
        "dispatch:hard_case_act": [case.public_id, "release"], "dispatch:instruction_task": matter,
        "dispatch:instruction_task_act": [task.public_id, "sign"],
    }  # fmt: skip
