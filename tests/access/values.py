"""What to put into each address, by route: an object of 霞浦 where there is one, so that 福安 must not see it."""

from __future__ import annotations

import uuid
from typing import Any

from ningde_projects.projects.rules import THRESHOLD_TITLES
from tests.access.routes import Route
from tests.access.world import World

NOTHING = uuid.UUID(int=0)


def values_for(route: Route, world: World) -> dict[str, Any]:
    """Arguments by parameter name; an object of another kind is named in `_object` or by its room's world."""
    if route.name.startswith(("hookups:", "reserve:", "dispatch:")):
        return world.addresses[route.name] if route.parameters else {}
    values: dict[str, Any] = {
        "text": "2026-10", "month": "2026-10", "form": "xlsx", "verb": "stop", "n": 1, "number": 1,
        "public_id": _object(route.name, world), "name": "take_up", "place": "XP",
    }  # fmt: skip
    return values | _special(route, world)


def _object(name: str, world: World) -> uuid.UUID:
    room = name.split(":")[-1]
    for beginnings, found in (
        (("opinion",), world.opinion), (("problem", "pass_problem"), world.problem),
        (("summary_item", "summary_move"), world.item),
        (("summary", "approval", "annex2"), world.summary), (("record",), world.extra["act"]),
    ):  # fmt: skip
        if room.startswith(beginnings):
            return found.public_id
    if name.startswith("notices:"):
        return uuid.UUID(str(world.extra["notice"].public_id))
    if name in ("projects:view-change", "projects:view-delete"):
        return uuid.UUID(str(world.extra["view"].public_id))
    if name.startswith("projects:"):
        return world.cast.project_xp.public_id
    if name.startswith("organizations:"):
        return world.cast.owner_xp.organisation.public_id
    return world.report.public_id


def _special(route: Route, world: World) -> dict[str, Any]:
    project = world.cast.project_xp
    values: dict[str, Any] = {
        "subject_type": "report", "subject_id": world.report.public_id, "problem_id": world.problem.public_id,
        "year": 2026, "code": "D2", "step": "accept", "way": "up",
        "value": project.public_id, "post": "county_leader", "token": "not-a-token", "kind": "projects",
    }  # fmt: skip
    person = world.cast.owner_xp
    values |= {
        "person": person.public_id, "assignment": person.assignments.earliest("id").public_id,
        "delegation": NOTHING, "key": next(iter(THRESHOLD_TITLES)),
        "sheet": NOTHING, "threshold": NOTHING, "category": world.extra["category"].public_id,
    }  # fmt: skip
    if route.name.startswith("documents:export"):
        values["kind"] = "nothing-of-this-kind"
    if route.name == "periods:remove_day":
        values["text"] = "2026-10-01"
    return values
