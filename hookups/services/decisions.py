"""What meetings decide, from the unit that does it to the office that verifies it (M4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, SystemActor
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.projects.models import Project
from ningde_projects.workflow.door import Step, perform, person_refusal
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import WrongState

from ..models import Decision, Session
from ..workflow.meetings import DECISION, OWED, WORKERS, DecisionStatus
from .meeting_binding import decision_binding

#: What a correction of the record may change of a decision.
_FIELDS = ("text", "unit", "due_on", "person_text", "project")


@dataclass(frozen=True)
class DecisionContent:
    """One decision as typed; `public_id` is that of the row it changes, None for a new one."""

    text: str
    unit: Organisation | None = None
    due_on: date | None = None
    person_text: str = ""
    project: Project | None = None
    public_id: UUID | None = None


def unit_act(decision: Decision, verb: str, by: Actor) -> str:
    """The row by which this person of the responsible unit does it; the first one for those who may not."""
    names = [f"{verb}_{suffix}" for suffix, _duty in WORKERS]
    return next((n for n in names if person_refusal(decision, DECISION.by_name[n], by) is None), names[1])


def progress(decision: Decision, *, by: Actor, at: datetime, note: str, version: int | None = None) -> Act:
    """The unit says how far it is."""
    return perform(decision, unit_act(decision, "progress", by), by=by, at=at, reason=note, version=version)


def finish(decision: Decision, *, by: Actor, at: datetime, evidence: str, version: int | None = None) -> Act:
    """The unit says that it is done, and how; files hang on the decision."""
    return perform(decision, unit_act(decision, "finish", by), by=by, at=at, reason=evidence, version=version)


def account_of(unit: Organisation | None, name: str) -> User | None:
    """The one account of the unit with this name; a name that fits two is left as written."""
    if unit is None or not name:
        return None
    found = list(User.objects.filter(organisation=unit, name=name, is_active=True)[:2])
    return found[0] if len(found) == 1 else None


def fill(row: Decision, content: DecisionContent, number: int) -> None:
    """Put the typed values into a row; a name that is an account of the unit becomes the person."""
    row.order, row.text, row.unit, row.due_on = number, content.text.strip(), content.unit, content.due_on
    row.project, row.person_text = content.project, content.person_text.strip()
    row.person = account_of(row.unit, row.person_text)


def issue(decision: Decision, at: datetime) -> Act:
    return perform(decision, "issue", by=SystemActor(at), at=at)


def cancel(decision: Decision, reason: str, at: datetime) -> Act:
    return perform(decision, "cancel", by=SystemActor(at), at=at, reason=reason)


def follow(session: Session, wanted: Sequence[DecisionContent], reason: str, at: datetime) -> None:
    """Bring the decisions in line with a corrected record; what is done or verified is not touched."""
    known = {
        row.public_id: row
        for row in session.decisions.exclude(status=DecisionStatus.CANCELLED).select_related(
            "session", "unit", "project"
        )
    }
    for number, content in enumerate(wanted, 1):
        row = known.pop(content.public_id, None) if content.public_id else None
        if row is None:
            row = Decision(session=session)
            fill(row, content, number)
            row.save()
            issue(row, at)
        elif changed := _changed(row, content):
            _require_open(row)
            perform(
                row,
                "amend",
                by=SystemActor(at),
                at=at,
                reason=reason,
                data={"changed": changed, "number": number},
            )
    for row in known.values():
        _require_open(row)
        cancel(row, reason, at)


def _changed(row: Decision, content: DecisionContent) -> dict[str, Any]:
    found = {}
    for name in _FIELDS:
        now = getattr(content, name)
        now = now.strip() if isinstance(now, str) else now
        if getattr(row, name) != now:
            found[name] = now
    return found


def _require_open(row: Decision) -> None:
    if row.status not in OWED:
        raise WrongState(
            _("“{text}” has been reported as done; send it back first if it has to change.").format(
                text=row.text[:40]
            )
        )


# ---- effects ---------------------------------------------------------------------------------------------------


@decision_binding.effect
def start_decision(decision: Decision, step: Step) -> None:
    decision.person = account_of(decision.unit, decision.person_text)
    # Kept as the names are today: the record says to whom it was given, and for when.
    step.record["unit"] = decision.unit.name if decision.unit else ""
    step.record["person"] = decision.person_text
    step.record["due_on"] = _kept(decision.due_on)


@decision_binding.effect
def change_decision(decision: Decision, step: Step) -> None:
    """Another unit begins anew; a later day is reminded of anew."""
    for name, value in step.data["changed"].items():
        before = getattr(decision, name)
        step.record[name] = [_kept(before), _kept(value)]
        setattr(decision, name, value)
    decision.person = account_of(decision.unit, decision.person_text)
    if "unit" in step.data["changed"]:
        decision.status, decision.note = DecisionStatus.OPEN, ""
    if "due_on" in step.data["changed"]:
        decision.reminded_on = decision.overdue_told_at = None


def _kept(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@decision_binding.effect
def note_progress(decision: Decision, step: Step) -> None:
    decision.note, decision.noted_at, decision.return_reason = step.reason, step.at, ""


@decision_binding.effect
def mark_done(decision: Decision, step: Step) -> None:
    decision.evidence, decision.finished_at, decision.return_reason = step.reason, step.at, ""
    step.record["late"] = decision.finished_late


@decision_binding.effect
def mark_verified(decision: Decision, step: Step) -> None:
    decision.verified_at = step.at


@decision_binding.effect
def mark_sent_back(decision: Decision, step: Step) -> None:
    decision.return_reason, decision.finished_at = step.reason, None


@decision_binding.effect
def end_decision(decision: Decision, step: Step) -> None:
    decision.return_reason = step.reason
