"""An office's opinion: drafted, signed by another person, asked again, chased, reminded of (M2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.consequences import on_every_tick
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.door import Step, perform, record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import CaseOpinion, LeadRole, OpinionChase, OpinionEdition, OpinionVerdict
from ..policies.cases import convening_right
from ..rules import cases as case_rules
from ..workflow.cases import OPINION_OWED, CaseStatus
from .case_binding import case_opinion_binding, convener_verb, office_verb
from .case_limits import renewed_day
from .case_offices import askable
from .case_telling import tell_asked, tell_chased, tell_reminder

FIELDS = ("verdict", "text", "section", "handler")


def save_draft(
    opinion: CaseOpinion, values: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None = None
) -> Act:
    return perform(opinion, office_verb("draft", opinion), by=by, at=at, data=values, version=version)


def send_to_sign(
    opinion: CaseOpinion, values: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None = None
) -> Act:
    """Raises RuleBroken with the missing fields named."""
    return perform(opinion, office_verb("send_to_sign", opinion), by=by, at=at, data=values, version=version)


def sign(opinion: CaseOpinion, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    """By another person than the one who sent it; keeps an edition."""
    return perform(opinion, office_verb("sign", opinion), by=by, at=at, version=version)


def return_to_section(
    opinion: CaseOpinion, *, reason: str, by: Actor, at: datetime, version: int | None = None
) -> Act:
    verb = office_verb("return_to_section", opinion)
    return perform(opinion, verb, by=by, at=at, reason=reason, version=version)


def take_back(opinion: CaseOpinion, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    return perform(opinion, office_verb("take_back", opinion), by=by, at=at, version=version)


def ask_again(
    opinion: CaseOpinion, *, reason: str, last_day: date, by: Actor, at: datetime, version: int | None = None
) -> Act:
    """The convener wants a new opinion; the one that was given stays readable."""
    if last_day <= local_date(at):
        raise RuleBroken(_("The last day for the opinions has to lie ahead."), field="last_day")
    data = {"due_at": case_rules.due_instant(last_day), "question": reason}
    verb = convener_verb("ask_again", opinion.case.level)
    return perform(opinion, verb, by=by, at=at, reason=reason, data=data, version=version)


def release(
    opinion: CaseOpinion, *, reason: str, instead: Organisation | None = None, by: Actor, at: datetime,
    version: int | None = None,
) -> Act:  # fmt: skip
    """No longer ask an office; one of the three is only replaced, never left out."""
    with transaction.atomic():
        verb = convener_verb("release", opinion.case.level)
        act = perform(opinion, verb, by=by, at=at, reason=reason, data={"instead": instead}, version=version)
        if instead is not None:
            fresh = CaseOpinion.objects.create(
                case=opinion.case, department=instead, role=opinion.role, asked_at=at, asked_by=by.user,
                due_at=max(opinion.due_at, case_rules.due_instant(renewed_day(at))),
                question=opinion.question,
            )  # fmt: skip
            record("case_opinion", "replace", by=by, at=at, obj=fresh, text=instead.name, reason=reason,
                   project_id=opinion.case.project_id, place_id=opinion.case.place_id)  # fmt: skip
            tell_asked([fresh], at)
    return act


def chase(opinion: CaseOpinion, *, by: Actor, at: datetime) -> OpinionChase:
    """催办, at most once a day. Raises NotAllowed, WrongState."""
    right = convening_right(by, opinion.case.convener_id)
    if isinstance(right, NotAllowed):
        raise right
    if opinion.status not in OPINION_OWED or opinion.case.status != CaseStatus.CONSULTING:
        raise WrongState(_("Nothing is owed here: the opinion is in, or the case is not in consultation."))
    with transaction.atomic():
        row, created = OpinionChase.objects.get_or_create(
            opinion=opinion, day=local_date(at), defaults={"at": at, "by": by.user}
        )
        if not created:
            raise WrongState(_("Already chased today."))
        record("case_opinion", "chase", by=by, at=at, obj=opinion, holder=right, text=opinion.department.short_name,
               project_id=opinion.case.project_id, place_id=opinion.case.place_id)  # fmt: skip
        tell_chased(opinion, by, at)
    return row


@on_every_tick("case_opinion_reminders")
def remind(at: datetime) -> int:
    """3 days, 1 day and the day itself before an opinion is due, and once when it is overdue."""
    horizon = case_rules.due_instant(case_rules.day_after(at, max(case_rules.REMINDER_DAYS)))
    told = 0
    rows = CaseOpinion.objects.owed().filter(due_at__lte=horizon).exclude(reminded=-1)
    for opinion in rows.select_related("case__project", "case__convener", "department").order_by("pk"):
        speaks = case_rules.reminder_due(opinion.due_at, opinion.reminded, at)
        if speaks is None:
            continue
        CaseOpinion.objects.filter(pk=opinion.pk).update(reminded=speaks)
        tell_reminder(opinion, speaks, at)
        told += 1
    return told


# ---- guards and effects ----------------------------------------------------------------------------------------


@case_opinion_binding.guard
def case_is_open(opinion: CaseOpinion, step: Step) -> None:
    if opinion.case.status != CaseStatus.CONSULTING:
        raise WrongState(
            _("The case is “{state}”; opinions are given while it is in consultation.").format(
                state=opinion.case.get_status_display()
            )
        )


@case_opinion_binding.guard
def case_opinion_is_complete(opinion: CaseOpinion, step: Step) -> None:
    verdict = step.data.get("verdict", opinion.verdict)
    text = step.data.get("text", opinion.text)
    errors: dict[str, list[str]] = {}
    if verdict not in OpinionVerdict.values:
        errors["verdict"] = [_("Choose an opinion.")]
    if not str(text or "").strip():
        errors["text"] = [_("Write the opinion.")]
    if errors:
        raise RuleBroken(_("The opinion is not complete yet."), errors=errors)


@case_opinion_binding.guard
def another_for_a_lead(opinion: CaseOpinion, step: Step) -> None:
    instead = step.data.get("instead")
    if instead is None:
        if opinion.role != LeadRole.OTHER:
            raise RuleBroken(
                _("This is one of the three leading offices; name the office that speaks instead."),
                field="instead",
            )
        return
    asked = opinion.case.opinions.exclude(status="released").filter(department=instead).exists()
    if asked or not askable(opinion.case).filter(pk=instead.pk).exists():
        raise RuleBroken(_("This office cannot be asked, or is asked already."), field="instead")


@case_opinion_binding.effect
def keep_case_opinion(opinion: CaseOpinion, step: Step) -> None:
    for name in FIELDS:
        if name in step.data:
            setattr(opinion, name, step.data[name] or "")
    if step.transition.name.startswith("send_to_sign"):
        opinion.submitted_by = step.person.user
        opinion.handler = opinion.handler or step.person.user.name
        opinion.return_reason = ""


@case_opinion_binding.effect
def sign_case_opinion(opinion: CaseOpinion, step: Step) -> None:
    opinion.signed_at, opinion.signed_by = step.at, step.person.user
    signer = step.person.user.name
    if step.holder and step.holder.principal:
        signer = _("%(name)s for %(principal)s") % {"name": signer, "principal": step.holder.principal.name}
    step.record.update(late=step.at >= opinion.due_at, verdict=opinion.verdict, round=opinion.round)
    OpinionEdition.objects.create(
        opinion=opinion, round=opinion.round, verdict=opinion.verdict, text=opinion.text,
        department_text=opinion.department.name, handler_text=opinion.handler, signer_text=signer, at=step.at,
        due_at=opinion.due_at,
    )  # fmt: skip


@case_opinion_binding.effect
def return_case_opinion(opinion: CaseOpinion, step: Step) -> None:
    opinion.return_reason = step.reason


@case_opinion_binding.effect
def begin_round(opinion: CaseOpinion, step: Step) -> None:
    opinion.round += 1
    opinion.due_at, opinion.question = step.data["due_at"], step.data.get("question") or ""
    opinion.verdict = opinion.text = opinion.return_reason = ""
    opinion.signed_at = opinion.signed_by = opinion.submitted_by = opinion.reminded = None


@case_opinion_binding.effect
def keep_release(opinion: CaseOpinion, step: Step) -> None:
    opinion.return_reason = step.reason
