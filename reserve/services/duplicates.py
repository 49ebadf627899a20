"""Two records of one project: kept apart by the commission's word, or merged into one (M1.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.projects import merging
from ningde_projects.projects.models import Project, Stage
from ningde_projects.projects.services import stages
from ningde_projects.workflow.door import Step, perform
from ningde_projects.workflow.door import record as write_act
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import Application, FundingLine, KeptApart, ProjectItem, ReserveRecord
from ..querysets.records import POOL_STAGES
from ..workflow.applications import OPEN
from . import records
from .binding import pool_binding
from .maturity import recompute


def merge(source: Project, target: Project, reason: str, *, by: Actor, at: datetime) -> Act:
    """`source` is marked merged into `target` and what hangs on it moves there; nothing is deleted."""
    with transaction.atomic():
        # Always in the same order, so that two mergers of the same pair wait for each other.
        list(Project.objects.select_for_update().filter(pk__in=[source.pk, target.pk]).order_by("pk"))
        record = records.ensure(source, at)
        return perform(record, "merge", by=by, at=at, reason=reason, data={"target": target})


def keep_apart(one: Project, other: Project, reason: str, *, by: Actor, at: datetime) -> KeptApart:
    """These two are different projects; nobody is asked again."""
    holder = by.as_holder(Duty.DISPATCH)
    if holder is None:
        raise NotAllowed(_("Only the commission may do this."))
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    first, second = sorted((one, other), key=lambda project: project.pk)
    if first.pk == second.pk:
        raise RuleBroken(_("Choose two different projects."), field="target")
    with transaction.atomic():
        row, made = KeptApart.objects.get_or_create(
            first=first, second=second, defaults={"reason": reason.strip(), "at": at, "by": by.user}
        )
        if made:
            write_act(
                "reserve_record", "keep_apart", by=by, at=at, obj=row, holder=holder, reason=reason.strip(),
                text=f"{first.name} / {second.name}", data={"name": first.name, "other": second.name},
                project_id=first.pk, place_id=first.place_id,
            )  # fmt: skip
    return row


# ---- the door --------------------------------------------------------------------------------------------------


@pool_binding.guard
def records_can_merge(record: ReserveRecord, step: Step) -> None:
    source, target = record.project, step.data.get("target")
    if not isinstance(target, Project) or target.pk == source.pk:
        raise RuleBroken(_("Choose the record that stays."), field="target")
    into = ReserveRecord.objects.filter(project=target).first()
    if into and into.status == "merged":
        raise RuleBroken(
            _("The record that should stay has been merged itself; choose another."), field="target"
        )
    if target.stage == Stage.EXITED:
        raise RuleBroken(
            _("The record that should stay has left the pool; bring it back first."), field="target"
        )
    open_ones = Application.objects.filter(project__in=[source, target], status__in=OPEN)
    if open_ones.values("project").distinct().count() > 1:
        raise WrongState(
            _("Both have an application that is not decided: return or finish one of them first.")
        )
    if found := merging.obstacles(source, target):
        raise WrongState(" ".join(found))


@pool_binding.effect
def move_into_other(record: ReserveRecord, step: Step) -> None:
    target: Project = step.data["target"]
    if target.stage in (*POOL_STAGES, Stage.PLANNING):
        records.ensure(target, step.at)
    moved = merging.move_all(record.project, target, step.person, step.at)
    record.exit_stage = stages.move(record.project, Stage.EXITED)
    record.merged_into, record.exited_at = target, None
    record.exit_proposed_at, record.exit_category, record.exit_proposal = None, "", ""
    into = ReserveRecord.objects.select_for_update().filter(project=target).first()
    if into is not None:
        records.touch(into, step.at)
        into.version += 1
        into.save()
        recompute([into.pk], step.at)
    step.record |= {"name": target.name, "moved": moved}
    write_act(
        "reserve_record", "took_in", by=step.actor, at=step.at, obj=into, holder=step.holder, reason=step.reason,
        text=target.name, data={"name": record.project.name, "moved": moved}, project_id=target.pk,
        place_id=target.place_id,
    )  # fmt: skip


def _items(source: Project, target: Project, by: Actor, at: datetime) -> int:
    """Items that the staying record says nothing of; the others stay readable where they are."""
    known = (
        ProjectItem.objects.filter(project=target)
        .exclude(state="not_started")
        .values_list("kind_id", flat=True)
    )
    fresh = ProjectItem.objects.filter(project=source).exclude(kind__in=list(known))
    kinds = list(fresh.values_list("kind_id", flat=True))
    blank = ProjectItem.objects.filter(project=target, kind__in=kinds, state="not_started")
    # A row that says "not started" gives way: it is swapped, not deleted.
    swapped = list(blank.values_list("pk", "kind_id"))
    moving = list(fresh.exclude(kind__in=[kind for _pk, kind in swapped]).values_list("pk", flat=True))
    for pk, kind in swapped:
        theirs = ProjectItem.objects.get(project=source, kind=kind)
        mine = ProjectItem.objects.get(pk=pk)
        for name in ("state", "document_no", "approved_on", "valid_until", "planned_on", "note"):
            setattr(mine, name, getattr(theirs, name))
        mine.version += 1
        mine.save()
    return ProjectItem.objects.filter(pk__in=moving).update(project=target) + len(swapped)


def _applications(source: Project, target: Project, by: Actor, at: datetime) -> int:
    return Application.objects.filter(project=source).update(project=target)


def _funding(source: Project, target: Project, by: Actor, at: datetime) -> int:
    """Sources that the staying record does not name."""
    into = ReserveRecord.objects.filter(project=target).first()
    if into is None:
        return 0
    known = list(into.funding.values_list("source", flat=True))
    rows = FundingLine.objects.filter(record__project=source).exclude(source__in=known)
    total, sums = target.total_investment, sum((line.amount or 0) for line in into.funding.all())
    more = sum((line.amount or 0) for line in rows)
    # More money than the project costs is no money: then the lines stay with the other record.
    if total is not None and sums + more > total:
        return 0
    return rows.update(record=into)


def load() -> None:
    merging.register(
        merging.Mover("items", _items, (ProjectItem,)),
        merging.Mover("applications", _applications, (Application,)),
        merging.Mover("funding", _funding, (ReserveRecord, KeptApart)),
    )
