"""The list of what meetings have decided, and one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import Project

from ..models import Decision
from ..workflow.meetings import OWED, UNSETTLED, DecisionStatus
from .meetings import one_of

#: Filters of the state: everything unsettled first, since that is the work.
STATES = ("unsettled", "overdue", *[s.value for s in DecisionStatus if s != DecisionStatus.DRAFT], "all")


@dataclass(frozen=True)
class DecisionFilters:
    """What the address asks for; what it asks wrongly is left out."""

    state: str = "unsettled"
    mine: bool = False
    unit: Organisation | None = None
    project: Project | None = None
    words: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> DecisionFilters:
        state = query.get("state", "")
        unit, project = one_of(Organisation, query.get("unit", "")), one_of(Project, query.get("project", ""))
        return cls(
            state=state if state in STATES else "unsettled",
            mine=query.get("mine") == "1",
            unit=unit if isinstance(unit, Organisation) else None,
            project=project if isinstance(project, Project) else None,
            words=" ".join(query.get("q", "").replace("\x00", "").split())[:60],
        )

    def condition(self, today: date, *, without: str = "") -> Q:
        found = ~Q(status=DecisionStatus.DRAFT)
        if without != "state":
            found &= state_condition(self.state, today)
        if self.unit and without != "unit":
            found &= Q(unit=self.unit)
        if self.project:
            found &= Q(project=self.project)
        for word in self.words.split():
            found &= (
                Q(text__icontains=word) | Q(unit__name__icontains=word) | Q(project__name__icontains=word)
            )
        return found

    def in_words(self) -> str:
        found = [state_word(self.state)]
        found += [_("Given to my office")] if self.mine else []
        found += [self.unit.name] if self.unit else []
        found += [self.project.name] if self.project else []
        return " · ".join([*found, *([self.words] if self.words else [])])


def state_condition(state: str, today: date) -> Q:
    if state == "all":
        return Q()
    if state == "unsettled":
        return Q(status__in=UNSETTLED)
    if state == "overdue":
        return Q(status__in=OWED, due_on__lt=today)
    return Q(status=state)


def state_word(state: str) -> str:
    words = {"unsettled": _("Unsettled"), "overdue": _("Overdue"), "all": _("All")}
    return words.get(state) or str(DecisionStatus(state).label)


def _asked(actor: Actor, filters: DecisionFilters, today: date, *, without: str = "") -> QuerySet[Decision]:
    rows: QuerySet[Decision] = Decision.objects.visible_to(actor).filter(
        filters.condition(today, without=without)
    )
    if filters.mine:
        rows = rows.given_to(actor)  # type: ignore[attr-defined]
    return rows


def listed(actor: Actor, filters: DecisionFilters, today: date) -> QuerySet[Decision]:
    """Visible decisions in the order of work: what is due first stands first."""
    rows = _asked(actor, filters, today).select_related(
        "unit", "person", "project", "session__office", "session__place"
    )
    return (
        rows.order_by("due_on", "pk")
        if filters.state in ("unsettled", "overdue", "open", "working")
        else rows.order_by("-due_on", "-pk")
    )


def state_counts(actor: Actor, filters: DecisionFilters, today: date) -> dict[str, int]:
    """How many each state would show, from one query."""
    rows = _asked(actor, filters, today, without="state")
    named = {state: Count("pk", filter=state_condition(state, today)) for state in STATES}
    return rows.order_by().aggregate(**named)


def units(actor: Actor, filters: DecisionFilters, today: date) -> list[tuple[str, str, int]]:
    """(public id, name, number) of the units that the list would show, the largest first."""
    rows = _asked(actor, filters, today, without="unit").filter(unit__isnull=False).order_by()
    found = (
        rows.values_list("unit__public_id", "unit__short_name").annotate(n=Count("pk")).order_by("-n", "unit")
    )
    return [(str(public_id), name, number) for public_id, name, number in found[:12]]


def decision_of(actor: Actor, public_id: UUID) -> Decision:
    """Http404 for hidden and missing alike."""
    rows = Decision.objects.visible_to(actor).select_related(
        "unit__place", "person", "project", "session__office", "session__place", "session__chair"
    )
    found: Decision | None = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
