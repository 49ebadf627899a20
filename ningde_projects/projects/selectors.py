"""Reads of the register that other rooms share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404

from ningde_projects.organizations.actor import Actor, in_force
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Place, User
from ningde_projects.periods.month import Month
from ningde_projects.workflow.models import Act

from .models import (
    AnnualPlan,
    Management,
    ParticipatingUnit,
    PlanNode,
    Post,
    Project,
    ProjectPart,
    Responsible,
    Threshold,
)
from .panels import acts_visible_to
from .rules import DEFAULT_THRESHOLDS, name_pairs, names_alike

#: Round sums are common; the same uneven one twice is remarkable (万元).
_ROUND = Decimal(5000)


class Thresholds:
    """All thresholds in force for one month, read once (one query); `rows` where they were read with something else."""

    def __init__(self, month: Month, rows: Iterable[Any] | None = None) -> None:
        self._values = dict(DEFAULT_THRESHOLDS)
        self._values.update(self.rows(month) if rows is None else rows)

    @staticmethod
    def rows(month: Month) -> QuerySet[Threshold, tuple[str, Decimal]]:
        """(key, value), the later one last."""
        return (
            Threshold.objects.filter(valid_from__lte=month).order_by("valid_from").values_list("key", "value")
        )

    def __getitem__(self, key: str) -> Decimal:
        return self._values[key]


class NameBook:
    """Names and totals of one place's projects, for warning of a project entered twice (one query).

    Names are looked up by the pairs of characters that they share, so that a long import stays quick.
    """

    def __init__(self, place: Place, *, leaving_out: int | None = None) -> None:
        self._names: list[str] = []
        self._totals: list[Decimal | None] = []
        self._pairs: dict[str, list[int]] = defaultdict(list)
        self._known: set[str] = set()
        rows = Project.objects.filter(place=place).exclude(pk=leaving_out)
        for name, total in rows.values_list("name", "total_investment"):
            self._add(name, total)

    def has(self, name: str) -> bool:
        return name in self._known

    def add(self, project: Project) -> None:
        self._add(project.name, project.total_investment)

    def _add(self, name: str, total: Decimal | None) -> None:
        for pair in name_pairs(name):
            self._pairs[pair].append(len(self._names))
        self._names.append(name)
        self._totals.append(total)
        self._known.add(name)

    def alike(self, name: str, total: Decimal | None = None) -> list[str]:
        """Names much like this one, and those with the very same uneven sum above 10,000 (万元)."""
        pairs = name_pairs(name)
        shared = Counter(row for pair in pairs for row in self._pairs.get(pair, ()))
        likely = {row for row, number in shared.items() if number * 3 >= len(pairs) or number >= 4}
        found = [
            row for row in sorted(likely) if self._names[row] != name and names_alike(name, self._names[row])
        ]
        if total is not None and total % _ROUND and total >= 10_000:
            found += [
                row
                for row, sum_ in enumerate(self._totals)
                if sum_ == total and row not in found and self._names[row] != name
            ]
        return [self._names[row] for row in found]


def project_of(actor: Actor, public_id: UUID) -> Project:
    """The project as this person may see it; Http404 for hidden and missing alike."""
    found = (
        Project.objects.visible_to(actor)
        .select_related("place", "industry", "owner", "municipal_department", "county_department")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return cast(Project, found)


@dataclass(frozen=True)
class Side:
    """A post with who holds it now and who held it before."""

    post: Post
    place: Place | None
    now: Responsible | None
    before: list[Responsible]

    @property
    def title(self) -> str:
        return str(self.post.label)

    @property
    def is_industry(self) -> bool:
        return self.post in (Post.INDUSTRY_LEADER, Post.INDUSTRY_DIRECT)

    @property
    def is_enterprise(self) -> bool:
        return self.post in (Post.SOE_LEADER, Post.SOE_DIRECT)


@dataclass(frozen=True)
class Record:
    """Everything of one project that its page shows (a fixed number of queries)."""

    parts: list[ProjectPart]
    plans: list[AnnualPlan]
    nodes: list[PlanNode]
    units: list[ParticipatingUnit]
    sides: list[Side]


def record_of(project: Project) -> Record:
    parts = list(project.parts.select_related("place", "owner", "county_department"))
    people = list(
        project.responsibles.select_related("user__organisation", "place").order_by(
            "post", "-valid_from", "-pk"
        )
    )
    return Record(
        parts=parts,
        plans=list(project.plans.select_related("part__place").order_by("-year", "part__place__order")),
        nodes=list(project.nodes.order_by(F("planned_on").asc(nulls_last=True), "pk")),
        units=list(project.units.select_related("organisation").order_by("role", "pk")),
        sides=_sides(project, parts, people),
    )


def _sides(project: Project, parts: list[ProjectPart], people: list[Responsible]) -> list[Side]:
    """The posts that the project has: the county side per county, the industry side once."""
    wanted: list[tuple[Post, Place | None]] = []
    counties: list[Place | None] = [part.place for part in parts]
    if not counties and not project.place.is_municipal:
        counties = [None]
    for place in counties:
        wanted += [(Post.COUNTY_LEADER, place), (Post.COUNTY_DIRECT, place)]
    wanted += [(Post.INDUSTRY_LEADER, None), (Post.INDUSTRY_DIRECT, None)]
    wanted += [(post, None) for post in enterprise_posts(project)]
    for person in people:
        if (Post(person.post), person.place) not in wanted:
            wanted.append((Post(person.post), person.place))
    sides = []
    for post, where in wanted:
        held = [p for p in people if p.post == post and p.place == where]
        now = next((p for p in held if p.valid_to is None), None)
        sides.append(Side(post, where, now, [p for p in held if p is not now]))
    return sides


def enterprise_posts(project: Project) -> list[Post]:
    """What a municipal enterprise that owns the project answers for (M3.2, M3.3); nothing for other owners."""
    if not (project.is_key and project.owner.is_municipal_enterprise):
        return []
    is_municipal = project.management == Management.MUNICIPAL or project.place.is_municipal
    return [Post.SOE_LEADER, Post.SOE_DIRECT] if is_municipal else [Post.SOE_DIRECT]


def candidates(project: Project, post: str, place: Place | None, at: datetime) -> QuerySet[User]:
    """Who can be named for a post: people with the duty in the offices of that side."""
    duty = duty_of(post)
    held = Assignment.objects.filter(in_force(at), duty=duty)
    if post == Post.COUNTY_LEADER:
        held = held.filter(
            organisation__kind=OrgKind.COUNTY_GOVERNMENT, organisation__place=place or project.place
        )
    elif post == Post.COUNTY_DIRECT:
        held = held.filter(
            organisation__kind__in=[OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT],
            organisation__place=place or project.place,
        )
    elif post in (Post.SOE_LEADER, Post.SOE_DIRECT):
        held = held.filter(organisation=project.owner_id, organisation__is_municipal_enterprise=True)
    else:
        held = held.filter(organisation=project.municipal_department_id)
    return (
        User.objects.filter(pk__in=held.values("user"), is_active=True)
        .select_related("organisation")
        .order_by("organisation__order", "pk")
    )


def duty_of(post: str) -> Duty:
    """The duty that a post asks for."""
    return Duty.LEAD if post in (Post.COUNTY_LEADER, Post.INDUSTRY_LEADER, Post.SOE_LEADER) else Duty.DIRECT


def acts_of(project: Project, actor: Actor) -> QuerySet[Act]:
    """The project's record, newest first, as far as it is for this person."""
    return Act.objects.filter(acts_visible_to(actor), project_id=project.pk).order_by("-id")
