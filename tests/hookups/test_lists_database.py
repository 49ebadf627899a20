"""The database itself refuses nonsense: each named constraint with a row that breaks it (house rule 10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hookups.models import HookupLine, HookupList, MainLeader, MajorPick
from tests.cast import Cast
from tests.hookups.filing import YEAR, begun, march

AT = march(10)


def _list(cast: Cast, **more: Any) -> HookupList:
    facts = {"office": cast.bureau_fa.organisation, "year": YEAR, "side": "county", "created_at": AT} | more
    return HookupList.objects.create(**facts)


def _pick(cast: Cast, **more: Any) -> MajorPick:
    facts = {
        "project": cast.project_xp,
        "year": YEAR,
        "reason": "大",
        "picked_at": AT,
        "picked_by_text": "x",
    } | more
    return MajorPick.objects.create(**facts)


def _head(cast: Cast, **more: Any) -> MainLeader:
    facts = {
        "place": cast.place("XP"),
        "head": "party",
        "user": cast.government_xp,
        "valid_from": date(2026, 1, 1),
    }
    return MainLeader.objects.create(**(facts | more))


def _line_twice(cast: Cast) -> None:
    line = begun(cast).lines.get(project=cast.project_xp, post="county_leader")
    HookupLine.objects.create(list=line.list, project=line.project, place=None, post=line.post)


def _twice(make: Callable[[Cast], Any]) -> Callable[[Cast], None]:
    def run(cast: Cast) -> None:
        make(cast)
        make(cast)

    return run


BROKEN: dict[str, Callable[[Cast], Any]] = {
    "hookup_list_once": _twice(_list),
    "hookup_change_has_its_day": lambda cast: _list(cast, number=1, reason="调整"),
    "hookup_change_has_a_reason": lambda cast: _list(cast, number=1, effective_on=date(2026, 3, 1)),
    "hookup_list_filed_has_its_moment": lambda cast: _list(cast, status="filed"),
    "hookup_line_once": _line_twice,
    "major_pick_once": _twice(_pick),
    "major_pick_has_a_reason": lambda cast: _pick(cast, reason=""),
    "major_pick_withdrawn_with_a_reason": lambda cast: _pick(cast, withdrawn_at=AT),
    "main_leader_one_at_a_time": _twice(_head),
    "main_leader_span_not_reversed": lambda cast: _head(cast, valid_to=date(2025, 1, 1)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(cast: Cast, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BROKEN[name](cast)


def test_every_constraint_of_the_noun_has_its_row_here() -> None:
    models = (HookupList, HookupLine, MajorPick, MainLeader)
    assert {c.name for m in models for c in m._meta.constraints} == set(BROKEN)
