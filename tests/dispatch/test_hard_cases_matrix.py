"""The matrix status × transition × person for hard cases and the matters of instructions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from dispatch.services.hard_cases import TaskContent
from dispatch.workflow.hard_cases import LEADERS, MACHINES
from hookups.workflow.meetings import WORKERS
from ningde_projects.organizations.actor import SystemActor
from ningde_projects.workflow.door import bindings, perform
from ningde_projects.workflow.refusals import Refusal
from ningde_projects.workflow.table import Machine
from tests.cast import CAST, Cast
from tests.dispatch.hard_cases_story import case_in, november, task_in

AT = november(14)
COMMISSION = {"commission", "commission2"}
LEADER = {"city_government"}
UNIT = {"handle": {"muni_department"}, "direct": {"muni_department"}, "lead": {"muni_signer"}}
WHO: dict[str, dict[str, set[str]]] = {
    "hard_case": {
        **dict.fromkeys(("submit", "enter", "enter_again", "report_back", "close", "release", "withdraw"), COMMISSION),
        **{f"{v}_{s}": LEADER for v in ("return", "instruct", "instruct_again", "rework") for s, _d in LEADERS},
        "start": {"system"},
    },
    "instruction_task": {
        **{f"{v}_{s}": UNIT.get(s, set()) for v in ("sign", "progress", "finish") for s, _d in WORKERS},
        "verify": COMMISSION, "send_back": COMMISSION, "urge": COMMISSION,
    },
}  # fmt: skip
WALKS: dict[str, Any] = {"hard_case": case_in, "instruction_task": task_in}


def _attempt(cast: Cast, machine: Machine, name: str, obj: Any, who: str) -> str:
    actor = SystemActor(AT) if who == "system" else cast.actor(cast.people[who], AT)
    fresh = type(obj).objects.get(pk=obj.pk)
    tasks = [TaskContent(cast.muni_department2.organisation, "配合", date(2026, 11, 28))]
    why = ""
    sid = transaction.savepoint()
    try:
        data = {"given_on": date(2026, 11, 14), "tasks": tasks} if machine.name == "hard_case" else {}
        reached = perform(fresh, name, by=actor, at=AT, reason="核对", data=data).to_status
    except Refusal as refused:
        reached, why = "", str(refused).strip()
    transaction.savepoint_rollback(sid)
    assert reached or why
    return reached


def test_every_name_in_the_tables_has_its_function() -> None:
    found = {b.machine.name: b.unbound() for b in bindings() if b.machine in MACHINES}
    assert found == {"hard_case": [], "instruction_task": []}


def test_every_transition_has_its_people_written_down() -> None:
    assert {m.name: set(m.by_name) for m in MACHINES} == {name: set(rows) for name, rows in WHO.items()}


@pytest.mark.parametrize(
    ("machine", "status"), [(m, s) for m in MACHINES for s in m.statuses.values],
    ids=lambda v: getattr(v, "name", v),
)  # fmt: skip
def test_only_the_tables_acts_succeed_and_all_others_refuse_with_a_reason(
    cast: Cast, machine: Machine, status: str
) -> None:
    obj = WALKS[machine.name](cast, status)
    obj.refresh_from_db()
    assert obj.status == status
    wrong: list[str] = []
    for transition in machine.transitions:
        for who in [*CAST, "system"]:
            reached = _attempt(cast, machine, transition.name, obj, who)
            may = who in WHO[machine.name][transition.name] and status in transition.source
            expected = (transition.target or status) if may else ""
            if reached != expected:
                wrong.append(
                    f"{transition.name} by {who}: {reached or 'refused'}, expected {expected or 'refusal'}"
                )
    assert wrong == []
