"""Pool projects and where each stands with a platform (M1.3): a fixed number of queries, whatever the number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Project
from ningde_projects.projects.querysets import ProjectQuerySet

from ..models import Push
from ..rules.push_fields import Facts, Field, missing
from ..workflow.pushes import PushStatus, PushTo
from .entries import POOL_STAGES
from .push_facts import facts_of
from .push_requirements import Requirement, requirement_for

#: Beside the states of a push: not put up yet, with everything there or with something lacking.
NOT_UP = ("eligible", "lacking")


@dataclass(frozen=True)
class Filters:
    target: str
    state: str = ""
    place: Place | None = None
    text: str = ""

    @property
    def is_set(self) -> bool:
        return bool(self.state or self.place or self.text)


@dataclass(frozen=True)
class Row:
    project: Any
    push: Push | None
    gaps: list[Field] = field(default_factory=list)

    @property
    def may_be_put_up(self) -> bool:
        """Eligible and not on its way already."""
        free = self.push is None or self.push.status in (PushStatus.RETURNED, PushStatus.DROPPED)
        return free and not self.gaps and self.project.stage in POOL_STAGES


def read_filters(query: Mapping[str, str]) -> Filters:
    target, state, code = query.get("target", ""), query.get("state", ""), query.get("place", "")[:4]
    return Filters(
        target if target in PushTo.values else str(PushTo.NATIONAL),
        state if state in (*NOT_UP, *PushStatus.values) else "",
        Place.objects.filter(code=code).first() if code else None,
        " ".join(query.get("q", "").replace("\0", "").split())[:60],
    )


def listed(actor: Actor, filters: Filters) -> ProjectQuerySet:
    """Pool projects, and those that have been put up once; eligibility is asked afterwards."""
    pushes = Push.objects.filter(project=OuterRef("pk"), target=filters.target)
    rows = Project.objects.visible_to(actor)
    if filters.state in PushStatus.values:
        rows = rows.filter(Exists(pushes.filter(status=filters.state)))
    elif filters.state in NOT_UP:
        rows = rows.filter(stage__in=POOL_STAGES).exclude(Exists(pushes))
    else:
        rows = rows.filter(Q(stage__in=POOL_STAGES) | Q(Exists(pushes)))
    if filters.place:
        rows = rows.filter(place=filters.place)
    found: ProjectQuerySet = rows.search(filters.text) if filters.text else rows
    shown: ProjectQuerySet = found.select_related("place", "owner").prefetch_related(
        Prefetch("pushes", Push.objects.filter(target=filters.target).select_related("batch"), to_attr="own_pushes")
    ).order_by("place__order", "pk")  # fmt: skip
    return shown


def rows_of(projects: list[Any], needed: Requirement, year: int) -> list[Row]:
    facts: dict[int, Facts] = facts_of(projects, year) if projects else {}
    return [
        Row(p, p.own_pushes[0] if p.own_pushes else None, missing(facts[p.pk], needed.fields))
        for p in projects
    ]


def all_rows(actor: Actor, filters: Filters, at: datetime) -> list[Row]:
    """Every row of the filter, for the export and for the two states that are computed."""
    today = local_date(at)
    rows = rows_of(list(listed(actor, filters)), requirement_for(filters.target, today), today.year)
    if filters.state in NOT_UP:
        rows = [row for row in rows if bool(row.gaps) == (filters.state == "lacking")]
    return rows


def page_of(actor: Actor, filters: Filters, at: datetime, number: str | None, size: int) -> Page[Any]:
    """A page of rows; facts are read for the page alone, unless the filter asks for them."""
    if filters.state in NOT_UP:
        return Paginator(all_rows(actor, filters, at), size).get_page(number)
    today = local_date(at)
    page = Paginator(listed(actor, filters), size).get_page(number)
    page.object_list = rows_of(list(page.object_list), requirement_for(filters.target, today), today.year)
    return page


def state_counts(actor: Actor, target: str) -> dict[str, int]:
    counts: dict[str, int] = dict.fromkeys(PushStatus.values, 0)
    for status in Push.objects.visible_to(actor).filter(target=target).values_list("status", flat=True):
        counts[status] += 1
    return counts


def in_words(filters: Filters) -> str:
    words = {"eligible": _("eligible, not put up"), "lacking": _("something is missing")}
    words |= {str(code): str(label) for code, label in PushStatus.choices}
    parts = [str(PushTo(filters.target).label)]
    parts += [words[filters.state]] if filters.state else []
    parts += [filters.place.name] if filters.place else []
    parts += [_("Contains: {text}").format(text=filters.text)] if filters.text else []
    return "；".join(parts)
