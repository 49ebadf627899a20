"""Granting and revoking duties: the security administrator's alone, never one's own."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.notices.services import notify
from ningde_projects.periods.month import local_date, midnight
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from .. import policies, rules
from ..actor import Actor, Held, in_force
from ..duties import ADMIN_DUTIES, Duty
from ..models import Assignment, Delegation, User
from . import record

MACHINE = "duty"


def grant_duty(
    person: User, duty: str, *, by: Actor, at: datetime, reason: str, last_day: date | None = None
) -> Assignment:
    """Give a duty for the person's own organisation, from now on. Raises NotAllowed, RuleBroken, WrongState."""
    holder = policies.need(policies.duty_right(by, person))
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    if last_day is not None and last_day < local_date(at):
        raise RuleBroken(_("The last day lies in the past."), field="last_day")
    with transaction.atomic():
        person = record.locked(person)
        _close_lapsed(person, at)
        _check(person, duty, at)
        row = _insert(
            Assignment(
                user=person, duty=duty, organisation=person.organisation, valid_from=at, granted_by=by.user,
                valid_to=midnight(last_day + timedelta(days=1)) if last_day else None, reason=reason.strip(),
            )
        )  # fmt: skip
        act = record.log(
            MACHINE, "granted", row, by=by, at=at, holder=holder, reason=reason.strip(), text=_text(row),
            place_id=row.organisation.place_id, person=person.name, username=person.username, duty=duty,
            organisation=row.organisation.name, before=None, after=_span(row),
        )  # fmt: skip
        params = {"duty": str(Duty(duty).label), "organisation": row.organisation.name}
        url = reverse("signin:account")
        notify("duty_granted", [person], at=at, dedupe=f"act:{act.pk}", params=params, url=url)
    return row


def revoke_duty(
    assignment: Assignment, *, by: Actor, at: datetime, reason: str, version: int | None = None
) -> None:
    """End a duty now. Delegations that rest on it end with it by themselves."""
    holder = policies.need(policies.duty_right(by, assignment.user))
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        keep_one_administrator(assignment.user, assignment.duty, at)
        row = record.locked(assignment, version)
        if not row.holds(at):
            raise WrongState(_("This duty has ended already."))
        end(row, by=by, at=at, reason=reason.strip(), holder=holder)


def end(row: Assignment, *, by: Actor, at: datetime, reason: str, holder: Held | None = None) -> None:
    """Write the end of a duty that is held; the caller has the row and has asked for the right."""
    before = _span(row)
    row.revoked_at, row.revoked_by, row.version = at, by.user, row.version + 1
    row.save()
    act = record.log(
        MACHINE, "revoked", row, by=by, at=at, holder=holder, reason=reason, text=_text(row),
        place_id=row.organisation.place_id, person=row.user.name, username=row.user.username, duty=row.duty,
        organisation=row.organisation.name, before=before, after=_span(row),
    )  # fmt: skip
    params = {"duty": str(Duty(row.duty).label), "organisation": row.organisation.name}
    notify("duty_revoked", [row.user], at=at, dedupe=f"act:{act.pk}", params=params)


def keep_one_administrator(person: User, duty: str, at: datetime) -> None:
    """Each of the three offices keeps a holder: nobody could appoint the next one. Locks the holders' rows."""
    if duty not in ADMIN_DUTIES:
        return
    holders = Assignment.objects.select_for_update(of=("self",)).filter(
        in_force(at), duty=duty, user__is_active=True
    )
    if not [row for row in holders.order_by("pk") if row.user_id != person.pk]:
        raise RuleBroken(
            _("{name} is the only {duty}. Grant the duty to another person first.").format(
                name=person.name, duty=Duty(duty).label
            )
        )


def _check(person: User, duty: str, at: datetime) -> None:
    if not person.is_active:
        raise WrongState(_("This account is closed."))
    if not person.organisation.is_active:
        raise WrongState(_("The organisation of this person is closed."))
    if duty not in Duty.values:
        raise RuleBroken(_("There is no such duty."), field="duty")
    if wrong := rules.duty_error(duty, person.organisation.kind):
        raise RuleBroken(wrong, field="duty")
    held = set(_open(person, at).values_list("duty", flat=True))
    if duty in held:
        raise RuleBroken(_("This person holds the duty already."), field="duty")
    acting = Delegation.objects.filter(delegate=person, revoked_at__isnull=True, valid_to__gt=at).exists()
    if wrong := rules.separation_error(duty, held, acts_for_others=acting):
        raise RuleBroken(wrong, field="duty")


def _open(person: User, at: datetime) -> QuerySet[Assignment]:
    """Held now or from a later day on."""
    return Assignment.objects.filter(user=person, revoked_at__isnull=True).exclude(valid_to__lte=at)


def _close_lapsed(person: User, at: datetime) -> None:
    """A duty whose day has passed no longer stands in the way of the constraint that counts open rows."""
    for row in Assignment.objects.select_for_update().filter(
        user=person, revoked_at__isnull=True, valid_to__lte=at
    ):
        row.revoked_at = row.valid_to
        row.version += 1
        row.save()


def _insert(row: Assignment) -> Assignment:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "assignment_one_administrator_duty" in str(error):
            raise RuleBroken(
                _("An administrator holds one administrator's duty only."), field="duty"
            ) from error
        if "assignment_not_twice" in str(error):
            raise RuleBroken(_("This person holds the duty already."), field="duty") from error
        raise
    return row


def _span(row: Assignment) -> dict[str, str | None]:
    return {
        "from": row.valid_from.isoformat(),
        "until": row.valid_to.isoformat() if row.valid_to else None,
        "revoked": row.revoked_at.isoformat() if row.revoked_at else None,
    }


def _text(row: Assignment) -> str:
    return f"{row.user.name} · {Duty(row.duty).label} · {row.organisation.short_name}"
