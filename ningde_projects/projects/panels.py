"""The project page as a registry: later rooms add their panels, and their acts to its record.

    panels.register(Panel("reports", _("Monthly reports"), "reports/panels/project.html", context, order=30))
    panels.register_tab(Tab("reports", _("Monthly reports"), 20, count))
    panels.register_kpi(Kpi("since", 20, figure))

`context(project, actor, at)` gives what the template calls `data`; None leaves the panel out for this person.
A panel with `by_year` gets the year that the page is switched to as a fourth argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Q
from django.utils.functional import Promise

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import reporting_month
from ningde_projects.shell.flow import TimelineItem
from ningde_projects.workflow.models import Act

from .models import Project

#: (project, actor, at), and the year for a panel with `by_year`.
PanelContext = Callable[..., "Mapping[str, Any] | None"]
OVERVIEW = "overview"


@dataclass(frozen=True)
class Panel:
    """One panel. `column` "main" is the wide side, "side" the narrow one; lower `order` stands higher.

    `tabs` are those that show it: overview, preliminary, documents, record, and what later rooms register.
    """

    key: str
    title: str | Promise
    template: str
    context: PanelContext
    order: int = 100
    column: Literal["main", "side"] = "main"
    tabs: tuple[str, ...] = (OVERVIEW,)
    by_year: bool = False


@dataclass(frozen=True)
class Tab:
    """One tab of the page; `count` is the figure beside its word, "" for none. One query at most."""

    key: str
    title: str | Promise
    order: int
    count: Callable[[Project, Actor, datetime], str] | None = None


@dataclass(frozen=True)
class ShownTab:
    key: str
    title: str | Promise
    count: str


@dataclass(frozen=True)
class Figure:
    """One of the large figures under the strip; `tone` red, amber or green colours the second line."""

    title: str | Promise
    value: str
    unit: str | Promise = ""
    detail: str | Promise = ""
    tone: str = ""
    url: str = ""


@dataclass(frozen=True)
class Kpi:
    """A place in the row of figures; the first of a key that has something to say takes it."""

    key: str
    order: int
    figure: Callable[[Project, Actor, datetime], Figure | None]
    #: Among those of one key the lowest is asked first.
    rank: int = 10


@dataclass(frozen=True)
class ShownPanel:
    key: str
    title: str | Promise
    template: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class ActSource:
    """Acts of one machine on the project page: which of them this person may read, and in what words.

    Machines that nobody has registered stay off the page: an act can tell of matters that are not for everyone.
    """

    machine: str
    visible: Callable[[Actor], Q]
    describe: Callable[[Act], TimelineItem]


_panels: dict[str, Panel] = {}
_sources: dict[str, ActSource] = {}
_tabs: dict[str, Tab] = {}
_kpis: dict[tuple[str, int], Kpi] = {}


def register(*panels: Panel) -> None:
    for panel in panels:
        if panel.key in _panels:
            raise ValueError(f"panel {panel.key} is registered twice")
        _panels[panel.key] = panel


def register_tab(*tabs: Tab) -> None:
    for tab in tabs:
        if tab.key in _tabs:
            raise ValueError(f"tab {tab.key} is registered twice")
        _tabs[tab.key] = tab


def register_kpi(*kpis: Kpi) -> None:
    for kpi in kpis:
        if (kpi.key, kpi.rank) in _kpis:
            raise ValueError(f"figure {kpi.key} is registered twice")
        _kpis[kpi.key, kpi.rank] = kpi


def register_acts(*sources: ActSource) -> None:
    for source in sources:
        if source.machine in _sources:
            raise ValueError(f"acts of {source.machine} are registered twice")
        _sources[source.machine] = source


def shown(
    project: Project, actor: Actor, at: datetime, column: str, tab: str = OVERVIEW, year: int | None = None
) -> list[ShownPanel]:
    """The panels of one column of one tab that have something for this person."""
    year = year or reporting_month(at).year
    found = []
    for panel in sorted(_panels.values(), key=lambda p: (p.order, p.key)):
        if panel.column != column or tab not in panel.tabs:
            continue
        asked = (project, actor, at, year) if panel.by_year else (project, actor, at)
        if (data := panel.context(*asked)) is not None:
            found.append(ShownPanel(panel.key, panel.title, panel.template, data))
    return found


def tab_keys() -> list[str]:
    return [tab.key for tab in sorted(_tabs.values(), key=lambda t: t.order)]


def shown_tabs(project: Project, actor: Actor, at: datetime) -> list[ShownTab]:
    return [
        ShownTab(tab.key, tab.title, tab.count(project, actor, at) if tab.count else "")
        for tab in sorted(_tabs.values(), key=lambda t: t.order)
    ]


def figures(project: Project, actor: Actor, at: datetime) -> list[Figure]:
    """One per key, in order: a later room's figure takes the place of the register's own."""
    found: dict[str, Figure] = {}
    for kpi in sorted(_kpis.values(), key=lambda k: (k.order, k.rank)):
        if kpi.key not in found and (figure := kpi.figure(project, actor, at)) is not None:
            found[kpi.key] = figure
    return list(found.values())


def acts_visible_to(actor: Actor) -> Q:
    """The acts that the record of a project shows to this person."""
    rule = Q(pk__in=[])
    for source in _sources.values():
        rule |= Q(machine=source.machine) & source.visible(actor)
    return rule


def described(act: Act) -> TimelineItem:
    return _sources[act.machine].describe(act)
