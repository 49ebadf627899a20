"""What goes into each address of targets, catalogues, annual list and pushes; one of each, made by the services."""

from __future__ import annotations

from datetime import datetime

from reserve.models import PushBatch, TaskLink
from reserve.services import planning_tasks
from reserve.urls_annual import urlpatterns as annual_urls
from reserve.urls_catalogue import urlpatterns as catalogue_urls
from reserve.urls_pushes import urlpatterns as push_urls
from reserve.urls_targets import urlpatterns as target_urls
from tests.cast import Cast
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

NOW: datetime = at(2026, 7, 20)
_ITEM = ("annual-amend", "annual-decline", "annual-withdraw", "annual-remove")


def keys_of(cast: Cast) -> dict[str, dict[str, object]]:
    """Route -> arguments; the project, its link, proposal and push are of Xiapu."""
    issued_targets(cast, 2026, at(2025, 12, 20))
    draft = target_draft(cast, 2027)
    made = issued_catalogue(cast)
    task = made.tasks.get(place__code="XP")
    project = complete(cast, pooled(cast, f"霞浦甲（{cast.canary('xp')}）"))
    planning_tasks.link(task, project, by=cast.actor(cast.bureau_xp, NOW), at=NOW)
    batch = open_batch(cast)
    item = proposed(cast, batch, project)
    push = pushed(cast, project)
    objects = (
        ("target", draft), ("task", task), ("catalogue", made), (_ITEM, item), ("annual", batch),
        ("push-batch", PushBatch.objects.get()), ("push", push),
    )  # fmt: skip
    found: dict[str, dict[str, object]] = {}
    for pattern in (*target_urls, *catalogue_urls, *annual_urls, *push_urls):
        name = str(pattern.name)
        found[name] = {}
        if "<uuid" in str(pattern.pattern):
            subject = next(subject for beginning, subject in objects if name.startswith(beginning))
            found[name] = {"public_id": subject.public_id}
    found["task-unlink"]["link_id"] = TaskLink.objects.get().public_id
    return found
