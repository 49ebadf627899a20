"""The list of hard cases, one of them as far as this person may read it, and the matters of units (M10.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.projects.models import Project
from ningde_projects.workflow.models import Act
from reports.models import Problem
from reports.selectors.problems import LedgerFilters, ledger

from ..models import CaseLine, HardCase, Instruction, InstructionTask
from ..workflow.hard_cases import HARD_CASE, OPEN, TASK, TASK_OWED, HardCaseStatus, TaskStatus

#: How many problems the form offers at once; the filters narrow them.
OFFERED = 60


@dataclass(frozen=True)
class CaseFilters:
    """What the address asks for; unknown values are left out."""

    state: str = "open"
    words: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> CaseFilters:
        state = query.get("state", "open")
        return cls(
            state if state in (*HardCaseStatus.values, "open", "all", "overdue") else "open",
            " ".join(query.get("q", "").replace("\x00", "").split())[:60],
        )

    def condition(self, today: date, *, without: str = "") -> Q:
        found = Q()
        if without != "state":
            if self.state == "open":
                found &= Q(status__in=OPEN)
            elif self.state == "overdue":
                late = InstructionTask.objects.overdue(today).filter(case=OuterRef("pk"))
                found &= Q(Exists(late))
            elif self.state != "all":
                found &= Q(status=self.state)
        for word in self.words.split():
            found &= Q(title__icontains=word) | Q(leader__name__icontains=word)
        return found


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("case").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def listed(actor: Actor, filters: CaseFilters, today: date) -> QuerySet[HardCase]:
    """The rows with what a row shows: visible problems and matters, verified, overdue, the last day."""
    lines = CaseLine.objects.visible_to(actor).filter(case=OuterRef("pk"))
    tasks = InstructionTask.objects.visible_to(actor).filter(case=OuterRef("pk"))
    last = tasks.order_by().values("case").annotate(n=Max("due_on")).values("n")
    rows: QuerySet[HardCase] = HardCase.objects.visible_to(actor).filter(filters.condition(today))
    return rows.select_related("leader").annotate(
        line_count=_count(lines), task_count=_count(tasks),
        verified_count=_count(tasks.filter(status=TaskStatus.VERIFIED)),
        overdue_count=_count(tasks.filter(status__in=TASK_OWED, due_on__lt=today)),
        last_due=Subquery(last),
    )  # fmt: skip


def state_counts(actor: Actor, filters: CaseFilters, today: date) -> dict[str, int]:
    rows = HardCase.objects.visible_to(actor).filter(filters.condition(today, without="state"))
    return dict(rows.order_by().values_list("status").annotate(n=Count("pk")))


@dataclass(frozen=True)
class CaseView:
    """One case for one person."""

    case: HardCase
    is_whole: bool
    #: The instruction's words; an owner reads them when the commission shows them.
    reads_instruction: bool
    lines: list[CaseLine]
    instructions: list[Instruction]
    tasks: list[InstructionTask]
    acts: list[Act]


def case_of(actor: Actor, public_id: UUID) -> HardCase:
    """Http404 for hidden and missing alike."""
    rows = HardCase.objects.visible_to(actor).select_related("leader__organisation", "begun_by")
    found: HardCase | None = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def task_of(actor: Actor, public_id: UUID) -> InstructionTask:
    rows = InstructionTask.objects.visible_to(actor).select_related("unit__place", "case__leader")
    found: InstructionTask | None = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def is_only_owner(actor: Actor) -> bool:
    return all(h.organisation.kind == OrgKind.OWNER for h in actor.held)


def case_view(actor: Actor, case: HardCase) -> CaseView:
    """A fixed number of queries."""
    is_whole = HardCase.objects.whole_to(actor).filter(pk=case.pk).exists()
    tasks = list(InstructionTask.objects.visible_to(actor).filter(case=case).select_related("unit__place"))
    lines = CaseLine.objects.visible_to(actor).filter(case=case).select_related(
        "project__place", "problem__category", "problem__owner"
    )  # fmt: skip
    reads = is_whole or bool(tasks) or case.released_at is not None or not is_only_owner(actor)
    acts: list[Act] = []
    if is_whole:
        about = Q(machine=HARD_CASE.name, object_id=case.pk) | Q(
            machine=TASK.name, object_id__in=[task.pk for task in tasks]
        )
        acts = list(Act.objects.filter(about).exclude(name="save_draft").order_by("-id")[:60])
    instructions = list(case.instructions.all()) if reads else []
    return CaseView(case, is_whole, reads, list(lines), instructions, tasks, acts)


def tasks_listed(actor: Actor, state: str, today: date) -> QuerySet[InstructionTask]:
    """Matters that this person sees; `state` is owed, overdue, reported, verified or all."""
    rows: QuerySet[InstructionTask] = InstructionTask.objects.visible_to(actor).select_related("unit", "case")
    if state == "overdue":
        rows = rows.overdue(today)  # type: ignore[attr-defined]
    elif state == "owed":
        rows = rows.owed()  # type: ignore[attr-defined]
    elif state in (TaskStatus.REPORTED, TaskStatus.VERIFIED):
        rows = rows.filter(status=state)
    return rows.order_by("due_on", "pk")


def offered(actor: Actor, filters: LedgerFilters, ticked: set[UUID]) -> list[Problem]:
    """Unsettled problems that can be picked, the ticked ones first; at most OFFERED besides."""
    rows = list(ledger(actor, filters)[:OFFERED])
    chosen = Problem.objects.visible_to(actor).filter(public_id__in=ticked).select_related(
        "project", "place", "category", "unit", "owner"
    )  # fmt: skip
    first = list(chosen)
    known = {problem.pk for problem in first}
    return [*first, *(row for row in rows if row.pk not in known)]


def panel(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Hard cases about one project, for its page; None when this person sees none."""
    lines = CaseLine.objects.visible_to(actor).filter(project=project).values("case")
    tasks = InstructionTask.objects.visible_to(actor).select_related("unit")
    cases = list(
        HardCase.objects.filter(pk__in=lines)
        .exclude(status=HardCaseStatus.WITHDRAWN)
        .select_related("leader")
        .prefetch_related(Prefetch("tasks", queryset=tasks, to_attr="seen_tasks"), "instructions")[:6]
    )
    if not cases:
        return None
    # An owner that holds nothing else reads an instruction when the commission shows it.
    only_owner = is_only_owner(actor)
    return {"rows": [(case, not only_owner or case.released_at is not None) for case in cases], "at": at}
