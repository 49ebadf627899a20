"""Promotion into the annual key-project list, and removal from it (facts.md §3.3; M5.1 follows from the level)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import Actor, SystemActor, holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import AnnualPlan, Level, Project, Stage
from ningde_projects.projects.services import register as projects
from ningde_projects.projects.services.rows import RowChanges, save_plans
from ningde_projects.workflow.door import Step, bind, perform, person_refusal, record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import AnnualBatch, AnnualItem
from ..rules.annual import highest, plan_error
from ..selectors.offices import commission_ids
from ..workflow.annual import BATCH, ITEM, BatchStatus, ItemStatus

#: Projects of the pool, and those under way that go on in the next year's list.
ELIGIBLE_STAGES = (Stage.RESERVE, Stage.PRELIMINARY, Stage.UNDER_WAY)
PROPOSERS = {
    OrgKind.COUNTY_BUREAU: Duty.REVIEW,
    OrgKind.COUNTY_DEPARTMENT: Duty.HANDLE,
    OrgKind.MUNICIPAL_DEPARTMENT: Duty.HANDLE,
}


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a project; amounts 万元, `parts` by the parts of a project across counties."""

    stage: str
    investment: Decimal | None
    parts: Mapping[int, Decimal] = field(default_factory=dict)
    goal: str = ""
    grounds: str = ""


def _batch_offices(batch: AnnualBatch, office: str) -> Iterable[int]:
    return commission_ids()


def _item_offices(item: AnnualItem, office: str) -> Iterable[int]:
    return {item.office_id} if office == "proposer" else commission_ids()


def _about_batch(batch: AnnualBatch) -> Mapping[str, Any]:
    return {"object_text": str(batch)[:200]}


def _about_item(item: AnnualItem) -> Mapping[str, Any]:
    return {"object_text": str(item)[:200], "project_id": item.project_id, "place_id": item.project.place_id}


batch_binding = bind(BATCH, AnnualBatch, offices=_batch_offices, about=_about_batch)
item_binding = bind(ITEM, AnnualItem, offices=_item_offices, about=_about_item)


def open_batch(
    year: int, level: str, kind: str, title: str, due_on: date, *, by: Actor, at: datetime
) -> AnnualBatch:
    if due_on < local_date(at):
        raise RuleBroken(_("The last day for proposals lies in the past."), field="due_on")
    batch = AnnualBatch(year=year, level=level, kind=kind, title=title.strip(), due_on=due_on, created_at=at)
    refused = person_refusal(batch, BATCH.by_name["decide"], by)
    if refused:
        raise refused
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
            record("annual_batch", "open", by=by, at=at, obj=batch, data={"year": year, "level": level})
            _tell_opened(batch, at)
    except IntegrityError as twice:
        raise RuleBroken(_("There is a batch of that title already."), field="title") from twice
    return batch


def _tell_opened(batch: AnnualBatch, at: datetime) -> None:
    """Everyone who may propose."""
    offices = {
        kind: Organisation.objects.filter(kind=kind, is_active=True).values_list("pk", flat=True)
        for kind in PROPOSERS
    }
    people = [user for kind, duty in PROPOSERS.items() for user in holders(duty, offices[kind], at)]
    notify("annual_opened", people, at=at, dedupe=f"annual_opened:{batch.pk}",
           params={"title": batch.title, "due": batch.due_on.isoformat()},
           url=f"/reserve/annual/batches/{batch.public_id}/")  # fmt: skip


def proposing_office(actor: Actor, project: Project) -> Organisation | NotAllowed:
    """The county bureau of the project's place (or of a part's), or the department that leads it."""
    places = {project.place_id, *project.parts.values_list("place", flat=True)}
    departments = {
        project.county_department_id, project.municipal_department_id,
        *project.parts.values_list("county_department", flat=True),
    }  # fmt: skip
    for held in sorted(actor.held, key=lambda h: h.principal is not None):
        office = held.organisation
        if PROPOSERS.get(OrgKind(office.kind)) != held.duty:
            continue
        if office.pk in departments or (office.kind == OrgKind.COUNTY_BUREAU and office.place_id in places):
            return office
    return NotAllowed(
        _("The county bureau and the departments in charge of a project propose it; the commission decides.")
    )


def propose(
    batch: AnnualBatch, project: Project, proposal: Proposal, *, by: Actor, at: datetime
) -> AnnualItem:
    office = proposing_office(by, project)
    if isinstance(office, NotAllowed):
        raise office
    check_proposal(batch, project, proposal)
    try:
        with transaction.atomic():
            item = AnnualItem.objects.create(
                batch=batch, project=project, office=office, office_text=office.name, proposed_at=at,
                proposed_by=by.user, stage=proposal.stage, investment=whole_of(proposal),
                part_plans={str(pk): f"{amount:.2f}" for pk, amount in proposal.parts.items()},
                goal=proposal.goal.strip(), grounds=proposal.grounds.strip(),
            )  # fmt: skip
            record("annual_item", "propose", by=by, at=at, obj=item, project_id=project.pk,
                   place_id=project.place_id)  # fmt: skip
    except IntegrityError as twice:
        raise RuleBroken(_("This project is in the batch already."), field="project") from twice
    return item


def whole_of(proposal: Proposal) -> Decimal | None:
    """The plan of the year for the whole project."""
    return sum(proposal.parts.values(), Decimal(0)) if proposal.parts else proposal.investment


def check_proposal(batch: AnnualBatch, project: Project, proposal: Proposal) -> None:
    if batch.status != BatchStatus.OPEN:
        raise WrongState(_("This batch takes no proposals any more."))
    if project.stage not in ELIGIBLE_STAGES:
        raise RuleBroken(
            _("Only a project of the pool, or one under way, can be proposed; this one is “{stage}”.").format(
                stage=project.get_stage_display()
            ),
            field="project",
        )  # fmt: skip
    if project.stage == Stage.UNDER_WAY and proposal.stage == Stage.PRELIMINARY:
        raise RuleBroken(
            _("The project is under way; it does not go back to preliminary work."), field="stage"
        )
    parts = set(project.parts.values_list("pk", flat=True))
    if parts != set(proposal.parts):
        raise RuleBroken(
            _("A project across counties has a plan for each county's part."), field="investment"
        )
    wrong = plan_error(whole_of(proposal), project.total_investment)
    if wrong:
        raise RuleBroken(wrong, field="investment")


def accept_all(batch: AnnualBatch, items: Iterable[AnnualItem], *, by: Actor, at: datetime) -> int:
    """Accept what is ticked; one refusal undoes all."""
    number = 0
    with transaction.atomic():
        for item in items:
            perform(item, "accept", by=by, at=at)
            number += 1
    return number


def decide(batch: AnnualBatch, document: str, *, by: Actor, at: datetime, version: int | None = None) -> None:
    """The accepted proposals become key projects of the year; for 省重点 the document is named."""
    perform(batch, "decide", by=by, at=at, data={"document": document}, version=version)


# ---- guards ----------------------------------------------------------------------------------------------------


@batch_binding.guard
def all_proposals_decided(batch: AnnualBatch, step: Step) -> None:
    waiting = batch.items.filter(status=ItemStatus.PROPOSED).count()
    if waiting:
        raise RuleBroken(_("{n} proposals are still to be accepted or declined.").format(n=waiting))
    if not batch.items.filter(status=ItemStatus.ACCEPTED).exists():
        raise RuleBroken(_("No proposal has been accepted; cancel the batch instead."))


@batch_binding.guard
def document_is_named(batch: AnnualBatch, step: Step) -> None:
    if batch.level == Level.PROVINCIAL and not str(step.data.get("document", "")).strip():
        raise RuleBroken(
            _("Provincial key projects are listed by a document; give its number."), field="document"
        )


@item_binding.guard
def batch_is_open(item: AnnualItem, step: Step) -> None:
    if item.batch.status != BatchStatus.OPEN:
        raise WrongState(_("The batch has been closed; what stands in the list is changed by removal only."))


@item_binding.guard
def plan_is_given(item: AnnualItem, step: Step) -> None:
    wrong = plan_error(item.investment, item.project.total_investment)
    if wrong:
        raise RuleBroken(wrong, field="investment")
    if item.project.stage not in ELIGIBLE_STAGES:
        raise RuleBroken(_("The project has left the pool or is suspended; decline the proposal."))


# ---- effects ---------------------------------------------------------------------------------------------------


@item_binding.effect
def keep_decision(item: AnnualItem, step: Step) -> None:
    item.decided_at, item.decision_reason = step.at, step.reason


@item_binding.effect
def mark_listed(item: AnnualItem, step: Step) -> None:
    item.listed_at = step.at


@batch_binding.effect
def list_accepted(batch: AnnualBatch, step: Step) -> None:
    """The same records get level, stage and plan through the register's own services, so that its record tells it."""
    batch.document_number = str(step.data.get("document", "")).strip()[:60]
    batch.decided_at, batch.decided_by = step.at, step.person.user
    rows = (
        batch.items.filter(status=ItemStatus.ACCEPTED)
        .select_related("project__place", "batch")
        .order_by("pk")
    )
    for item in rows:
        perform(item, "list", by=SystemActor(step.at), at=step.at)
        _promote(item, step.person, step.at)
        step.record["listed"] = step.record.get("listed", 0) + 1


def _promote(item: AnnualItem, by: Actor, at: datetime) -> None:
    project = item.project
    facts: dict[str, Any] = {"level": highest(project.level, item.batch.level), "stage": item.stage}
    if item.goal:
        facts["annual_goal"] = item.goal
    projects.update_project(project, facts, by=by, at=at, version=None)
    year = item.batch.year
    known = {plan.part_id: plan for plan in project.plans.filter(year=year)}
    amounts: dict[int | None, Decimal | None] = {
        int(pk): Decimal(amount) for pk, amount in item.part_plans.items()
    }
    rows = []
    for part, amount in (amounts or {None: item.investment}).items():
        plan = known.get(part) or AnnualPlan(project=project, year=year, part_id=part)
        if plan.pk and plan.investment == amount and plan.goal == (item.goal or plan.goal):
            continue
        plan.investment, plan.goal = amount, item.goal or plan.goal
        rows.append(plan)
    save_plans(project, RowChanges(rows), by=by, at=at, version=None)


@item_binding.effect
def take_off_list(item: AnnualItem, step: Step) -> None:
    """Off this list; the level that another list of the year still gives it stays."""
    item.removed_at, item.removal_reason = step.at, step.reason
    item.removal_document = str(step.data.get("document", "")).strip()[:60]
    others = (
        AnnualItem.objects.filter(
            project=item.project_id, status=ItemStatus.LISTED, batch__year__gte=item.batch.year
        )
        .exclude(pk=item.pk)
        .values_list("batch__level", flat=True)
    )
    level = highest(Level.OTHER, *others)
    projects.update_project(item.project, {"level": level}, by=step.person, at=step.at, version=None)
    step.record["level"] = level
