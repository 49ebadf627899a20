"""The record of a meeting: begun, saved as a draft, recorded, corrected, withdrawn (M4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Project
from ningde_projects.workflow.door import Step, person_refusal, record
from ningde_projects.workflow.door import perform as through_the_door
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState

from ..models import Decision, Session, SessionEdition, SessionProject
from ..policies.meetings import recording_right
from ..rules.meetings import MUNICIPAL, day_error, missing_of_decision, missing_of_meeting, period_of
from ..workflow.meetings import DECISION, MEETING, RECORDERS, DecisionStatus, SessionStatus
from . import decisions
from .decisions import DecisionContent
from .meeting_binding import meeting_binding

MACHINE = MEETING.name


@dataclass(frozen=True)
class Content:
    """Everything that stands in the record, as typed."""

    held_on: date | None = None
    location: str = ""
    chair: User | None = None
    people: Sequence[User] = ()
    others: str = ""
    minutes: str = ""
    #: Projects in their order, each with what was said.
    lines: Sequence[tuple[Project, str]] = ()
    decisions: Sequence[DecisionContent] = field(default_factory=tuple)


def act_for(obj: Session | Decision, verb: str, by: Actor) -> str:
    """The row of the table by which this person does it; for someone who may not, the one that fits the office."""
    machine = MEETING if isinstance(obj, Session) else DECISION
    names = [f"{verb}_{suffix}" for suffix, _duty, _office in RECORDERS]
    for name in names:
        if person_refusal(obj, machine.by_name[name], by) is None:
            return name
    session = obj if isinstance(obj, Session) else obj.session
    suffix = (
        "bureau"
        if session.kind == "dispatch"
        else "dispatcher"
        if session.kind in MUNICIPAL
        else "department"
    )
    return f"{verb}_{suffix}"


# ---- the draft -------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(kind: str, office: Organisation, content: Content, *, by: Actor, at: datetime) -> Session:
    """A new draft; anything in it may still be missing."""
    holder = _right(recording_right(by, kind, office, content.chair.pk if content.chair else None))
    session = Session.objects.create(
        kind=kind, office=office, place_id=office.place_id, begun_by=by.user, begun_at=at
    )
    _write(session, content)
    session.save()
    record(MACHINE, "begin", by=by, at=at, obj=session, holder=holder, place_id=session.place_id)
    return session


@transaction.atomic
def save_draft(session: Session, content: Content, *, by: Actor, at: datetime, version: int | None) -> None:
    """Keep what has been typed so far."""
    _lock(session, version)
    chair = content.chair.pk if content.chair else None
    holder = _right(recording_right(by, session.kind, session.office, chair))
    if session.status != SessionStatus.DRAFT:
        raise WrongState(_("This is recorded; correct the record instead, with a reason."))
    _write(session, content)
    session.version += 1
    session.save()
    record(MACHINE, "save_draft", by=by, at=at, obj=session, holder=holder, place_id=session.place_id)


def put_on_record(
    session: Session, content: Content | None, *, by: Actor, at: datetime, version: int | None = None
) -> Act:
    """Save what is in the form, and record it; refused when something is missing, and then nothing is saved here."""
    with transaction.atomic():
        if content is not None:
            save_draft(session, content, by=by, at=at, version=version)
        return through_the_door(session, act_for(session, "record", by), by=by, at=at)


def revise(
    session: Session, content: Content, *, by: Actor, at: datetime, reason: str, version: int | None = None
) -> Act:
    """A new edition of what is recorded, with its reason; what is done already stays as it is."""
    return through_the_door(
        session,
        act_for(session, "revise", by),
        by=by,
        at=at,
        reason=reason,
        version=version,
        data={"content": content},
    )


def withdraw(session: Session, *, by: Actor, at: datetime, reason: str, version: int | None = None) -> Act:
    """Take back what was never held or stands there twice; it stays readable and counts no more."""
    return through_the_door(
        session, act_for(session, "withdraw", by), by=by, at=at, reason=reason, version=version
    )


def _right(right: Held | NotAllowed) -> Held:
    if isinstance(right, NotAllowed):
        raise right
    return right


def _lock(session: Session, version: int | None) -> None:
    session.refresh_from_db(from_queryset=Session.objects.select_for_update())
    if version is not None and version != session.version:
        raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))


def _write(session: Session, content: Content) -> None:
    """The facts and the agenda; the decisions of a draft are rows of the draft."""
    _write_facts(session, content)
    if session.status == SessionStatus.DRAFT:
        _write_draft_decisions(session, content.decisions)


def _write_facts(session: Session, content: Content) -> None:
    session.held_on, session.location, session.chair = (
        content.held_on,
        content.location.strip(),
        content.chair,
    )
    session.others, session.minutes = content.others.strip(), content.minutes.strip()
    session.people.set(content.people)
    kept = {line.project_id: line for line in session.lines.all()}
    named = dict.fromkeys(project.pk for project, _note in content.lines)
    session.lines.exclude(project__in=named).delete()
    for project, note in content.lines:
        line = kept.get(project.pk)
        if line is None:
            SessionProject.objects.create(session=session, project=project, note=note.strip())
        elif line.note != note.strip():
            line.note = note.strip()
            line.save(update_fields=["note"])


def _write_draft_decisions(session: Session, wanted: Iterable[DecisionContent]) -> None:
    known = {row.public_id: row for row in session.decisions.all()}
    for number, content in enumerate(wanted, 1):
        row = known.pop(content.public_id, None) if content.public_id else None
        row = row or Decision(session=session)
        decisions.fill(row, content, number)
        row.save()
    session.decisions.filter(pk__in=[row.pk for row in known.values()]).delete()


# ---- guards and effects ----------------------------------------------------------------------------------------


@meeting_binding.guard
def meeting_is_complete(session: Session, step: Step) -> None:
    """All that M4.2 asks for; the errors are named by the fields of the form."""
    content: Content = step.data.get("content") or _typed(session)
    errors = missing_of_meeting(
        held_on=content.held_on, location=content.location, has_chair=content.chair is not None,
        has_participants=bool(content.others.strip() or content.people), has_projects=bool(content.lines),
        minutes=content.minutes,
    )  # fmt: skip
    if content.held_on and (wrong := day_error(content.held_on, local_date(step.at))):
        errors["held_on"] = [wrong]
    bad = [
        text
        for number, row in enumerate(content.decisions, 1)
        for text in missing_of_decision(
            number, text=row.text, has_unit=row.unit is not None, due_on=row.due_on, held_on=content.held_on
        )
    ]
    if bad:
        errors["decisions"] = bad
    if errors:
        said = {name: [str(text) for text in texts] for name, texts in errors.items()}
        raise RuleBroken(" ".join(text for texts in said.values() for text in texts), errors=said)


def _typed(session: Session) -> Content:
    """What stands in the draft."""
    return Content(
        session.held_on, session.location, session.chair, list(session.people.all()), session.others, session.minutes,
        [(line.project, line.note) for line in session.lines.select_related("project")],
        [
            DecisionContent(row.text, row.unit, row.due_on, row.person_text, row.project, row.public_id)
            for row in session.decisions.select_related("unit", "project")
        ],
    )  # fmt: skip


@meeting_binding.guard
def nothing_is_done_yet(session: Session, step: Step) -> None:
    done = session.decisions.filter(status__in=[DecisionStatus.DONE, DecisionStatus.VERIFIED]).count()
    if done:
        raise WrongState(
            _(
                "{n} of its decisions have been carried out; a meeting with results is corrected, not withdrawn."
            ).format(n=done)
        )


@meeting_binding.effect
def keep_first_edition(session: Session, step: Step) -> None:
    session.recorded_by, session.recorded_at, session.counts_since = step.person.user, step.at, step.at
    session.lines.update(since=step.at)
    for row in session.decisions.select_related("session", "unit"):
        decisions.issue(row, step.at)
    _keep(session, step)
    step.record["late"] = session.is_late


@meeting_binding.effect
def keep_edition(session: Session, step: Step) -> None:
    """What the correction adds counts from now on: a project, or a day in another period."""
    _write_facts(session, step.data["content"])
    _recount(session, step.at)
    decisions.follow(session, step.data["content"].decisions, step.reason, step.at)
    _keep(session, step)


def _recount(session: Session, at: datetime) -> None:
    before = session.editions.order_by("-number").values_list("content", flat=True).first() or {}
    was = before.get("held_on")
    if (
        session.held_on
        and was
        and period_of(session.kind, date.fromisoformat(was)) != period_of(session.kind, session.held_on)
    ):
        session.counts_since = at
        session.lines.update(since=at)
    session.lines.filter(since__isnull=True).update(since=at)


@meeting_binding.effect
def cancel_decisions(session: Session, step: Step) -> None:
    session.withdrawn_reason = step.reason[:500]
    rows = session.decisions.exclude(status=DecisionStatus.CANCELLED)
    for row in rows.select_related("session", "unit"):
        decisions.cancel(row, step.reason, step.at)


def _keep(session: Session, step: Step) -> None:
    session.edition_count += 1
    SessionEdition.objects.create(
        session=session, number=session.edition_count, at=step.at, by=step.person.user,
        by_text=f"{step.holder.organisation.short_name if step.holder else ''} {step.person.user.name}".strip()[:80],
        reason=step.reason[:500], content=content_of(session),
    )  # fmt: skip


def content_of(session: Session) -> dict[str, Any]:
    """The record in words, as it can be read years later."""
    rows = session.decisions.exclude(status=DecisionStatus.CANCELLED).select_related(
        "unit", "person", "project"
    )
    return {
        "kind": session.kind,
        "office": session.office.name,
        "held_on": session.held_on.isoformat() if session.held_on else "",
        "location": session.location,
        "chair": session.chair.name if session.chair else "",
        "people": [f"{p.organisation.short_name} {p.name}" for p in session.people.select_related("organisation")],
        "others": session.others,
        "minutes": session.minutes,
        "lines": [[line.project.name, line.note] for line in session.lines.select_related("project__place")],
        "decisions": [
            {
                "text": row.text, "unit": row.unit.name if row.unit else "", "person": row.person_name,
                "due_on": row.due_on.isoformat() if row.due_on else "",
                "project": row.project.name if row.project else "",
            }
            for row in rows
        ],
    }  # fmt: skip
