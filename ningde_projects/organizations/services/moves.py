"""A person goes to another office: what lies with him is handed over first, nothing of the old office goes along."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.notices.services import notify
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from .. import policies
from ..actor import Actor
from ..duties import Duty
from ..models import Organisation, User
from . import accounts, handovers, record


def move_person(
    person: User,
    office: Organisation,
    reason: str,
    successor: User | None = None,
    *,
    by: Actor,
    at: datetime,
    section: str = "",
    title: str = "",
    version: int | None = None,
) -> User:
    """Move the person to `office` now; duties, delegations and sessions end, the account itself goes on (point 15).

    Section and position are those in the new office. The security administrators are asked for the new duty.
    Raises NotAllowed, RuleBroken (field "successor" while something is open and nobody takes it), WrongState,
    StaleVersion.
    """
    holder = policies.need(policies.account_right(by, person.organisation))
    policies.need(policies.account_right(by, office))
    if by.user.pk == person.pk:
        raise RuleBroken(_("Nobody moves himself; another administrator has to."))
    if not (reason := reason.strip()):
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        accounts.keep_administrators(person, at)
        row = record.locked(person, version)
        office = record.locked(office)  # closed in the meantime, it would be an office with a person in it
        _check(row, office)
        handovers.hand_over(row, successor, by=by, at=at, reason=reason, moving=office)
        ended = accounts.end_duties(row, by=by, at=at, reason=reason, holder=holder)
        before = row.organisation
        changes = record.change(row, {"organisation": office, "section": section, "title": title})
        row.version += 1
        row.save()
        accounts.end_sign_in(row, at)
        act = record.log(
            accounts.MACHINE, "moved", row, by=by, at=at, holder=holder, reason=reason, place_id=office.place_id,
            successor=successor.name if successor else "", duties_ended=ended, changes=changes,
        )  # fmt: skip
        notify(
            "person_moved", accounts.administrators(Duty.ADMIN_SECURITY, at, but=by), at=at, dedupe=f"act:{act.pk}",
            params={"name": row.name, "before": before.name, "organisation": office.name},
            url=reverse("organizations:person", args=[row.public_id]),
        )  # fmt: skip
    return row


def _check(row: User, office: Organisation) -> None:
    if row.suspended_at is not None:
        raise WrongState(_("This account is suspended; reopen it first."))
    if not row.is_active:
        raise WrongState(_("This account is closed."))
    if office.pk == row.organisation_id:
        raise RuleBroken(
            _("The person belongs to this office already; choose another one."), field="organisation"
        )
    if not office.is_active:
        raise RuleBroken(
            _("This organisation is closed; reopen it first, or choose another one."), field="organisation"
        )
