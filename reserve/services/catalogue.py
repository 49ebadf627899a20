"""A catalogue from the first draft to the counties' hands (M1.5)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, SystemActor
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.workflow.door import Step, bind, perform, person_refusal, record
from ningde_projects.workflow.refusals import RuleBroken, StaleVersion, WrongState

from ..models import Catalogue, CatalogueEntry, PlanningTask, TaskLink
from ..selectors.offices import government_ids, industry_departments
from ..workflow.catalogue import CATALOGUE, EDITABLE, CatalogueStatus


@dataclass(frozen=True)
class Entry:
    direction: str
    funding: str
    description: str = ""
    requirements: str = ""


@dataclass(frozen=True)
class Task:
    """Investment in 万元."""

    place: int
    count: int
    investment: Decimal
    due_on: date
    content: str = ""


def _offices(catalogue: Catalogue, office: str) -> Iterable[int]:
    return government_ids() if office == "government" else {catalogue.department_id}


def _about(catalogue: Catalogue) -> Mapping[str, Any]:
    return {"object_text": str(catalogue)[:200]}


catalogue_binding = bind(CATALOGUE, Catalogue, offices=_offices, about=_about)


def issue_month(year: int, half: int) -> Month:
    """D11 runs for January and for July."""
    return Month(year, 1 if half == 1 else 7)


def begin_catalogue(
    department: Organisation, year: int, half: int | None, title: str, *, by: Actor, at: datetime
) -> Catalogue:
    """The draft of January's or July's issue, or of an extra one (`half` None)."""
    draft = Catalogue(
        department=department, department_text=department.name, year=year, half=half, title=title.strip(),
        created_at=at,
    )  # fmt: skip
    _require(draft, by)
    if not industry_departments().filter(pk=department.pk).exists():
        raise RuleBroken(
            _("Only a department that leads an industry issues a catalogue."), field="department"
        )
    if half:
        draft.due_at = DeadlineBook().deadline("D11", issue_month(year, half), department.pk)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
            record("catalogue", "begin", by=by, at=at, obj=draft)
    except IntegrityError as twice:
        raise RuleBroken(
            _("Your department has this issue already; open it, or begin an extra issue."), field="half"
        ) from twice
    return draft


def revise(catalogue: Catalogue, *, reason: str, by: Actor, at: datetime) -> Catalogue:
    """A new edition of an issued catalogue; the old one stays in force until the new one is issued."""
    _require(catalogue, by)
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        editions = list(
            Catalogue.objects.select_for_update().filter(series=catalogue.series).order_by("number")
        )
        current = next((c for c in editions if c.status == CatalogueStatus.ISSUED), None)
        if current is None or current.pk != catalogue.pk:
            raise WrongState(_("Only the edition in force is revised."))
        if any(
            c.status in {*EDITABLE, CatalogueStatus.APPROVING, CatalogueStatus.APPROVED} for c in editions
        ):
            raise WrongState(_("A new edition is under way already; go on with that one."))
        draft = Catalogue.objects.create(
            department=current.department, department_text=current.department.name, year=current.year,
            half=current.half, title=current.title, series=current.series, number=editions[-1].number + 1,
            reason=reason.strip(), created_at=at,
        )  # fmt: skip
        _copy(current, draft)
        record("catalogue", "revise", by=by, at=at, obj=draft, reason=draft.reason)
    return draft


def _copy(old: Catalogue, new: Catalogue) -> None:
    CatalogueEntry.objects.bulk_create(
        CatalogueEntry(catalogue=new, order=e.order, direction=e.direction, description=e.description,
                       funding=e.funding, requirements=e.requirements)
        for e in old.entries.all()
    )  # fmt: skip
    PlanningTask.objects.bulk_create(
        PlanningTask(catalogue=new, place_id=t.place_id, count=t.count, investment=t.investment, due_on=t.due_on,
                     content=t.content)
        for t in old.tasks.all()
    )  # fmt: skip


def save_content(
    catalogue: Catalogue, title: str, entries: Sequence[Entry], tasks: Sequence[Task], *,
    by: Actor, at: datetime, version: int | None,
) -> None:  # fmt: skip
    """Title, entries and tasks as a whole, while the catalogue is being drafted or has been returned."""
    _require(catalogue, by)
    directions = [entry.direction for entry in entries]
    if len(set(directions)) != len(directions):
        raise RuleBroken(_("The same direction stands there twice."))
    with transaction.atomic():
        catalogue.refresh_from_db(from_queryset=Catalogue.objects.select_for_update())
        if catalogue.status not in EDITABLE:
            raise WrongState(
                _("The catalogue is locked while it is “%(state)s”.")
                % {"state": catalogue.get_status_display()}
            )
        if version is not None and version != catalogue.version:
            raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
        catalogue.title = title.strip()
        catalogue.version += 1
        catalogue.save()
        catalogue.entries.all().delete()
        catalogue.tasks.all().delete()
        CatalogueEntry.objects.bulk_create(
            CatalogueEntry(catalogue=catalogue, order=order, direction=e.direction, description=e.description,
                           funding=e.funding, requirements=e.requirements)
            for order, e in enumerate(entries, 1)
        )  # fmt: skip
        PlanningTask.objects.bulk_create(
            PlanningTask(catalogue=catalogue, place_id=t.place, count=t.count, investment=t.investment,
                         due_on=t.due_on, content=t.content)
            for t in tasks
        )  # fmt: skip
        record(
            "catalogue",
            "save",
            by=by,
            at=at,
            obj=catalogue,
            data={"entries": len(entries), "tasks": len(tasks)},
        )


def _require(catalogue: Catalogue, by: Actor) -> None:
    refused = person_refusal(catalogue, CATALOGUE.by_name["send_for_approval"], by)
    if refused:
        raise refused


# ---- guards and effects ----------------------------------------------------------------------------------------


def incomplete(catalogue: Catalogue) -> list[str]:
    """What stands in the way of sending, said one by one."""
    missing = []
    if not catalogue.entries.exists():
        missing.append(_("The catalogue has no direction yet."))
    if not catalogue.tasks.exists():
        missing.append(_("No county has a planning task yet."))
    return missing


@catalogue_binding.guard
def catalogue_is_complete(catalogue: Catalogue, step: Step) -> None:
    missing = incomplete(catalogue)
    if missing:
        raise RuleBroken(" ".join(missing), errors={"content": missing})


@catalogue_binding.effect
def mark_catalogue_sent(catalogue: Catalogue, step: Step) -> None:
    catalogue.first_sent_at = catalogue.first_sent_at or step.at
    catalogue.sent_at, catalogue.sent_by = step.at, step.person.user
    step.record["late"] = catalogue.is_late(step.at)


@catalogue_binding.effect
def mark_catalogue_withdrawn(catalogue: Catalogue, step: Step) -> None:
    """A withdrawn asking does not count, unless it had been returned before."""
    catalogue.sent_at = catalogue.sent_by = None
    if catalogue.returned_at is None:
        catalogue.first_sent_at = None


@catalogue_binding.effect
def mark_catalogue_approved(catalogue: Catalogue, step: Step) -> None:
    catalogue.approved_at, catalogue.approved_by = step.at, step.person.user
    catalogue.return_reason = ""


@catalogue_binding.effect
def mark_catalogue_returned(catalogue: Catalogue, step: Step) -> None:
    catalogue.returned_at, catalogue.return_reason = step.at, step.reason
    catalogue.returned_by_text = f"{step.person.organisation.short_name} {step.person.user.name}"


@catalogue_binding.effect
def put_catalogue_in_force(catalogue: Catalogue, step: Step) -> None:
    """The edition before is replaced; what counties linked to its tasks goes on under the task of the same county."""
    old = Catalogue.objects.filter(series=catalogue.series, status=CatalogueStatus.ISSUED).first()
    if old:
        perform(old, "replace", by=SystemActor(step.at), at=step.at)
        now = {task.place_id: task for task in catalogue.tasks.all()}
        moved = [
            TaskLink(public_id=uuid.uuid4(), task=now[link.task.place_id], project_id=link.project_id,
                     linked_at=link.linked_at, linked_by_id=link.linked_by_id, office_text=link.office_text)
            for link in TaskLink.objects.filter(task__catalogue=old).select_related("task")
            if link.task.place_id in now
        ]  # fmt: skip
        TaskLink.objects.bulk_create(moved)
        step.record |= {"replaces": old.number, "links": len(moved)}
    catalogue.issued_at = step.at
