"""Where the agenda of a meeting can be drawn from: a registry, so that further lists join with one line (M8.4).

    agenda_sources.register(Source("items", _("Three-tier list"), offered, matters))

`offered(actor, query)` gives what the page of the agenda lists, narrowed by the address; `matters(actor, keys)` what
those rows say now. Both answer with rows that this person may see, in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import local_date
from reports.models import Opinion, Problem
from reports.selectors.problems import LedgerFilters, ledger

#: How many rows the page of the agenda offers at once; the filters narrow them.
OFFERED = 100


@dataclass(frozen=True)
class Matter:
    """One matter as the meeting sees it."""

    key: UUID
    project_id: int
    project: str
    place: str
    title: str
    text: str
    #: (what, value), in the order in which they are read out.
    facts: Sequence[tuple[str, str]]
    url: str
    unit_id: int | None = None


@dataclass(frozen=True)
class Source:
    key: str
    label: str | Promise
    offered: Callable[[Actor, QueryDict, datetime], list[Matter]]
    matters: Callable[[Actor, Collection[UUID], datetime], Mapping[UUID, Matter]]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    if source.key in _sources:
        raise ValueError(f"agenda source {source.key} is registered twice")
    _sources[source.key] = source


def sources() -> list[Source]:
    return list(_sources.values())


def source_of(key: str) -> Source | None:
    return _sources.get(key)


# ---- unsettled problems ----------------------------------------------------------------------------------------


def _as_matter(problem: Problem, opinion: Opinion | None, at: datetime) -> Matter:
    days = (local_date(at) - problem.occurred_on).days
    said = f"{opinion.department.short_name}：{opinion.text}" if opinion else ""
    facts = [
        (_("Category"), problem.category.name),
        (_("Level asked for"), problem.get_level_display()),
        (_("Age"), _("{n} days, since {day}").format(n=days, day=problem.occurred_on.isoformat())),
        (_("Responsible unit"), problem.unit_name), (_("Request"), problem.request),
        (_("Latest handling"), problem.handling), (_("Last opinion"), said),
    ]  # fmt: skip
    return Matter(
        problem.public_id, problem.project_id, problem.project.name, problem.place.name, problem.number,
        problem.description, [(what, value) for what, value in facts if value],
        f"/projects/{problem.project.public_id}/", problem.unit_id,
    )  # fmt: skip


def _with_opinions(problems: list[Problem], at: datetime) -> list[Matter]:
    """The last opinion of each that has been given; one query for all."""
    last: dict[int, Opinion] = {}
    given = Opinion.objects.filter(problem__in=[p.pk for p in problems]).exclude(text="")
    for opinion in given.select_related("department").order_by("month", "pk"):
        last[opinion.problem_id] = opinion
    return [_as_matter(problem, last.get(problem.pk), at) for problem in problems]


def _offered(actor: Actor, query: QueryDict, at: datetime) -> list[Matter]:
    return _with_opinions(list(ledger(actor, LedgerFilters.read(query))[:OFFERED]), at)


def _matters(actor: Actor, keys: Collection[UUID], at: datetime) -> dict[UUID, Matter]:
    rows = Problem.objects.visible_to(actor).filter(public_id__in=keys).select_related(
        "project", "place", "category", "unit"
    )  # fmt: skip
    return {matter.key: matter for matter in _with_opinions(list(rows), at)}


def projects_with_problems() -> list[int]:
    """What the city's own meetings can be about when they are recorded by the plain form."""
    return list(Problem.objects.unsettled().order_by().values_list("project", flat=True).distinct())


PROBLEMS = Source("problems", gettext_lazy("Unsettled problems"), _offered, _matters)
