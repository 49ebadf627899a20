"""The lists of meetings, decisions and duties as sheets: the rows of the page (E2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import local_date

from ..models.meetings import SessionKind
from ..policies.meetings import is_outside, reading_refusal
from ..selectors import decisions as decided
from ..selectors import gaps, meetings
from ..selectors.duties import Owed
from ..workflow.meetings import DecisionStatus, SessionStatus


def _one(params: Params) -> dict[str, str]:
    return {name: values[-1] for name, values in params.items() if values}


MEETINGS = Sheet(
    key="meetings", name=gettext_lazy("Meetings and on-site sessions"),
    columns=(
        Column("held_on", gettext_lazy("Day"), kind="date", width=12),
        Column("kind", gettext_lazy("Kind of meeting"), kind="choice", choices=SessionKind.choices, width=14),
        Column("office", gettext_lazy("Office"), getter=lambda s: s.office.name, width=26),
        Column("chair", gettext_lazy("Held by"), getter=lambda s: s.chair.name if s.chair else None, width=12),
        Column("location", pgettext_lazy("meeting", "Place held"), width=26),
        Column("line_count", gettext_lazy("Projects spoken of"), kind="integer", width=10),
        Column("decision_count", gettext_lazy("Decisions"), kind="integer", width=10),
        Column("verified_count", gettext_lazy("of these verified"), kind="integer", width=10),
        Column("status", gettext_lazy("State"), kind="choice", choices=SessionStatus.choices, width=12),
        Column("late", gettext_lazy("Recorded late"), getter=lambda s: s.is_late or None, kind="yesno", width=10),
    ),
)  # fmt: skip

DECISIONS = Sheet(
    key="decisions", name=gettext_lazy("Decisions of meetings"),
    columns=(
        Column("text", gettext_lazy("What was decided"), width=50),
        Column("project", gettext_lazy("Project concerned"), getter=lambda d: d.project and d.project.name, width=30),
        Column("unit", gettext_lazy("Responsible unit"), getter=lambda d: d.unit.name if d.unit else None, width=26),
        Column("person", gettext_lazy("Responsible person"), getter=lambda d: d.person_name or None, width=12),
        Column("due_on", gettext_lazy("To be done by"), kind="date", width=12),
        Column("status", gettext_lazy("State"), kind="choice", choices=DecisionStatus.choices, width=12),
        Column("note", gettext_lazy("Latest progress"), getter=lambda d: d.evidence or d.note or None, width=40),
        Column("office", gettext_lazy("Meeting of"), getter=lambda d: d.session.office.name, width=26),
        Column("held_on", gettext_lazy("held on"), getter=lambda d: d.session.held_on, kind="date", width=12),
    ),
)  # fmt: skip

_STATES = (
    ("met", pgettext_lazy("duty", "Held")), ("late", gettext_lazy("Recorded late")),
    ("gap", pgettext_lazy("duty", "Not held")),
)  # fmt: skip


def _period(row: Owed) -> str:
    return str(row.month if row.rule == "D7" else row.month.quarter)


DUTIES = Sheet(
    key="meeting_duties", name=gettext_lazy("Meetings due"),
    columns=(
        Column("period", gettext_lazy("Period"), getter=_period, width=10),
        Column("place", gettext_lazy("Place"), getter=lambda o: o.place.name, width=16),
        Column("office", gettext_lazy("Office"), getter=lambda o: o.office.name, width=26),
        Column("leader", gettext_lazy("Responsible leader"), getter=lambda o: o.leader and o.leader.name, width=14),
        Column("project", gettext_lazy("Project"), getter=lambda o: o.project.name if o.project else None, width=40),
        Column("state", gettext_lazy("State"), kind="choice", choices=_STATES, width=12),
        Column("held_on", gettext_lazy("held on"), getter=lambda o: o.session and o.session.held_on, kind="date",
               width=12),
    ),
)  # fmt: skip


def _meetings(actor: Actor, params: Params) -> Any:
    return meetings.listed(actor, meetings.MeetingFilters.read(_one(params)))


def _decisions(actor: Actor, params: Params) -> Any:
    return decided.listed(actor, decided.DecisionFilters.read(_one(params)), local_date(actor.at))


def _duties(actor: Actor, params: Params) -> list[Any]:
    found = gaps.read_gaps(actor, _one(params), actor.at)
    return [] if found is None else [*found.shown, *found.unreached]


def _duty_words(actor: Actor, params: Params) -> str:
    found = gaps.read_gaps(actor, _one(params), actor.at)
    if found is None:
        return ""
    return f"{SessionKind(found.filters.kind).label} · {found.filters.period}"


def _refuse_reading(actor: Actor, params: Params) -> str | None:
    return None if is_outside(actor) else reading_refusal(actor)


def _refuse_duties(actor: Actor, params: Params) -> str | None:
    if is_outside(actor):
        return None
    if gaps.scopes(actor):
        return ""
    return _(
        "This page is for counties, municipal departments and the commission: who has held the meetings that are due."
    )


def _rows(query: Any) -> Iterable[Any]:
    return query.iterator(chunk_size=500)  # type: ignore[no-any-return]


EXPORTS = (
    Export(
        "meetings", MEETINGS, rows=lambda a, p: _rows(_meetings(a, p)), count=lambda a, p: _meetings(a, p).count(),
        refuse=_refuse_reading,
        filter_line=lambda a, p: meetings.MeetingFilters.read(_one(p)).in_words(),
        back_url=lambda p: reverse("hookups:meetings"),
    ),
    Export(
        "decisions", DECISIONS, rows=lambda a, p: _rows(_decisions(a, p)), count=lambda a, p: _decisions(a, p).count(),
        refuse=_refuse_reading,
        filter_line=lambda a, p: decided.DecisionFilters.read(_one(p)).in_words(),
        back_url=lambda p: reverse("hookups:decisions"),
    ),
    Export(
        "meeting-duties", DUTIES, rows=_duties, count=lambda a, p: len(_duties(a, p)), refuse=_refuse_duties,
        filter_line=_duty_words, back_url=lambda p: reverse("hookups:duties"),
    ),
)  # fmt: skip
