"""Everything that the rows of an imported table refer to, read once for the whole file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Industry, Organisation, Place
from ningde_projects.periods.month import reporting_month

from ..models import AnnualPlan, Project
from ..selectors import NameBook, Thresholds
from ..services.loading import offices_by_key


@dataclass
class Books:
    """Places, offices, projects, plans and names."""

    actor: Actor
    at: datetime
    places: dict[str, Place] = field(default_factory=dict)
    industries: dict[str, Industry] = field(default_factory=dict)
    offices: dict[str, list[Organisation]] = field(default_factory=dict)
    by_code: dict[str, Project] = field(default_factory=dict)
    by_name: dict[tuple[int, str], Project] = field(default_factory=dict)
    plans: dict[tuple[int, int], AnnualPlan] = field(default_factory=dict)
    names: dict[int, NameBook] = field(default_factory=dict)
    seen: dict[tuple[int, str], int] = field(default_factory=dict)
    seen_codes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = {place.code: place for place in Place.objects.all()}
        self.industries = {industry.code: industry for industry in Industry.objects.all()}
        for office in Organisation.objects.filter(is_active=True).select_related("place").order_by("pk"):
            self.offices.setdefault(office.name, []).append(office)
            if office.short_name != office.name:
                self.offices.setdefault(office.short_name, []).append(office)
        self.keyed = offices_by_key()
        for project in Project.objects.select_related(
            "place", "industry", "owner", "municipal_department", "county_department"
        ):
            self.by_name[project.place_id, project.name] = project
            if project.code:
                self.by_code[project.code] = project
        self.plans = {
            (plan.project_id, plan.year): plan for plan in AnnualPlan.objects.filter(part__isnull=True)
        }
        month = reporting_month(self.at)
        self.year, self.slip = month.year, Thresholds(month)["slip_factor"]

    def office(self, name: str, kinds: tuple[str, ...], place: Place | None) -> Organisation | None:
        """By full or short name; the one of the place goes first."""
        fitting = [office for office in self.offices.get(name, ()) if office.kind in kinds]
        return min(fitting, key=lambda o: place is None or o.place_id != place.pk, default=None)

    def alike(self, place: Place, name: str, total: Decimal | None) -> list[str]:
        if place.pk not in self.names:
            self.names[place.pk] = NameBook(place)
        return self.names[place.pk].alike(name, total)
