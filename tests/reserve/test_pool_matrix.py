"""The matrix status × transition × person of both machines, complete by construction (house rule 11)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from ningde_projects.organizations.actor import SystemActor
from ningde_projects.projects.models import Project
from ningde_projects.workflow.door import bindings, perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import Refusal
from ningde_projects.workflow.table import Machine
from reserve.models import Application, ReserveRecord
from reserve.services import pool
from reserve.workflow.applications import APPLICATION
from reserve.workflow.records import POOL
from tests.cast import CAST, Cast
from tests.reports.story import november
from tests.reserve.pool_story import begun, exited, filed, passed, pooled, record_of, returned, typed

AT = november(13, 10)
OWNER = {"owner_xp"}
BUREAU = {"bureau_xp", "bureau2_xp", "bureau_head_xp"}
COMMISSION = {"commission", "commission2"}
INDUSTRY = {"department_xp"}
DEPARTMENTS = {"department_xp", "muni_department"}
SYSTEM = {"system"}
NOBODY: set[str] = set()

WHO: dict[str, dict[str, set[str]]] = {
    "reserve_application": {
        "submit_owner": OWNER, "submit_department": NOBODY, "submit_bureau": NOBODY,
        "recall_owner": OWNER, "recall_department": NOBODY, "recall_bureau": NOBODY,
        "withdraw_owner": OWNER, "withdraw_department": NOBODY, "withdraw_bureau": NOBODY,
        "pass_county": BUREAU, "pass_city": NOBODY, "pass_industry": INDUSTRY,
        "return_county": BUREAU, "return_city": NOBODY, "return_industry": INDUSTRY,
        # Only once both sides have passed, which happens in the second one's transaction.
        "complete": NOBODY,
    },
    "reserve_record": {
        "enter": SYSTEM,
        "confirm_owner": OWNER, "confirm_bureau": BUREAU, "confirm_department": DEPARTMENTS,
        "confirm_city": COMMISSION,
        "propose_exit_owner": OWNER, "propose_exit_department": DEPARTMENTS,
        "exit_bureau": BUREAU, "exit_city": COMMISSION,
        "keep_bureau": BUREAU, "keep_city": COMMISSION,
        "restore_bureau": BUREAU, "restore_city": COMMISSION,
        "merge": COMMISSION,
    },
}  # fmt: skip


def _application(cast: Cast, status: str) -> Application:
    if status == "draft":
        return begun(cast)
    if status == "withdrawn":
        application = begun(cast)
        perform(application, "withdraw_owner", by=cast.actor(cast.owner_xp, AT), at=AT, reason="不报了")
        return application
    application = filed(cast)
    if status == "returned":
        return returned(cast, application)
    return passed(cast, application) if status == "passed" else application


def _record(cast: Cast, status: str) -> ReserveRecord:
    if status == "applying":
        application = filed(cast)
        assert application.project is not None
        return record_of(application.project)
    project = pooled(cast)
    if status == "exited":
        exited(cast, project)
    elif status == "merged":
        perform(
            record_of(project), "merge", by=cast.actor(cast.commission, AT), at=AT, reason="重复",
            data={"target": cast.project_xp},
        )  # fmt: skip
    else:
        # Proposed by a person who is not in the matrix, so that who decides is not the one who proposed.
        at = november(9)
        actor = cast.actor(cast.muni_department, at)
        pool.act(project, "propose_exit", "无地", by=actor, at=at, category="no_land")
    return record_of(project)


MACHINES: dict[str, tuple[Machine, Any]] = {
    "reserve_application": (APPLICATION, _application),
    "reserve_record": (POOL, _record),
}


def _data(cast: Cast, name: str) -> dict[str, Any]:
    if name.startswith("submit"):
        return {"raw": typed(cast)}
    if name == "merge":
        return {"target": Project.objects.get(pk=cast.project_xp.pk)}
    return {"category": "no_land"}


def _attempt(cast: Cast, name: str, obj: Any, who: str) -> str:
    """Try one act in a savepoint that is always rolled back; answers the status reached or ''."""
    actor = SystemActor(AT) if who == "system" else cast.actor(cast.people[who], AT)
    fresh = type(obj).objects.get(pk=obj.pk)
    reached = why = ""
    sid = transaction.savepoint()
    before = Act.objects.count()
    try:
        reached = perform(fresh, name, by=actor, at=AT, reason="核对", data=_data(cast, name)).to_status
    except Refusal as refused:
        why = str(refused).strip()
    row = type(obj).objects.get(pk=obj.pk)
    if reached:
        assert row.status == fresh.status == reached
        assert Act.objects.count() > before
    else:
        assert why
        assert (row.status, row.version) == (obj.status, obj.version)
    transaction.savepoint_rollback(sid)
    return reached


def test_every_name_in_the_tables_has_its_function() -> None:
    assert {b.machine.name: b.unbound() for b in bindings() if b.machine.name in MACHINES} == {
        name: [] for name in MACHINES
    }


def test_every_transition_has_its_people_written_down() -> None:
    assert {name: set(machine.by_name) for name, (machine, _walk) in MACHINES.items()} == {
        name: set(rows) for name, rows in WHO.items()
    }


@pytest.mark.parametrize(
    ("name", "status"),
    [(name, status) for name, (machine, _walk) in MACHINES.items() for status in machine.statuses.values],
)
def test_only_the_tables_acts_succeed_and_all_others_refuse_with_a_reason(
    cast: Cast, name: str, status: str
) -> None:
    machine, walk = MACHINES[name]
    obj = walk(cast, status)
    obj.refresh_from_db()
    assert obj.status == status
    wrong: list[str] = []
    for transition in machine.transitions:
        for who in [*CAST, "system"]:
            reached = _attempt(cast, transition.name, obj, who)
            may = who in WHO[name][transition.name] and status in transition.source
            expected = (transition.target or status) if may else ""
            if reached != expected:
                wrong.append(
                    f"{transition.name} by {who}: {reached or 'refused'}, expected {expected or 'refusal'}"
                )
    assert wrong == []


def test_who_proposed_the_exit_does_not_decide_on_it(cast: Cast) -> None:
    """A person who handles for the department and reviews for the bureau wears two hats and still is one."""
    from ningde_projects.organizations.models import Assignment
    from ningde_projects.workflow.refusals import NotAllowed

    project = pooled(cast)
    Assignment.objects.create(
        user=cast.department_xp,
        duty="review",
        organisation=cast.bureau_xp.organisation,
        valid_from=november(1),
    )
    at = november(9)
    actor = cast.actor(cast.department_xp, at)
    perform(
        record_of(project),
        "propose_exit_department",
        by=actor,
        at=at,
        reason="无地",
        data={"category": "no_land"},
    )
    with pytest.raises(NotAllowed):
        pool.act(project, "exit", "同意", by=actor, at=at, category="no_land")
