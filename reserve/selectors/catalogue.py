"""Catalogues and tasks as pages show them (M1.5): in sets, completion with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.periods.month import local_date
from ningde_projects.periods.selectors import DeadlineBook, ended_before_us
from ningde_projects.projects.models import Stage
from ningde_projects.shell.flow import Step
from ningde_projects.shell.formats import short_stamp as stamp

from ..models import Catalogue, Half, PlanningTask
from ..querysets.catalogue import PlanningTaskQuerySet
from ..services.catalogue import issue_month
from ..workflow.catalogue import CatalogueStatus
from .offices import industry_departments


def drafting_offices(actor: Actor) -> list[Organisation]:
    """The industry departments for which this person drafts catalogues."""
    wanted = set(industry_departments().values_list("pk", flat=True))
    found = {
        h.organisation.pk: h.organisation for h in actor.held_of(Duty.HANDLE) if h.organisation.pk in wanted
    }
    return list(found.values())


def approves_city(actor: Any) -> bool:
    """Approves for the municipal government."""
    return any(
        h.duty == Duty.APPROVE and h.organisation.kind == OrgKind.MUNICIPAL_GOVERNMENT for h in actor.held
    )


# ---- the overview: who has issued when -------------------------------------------------------------------------


@dataclass(frozen=True)
class Issue:
    """One department's January or July issue; `catalogue` None: not begun (or a draft that one may not see)."""

    catalogue: Catalogue | None
    sent_at: datetime | None
    is_late: bool
    due_at: datetime
    #: Its month was over when the system was put to use; nothing is owed for it.
    before: bool


@dataclass(frozen=True)
class OverviewRow:
    department: Organisation
    issues: list[Issue]
    extra: list[Catalogue]


def overview(actor: Actor, year: int, at: datetime) -> list[OverviewRow]:
    """Every industry department of the year with its two issues and the extra ones: late is computed from instants."""
    book = DeadlineBook()
    seen = {c.pk for c in Catalogue.objects.visible_to(actor).filter(year=year).only("pk")}
    regular: dict[tuple[int, int], Catalogue] = {}
    extra: dict[int, list[Catalogue]] = {}
    for found in (
        Catalogue.objects.filter(year=year).exclude(status=CatalogueStatus.DISCARDED).order_by("number")
    ):
        if found.half and (found.number == 1 or found.pk in seen):
            first = regular.get((found.department_id, found.half))
            if first is None or found.pk in seen:
                found.first_sent_at = first.first_sent_at if first else found.first_sent_at
                regular[found.department_id, found.half] = found
        elif found.pk in seen:
            extra.setdefault(found.department_id, []).append(found)
    before = {half for half in Half.values if ended_before_us(issue_month(year, half))}
    return [
        OverviewRow(
            d,
            [_issue(book, d, year, half, regular, seen, at, half in before) for half in Half.values],
            extra.get(d.pk, []),
        )
        for d in industry_departments()
    ]


def _issue(
    book: DeadlineBook, department: Organisation, year: int, half: int,
    regular: Mapping[tuple[int, int], Catalogue], seen: set[int], at: datetime, before: bool,
) -> Issue:  # fmt: skip
    """Of a half-year that was `before` this system nothing is late."""
    due = book.deadline("D11", issue_month(year, half), department.pk)
    found = regular.get((department.pk, half))
    sent = found.first_sent_at if found else None
    return Issue(
        found if found and found.pk in seen else None, sent, not before and (sent or at) >= due, due, before
    )


# ---- lists -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TaskFilters:
    year: int | None
    place: Place | None
    department: Organisation | None
    state: str

    @property
    def is_set(self) -> bool:
        return bool(self.year or self.place or self.department or self.state)


STATES = ("open", "met", "overdue")


def read_task_filters(query: Mapping[str, str]) -> TaskFilters:
    """From the address; what does not exist is left out."""
    year = query.get("year", "")
    code = query.get("place", "")[:4]
    state = query.get("state", "")
    return TaskFilters(
        int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        Place.objects.filter(code=code).first() if code else None,
        _office(query.get("department", "")),
        state if state in STATES else "",
    )


def _office(text: str) -> Organisation | None:
    try:
        return Organisation.objects.filter(public_id=UUID(text)).first() if text else None
    except ValueError:
        return None


def with_completion(rows: PlanningTaskQuerySet) -> PlanningTaskQuerySet:
    """`done_count` and `done_sum` (万元) of the linked projects that have not left the pool."""
    counts = ~Q(links__project__stage=Stage.EXITED)
    found: PlanningTaskQuerySet = rows.annotate(
        done_count=Count("links", filter=Q(links__isnull=False) & counts),
        done_sum=Sum("links__project__total_investment", filter=counts, default=Decimal(0)),
    )
    return found


def tasks(actor: Actor, filters: TaskFilters, today: date) -> PlanningTaskQuerySet:
    """The tasks in force that this person sees, nearest first."""
    rows = with_completion(PlanningTask.objects.visible_to(actor).in_force())
    if filters.year:
        rows = rows.filter(catalogue__year=filters.year)
    if filters.place:
        rows = rows.filter(place=filters.place)
    if filters.department:
        rows = rows.filter(catalogue__department=filters.department)
    return _of_state(rows, filters.state, today).select_related(
        "place", "catalogue__department"
    ).order_by("due_on", "catalogue__department__order", "place__order", "pk")  # fmt: skip


def _of_state(rows: PlanningTaskQuerySet, state: str, today: date) -> PlanningTaskQuerySet:
    met = Q(done_count__gte=F("count"), done_sum__gte=F("investment"))
    if state == "met":
        return rows.filter(met)
    if state == "open":
        return rows.exclude(met)
    if state == "overdue":
        return rows.exclude(met).filter(due_on__lt=today)
    return rows


def is_met(task: object) -> bool:
    """For a task with its completion: the number and the sum are there."""
    return bool(task.done_count >= task.count and task.done_sum >= task.investment)  # type: ignore[attr-defined]


def filters_in_words(filters: TaskFilters) -> str:
    words = {"open": _("not met yet"), "met": _("met"), "overdue": _("overdue")}
    parts = [str(filters.year)] if filters.year else []
    parts += [filters.place.name] if filters.place else []
    parts += [filters.department.name] if filters.department else []
    return "；".join([*parts, *([words[filters.state]] if filters.state else [])])


def steps_of(catalogue: Catalogue) -> list[Step]:
    """Drafted → sent → approved → issued, with who and when."""
    order = ["drafting", "approving", "approved", "issued"]
    now = {"returned": 0, "replaced": 4, "discarded": 0}.get(
        catalogue.status, order.index(catalogue.status) if catalogue.status in order else 0
    )
    if catalogue.status == "issued":
        now = 4
    details = [
        catalogue.department_text,
        f"{catalogue.sent_by.name} {stamp(catalogue.sent_at)}" if catalogue.sent_by and catalogue.sent_at else "",
        f"{catalogue.approved_by.name} {stamp(catalogue.approved_at)}"
        if catalogue.approved_by and catalogue.approved_at else "",
        stamp(catalogue.issued_at) if catalogue.issued_at else "",
    ]  # fmt: skip
    titles = [
        _("Drafted"),
        _("Send to the municipal government for approval"),
        _("Approved"),
        _("Issued to the counties"),
    ]
    found = []
    for index, (title, detail) in enumerate(zip(titles, details, strict=True)):
        state = "done" if index < now else "now" if index == now else "later"
        if catalogue.status == "returned" and index == 0:
            state = "back"
        found.append(Step(title, detail, state))  # type: ignore[arg-type]
    return found


def editions_of(catalogue: Catalogue, actor: Actor) -> list[Catalogue]:
    rows = Catalogue.objects.visible_to(actor).filter(series=catalogue.series).order_by("-number")
    return list(rows)


def half_owed(at: datetime) -> tuple[int, int]:
    """(year, half) of the issue that is due next or has just been: July's from July on."""
    today = local_date(at)
    return today.year, 1 if today.month < 7 else 2
