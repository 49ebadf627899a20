"""Takes published projects into the register, once: what is there already stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from ningde_projects.organizations.actor import SystemActor
from ningde_projects.organizations.basics import MUNICIPAL, city_offices, county_offices
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Industry, Organisation, Place
from ningde_projects.organizations.samples import sample_owner
from ningde_projects.workflow.door import record

from .. import published
from ..models import AnnualPlan, Level, Management, NodeKind, PlanNode, Project, ProjectPart, Stage
from ..published import PublishedRow
from ..selectors import NameBook

ASSUMED = "示例假定：列为市重点（未见公布）"


@dataclass
class Loaded:
    """What a run did."""

    added: list[Project] = field(default_factory=list)
    present: int = 0
    warnings: list[str] = field(default_factory=list)


class Loader:
    """Everything that rows refer to, read once."""

    def __init__(self, at: SystemActor, *, assume_key: bool = False) -> None:
        self.by = at
        self.assume_key = assume_key
        self.places = {place.code: place for place in Place.objects.all()}
        self.industries = {industry.name: industry for industry in Industry.objects.all()}
        self.offices = offices_by_key()
        self.owners = {o.name: o for o in Organisation.objects.filter(kind=OrgKind.OWNER)}
        self.books = {code: NameBook(place) for code, place in self.places.items()}

    def load(self, row: PublishedRow, done: Loaded) -> None:
        """One row; a project of that name in that place is left alone."""
        place, book = self.places[row.place], self.books[row.place]
        if book.has(row.name):
            done.present += 1
            return
        done.warnings += [f"row {row.number} {row.name}: {remark}" for remark in row.remarks]
        done.warnings += [
            f"row {row.number} {row.name}: much like {other}"
            for other in book.alike(row.name, row.total_investment)
        ]
        project = Project(**self.facts(row, place))
        project.save()
        book.add(project)
        self._parts(project, row)
        if row.annual_plan is not None and row.plan_year:
            AnnualPlan.objects.create(project=project, year=row.plan_year, investment=row.annual_plan)
        elif row.annual_plan is not None:
            done.warnings.append(f"row {row.number} {row.name}: annual plan without a year left out")
        if row.started_on:
            PlanNode.objects.create(project=project, kind=NodeKind.START, reached_on=row.started_on)
        record(
            "project",
            "load",
            by=self.by,
            at=self.by.at,
            obj=project,
            project_id=project.pk,
            place_id=place.pk,
            data={"row": row.number, "status": row.status},
        )
        done.added.append(project)

    def facts(self, row: PublishedRow, place: Place) -> dict[str, Any]:
        is_assumed = self.assume_key and row.level == Level.OTHER and row.stage == Stage.UNDER_WAY
        key = published.county_department(row.industry, row.name)
        return {
            "name": row.name,
            "place": place,
            "township": row.township,
            "industry": self.industries.get(row.industry),
            "owner": self.owner(row.owner, MUNICIPAL if row.is_municipal else row.place),
            "municipal_department": self.offices.get(
                (MUNICIPAL, published.city_department(row.industry, row.name))
            ),
            "county_department": None if row.is_municipal else self.offices.get((row.place, key)),
            "management": Management.MUNICIPAL if row.is_municipal else Management.COUNTY,
            "level": Level.MUNICIPAL if is_assumed else row.level,
            "stage": row.stage,
            "total_investment": row.total_investment,
            "content": row.content,
            "published_status": row.status,
            "source": f"{row.source}\n{ASSUMED}" if is_assumed else row.source,
        }

    def owner(self, name: str, place: str) -> Organisation:
        """The published owner, or the place's stand-in."""
        if not name:
            return sample_owner(self.places[place])
        if name not in self.owners:
            is_municipal = name in published.MUNICIPAL_ENTERPRISES
            self.owners[name] = Organisation.objects.create(
                name=name,
                short_name=name[:30],
                kind=OrgKind.OWNER,
                place=self.places[MUNICIPAL if is_municipal else place],
                is_municipal_enterprise=is_municipal,
                order=500,
            )
        return self.owners[name]

    def _parts(self, project: Project, row: PublishedRow) -> None:
        if len(row.places) < 2:
            return
        key = published.county_department(row.industry, row.name)
        for code in row.places:
            ProjectPart.objects.create(
                project=project,
                place=self.places[code],
                owner=project.owner if row.owner else sample_owner(self.places[code]),
                county_department=self.offices.get((code, key)),
                is_lead=code == row.place,
            )


@transaction.atomic
def load_published(rows: Iterable[PublishedRow], by: SystemActor, *, assume_key: bool = False) -> Loaded:
    """All rows or none. `assume_key`: under-way projects of no published level become 市重点, with a note."""
    loader, done = Loader(by, assume_key=assume_key), Loaded()
    for row in rows:
        loader.load(row, done)
    return done


def offices_by_key() -> dict[tuple[str, str], Organisation]:
    """(place code, key of basics.py) -> the office."""
    names = {(o.place.code, o.name): o for o in Organisation.objects.select_related("place")}
    rows = list(city_offices())
    for code in Place.objects.filter(is_municipal=False).values_list("code", flat=True):
        rows += county_offices(code)
    return {
        (row.place, row.key): names[row.place, row.name] for row in rows if (row.place, row.name) in names
    }
