"""The annual key-project list of a year, the batches behind it, and what may be proposed (facts.md §3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import AnnualPlan, Level, Project, ProjectPart, Stage
from ningde_projects.projects.querysets import ProjectQuerySet

from ..models import AnnualBatch, AnnualItem
from ..rules.annual import YEARS_WITHOUT_START, has_stood_still
from ..services.annual import ELIGIBLE_STAGES
from ..workflow.annual import LIVE, ItemStatus

STATES = ("listed", "removed", "still")
_STARTED = (Stage.UNDER_WAY, Stage.COMPLETED)


@dataclass(frozen=True)
class Filters:
    year: int
    level: str = ""
    place: Place | None = None
    state: str = "listed"
    text: str = ""

    @property
    def is_set(self) -> bool:
        return bool(self.level or self.place or self.text or self.state != "listed")


def read_filters(query: Mapping[str, str], at: datetime) -> Filters:
    """From the address; what does not exist is left out."""
    year, level, state = query.get("year", ""), query.get("level", ""), query.get("state", "")
    code = query.get("place", "")[:4]
    return Filters(
        int(year) if year.isascii() and year.isdigit() and 2000 <= int(year) <= 2099 else local_date(at).year,
        level if level in (Level.PROVINCIAL, Level.MUNICIPAL) else "",
        Place.objects.filter(code=code).first() if code else None,
        state if state in STATES else "listed",
        " ".join(query.get("q", "").replace("\0", "").split())[:60],
    )


def annual_list(actor: Actor, filters: Filters, today: date) -> ProjectQuerySet:
    """The projects of the year's list that this person sees, in order, with everything that a row shows.

    Beside what was listed here stand key projects with a plan of the year that were taken over from published lists.
    """
    year = filters.year
    items = AnnualItem.objects.filter(project=OuterRef("pk"))
    taken_over = (
        Q(level__in=[Level.PROVINCIAL, Level.MUNICIPAL])
        & Exists(AnnualPlan.objects.filter(project=OuterRef("pk"), year=year))
        & ~Exists(items.filter(status__in=[ItemStatus.LISTED, ItemStatus.REMOVED]))
    )
    listed = Q(Exists(items.filter(batch__year=year, status=ItemStatus.LISTED)))
    if filters.state == "removed":
        rule = Q(Exists(items.filter(batch__year=year, status=ItemStatus.REMOVED))) & ~listed
    else:
        rule = listed | taken_over
    rows = Project.objects.visible_to(actor).filter(rule).annotate(first_year=Subquery(_first_year()))
    if filters.state == "still":
        rows = rows.filter(first_year__lte=today.year - YEARS_WITHOUT_START).exclude(stage__in=_STARTED)
    if filters.level:
        rows = rows.filter(level=filters.level)
    if filters.place:
        rows = rows.filter(Q(place=filters.place) | Exists(_parts_of(filters.place)))
    found: ProjectQuerySet = rows.search(filters.text) if filters.text else rows
    found = found.with_year_plan(year).select_related("place", "industry", "owner", "municipal_department")
    shown: ProjectQuerySet = found.prefetch_related(
        Prefetch(
            "annual_items",
            AnnualItem.objects.filter(batch__year=year, status__in=[ItemStatus.LISTED, ItemStatus.REMOVED])
            .select_related("batch").order_by("-pk"),
            to_attr="year_items",
        ),
        Prefetch("parts", ProjectPart.objects.select_related("place"), to_attr="shown_parts"),
    ).order_by("place__order", "pk")  # fmt: skip
    return shown


def _first_year() -> Any:
    listed: QuerySet[Any] = AnnualItem.objects.filter(project=OuterRef("pk"), status=ItemStatus.LISTED)
    return listed.order_by().values("project").annotate(first=Min("batch__year")).values("first")


def _parts_of(place: Place) -> QuerySet[Any]:
    return ProjectPart.objects.filter(project=OuterRef("pk"), place=place)


def stands_still(project: Any, today: date) -> bool:
    """Listed for two years and not started: the commission takes it up for removal."""
    return project.first_year is not None and has_stood_still(
        project.first_year, today, project.stage in _STARTED
    )


def in_words(filters: Filters) -> str:
    words = {"removed": _("removed"), "still": _("two list years without start")}
    parts = [str(filters.year)]
    parts += [str(Level(filters.level).label)] if filters.level else []
    parts += [filters.place.name] if filters.place else []
    parts += [words[filters.state]] if filters.state in words else []
    parts += [_("Contains: {text}").format(text=filters.text)] if filters.text else []
    return "；".join(parts)


# ---- batches ---------------------------------------------------------------------------------------------------


def batches() -> QuerySet[AnnualBatch]:
    """With how many proposals wait and how many stand in the list."""
    return (
        AnnualBatch.objects.select_related("decided_by")
        .annotate(
            waiting=Count("items", filter=Q(items__status=ItemStatus.PROPOSED)),
            accepted=Count("items", filter=Q(items__status__in=[ItemStatus.ACCEPTED, ItemStatus.LISTED])),
        )
        .order_by("-year", "-created_at", "-pk")
    )


def proposable(actor: Actor, batch: AnnualBatch, text: str = "") -> ProjectQuerySet:
    """The projects that this person's office may propose into the batch and has not yet."""
    rule = Q(pk__in=[])
    for held in actor.held:
        office = held.organisation
        if held.duty == Duty.REVIEW and office.kind == OrgKind.COUNTY_BUREAU:
            rule |= Q(place=office.place_id) | Q(
                Exists(ProjectPart.objects.filter(project=OuterRef("pk"), place=office.place_id))
            )
        elif held.duty == Duty.HANDLE and office.kind == OrgKind.COUNTY_DEPARTMENT:
            rule |= Q(county_department=office.pk) | Q(
                Exists(ProjectPart.objects.filter(project=OuterRef("pk"), county_department=office.pk))
            )
        elif held.duty == Duty.HANDLE and office.kind == OrgKind.MUNICIPAL_DEPARTMENT:
            rule |= Q(municipal_department=office.pk)
    taken = AnnualItem.objects.filter(batch=batch, status__in=sorted(LIVE)).values("project")
    rows = Project.objects.filter(rule, stage__in=ELIGIBLE_STAGES).exclude(pk__in=taken)
    found: ProjectQuerySet = rows.search(text) if text else rows
    ordered: ProjectQuerySet = found.select_related("place", "owner").order_by("place__order", "pk")
    return ordered


def proposes(actor: Actor) -> bool:
    """Whether this person's office proposes at all."""
    kinds = {
        (Duty.REVIEW, OrgKind.COUNTY_BUREAU),
        (Duty.HANDLE, OrgKind.COUNTY_DEPARTMENT),
        (Duty.HANDLE, OrgKind.MUNICIPAL_DEPARTMENT),
    }
    return any((h.duty, h.organisation.kind) in kinds for h in actor.held)
