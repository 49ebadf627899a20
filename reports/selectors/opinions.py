"""A municipal department's queue and one problem as it sees it; what a county department can pass (M6.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.periods.month import Month
from ningde_projects.projects.rules import Light, completion_percent, light_of
from ningde_projects.projects.selectors import Thresholds

from ..models import Opinion, Problem, Report
from ..workflow import OPINION_OWED, UNSETTLED, OpinionStatus

#: Items of the queue on one page.
ROWS = 50

TABS: dict[str, tuple[str, ...]] = {
    "todo": (OpinionStatus.WAITING, OpinionStatus.DRAFTING),
    "signing": (OpinionStatus.REVIEWING,),
    "signed": (OpinionStatus.SIGNED,),
    "done": (OpinionStatus.SENT, OpinionStatus.REASSIGNED),
}


def departments_of(actor: Actor) -> frozenset[int]:
    """The municipal departments for which the actor handles or signs."""
    municipal = (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION)
    return frozenset(
        h.organisation.pk for h in actor.held_of(Duty.HANDLE, Duty.SIGN) if h.organisation.kind in municipal
    )


def own_opinions(actor: Actor, month: Month) -> QuerySet[Opinion]:
    rows: QuerySet[Opinion] = Opinion.objects.visible_to(actor).filter(
        month=month, department__in=departments_of(actor)
    )
    return rows


def tab_counts(actor: Actor, month: Month) -> dict[str, int]:
    by_status = dict(own_opinions(actor, month).order_by().values_list("status").annotate(n=Count("pk")))
    return {tab: sum(by_status.get(s, 0) for s in statuses) for tab, statuses in TABS.items()}


@dataclass(frozen=True)
class QueueRow:
    opinion: Opinion
    light: Light
    days: int
    #: The county asks for the city's leaders.
    wants_leader: bool


@dataclass(frozen=True)
class Queue:
    """One tab in its order, of which the page shows one part; the item that is open may stand in any."""

    rows: list[QueueRow]
    page: Page[int]
    order: list[tuple[int, UUID]]

    def position(self, item: Opinion | None) -> int | None:
        """From 0; None when the item stands in another tab."""
        pks = [pk for pk, _public_id in self.order]
        return pks.index(item.pk) if item is not None and item.pk in pks else None

    def beside(self, item: Opinion | None, step: int) -> UUID | None:
        """The address of the one before (-1) or after (1)."""
        found = self.position(item)
        wanted = -1 if found is None else found + step
        return self.order[wanted][1] if 0 <= wanted < len(self.order) else None


def queue(
    actor: Actor, month: Month, tab: str, at: datetime,
    *, by_age: bool = True, page: str | None = None, item: Opinion | None = None,
) -> Queue:  # fmt: skip
    """The department's items of one tab, oldest problem first, and the page asked for or else the open item's."""
    items = own_opinions(actor, month).filter(status__in=TABS[tab])
    ordered = items.order_by("problem__occurred_on" if by_age else "passed_at", "pk")
    order = list(ordered.values_list("pk", "public_id"))
    pks = [pk for pk, _public_id in order]
    if page is None and item is not None and item.pk in pks:
        page = str(pks.index(item.pk) // ROWS + 1)
    shown = Paginator(pks, ROWS).get_page(page)
    return Queue(_rows(ordered.filter(pk__in=list(shown.object_list)), month, at), shown, order)


def _rows(items: QuerySet[Opinion], month: Month, at: datetime) -> list[QueueRow]:
    """A fixed number of queries for any number of items."""
    ordered = list(
        items.select_related(
            "problem__project__owner", "problem__place", "problem__category", "department", "passed_from"
        ).annotate(  # fmt: skip
            leader=Count("problem__summary_items", filter=Q(problem__summary_items__level="leader"))
        )
    )
    lights = lights_of({o.problem.project_id for o in ordered}, month)
    return [
        QueueRow(o, lights.get(o.problem.project_id, Light.NONE), o.problem.days(at),
                 bool(o.leader) or o.problem.level == "leader")
        for o in ordered
    ]  # fmt: skip


def lights_of(project_ids: Iterable[int], month: Month) -> dict[int, Light]:
    """The light of each project from its latest filed report up to the month (parts added up once)."""
    amber = Thresholds(month)["amber_points"]
    sums: dict[int, list[tuple[Month, object, object]]] = {}
    rows = Report.objects.filter(
        kind="monthly", project__in=list(project_ids), month=month, first_submitted_at__isnull=False
    ).values_list("project_id", "month", "year_cumulative", "annual_plan")
    for project, row_month, year, plan in rows:
        sums.setdefault(project, []).append((row_month, year, plan))
    found: dict[int, Light] = {}
    for project, parts in sums.items():
        year = sum((p[1] for p in parts if p[1] is not None), start=0)  # type: ignore[misc]
        plans = [p[2] for p in parts if p[2] is not None]
        percent = completion_percent(year, sum(plans)) if plans else None  # type: ignore[arg-type]
        found[project] = light_of(percent, month, amber)
    return found


def earlier_opinions(opinion: Opinion) -> list[Opinion]:
    """What departments said on the problem before, newest first."""
    return list(
        Opinion.objects.filter(problem=opinion.problem_id, status=OpinionStatus.SENT)
        .exclude(pk=opinion.pk)
        .select_related("department", "signed_by")
        .order_by("-sent_at")
    )


def owed_count(actor: Actor, month: Month) -> int:
    return own_opinions(actor, month).filter(status__in=OPINION_OWED).count()


# ---- the county department's side ------------------------------------------------------------------------------


def passable(actor: Actor, month: Month) -> QuerySet[Problem]:
    """Unsettled problems that the actor's county department has in charge, with whether they went up this month."""
    offices = [
        h.organisation.pk
        for h in actor.held_of(Duty.HANDLE)
        if h.organisation.kind == OrgKind.COUNTY_DEPARTMENT
    ]
    rows: QuerySet[Problem] = (
        Problem.objects.filter(status__in=UNSETTLED, first_month__lte=month)
        .filter(
            Q(part__isnull=True, project__county_department__in=offices)
            | Q(part__county_department__in=offices)
            | Q(unit__in=offices)
        )
        .select_related("project", "category__factor_department", "place", "unit")
        .prefetch_related("opinions__department")
        .order_by("occurred_on", "pk")
    )
    return rows
