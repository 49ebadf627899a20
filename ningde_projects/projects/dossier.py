"""项目档案 as one workbook: what the page of the project says to this person, sheet by sheet.

    dossier.register(Chapter("reports", 40, build))      # build(project, actor, at) -> Pages

Each room adds its sheets; a chapter that has nothing for this person gives none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import User
from ningde_projects.shell.formats import masked_phone, money

from .models import AnnualPlan, PlanNode, Project, Responsible
from .progress import judgements
from .selectors import Record, record_of

#: A sheet and its rows.
Pages = Iterable[tuple[Sheet, Iterable[Any]]]
Build = Callable[[Project, Actor, datetime], Pages]


@dataclass(frozen=True)
class Chapter:
    key: str
    order: int
    build: Build


_chapters: dict[str, Chapter] = {}


def register(*chapters: Chapter) -> None:
    for chapter in chapters:
        if chapter.key in _chapters:
            raise ValueError(f"chapter {chapter.key} is registered twice")
        _chapters[chapter.key] = chapter


def pages_of(project: Project, actor: Actor, at: datetime) -> list[tuple[Sheet, Iterable[Any]]]:
    found: list[tuple[Sheet, Iterable[Any]]] = []
    for chapter in sorted(_chapters.values(), key=lambda c: c.order):
        found.extend(chapter.build(project, actor, at))
    return found


# ---- the register's own chapters -------------------------------------------------------------------------------

_FACTS = Sheet(
    key="dossier_facts", name=gettext_lazy("Basic facts"), orientation="portrait",
    columns=(
        Column("title", gettext_lazy("Fact"), getter=lambda row: row[0], width=26),
        Column("value", pgettext_lazy("of a fact", "Content"), getter=lambda row: row[1], width=80),
    ),
)  # fmt: skip
_PLANS = Sheet(
    key="dossier_plans", name=gettext_lazy("Annual plans"), unit_line=gettext_lazy("Unit: 10,000 yuan"),
    columns=(
        Column("year", pgettext_lazy("plan", "Year"), getter=lambda plan: str(plan.year), width=10),
        Column("part", pgettext_lazy("of a project", "Part"),
               getter=lambda plan: plan.part.place.name if plan.part else _("Whole project"), width=16),
        Column("investment", gettext_lazy("Planned investment"), kind="money", width=18),
        Column("goal", gettext_lazy("Goal of the year"), width=50),
    ),
)  # fmt: skip
_NODES = Sheet(
    key="dossier_nodes", name=gettext_lazy("Plan nodes"),
    columns=(
        Column("kind", pgettext_lazy("plan", "Node"), getter=lambda node: node.get_kind_display(), width=16),
        Column("name", gettext_lazy("Name"), width=30),
        Column("planned_on", pgettext_lazy("day", "Planned"), kind="date", width=14),
        Column("reached_on", pgettext_lazy("day", "Reached"), kind="date", width=14),
    ),
)  # fmt: skip
_PEOPLE = Sheet(
    key="dossier_people", name=gettext_lazy("Responsible persons"),
    columns=(
        Column("post", gettext_lazy("Post"), getter=lambda held: held.get_post_display(), width=20),
        Column("place", gettext_lazy("County"), getter=lambda held: held.place.name if held.place else "", width=14),
        Column("name", gettext_lazy("Name"), getter=lambda held: held.user.name, width=14),
        Column("office", gettext_lazy("Office"), getter=lambda held: held.user.organisation.name, width=30),
        Column("title", gettext_lazy("Title"), getter=lambda held: held.user.title, width=20),
        Column("phone", gettext_lazy("Telephone"), getter=lambda held: masked_phone(held.user.phone), width=16),
        Column("valid_from", pgettext_lazy("day", "From"), kind="date", width=14),
        Column("valid_to", pgettext_lazy("day", "Until"), kind="date", width=14),
    ),
)  # fmt: skip


def _facts(project: Project, actor: Actor, at: datetime) -> Pages:
    record = record_of(project)
    yield _FACTS, _fact_rows(project, actor, at, record)
    plans: list[AnnualPlan] = record.plans
    nodes: list[PlanNode] = record.nodes
    people: list[Responsible] = [
        held for side in record.sides for held in ([side.now] if side.now else []) + side.before
    ]
    if plans:
        yield _PLANS, plans
    if nodes:
        yield _NODES, nodes
    if people:
        yield _PEOPLE, people


def _fact_rows(project: Project, actor: Actor, at: datetime, record: Record) -> list[tuple[str, str]]:
    judged = judgements(actor, at, [project.pk]).get(project.pk)
    total = "" if project.total_investment is None else money(project.total_investment)
    years = f"{project.start_year or '?'}—{project.end_year or '?'}"
    rows = [
        (_("Project name"), project.name), (_("National project code"), project.code),
        (_("Lead county"), f"{project.place.name}{project.township}"),
        (_("Level"), project.get_level_display()), (_("Stage"), project.get_stage_display()),
        (_("Management"), project.get_management_display()),
        (_("Investment kind"), project.get_investment_kind_display()),
        (_("Industry"), project.industry.name if project.industry else ""),
        (_("Owner"), project.owner.name),
        (_("Municipal industry department"), project.municipal_department.name if project.municipal_department else ""),
        (_("County industry department"), project.county_department.name if project.county_department else ""),
        (_("Total investment (10,000 yuan)"), total),
        (_("Time of building"), years if project.start_year or project.end_year else ""),
        (_("Goal of the year"), project.annual_goal), (pgettext("project", "Scale and content"), project.content),
        (_("How it stands"), judged.why if judged else ""),
    ]  # fmt: skip
    rows += [
        (_("Part of {county}").format(county=part.place.name), part.owner.name if part.owner else "")
        for part in record.parts
    ]
    rows += [(str(unit.get_role_display()), unit.organisation.name) for unit in record.units]
    return [(title, value or "—") for title, value in rows]


def made_line(person: User, at: str) -> str:
    return _("Exported by {name}, {time}").format(name=person.name, time=at)


def load() -> None:
    """Called once when the app is ready."""
    register(Chapter("facts", 10, _facts))
