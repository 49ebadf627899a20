"""The matrix status × transition × person for the list and its items, complete by construction (M8.2, M8.3, M11.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from dispatch.workflow.items import ITEM_WORKERS, MACHINES
from ningde_projects.organizations.actor import SystemActor
from ningde_projects.workflow.door import bindings, perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import Refusal
from ningde_projects.workflow.table import Machine
from tests.cast import CAST, Cast
from tests.dispatch.items_story import item_in, list_in, november

pytestmark = pytest.mark.django_db
AT = november(26)
DISPATCH = {"commission", "commission2"}
HEAD, CITY = {"commission_head"}, {"city_government"}
#: The unit is the county government of Xiapu; its bureau works for it.
WORKERS: dict[str, set[str]] = {
    "handle": set(), "review": {"bureau_xp", "bureau2_xp", "bureau_head_xp"},
    "approve": {"government_xp", "government2_xp"}, "report": set(), "dispatch": set(), "direct": {"bureau_head_xp"},
    "lead": {"government_xp", "government2_xp"},
}  # fmt: skip
WHO: dict[str, dict[str, set[str]]] = {
    "tier_list": {
        "draw": DISPATCH, "send_to_leader": DISPATCH, "withdraw": DISPATCH, "pass_on": HEAD, "return_by_leader": HEAD,
        "approve": CITY, "return_by_government": CITY, "issue": DISPATCH,
    },
    "dispatch_item": {
        "remove": DISPATCH, "restore": DISPATCH, "issue": {"system"},
        **{f"{verb}_{k}": v for verb in ("sign_for", "progress", "finish") for k, v in WORKERS.items()},
        **dict.fromkeys(("verify", "send_back", "check", "chase", "amend", "reopen"), DISPATCH),
    },
}  # fmt: skip
WALKS: dict[str, Any] = {"tier_list": list_in, "dispatch_item": item_in}


def _attempt(cast: Cast, machine: Machine, name: str, obj: Any, who: str) -> str:
    """Try one act in a savepoint that is always rolled back; answers the status reached or ''."""
    actor = SystemActor(AT) if who == "system" else cast.actor(cast.people[who], AT)
    fresh = type(obj).objects.get(pk=obj.pk)
    data = {"changed": {"due_on": date(2026, 12, 20)}} if name == "amend" else {}
    reached = why = ""
    sid = transaction.savepoint()
    try:
        reached = perform(fresh, name, by=actor, at=AT, reason="核对", data=data).to_status
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
        "tier_list": [],
        "dispatch_item": [],
    }


def test_every_transition_has_its_people_written_down() -> None:
    assert {m.name: set(m.by_name) for m in MACHINES} == {name: set(rows) for name, rows in WHO.items()}
    assert {suffix for suffix, _duty in ITEM_WORKERS} == set(WORKERS)


@pytest.mark.parametrize(
    ("machine", "status"),
    [(m, s) for m in MACHINES for s in m.statuses.values],
    ids=lambda v: getattr(v, "name", v),
)
def test_status_by_transition_by_person(cast: Cast, machine: Machine, status: str) -> None:
    obj = WALKS[machine.name](cast, status)
    obj = type(obj).objects.get(pk=obj.pk)
    assert obj.status == status
    for name, row in machine.by_name.items():
        allowed = WHO[machine.name][name]
        for who in [*CAST, "system"]:
            if who == "disabled":
                continue
            reached = _attempt(cast, machine, name, obj, who)
            expected = (row.target or status) if who in allowed and status in row.source else ""
            assert reached == expected, (status, name, who)
