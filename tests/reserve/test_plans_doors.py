"""Every door of targets, catalogues, annual list and pushes, tried by many: in, refused or hidden, never broken."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ningde_projects.projects import merging
from reserve.models import AnnualItem, Push, TaskLink
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reserve.plans import pooled
from tests.reserve.plans_keys import NOW, keys_of

OUTSIDE = {"owner_fa", "admin_system", "idle"}
ROLES = (*sorted(OUTSIDE), "bureau_fa", "bureau_xp", "muni_department", "commission", "city_government")


@pytest.fixture
def keys(cast: Cast) -> dict[str, dict[str, object]]:
    return keys_of(cast)


@pytest.mark.parametrize("role", ROLES)
def test_every_door_answers_everyone(
    cast: Cast, desk: Desk, keys: dict[str, dict[str, object]], role: str
) -> None:
    desk.at(NOW)
    client = desk.client(cast.people[role])
    for name, key in keys.items():
        answer = client.get(reverse(f"reserve:{name}", kwargs=key))
        assert answer.status_code in ((404, 405) if role in OUTSIDE else (200, 403, 404, 405, 409)), (
            name,
            role,
        )
        text = "" if answer.streaming else answer.content.decode()
        if role in ("bureau_fa", "department_fa", "government_fa", "owner_fa"):
            assert cast.canary("xp") not in text, name


def test_what_hangs_on_a_record_moves_with_it(cast: Cast, keys: dict[str, dict[str, object]]) -> None:
    source, target = Push.objects.get().project, pooled(cast, "霞浦乙")
    moved = merging.move_all(source, target, cast.actor(cast.commission, NOW), NOW)
    assert (moved["task_links"], moved["pushes"], moved["annual_items"]) == (1, 1, 1)
    assert AnnualItem.objects.get().project == target
    assert TaskLink.objects.get().project == target
