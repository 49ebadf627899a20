"""Two records of one project become one: what hangs on a record is moved by the room that knows it.

    merging.register(Mover("items", move_items, models=(ProjectItem,)))
    merging.register_obstacle(reports_of_both)

Rows of a model that no room has spoken for stop the merger in words: nothing is lost by being forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor

from .models import AnnualPlan, ParticipatingUnit, PlanNode, Project, ProjectPart, Responsible

#: Gives what can move to the record that stays, and answers how many rows it moved; the rest stays readable.
Move = Callable[[Project, Project, Actor, datetime], int]
#: Sentences that say why the first cannot be merged into the second; none when it can.
Obstacle = Callable[[Project, Project], Sequence[str]]


@dataclass(frozen=True)
class Mover:
    key: str
    move: Move
    #: The models that this mover speaks for.
    models: tuple[type[models.Model], ...]


_movers: dict[str, Mover] = {}
_obstacles: list[Obstacle] = []


def register(*movers: Mover) -> None:
    for mover in movers:
        if mover.key in _movers:
            raise ValueError(f"mover {mover.key} is registered twice")
        _movers[mover.key] = mover


def register_obstacle(obstacle: Obstacle) -> Obstacle:
    _obstacles.append(obstacle)
    return obstacle


def obstacles(source: Project, target: Project) -> list[str]:
    """Everything that stands against it: what rooms say, then rows that no room has spoken for."""
    found = [sentence for obstacle in _obstacles for sentence in obstacle(source, target)]
    return found or _unspoken_for(source)


def move_all(source: Project, target: Project, by: Actor, at: datetime) -> dict[str, int]:
    """In the caller's transaction; both records are locked."""
    counted = {key: mover.move(source, target, by, at) for key, mover in _movers.items()}
    return {key: number for key, number in counted.items() if number}


def _unspoken_for(source: Project) -> list[str]:
    spoken = {model for mover in _movers.values() for model in mover.models}
    found = []
    for model in apps.get_models():
        if model in spoken or getattr(model, "pgh_tracked_model", None) is not None:
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey) or field.related_model is not Project:
                continue
            number = model._base_manager.filter(**{field.name: source}).count()
            if number and model._meta.label != "workflow.Act":
                found.append(
                    _("{n} rows of “{what}” hang on “{name}” and cannot move to another record.").format(
                        n=number, what=model._meta.verbose_name, name=source.name
                    )
                )
    return found


def _plans(source: Project, target: Project, by: Actor, at: datetime) -> int:
    """Years that the staying record has no plan for; a plan of a part goes with its part."""
    known = set(target.plans.filter(part=None).values_list("year", flat=True))
    return source.plans.filter(part=None).exclude(year__in=known).update(project=target)


def _nodes(source: Project, target: Project, by: Actor, at: datetime) -> int:
    known = set(target.nodes.values_list("kind", flat=True))
    return source.nodes.exclude(kind__in=known - {"other"}).update(project=target)


def _units(source: Project, target: Project, by: Actor, at: datetime) -> int:
    known = set(target.units.values_list("organisation", "role"))
    rows = [unit.pk for unit in source.units.all() if (unit.organisation_id, unit.role) not in known]
    return source.units.filter(pk__in=rows).update(project=target)


def _parts(source: Project, target: Project, by: Actor, at: datetime) -> int:
    """Parts are a whole: they move when the staying record has none, their plans with them."""
    if target.parts.exists():
        return 0
    source.plans.filter(part__isnull=False).update(project=target)
    return source.parts.update(project=target)


def _people(source: Project, target: Project, by: Actor, at: datetime) -> int:
    """Posts that nobody holds at the staying record; who answered for what before stays with the other."""
    known = set(target.responsibles.filter(valid_to=None).values_list("post", "place"))
    rows = [
        r.pk for r in source.responsibles.filter(valid_to=None) if (r.post, r.place_id) not in known
    ]  # fmt: skip
    return source.responsibles.filter(pk__in=rows).update(project=target)


def load() -> None:
    register(
        Mover("parts", _parts, (ProjectPart,)),
        Mover("plans", _plans, (AnnualPlan,)),
        Mover("nodes", _nodes, (PlanNode,)),
        Mover("units", _units, (ParticipatingUnit,)),
        Mover("people", _people, (Responsible,)),
    )
