"""Whom the acts on decisions tell, and in which words; names are those of workflow/meetings.py's `notifies`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import Actor, in_force
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Organisation, User
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.models import Act

from ..models import Decision, Session
from ..models.meetings import SessionKind
from ..rules.meetings import MUNICIPAL
from ..workflow.meetings import WORKER_DUTIES
from .meeting_binding import decision_binding

register(
    NoticeKind("decision_issued", _("To be done by %(due)s: %(text)s"),
               _("Decided at the meeting of %(office)s on %(held_on)s; your office is responsible."),
               icon="gavel", tone="sea"),
    NoticeKind("decision_amended", _("Changed: %(text)s"),
               _("The record of the meeting of %(office)s on %(held_on)s was corrected; now due on %(due)s. Reason: "
                 "%(reason)s"), icon="pencil", tone="amber"),
    NoticeKind("decision_cancelled", _("No longer to be done: %(text)s"),
               _("The record of the meeting of %(office)s on %(held_on)s was corrected. Reason: %(reason)s"),
               icon="circle-x", outgoing=False),
    NoticeKind("decision_done", _("Reported as done: %(text)s"), _("%(unit)s: %(reason)s. Verify it, or send it back."),
               icon="check", tone="sea"),
    NoticeKind("decision_verified", _("Verified: %(text)s"),
               _("The office that keeps the record of the meeting of %(held_on)s has verified it."),
               icon="checks", tone="green", outgoing=False),
    NoticeKind("decision_sent_back", _("Sent back: %(text)s"), _("Not done yet: %(reason)s"),
               icon="arrow-back-up", tone="red"),
    NoticeKind("decision_due", _("%(count)s decisions of meetings are due soon"),
               _("“%(first)s” and others are due by %(due)s and not reported as done."),
               icon="bell-ringing", tone="amber"),
    NoticeKind("decision_overdue", _("%(count)s decisions of meetings are overdue"),
               _("“%(first)s” and others should have been done by %(due)s."), icon="alert-triangle", tone="red"),
)  # fmt: skip


def people_of(offices: Iterable[int], duties: Iterable[Duty], at: datetime) -> dict[int, list[User]]:
    """Office -> its people who hold one of the duties now; one query for all offices."""
    rows = Assignment.objects.filter(
        in_force(at), organisation__in=set(offices), duty__in=list(duties), user__is_active=True
    )
    found: dict[int, dict[int, User]] = {}
    for row in rows.select_related("user").order_by("user"):
        found.setdefault(row.organisation_id, {})[row.user_id] = row.user
    return {office: list(people.values()) for office, people in found.items()}


def of_unit(decision: Decision, at: datetime) -> list[User]:
    """Everyone of the unit who works on it; the person named, when it is an account, is among them."""
    people = people_of([decision.unit_id or 0], WORKER_DUTIES, at).get(decision.unit_id or 0, [])
    return [*people, *([decision.person] if decision.person else [])]


def of_recorders(session: Session, at: datetime) -> list[User]:
    """Who verifies: the bureau of the county, the department's section, and the leader who held the meeting."""
    return recorders_of([session], at)[session.pk]


def recorders_of(sessions: Iterable[Session], at: datetime) -> dict[int, list[User]]:
    """The same for many meetings, in two queries."""
    wanted = list(sessions)
    places = {s.place_id for s in wanted if s.kind == SessionKind.DISPATCH}
    bureaus = dict(
        Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place__in=places).values_list("place", "pk")
    )
    reviewers = people_of(bureaus.values(), [Duty.REVIEW], at)
    sections = people_of({s.office_id for s in wanted if s.kind == SessionKind.ON_SITE}, [Duty.HANDLE], at)
    city = _recorders_of_city(wanted, at)
    found: dict[int, list[User]] = {}
    for s in wanted:
        people = (
            reviewers.get(bureaus.get(s.place_id, 0), [])
            if s.kind == SessionKind.DISPATCH
            else city.get(s.kind, sections.get(s.office_id, []))
        )
        chair = [s.chair] if s.chair is not None and s.chair not in people else []
        found[s.pk] = [*people, *chair]
    return found


def _recorders_of_city(sessions: Iterable[Session], at: datetime) -> dict[str, list[User]]:
    """Kind -> who verifies what the city's own meetings decided; nothing is asked when there is none."""
    kinds = {s.kind for s in sessions} & set(MUNICIPAL)
    if not kinds:
        return {}
    offices = Organisation.objects.filter(kind=OrgKind.COMMISSION).values_list("pk", flat=True)
    dispatchers = [user for people in people_of(offices, [Duty.DISPATCH], at).values() for user in people]
    return dict.fromkeys(kinds, dispatchers)


def _tell(decision: Decision, step: Step, act: Act, people: Iterable[User]) -> None:
    session = decision.session
    mine = step.actor.user.pk if isinstance(step.actor, Actor) else None
    params = {
        "text": decision.text[:60], "due": decision.due_on.isoformat() if decision.due_on else "—",
        "office": session.office.short_name, "held_on": session.held_on.isoformat() if session.held_on else "—",
        "unit": decision.unit.short_name if decision.unit else "—", "reason": step.reason or "—",
    }  # fmt: skip
    notify(step.transition.notifies[0], [p for p in people if p.pk != mine], at=step.at, dedupe=f"act:{act.pk}",
           params=params, url=reverse("hookups:decision", args=[decision.public_id]))  # fmt: skip


@decision_binding.audience
def decision_issued(decision: Decision, step: Step, act: Act) -> None:
    _tell(decision, step, act, of_unit(decision, step.at))


@decision_binding.audience
def decision_amended(decision: Decision, step: Step, act: Act) -> None:
    _tell(decision, step, act, of_unit(decision, step.at))


@decision_binding.audience
def decision_cancelled(decision: Decision, step: Step, act: Act) -> None:
    if act.from_status != "draft":
        _tell(decision, step, act, of_unit(decision, step.at))


@decision_binding.audience
def decision_done(decision: Decision, step: Step, act: Act) -> None:
    _tell(decision, step, act, of_recorders(decision.session, step.at))


@decision_binding.audience
def decision_verified(decision: Decision, step: Step, act: Act) -> None:
    _tell(decision, step, act, of_unit(decision, step.at))


@decision_binding.audience
def decision_sent_back(decision: Decision, step: Step, act: Act) -> None:
    _tell(decision, step, act, of_unit(decision, step.at))
