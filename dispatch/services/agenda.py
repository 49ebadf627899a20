"""The agenda of a draft meeting: drawn, ordered, spoken of, decided; everything typed is kept at once (M8.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hookups.models import Decision, Session, SessionProject
from hookups.policies.meetings import recording_right
from hookups.rules.meetings import MUNICIPAL, missing_of_decision
from hookups.services.decisions import DecisionContent, fill
from hookups.services.meetings import Content, begin
from hookups.workflow.meetings import MEETING, SessionStatus
from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import AgendaDecision, AgendaItem
from ..selectors.agenda_sources import Matter

NOTE_LENGTH = 500


def start(kind: str, office: Organisation, *, by: Actor, at: datetime) -> Session:
    """A meeting of today as a draft; its agenda is drawn next."""
    return begin(kind, office, Content(held_on=local_date(at)), by=by, at=at)


def _open(session: Session, by: Actor) -> Held:
    """Take the row; only a draft of the city's own meetings is run, by whoever keeps its record."""
    session.refresh_from_db(from_queryset=Session.objects.select_for_update())
    if session.kind not in MUNICIPAL:
        raise WrongState(_("Only the city's own meetings are run here."))
    right = recording_right(by, session.kind, session.office, session.chair_id)
    if isinstance(right, NotAllowed):
        raise right
    if session.status != SessionStatus.DRAFT:
        raise WrongState(_("This is recorded; correct the record instead, with a reason."))
    return right


def _note(session: Session, name: str, by: Actor, at: datetime, holder: Held, **data: object) -> None:
    session.version += 1
    session.save(update_fields=["version"])
    record(MEETING.name, name, by=by, at=at, obj=session, holder=holder, data=data, place_id=session.place_id)


@transaction.atomic
def draw(session: Session, source: str, matters: Sequence[Matter], *, by: Actor, at: datetime) -> int:
    """Put matters at the end of the agenda; those that are there already stay where they are."""
    holder = _open(session, by)
    known = set(session.agenda.filter(source=source).values_list("key", flat=True))
    last = session.agenda.aggregate(n=Max("order"))["n"] or 0
    fresh = [matter for matter in matters if matter.key not in known]
    AgendaItem.objects.bulk_create(
        AgendaItem(
            session=session, source=source, key=matter.key, project_id=matter.project_id, order=last + n
        )
        for n, matter in enumerate(fresh, 1)
    )
    spoken = set(session.lines.values_list("project", flat=True))
    for project in dict.fromkeys(matter.project_id for matter in fresh):
        if project not in spoken:
            SessionProject.objects.create(session=session, project_id=project)
    _note(session, "draw_agenda", by, at, holder, matters=len(fresh))
    return len(fresh)


Move = Literal["up", "down", "remove"]


@transaction.atomic
def move(session: Session, item: AgendaItem, how: Move, *, by: Actor, at: datetime) -> None:
    """One place up or down, or off the agenda; what has been decided on stays."""
    holder = _open(session, by)
    rows = list(session.agenda.all())
    place = next((n for n, row in enumerate(rows) if row.pk == item.pk), None)
    if place is None:
        raise WrongState(_("This no longer exists."))
    if how == "remove":
        _remove(session, rows.pop(place))
    else:
        other = place + (-1 if how == "up" else 1)
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows, 1):
        if row.order != number:
            row.order = number
            row.save(update_fields=["order"])
    _note(session, "order_agenda", by, at, holder, how=how)


def _remove(session: Session, item: AgendaItem) -> None:
    if item.decisions.exists():
        raise WrongState(_("Something was decided on this item; it stays on the agenda."))
    project = item.project_id
    item.delete()
    if not session.agenda.filter(project=project).exists():
        session.lines.filter(project=project).delete()


@transaction.atomic
def say(session: Session, item: AgendaItem, note: str, *, by: Actor, at: datetime) -> None:
    """What was said on the item; the record's line of the project holds what was said on all its items."""
    holder = _open(session, by)
    note = note.strip()
    if len(note) > NOTE_LENGTH:
        raise RuleBroken(_("At most {n} characters.").format(n=NOTE_LENGTH), field="note")
    item.note, item.discussed_at = note, at
    item.save(update_fields=["note", "discussed_at"])
    notes = session.agenda.filter(project=item.project_id).exclude(note="").values_list("note", flat=True)
    line, _made = SessionProject.objects.get_or_create(session=session, project_id=item.project_id)
    line.note = "；".join(notes)[:NOTE_LENGTH]
    line.save(update_fields=["note"])
    _note(session, "note_agenda", by, at, holder, item=item.order)


@transaction.atomic
def decide(
    session: Session, item: AgendaItem, content: DecisionContent, *, by: Actor, at: datetime
) -> Decision:
    """A decision typed during the meeting; it is put to the unit when the meeting is recorded."""
    holder = _open(session, by)
    number = (session.decisions.aggregate(n=Max("order"))["n"] or 0) + 1
    errors = _missing(content, number, session.held_on)
    if errors:
        said = {name: [text] for name, text in errors.items()}
        raise RuleBroken(" ".join(errors.values()), errors=said)
    decision = Decision(session=session)
    fill(decision, content, number)
    decision.project_id = item.project_id
    decision.save()
    AgendaDecision.objects.create(item=item, decision=decision)
    item.discussed_at = item.discussed_at or at
    item.save(update_fields=["discussed_at"])
    _note(session, "decide_agenda", by, at, holder, item=item.order, text=content.text[:200])
    return decision


def _missing(content: DecisionContent, number: int, held_on: date | None) -> dict[str, str]:
    """The rules of the record (hookups), each put to its field."""
    whole: dict[str, object] = {
        "text": content.text,
        "has_unit": content.unit is not None,
        "due_on": content.due_on,
    }
    sound: dict[str, object] = {"text": "x", "has_unit": True, "due_on": held_on or date(2999, 1, 1)}
    found = {}
    for field, name in (("text", "text"), ("has_unit", "unit"), ("due_on", "due_on")):
        texts = missing_of_decision(number, held_on=held_on, **(sound | {field: whole[field]}))  # type: ignore[arg-type]
        if texts:
            found[name] = str(texts[0])
    return found
