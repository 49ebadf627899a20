"""From the pool to the platforms: put up, exported in a batch, result recorded (M1.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ningde_projects.documents.text import clean_file_name
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import ZONE, local_date
from ningde_projects.projects.models import Project
from ningde_projects.shell.formats import full_stamp
from ningde_projects.workflow.door import Step, bind, perform, person_refusal, record
from ningde_projects.workflow.refusals import RuleBroken, StaleVersion

from ..adapters import Handover, adapter_for
from ..models import Push, PushBatch, PushLine, PushRequirement
from ..rules.push_fields import known_fields, missing
from ..selectors.entries import POOL_STAGES
from ..selectors.offices import commission_ids
from ..selectors.push_facts import facts_of
from ..selectors.push_requirements import Requirement, requirement_for
from ..workflow.pushes import PUSH, PushStatus, PushTo


def _offices(push: Push, office: str) -> Iterable[int]:
    return commission_ids()


def _about(push: Push) -> Mapping[str, Any]:
    return {"object_text": str(push)[:200], "project_id": push.project_id, "place_id": push.project.place_id}


push_binding = bind(PUSH, Push, offices=_offices, about=_about)


def put_up(projects: Sequence[Project], target: str, *, by: Actor, at: datetime) -> int:
    """Put pool projects up for pushing (待推送); all of them or none, with what is missing named for each."""
    _require(by)
    needed = requirement_for(target, local_date(at))
    facts = facts_of(projects, local_date(at).year)
    wrong = [text for project in projects if (text := _unfit(project, facts[project.pk], needed))]
    if wrong:
        raise RuleBroken("；".join(wrong), errors={"projects": wrong})
    known = {push.project_id: push for push in Push.objects.filter(target=target, project__in=projects)}
    number = 0
    with transaction.atomic():
        for project in projects:
            push = known.get(project.pk)
            if push is None:
                push = Push.objects.create(project=project, target=target, queued_at=at)
                record(
                    "push", "put_up", by=by, at=at, obj=push, project_id=project.pk, place_id=project.place_id
                )
            else:
                perform(push, "requeue", by=by, at=at)
            number += 1
    return number


def _unfit(project: Project, facts: Any, needed: Requirement) -> str:
    if project.stage not in POOL_STAGES:
        return _("“{name}” is not in the reserve pool").format(name=project.name)
    gaps = missing(facts, needed.fields)
    if not gaps:
        return ""
    named = "、".join(str(field.title) for field in gaps)
    return _("“{name}” lacks: {fields}").format(name=project.name, fields=named)


def _require(by: Actor) -> None:
    refused = person_refusal(Push(), PUSH.by_name["send"], by)
    if refused:
        raise refused


def export_batch(target: str, *, by: Actor, at: datetime) -> PushBatch:
    """Everything that is put up for a platform, as one file; the bytes are kept as they were handed over."""
    _require(by)
    with transaction.atomic():
        waiting = list(
            Push.objects.select_for_update(of=("self",))
            .filter(target=target, status=PushStatus.WAITING)
            .select_related("project__place")
            .order_by("project__place__order", "project")
        )
        if not waiting:
            raise RuleBroken(_("Nothing is put up for this platform; tick eligible projects first."))
        needed = requirement_for(target, local_date(at))
        facts = facts_of([push.project for push in waiting], local_date(at).year)
        wrong = [text for push in waiting if (text := _unfit(push.project, facts[push.project_id], needed))]
        if wrong:
            raise RuleBroken("；".join(wrong), errors={"projects": wrong})
        batch, lines = _written(target, needed, [facts[push.project_id] for push in waiting], by, at)
        for push in waiting:
            perform(push, "send", by=by, at=at, data={"batch": batch, "facts": facts[push.project_id]})
        PushLine.objects.bulk_create(
            PushLine(batch=batch, push=push, order=order, values=values)
            for order, (push, values) in enumerate(zip(waiting, lines, strict=True), 1)
        )
        record("push", "batch", by=by, at=at, obj=batch, data={"target": target, "count": batch.count,
                                                             "sha256": batch.sha256})  # fmt: skip
    return batch


def _written(
    target: str, needed: Requirement, facts: list[Any], by: Actor, at: datetime
) -> tuple[PushBatch, Sequence[dict[str, Any]]]:
    day = f"{at.astimezone(ZONE):%Y%m%d}"
    letter = "G" if target == PushTo.NATIONAL else "S"
    taken = PushBatch.objects.filter(number__startswith=f"{letter}{day}-").count()
    number = f"{letter}{day}-{taken + 1:02d}"
    adapter = adapter_for(target)
    made = adapter.make(
        Handover(
            target,
            str(PushTo(target).label),
            number,
            f"{by.user.name} {full_stamp(at)}",
            needed.fields,
            facts,
        )
    )
    batch = PushBatch(
        target=target, number=number, adapter=adapter.name, requirement=needed.number, count=len(facts),
        file_name=clean_file_name(made.file_name), content_type=made.content_type,
        sha256=hashlib.sha256(made.content).hexdigest(), made_at=at, made_by=by.user, made_by_text=by.user.name,
    )  # fmt: skip
    batch.file.save(batch.file_name, ContentFile(made.content), save=False)
    batch.save(force_insert=True)
    return batch, made.lines


def set_requirement(
    target: str, fields: Sequence[str], valid_from: date, reason: str, *, by: Actor, at: datetime, number: int
) -> PushRequirement:
    """A new edition of what a platform asks for; `number` is the edition that the form was shown with."""
    _require(by)
    kept = known_fields(fields)
    if not kept:
        raise RuleBroken(_("Tick at least one field."), field="fields")
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    last = PushRequirement.objects.filter(target=target).order_by("-number").first()
    if (last.number if last else 0) != number:
        raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
    if valid_from < local_date(at):
        raise RuleBroken(_("The new list holds from today at the earliest."), field="valid_from")
    try:
        with transaction.atomic():
            made = PushRequirement.objects.create(
                target=target, number=number + 1, valid_from=valid_from, fields=list(kept), reason=reason.strip(),
                decided_by=by.user, decided_at=at,
            )  # fmt: skip
            record(
                "push", "requirement", by=by, at=at, obj=made, reason=made.reason, data={"fields": list(kept)}
            )
    except IntegrityError as twice:
        raise RuleBroken(_("A list that holds from that day exists already."), field="valid_from") from twice
    return made


# ---- guards and effects ----------------------------------------------------------------------------------------


@push_binding.guard
def is_eligible(push: Push, step: Step) -> None:
    """Every required fact is there and the project is still in the pool; a batch brings the facts it has read."""
    today = local_date(step.at)
    facts = step.data.get("facts") or facts_of([push.project], today.year)[push.project_id]
    wrong = _unfit(push.project, facts, requirement_for(push.target, today))
    if wrong:
        raise RuleBroken(wrong)
    if step.transition.name == "send" and not isinstance(step.data.get("batch"), PushBatch):
        raise RuleBroken(_("A project is pushed in a batch."))


@push_binding.guard
def has_outside_number(push: Push, step: Step) -> None:
    number = str(step.data.get("outside_number", "")).strip()
    if not number:
        raise RuleBroken(_("Give the number that the platform gave."), field="outside_number")
    taken = Push.objects.filter(target=push.target, outside_number=number).exclude(pk=push.pk)
    if taken.exists():
        raise RuleBroken(_("Another project has this number already; check it."), field="outside_number")


@push_binding.guard
def day_is_past(push: Push, step: Step) -> None:
    day = step.data.get("day")
    if not isinstance(day, date):
        raise RuleBroken(_("Give the day."), field="day")
    if day > local_date(step.at):
        raise RuleBroken(_("The day lies in the future."), field="day")
    if push.pushed_at and day < local_date(push.pushed_at):
        raise RuleBroken(_("The day lies before the push."), field="day")


@push_binding.effect
def mark_pushed(push: Push, step: Step) -> None:
    push.batch, push.pushed_at = step.data["batch"], step.at
    push.returned_on, push.return_reason = None, ""
    step.record["batch"] = push.batch.number


@push_binding.effect
def mark_registered(push: Push, step: Step) -> None:
    push.outside_number = str(step.data["outside_number"]).strip()
    push.registered_on = step.data["day"]
    push.returned_on, push.return_reason = None, ""
    step.record["number"] = push.outside_number


@push_binding.effect
def mark_push_returned(push: Push, step: Step) -> None:
    push.returned_on, push.return_reason = step.data["day"], step.reason
    push.registered_on = None
