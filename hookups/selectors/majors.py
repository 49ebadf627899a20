"""Key projects with the commission's picks, and the heads of the counties (M3.1)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Place
from ningde_projects.projects.models import Post, Project, Responsible

from ..models import MainLeader, MajorPick
from ..models.lists import Head
from ..policies.lists import heads_right, reads_city
from .slots import key_projects

SHOWN = ("", "picked", "other")


def key_rows(actor: Actor, year: int, show: str, place: str, text: str) -> QuerySet[Project]:
    """The key projects that this person sees, filtered; page and export ask the same."""
    rows: QuerySet[Project] = (
        Project.objects.visible_to(actor)
        .filter(key_projects())
        .search(text)
        .select_related("place", "owner", "municipal_department", "industry")
        .order_by("place__order", "pk")
    )
    if place:
        rows = rows.filter(place__code=place)
    picked = MajorPick.objects.filter(year=year, withdrawn_at__isnull=True).values("project")
    if show == "picked":
        rows = rows.filter(pk__in=picked)
    elif show == "other":
        rows = rows.exclude(pk__in=picked)
    return rows


@dataclass(frozen=True)
class PickRow:
    project: Project
    pick: MajorPick | None
    #: (person, heads the county?) of the county side, each county of a project across counties.
    leaders: list[tuple[str, bool]]


def pick_rows(projects: list[Project], year: int, heads: dict[int, set[int]]) -> list[PickRow]:
    """Three queries for a page of projects."""
    ids = [project.pk for project in projects]
    picks = {
        row.project_id: row
        for row in MajorPick.objects.filter(year=year, withdrawn_at__isnull=True, project__in=ids)
    }
    leaders: dict[int, list[tuple[str, bool]]] = {}
    for row in Responsible.objects.filter(
        project__in=ids, post=Post.COUNTY_LEADER, valid_to__isnull=True
    ).select_related("user", "project"):
        place = row.place_id or row.project.place_id
        leaders.setdefault(row.project_id, []).append((row.user.name, row.user_id in heads.get(place, set())))
    return [PickRow(p, picks.get(p.pk), leaders.get(p.pk, [])) for p in projects]


@dataclass(frozen=True)
class HeadRow:
    place: Place
    head: Head
    now: MainLeader | None
    before: list[MainLeader]
    may_set: bool


def head_rows(actor: Actor, places: list[Place]) -> list[HeadRow]:
    """Both heads of each county, with those before (one query)."""
    rows = list(
        MainLeader.objects.filter(place__in=places)
        .select_related("user__organisation")
        .order_by("-valid_from")
    )
    found = []
    for place in places:
        may = isinstance(heads_right(actor, place), Held)
        for head in Head:
            held = [row for row in rows if row.place_id == place.pk and row.head == head]
            now = next((row for row in held if row.valid_to is None), None)
            found.append(HeadRow(place, head, now, [row for row in held if row is not now], may))
    return found


def places_of(actor: Actor) -> list[Place]:
    """All counties for the city's people, one's own for a county's."""
    if reads_city(actor):
        return list(Place.objects.filter(is_municipal=False))
    kinds = (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT)
    duties = (Duty.REVIEW, Duty.APPROVE, Duty.VIEW)
    own = {h.organisation.place_id for h in actor.held_of(*duties) if h.organisation.kind in kinds}
    return list(Place.objects.filter(pk__in=own))
