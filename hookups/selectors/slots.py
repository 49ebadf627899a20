"""Which posts of which projects an office has to name a person for (M3.1–M3.3), computed for all offices at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.projects.models import Level, Post, Project, Responsible, Stage
from ningde_projects.projects.selectors import enterprise_posts

Key = tuple[int, int | None, str]


@dataclass(frozen=True)
class Slot:
    """One post that has to be filled. `place` only for a county's part of a project across counties."""

    office_id: int
    project: Project
    place: Place | None
    post: Post

    @property
    def key(self) -> Key:
        return (self.project.pk, self.place.pk if self.place else None, str(self.post))

    @property
    def county(self) -> Place:
        return self.place or self.project.place


def key_projects() -> Q:
    """省市重点项目 that are not over; a suspended one keeps its persons."""
    return Q(level__in=[Level.PROVINCIAL, Level.MUNICIPAL]) & ~Q(stage__in=[Stage.COMPLETED, Stage.EXITED])


def slots_of(offices: Iterable[Organisation] | None = None) -> dict[int, list[Slot]]:
    """Slots by filing office, in the order of counties and projects; three queries whatever the number."""
    asked = None if offices is None else list(offices)
    bureaus = dict(
        Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, is_active=True).values_list("place_id", "pk")
    )
    rows = (
        Project.objects.filter(key_projects(), _concerned(asked))
        .select_related("place", "owner", "municipal_department")
        .prefetch_related("parts__place")
        .order_by("place__order", "pk")
        .distinct()
    )
    wanted = None if asked is None else {office.pk for office in asked}
    found: dict[int, list[Slot]] = defaultdict(list)
    for project in rows:
        for slot in _slots_of_project(project, bureaus):
            if wanted is None or slot.office_id in wanted:
                found[slot.office_id].append(slot)
    return dict(found)


def _concerned(offices: list[Organisation] | None) -> Q:
    if offices is None:
        return Q()
    places = [o.place_id for o in offices if o.kind == OrgKind.COUNTY_BUREAU]
    ids = [o.pk for o in offices]
    return (
        Q(place__in=places) | Q(parts__place__in=places) | Q(municipal_department__in=ids) | Q(owner__in=ids)
    )


def slots_of_project(project: Project) -> list[Slot]:
    """The posts of one project with the offices that fill them; none for what is no key project or over."""
    if not project.is_key or project.stage in (Stage.COMPLETED, Stage.EXITED):
        return []
    bureaus = dict(
        Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, is_active=True).values_list("place_id", "pk")
    )
    return list(_slots_of_project(project, bureaus))


def _slots_of_project(project: Project, bureaus: dict[int, int]) -> Iterator[Slot]:
    parts = [part.place for part in project.parts.all()]
    for place in parts or [project.place]:
        office = bureaus.get(place.pk)
        if office is None:
            continue
        shown = place if parts else None
        yield Slot(office, project, shown, Post.COUNTY_LEADER)
        yield Slot(office, project, shown, Post.COUNTY_DIRECT)
    department = project.municipal_department
    if department is not None and department.kind in (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION):
        yield Slot(department.pk, project, None, Post.INDUSTRY_LEADER)
        yield Slot(department.pk, project, None, Post.INDUSTRY_DIRECT)
    for post in enterprise_posts(project):
        yield Slot(project.owner_id, project, None, post)


def answering(project_ids: Iterable[int]) -> dict[Key, Responsible]:
    """Who answers now, by post (one query)."""
    rows = Responsible.objects.filter(project__in=set(project_ids), valid_to__isnull=True)
    return {(r.project_id, r.place_id, r.post): r for r in rows.select_related("user__organisation")}
