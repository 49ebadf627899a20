"""The project page as a registry: later rooms add their panels, and their acts to its record.

    panels.register(Panel("reports", _("Monthly reports"), "reports/panels/project.html", context, order=30))

`context(project, actor, at)` gives what the template calls `data`; None leaves the panel out for this person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Q
from django.utils.functional import Promise

from ningde_projects.organizations.actor import Actor
from ningde_projects.shell.flow import TimelineItem
from ningde_projects.workflow.models import Act

from .models import Project

PanelContext = Callable[[Project, Actor, datetime], "Mapping[str, Any] | None"]


@dataclass(frozen=True)
class Panel:
    """One panel. `column` "main" is the wide side, "side" the narrow one; lower `order` stands higher."""

    key: str
    title: str | Promise
    template: str
    context: PanelContext
    order: int = 100
    column: Literal["main", "side"] = "main"


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


def register(*panels: Panel) -> None:
    for panel in panels:
        if panel.key in _panels:
            raise ValueError(f"panel {panel.key} is registered twice")
        _panels[panel.key] = panel


def register_acts(*sources: ActSource) -> None:
    for source in sources:
        if source.machine in _sources:
            raise ValueError(f"acts of {source.machine} are registered twice")
        _sources[source.machine] = source


def shown(project: Project, actor: Actor, at: datetime, column: str) -> list[ShownPanel]:
    """The panels of one column that have something for this person."""
    found = []
    for panel in sorted(_panels.values(), key=lambda p: (p.order, p.key)):
        if panel.column == column and (data := panel.context(project, actor, at)) is not None:
            found.append(ShownPanel(panel.key, panel.title, panel.template, data))
    return found


def acts_visible_to(actor: Actor) -> Q:
    """The acts that the record of a project shows to this person."""
    rule = Q(pk__in=[])
    for source in _sources.values():
        rule |= Q(machine=source.machine) & source.visible(actor)
    return rule


def described(act: Act) -> TimelineItem:
    return _sources[act.machine].describe(act)
