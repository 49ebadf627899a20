"""The agenda with what its sources say now, and the minutes made of it (M8.4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from hookups.models import Decision, Session
from hookups.querysets.meetings import kept_by, whole
from hookups.rules.meetings import MUNICIPAL
from hookups.workflow.meetings import DecisionStatus, SessionStatus
from ningde_projects.organizations.actor import Actor

from ..models import AgendaDecision, AgendaItem
from ..paper.minutes import DecidedItem, HeardItem, Minutes
from .agenda_sources import Matter, source_of


@dataclass
class Shown:
    """One item: the row, what its source says (None when this person may no longer see it), what was decided."""

    item: AgendaItem
    matter: Matter | None
    decisions: list[Decision] = field(default_factory=list)


def runnable(actor: Actor) -> list[Session]:
    """Drafts of the city's own meetings that this person keeps, and the last ones recorded."""
    rows = Session.objects.filter(kept_by(actor), kind__in=MUNICIPAL).exclude(status=SessionStatus.WITHDRAWN)
    return list(rows.select_related("office", "chair").order_by("-held_on", "-pk")[:30])


def session_of(actor: Actor, public_id: UUID) -> Session | None:
    """A meeting of the city that this person sees whole."""
    rows = Session.objects.filter(whole(actor), kind__in=MUNICIPAL, public_id=public_id)
    found: Session | None = rows.select_related("office__place", "place", "chair").first()
    return found


def agenda_of(session: Session, actor: Actor, at: datetime) -> list[Shown]:
    """Every item in its order; a fixed number of queries for each source."""
    items = list(session.agenda.select_related("project__place"))
    keys: dict[str, set[UUID]] = defaultdict(set)
    for item in items:
        keys[item.source].add(item.key)
    found: dict[tuple[str, UUID], Matter] = {}
    for name, wanted in keys.items():
        if (source := source_of(name)) is not None:
            found.update({(name, key): matter for key, matter in source.matters(actor, wanted, at).items()})
    rows = [Shown(item, found.get((item.source, item.key))) for item in items]
    by_item = {row.item.pk: row for row in rows}
    for link in AgendaDecision.objects.filter(item__session=session).select_related(
        "decision__unit", "decision__person"
    ):  # fmt: skip
        if link.decision.status != DecisionStatus.CANCELLED:
            by_item[link.item_id].decisions.append(link.decision)
    return rows


def minutes_of(session: Session, actor: Actor, at: datetime) -> Minutes:
    """The values of the document; the record's lines when the meeting was not run here."""
    shown = agenda_of(session, actor, at)
    heard = [
        HeardItem(row.item.project.name, row.item.project.place.name, row.matter.text if row.matter else "",
                  row.item.note)
        for row in shown
    ] or [
        HeardItem(line.project.name, line.project.place.name, line.note, "")
        for line in session.lines.select_related("project__place")
    ]  # fmt: skip
    decisions = session.decisions.exclude(status=DecisionStatus.CANCELLED).select_related("unit", "person")
    people = [f"{p.organisation.short_name}{p.name}" for p in session.people.select_related("organisation")]
    return Minutes(
        kind=session.get_kind_display(), office=session.office.name, held_on=session.held_on,
        location=session.location, chair=f"{session.chair.title}{session.chair.name}" if session.chair else "",
        people="、".join([*people, *([session.others] if session.others else [])]), minutes=session.minutes,
        heard=tuple(heard),
        decided=tuple(
            DecidedItem(d.text, d.unit.name if d.unit else "", d.person_name, d.due_on) for d in decisions
        ),
    )  # fmt: skip
