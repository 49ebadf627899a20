"""The matrix status × transition × person, complete by construction (house rule 11, security.md "transitions").

Who may do what is written down here a second time, by name, so that table and test must agree.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from ningde_projects.organizations.actor import SystemActor
from ningde_projects.workflow.door import bindings, perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import Refusal
from ningde_projects.workflow.table import Machine
from reports.models import OpinionBatch
from reports.workflow import MACHINES
from tests.cast import CAST, Cast
from tests.reports.story import OCTOBER, figures, november
from tests.reports.walks import OPINION, WALKS

AT = november(13, 10)
OWNER = {"owner_xp"}
BUREAU = {"bureau_xp", "bureau2_xp", "bureau_head_xp"}
COMMISSION = {"commission", "commission2"}
GOVERNMENT = {"government_xp", "government2_xp"}
DIRECT = {"direct_xp", "muni_department"}
LEAD = {"government_xp", "muni_signer"}
SYSTEM = {"system"}
COUNTY_DEPARTMENT = {"department_xp"}
HANDLERS = {"muni_department"}

WHO: dict[str, dict[str, set[str]]] = {
    "report": {
        "start": OWNER, "submit": OWNER, "recall": OWNER, "revise": OWNER,
        "accept": BUREAU, "return": BUREAU, "exempt": BUREAU,
        "accept_direct": set(), "return_direct": set(), "exempt_direct": COMMISSION, "oblige": COMMISSION,
    },
    "receipt": {
        "open": COUNTY_DEPARTMENT, "confirm": COUNTY_DEPARTMENT, "query": COUNTY_DEPARTMENT,
        "open_review": set(), "open_dispatch": set(), "confirm_review": set(), "confirm_dispatch": set(),
        "redeliver": SYSTEM, "ask": BUREAU, "ask_dispatch": set(),
    },
    "problem": {
        "take_up": DIRECT, "pass_up": DIRECT, "settle": DIRECT, "handle": LEAD, "settle_lead": LEAD,
        "pass_up_overdue": SYSTEM, "settle_by_department": SYSTEM, "work_by_department": SYSTEM,
        "escalate_by_department": SYSTEM,
        "confirm_solved": OWNER, "deny_solved": OWNER, "restate": OWNER, "withdraw": OWNER,
        "reopen": COMMISSION, "strike_off": COMMISSION,
    },
    "summary": {
        "draw_in": BUREAU, "send_for_approval": BUREAU, "withdraw": BUREAU, "forward": BUREAU,
        "approve": GOVERNMENT, "return_by_government": GOVERNMENT,
        "receive": COMMISSION, "return_by_commission": COMMISSION,
    },
    "opinion": {
        "draft": HANDLERS, "send_to_sign": HANDLERS, "withdraw": HANDLERS, "send": HANDLERS, "reassign": HANDLERS,
        "sign": {"muni_signer"}, "return_to_section": {"muni_signer"},
    },
}  # fmt: skip


def _data(cast: Cast, machine: str, name: str, obj: Any) -> dict[str, Any]:
    """What the act needs beside person and state."""
    if machine == "report" and name == "submit":
        return {"raw": figures()}
    if name in ("draft", "send_to_sign"):
        return OPINION
    if name == "send":
        batch = OpinionBatch.objects.create(
            department=obj.department, month=OCTOBER, number=90, sent_at=AT, sent_by=cast.muni_department
        )
        return {"batch": batch}
    if name == "reassign":
        return {"department": cast.muni_factor.organisation}
    return {}


def _attempt(cast: Cast, machine: Machine, name: str, obj: Any, who: str) -> str:
    """Try one act in a savepoint that is always rolled back; answers the status reached or ''."""
    actor = SystemActor(AT) if who == "system" else cast.actor(cast.people[who], AT)
    fresh = type(obj).objects.get(pk=obj.pk)
    reached = why = ""
    sid = transaction.savepoint()
    before = Act.objects.count()
    try:
        act = perform(fresh, name, by=actor, at=AT, reason="核对", data=_data(cast, machine.name, name, obj))
        reached = act.to_status
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
    assert {b.machine.name: b.unbound() for b in bindings() if b.machine in MACHINES} == {
        m.name: [] for m in MACHINES
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
