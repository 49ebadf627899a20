"""Every door of targets, catalogues, annual list and pushes, tried by many: in, refused or hidden, never broken."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.urls import reverse

from ningde_projects.projects import merging
from reserve.models import AnnualItem, Push, PushBatch, TaskLink
from reserve.services import planning_tasks
from reserve.urls_annual import urlpatterns as annual_urls
from reserve.urls_catalogue import urlpatterns as catalogue_urls
from reserve.urls_pushes import urlpatterns as push_urls
from reserve.urls_targets import urlpatterns as target_urls
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reserve.plans import (
    at,
    complete,
    issued_catalogue,
    issued_targets,
    open_batch,
    pooled,
    proposed,
    pushed,
    target_draft,
)

OUTSIDE = {"owner_fa", "admin_system", "idle"}
ROLES = (*sorted(OUTSIDE), "bureau_fa", "bureau_xp", "muni_department", "commission", "city_government")
NOW: datetime = at(2026, 7, 20)


@pytest.fixture
def keys(cast: Cast) -> dict[str, dict[str, object]]:
    """What goes into each address."""
    issued_targets(cast, 2026, at(2025, 12, 20))
    draft = target_draft(cast, 2027)
    made = issued_catalogue(cast)
    task = made.tasks.get(place__code="XP")
    project = complete(cast, pooled(cast, f"霞浦甲（{cast.canary('xp')}）"))
    planning_tasks.link(task, project, by=cast.actor(cast.bureau_xp, NOW), at=NOW)
    batch = open_batch(cast)
    item = proposed(cast, batch, project)
    push = pushed(cast, project)
    found: dict[str, dict[str, object]] = {}
    for pattern in (*target_urls, *catalogue_urls, *annual_urls, *push_urls):
        name = str(pattern.name)
        if "<uuid" not in str(pattern.pattern):
            found[name] = {}
        elif name.startswith("target"):
            found[name] = {"public_id": draft.public_id}
        elif name == "task-unlink":
            found[name] = {"public_id": task.public_id, "link_id": TaskLink.objects.get().public_id}
        elif name.startswith("task"):
            found[name] = {"public_id": task.public_id}
        elif name.startswith("catalogue"):
            found[name] = {"public_id": made.public_id}
        elif name in ("annual-decline", "annual-withdraw", "annual-remove"):
            found[name] = {"public_id": item.public_id}
        elif name.startswith("annual"):
            found[name] = {"public_id": batch.public_id}
        elif name.startswith("push-batch"):
            found[name] = {"public_id": PushBatch.objects.get().public_id}
        else:
            found[name] = {"public_id": push.public_id}
    return found


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
