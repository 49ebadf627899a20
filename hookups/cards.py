"""What later rooms tell the leader's page about projects: they register, this room asks in sets (one-way imports).

    cards.register_progress(progress_of)      # light, investment of the year, plan
    cards.register_problems(problems_of)      # open problems of each project
    cards.register_clocks(clocks_of)          # deadlines that run against this person
    cards.register_concerns(projects_for)     # projects on which an office is asked, though it does not lead them
    cards.register_matters(projects)          # projects with something unsettled, for the city's own meetings

Each function is called once per page with all projects of it; without registrations the page shows none of these.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month


@dataclass(frozen=True)
class Progress:
    """The latest figures that were filed for a project; sums in 万元, rates in percent."""

    month: Month
    light: str
    year_total: Decimal
    plan: Decimal | None
    percent: Decimal | None
    schedule: Decimal


@dataclass(frozen=True)
class Problems:
    """Open problems of a project, and the address of the list behind the number."""

    count: int
    oldest_days: int
    url: str


@dataclass(frozen=True)
class Clock:
    """One thing that lies with someone: with the person himself, or, its time running, with another for his project.

    `due` None: it lies with the person without a day of its own.
    """

    title: str
    detail: str
    url: str
    holder: str
    due: datetime | None
    is_overdue: bool
    is_mine: bool


ProgressSource = Callable[[Collection[int], Actor, datetime], Mapping[int, Progress]]
ProblemSource = Callable[[Collection[int], Actor, datetime], Mapping[int, Problems]]
ClockSource = Callable[[Collection[int], Actor, datetime], list[Clock]]
#: Organisation id -> ids of projects.
ConcernSource = Callable[[int], Collection[int]]

_progress: list[ProgressSource] = []
_problems: list[ProblemSource] = []
_clocks: list[ClockSource] = []
_concerns: list[ConcernSource] = []


#: Ids of projects that the city's own meetings can be about: those with something unsettled.
MatterSource = Callable[[], Collection[int]]
_matters: list[MatterSource] = []


def register_matters(source: MatterSource) -> None:
    _matters.append(source)


def open_matters() -> set[int]:
    return {project for source in _matters for project in source()}


def register_progress(source: ProgressSource) -> None:
    _progress[:] = [source]


def register_problems(source: ProblemSource) -> None:
    _problems[:] = [source]


def register_clocks(source: ClockSource) -> None:
    _clocks.append(source)


def register_concerns(source: ConcernSource) -> None:
    _concerns.append(source)


def progress_of(projects: Collection[int], actor: Actor, at: datetime) -> Mapping[int, Progress]:
    return _progress[0](projects, actor, at) if _progress and projects else {}


def problems_of(projects: Collection[int], actor: Actor, at: datetime) -> Mapping[int, Problems]:
    return _problems[0](projects, actor, at) if _problems and projects else {}


def clocks_of(projects: Collection[int], actor: Actor, at: datetime) -> list[Clock]:
    """The most pressing first."""
    found = [clock for source in _clocks for clock in source(projects, actor, at)]
    return sorted(found, key=lambda clock: (clock.due is None, clock.due and clock.due.timestamp()))


def concerned(office: int) -> set[int]:
    return {project for source in _concerns for project in source(office)}
