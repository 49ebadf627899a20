"""The matrix status × transition × person of targets, catalogues, annual list and pushes, complete by construction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from ningde_projects.organizations.actor import SystemActor
from ningde_projects.workflow.door import bindings, perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import Refusal
from ningde_projects.workflow.table import Machine
from reserve.models import PushBatch
from reserve.services import annual, pushes
from reserve.workflow.annual import BATCH, ITEM
from reserve.workflow.catalogue import CATALOGUE
from reserve.workflow.pushes import PUSH
from reserve.workflow.targets import TARGETS
from tests.cast import CAST, Cast
from tests.reserve.plans import (
    at,
    catalogue_draft,
    complete,
    issued_catalogue,
    issued_targets,
    open_batch,
    pooled,
    proposed,
    pushed,
    sent_catalogue,
    target_draft,
)

MACHINES = (TARGETS, CATALOGUE, BATCH, ITEM, PUSH)
AT = at(2026, 12, 21)
COMMISSION, SYSTEM = {"commission", "commission2"}, {"system"}
DEPARTMENT, GOVERNMENT = {"muni_department"}, {"city_government"}
BUREAU = {"bureau_xp", "bureau2_xp", "bureau_head_xp"}

WHO: dict[str, dict[str, set[str]]] = {
    "reserve_targets": {"issue": COMMISSION, "replace": SYSTEM, "discard": COMMISSION},
    "catalogue": {
        "send_for_approval": DEPARTMENT, "withdraw": DEPARTMENT, "issue": DEPARTMENT, "discard": DEPARTMENT,
        "approve": GOVERNMENT, "return_by_government": GOVERNMENT, "replace": SYSTEM,
    },
    "annual_batch": {"decide": COMMISSION, "cancel": COMMISSION},
    "annual_item": {
        "accept": COMMISSION, "decline": COMMISSION, "remove": COMMISSION, "list": SYSTEM, "withdraw": BUREAU,
        "withdraw_by_department": set(),
    },
    "push": {"send": COMMISSION, "register": COMMISSION, "return": COMMISSION, "requeue": COMMISSION, "drop": COMMISSION},
}  # fmt: skip


def _by(cast: Cast, obj: Any, *names: str, **people: Any) -> Any:
    for name in names:
        perform(obj, name, by=cast.actor(people.get("who", cast.commission), AT), at=AT, reason="核对")
    return obj


def targets_in(cast: Cast, status: str) -> Any:
    if status == "draft":
        return target_draft(cast)
    if status == "discarded":
        return _by(cast, target_draft(cast), "discard")
    issued = issued_targets(cast)
    if status == "replaced":
        perform(issued, "replace", by=SystemActor(AT), at=AT)
    return issued


def catalogue_in(cast: Cast, status: str) -> Any:
    if status == "drafting":
        return catalogue_draft(cast)
    if status == "discarded":
        return _by(cast, catalogue_draft(cast), "discard", who=cast.muni_department)
    if status in ("issued", "replaced"):
        made = issued_catalogue(cast)
        if status == "replaced":
            perform(made, "replace", by=SystemActor(AT), at=AT)
        return made
    made = sent_catalogue(cast)
    step = {"returned": "return_by_government", "approved": "approve"}.get(status)
    return _by(cast, made, step, who=cast.city_government) if step else made


def batch_in(cast: Cast, status: str) -> Any:
    batch = open_batch(cast)
    item = proposed(cast, batch, pooled(cast, "霞浦甲"))
    _by(cast, item, "accept")
    return (
        batch if status == "open" else _by(cast, batch, {"decided": "decide", "cancelled": "cancel"}[status])
    )


def item_in(cast: Cast, status: str) -> Any:
    batch = open_batch(cast)
    item = proposed(cast, batch, pooled(cast, "霞浦甲"))
    if status == "proposed":
        return item
    if status == "withdrawn":
        return _by(cast, item, "withdraw", who=cast.bureau_xp)
    if status == "declined":
        return _by(cast, item, "decline")
    _by(cast, item, "accept")
    if status in ("listed", "removed"):
        annual.decide(batch, "", by=cast.actor(cast.commission, AT), at=AT)
        item.refresh_from_db()
    return _by(cast, item, "remove") if status == "removed" else item


def push_in(cast: Cast, status: str) -> Any:
    project = complete(cast, pooled(cast, "霞浦甲"))
    by = cast.actor(cast.commission, at(2026, 7, 1))
    if status in ("waiting", "dropped"):
        pushes.put_up([project], "provincial", by=by, at=at(2026, 7, 1))
        push = project.pushes.get()
        return _by(cast, push, "drop") if status == "dropped" else push
    push = pushed(cast, project)
    if status in ("registered", "returned"):
        name = {"registered": "register", "returned": "return"}[status]
        perform(push, name, by=by, at=at(2026, 7, 2), reason="代码有误", data=RESULT)
    return push


RESULT = {"outside_number": "A1", "day": date(2026, 7, 2)}
WALKS: dict[str, Callable[[Cast, str], Any]] = {
    "reserve_targets": targets_in, "catalogue": catalogue_in, "annual_batch": batch_in, "annual_item": item_in,
    "push": push_in,
}  # fmt: skip


def _data(name: str, obj: Any) -> dict[str, Any]:
    if name == "send":
        other = PushBatch.objects.first() or PushBatch.objects.create(
            target="provincial", number="S-1", adapter="workbook", requirement=0, count=1, file="x", file_name="x",
            content_type="x", sha256="x", made_at=AT, made_by=obj.project.responsibles.get().user, made_by_text="x",
        )  # fmt: skip
        return {"batch": other}
    return RESULT if name in ("register", "return") else {}


def _attempt(cast: Cast, name: str, obj: Any, who: str) -> str:
    """Try one act in a savepoint that is always rolled back; answers the status reached or ''."""
    actor = SystemActor(AT) if who == "system" else cast.actor(cast.people[who], AT)
    fresh = type(obj).objects.get(pk=obj.pk)
    reached = why = ""
    sid = transaction.savepoint()
    before = Act.objects.count()
    try:
        reached = perform(fresh, name, by=actor, at=AT, reason="核对", data=_data(name, obj)).to_status
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
            reached = _attempt(cast, transition.name, obj, who)
            may = who in WHO[machine.name][transition.name] and status in transition.source
            # What stands in a list that has been decided is changed by removal only.
            expected = (transition.target or status) if may else ""
            if reached != expected:
                wrong.append(
                    f"{transition.name} by {who}: {reached or 'refused'}, expected {expected or 'refusal'}"
                )
    assert wrong == []
