"""The matrix status × transition × person of the hookup lists, complete by construction (house rule 11)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from hookups.models import HookupList
from hookups.workflow.lists import HOOKUP_LIST, ListStatus
from ningde_projects.organizations.actor import SystemActor
from ningde_projects.workflow.door import bindings, perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import Refusal
from tests.cast import CAST, Cast
from tests.hookups.filing import filed, filled, march, on_file, staff

AT = march(13)
BUREAU = {"bureau_xp", "bureau2_xp", "bureau_head_xp"}
COMMISSION = {"commission", "commission2"}

#: Written down a second time, by name, so that table and test must agree. The list is Xiapu's.
WHO: dict[str, set[str]] = {
    "file_county": BUREAU, "recall_county": BUREAU,
    "file_industry": set(), "recall_industry": set(), "file_enterprise": set(), "recall_enterprise": set(),
    "receive": COMMISSION, "return": COMMISSION,
}  # fmt: skip


def _in_state(cast: Cast, status: str) -> HookupList:
    staff(cast)
    if status == ListStatus.DRAFTING:
        return filled(cast)
    if status == ListStatus.RECEIVED:
        return on_file(cast)
    found = filed(cast)
    if status == ListStatus.RETURNED:
        perform(found, "return", by=cast.actor(cast.commission, march(12)), at=march(12), reason="请核对")
    return found


def _attempt(cast: Cast, name: str, obj: Any, who: str) -> str:
    """Try one act in a savepoint that is always rolled back; answers the status reached or ''."""
    actor = SystemActor(AT) if who == "system" else cast.actor(cast.people[who], AT)
    fresh = HookupList.objects.get(pk=obj.pk)
    reached = why = ""
    sid = transaction.savepoint()
    before = Act.objects.count()
    try:
        reached = perform(fresh, name, by=actor, at=AT, reason="核对").to_status
    except Refusal as refused:
        why = str(refused).strip()
    row = HookupList.objects.get(pk=obj.pk)
    if reached:
        assert row.status == fresh.status == reached
        assert Act.objects.count() > before
    else:
        assert why
        assert (row.status, row.version) == (obj.status, obj.version)
    transaction.savepoint_rollback(sid)
    return reached


def test_every_name_in_the_table_has_its_function_and_its_people() -> None:
    binding = next(b for b in bindings() if b.machine is HOOKUP_LIST)
    assert binding.unbound() == []
    assert set(HOOKUP_LIST.by_name) == set(WHO)


@pytest.mark.parametrize("status", ListStatus.values)
def test_only_the_tables_acts_succeed_and_all_others_refuse_with_a_reason(cast: Cast, status: str) -> None:
    found = _in_state(cast, status)
    assert found.status == status
    found.refresh_from_db()
    for transition in HOOKUP_LIST.transitions:
        allowed = WHO[transition.name] if status in transition.source else set()
        succeeded = {who for who in [*CAST, "system"] if _attempt(cast, transition.name, found, who)}
        assert succeeded == allowed, (status, transition.name)
