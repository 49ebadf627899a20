"""The matrix status × transition × person for meetings and their decisions, complete by construction."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from hookups.models import Decision
from hookups.workflow.meetings import MACHINES
from ningde_projects.organizations.actor import SystemActor
from ningde_projects.workflow.door import bindings, perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import Refusal
from ningde_projects.workflow.table import Machine
from tests.cast import CAST, Cast
from tests.hookups.meeting_story import content, decided, decision_in, meeting_in, october

AT = october(23)
BUREAU = {"bureau_xp", "bureau2_xp", "bureau_head_xp"}
GOVERNMENT = {"government_xp", "government2_xp"}
CHAIR = {"government_xp"}
SYSTEM = {"system"}
RECORDERS = {"bureau": BUREAU, "government": GOVERNMENT, "leader": CHAIR, "department": set[str](),
             "dispatcher": set[str]()}  # fmt: skip
#: The unit of the decision is the county's industry department.
WORKERS = {
    "report": set[str](), "handle": {"department_xp"}, "review": set[str](), "dispatch": set[str](),
    "direct": {"direct_xp"}, "lead": set[str](),
}  # fmt: skip

WHO: dict[str, dict[str, set[str]]] = {
    "meeting": {f"{verb}_{k}": v for verb in ("record", "revise", "withdraw") for k, v in RECORDERS.items()},
    "decision": {
        "issue": SYSTEM, "amend": SYSTEM, "cancel": SYSTEM,
        **{f"{verb}_{k}": v for verb in ("progress", "finish") for k, v in WORKERS.items()},
        **{f"{verb}_{k}": v for verb in ("verify", "send_back") for k, v in RECORDERS.items()},
    },
}  # fmt: skip
WALKS: dict[str, Any] = {"meeting": meeting_in, "decision": decision_in}


def _data(cast: Cast, machine: str, name: str, obj: Any) -> dict[str, Any]:
    if machine == "meeting" and name.startswith("revise"):
        row = Decision.objects.filter(session=obj).first()
        kept = decided(
            cast.department_xp.organisation, project=cast.project_xp, public_id=row.public_id if row else None
        )
        return {"content": content(cast, decisions=[kept])}
    return {"changed": {"text": "改后的议定事项"}} if name == "amend" else {}


def _attempt(cast: Cast, machine: Machine, name: str, obj: Any, who: str) -> str:
    """Try one act in a savepoint that is always rolled back; answers the status reached or ''."""
    actor = SystemActor(AT) if who == "system" else cast.actor(cast.people[who], AT)
    fresh = type(obj).objects.get(pk=obj.pk)
    reached = why = ""
    sid = transaction.savepoint()
    try:
        reached = perform(
            fresh, name, by=actor, at=AT, reason="核对", data=_data(cast, machine.name, name, obj)
        ).to_status
    except Refusal as refused:
        why = str(refused).strip()
    row = type(obj).objects.get(pk=obj.pk)
    if reached:
        assert row.status == reached
        assert Act.objects.filter(machine=machine.name, name=name, object_id=obj.pk).exists()
    else:
        assert why
        assert (row.status, row.version) == (obj.status, obj.version)
    transaction.savepoint_rollback(sid)
    return reached


def test_every_name_in_the_tables_has_its_function() -> None:
    assert {b.machine.name: b.unbound() for b in bindings() if b.machine in MACHINES} == {
        "meeting": [],
        "decision": [],
    }


def test_every_transition_has_its_people_written_down() -> None:
    assert {m.name: set(m.by_name) for m in MACHINES} == {name: set(rows) for name, rows in WHO.items()}


@pytest.mark.parametrize(
    ("machine", "status"),
    [(m, s) for m in MACHINES for s in m.statuses.values],
    ids=lambda v: getattr(v, "name", v),
)
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
