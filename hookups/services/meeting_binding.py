"""The tables of workflow/meetings.py tied to their models: who holds which office of a row, and what an act is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.door import bind

from ..models import Decision, Session
from ..models.meetings import SessionKind
from ..rules.meetings import MUNICIPAL
from ..workflow.meetings import DECISION, MEETING


def _offices_of(session: Session, office: str) -> Iterable[int]:
    if session.kind in MUNICIPAL:
        return _offices_of_city(session, office)
    if session.kind == SessionKind.ON_SITE:
        return {session.office_id} if office in ("department", "leader") else ()
    if office == "bureau":
        return Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place=session.place_id).values_list(
            "pk", flat=True
        )
    return {session.office_id} if office in ("government", "leader") else ()


def _offices_of_city(session: Session, office: str) -> Iterable[int]:
    """The city's own meetings; the vice-mayor's is recorded by his government too."""
    if office == "dispatcher":
        return Organisation.objects.filter(kind=OrgKind.COMMISSION).values_list("pk", flat=True)
    fitting = ("government", "leader") if session.kind == SessionKind.QUARTERLY else ("leader",)
    return {session.office_id} if office in fitting else ()


def _chair_only(session: Session, office: str) -> Iterable[int] | None:
    """A leader keeps the record of his own meetings, not of his colleagues'."""
    if office != "leader":
        return None
    return {session.chair_id} if session.chair_id else ()


def _about_session(session: Session) -> Mapping[str, Any]:
    return {"object_text": str(session)[:200], "place_id": session.place_id}


def _offices_of_decision(decision: Decision, office: str) -> Iterable[int]:
    if office == "unit":
        return {decision.unit_id} if decision.unit_id else ()
    return _offices_of(decision.session, office)


def _persons_of_decision(decision: Decision, office: str) -> Iterable[int] | None:
    return None if office == "unit" else _chair_only(decision.session, office)


def _about_decision(decision: Decision) -> Mapping[str, Any]:
    return {
        "object_text": decision.text[:200],
        "project_id": decision.project_id,
        "place_id": decision.session.place_id,
    }


meeting_binding = bind(MEETING, Session, offices=_offices_of, about=_about_session, persons=_chair_only)
decision_binding = bind(
    DECISION, Decision, offices=_offices_of_decision, about=_about_decision, persons=_persons_of_decision
)
