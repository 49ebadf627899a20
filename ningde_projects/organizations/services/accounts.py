"""Accounts: one person each, opened, kept up, closed with a hand-over; a login is never used again (point 15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.notices.services import notify
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from .. import policies, rules
from ..actor import Actor, Held, holders, in_force
from ..duties import ADMIN_DUTIES, Duty
from ..models import Assignment, Organisation, User, username_validator
from . import delegations, duties, handovers, record

MACHINE = "account"
FACTS = ("name", "section", "title", "rank", "phone", "email")


def open_account(
    organisation: Organisation, username: str, facts: Mapping[str, Any], *, by: Actor, at: datetime
) -> User:
    """Open an account without password and without duties; the security administrators are told.

    Raises NotAllowed, RuleBroken, WrongState.
    """
    holder = policies.need(policies.account_right(by, organisation))
    if not organisation.is_active:
        raise WrongState(_("This organisation is closed; reopen it first."))
    username = username.strip().lower()
    _check_name(username)
    person = User(
        username=username, organisation=organisation, **{name: facts.get(name, "") for name in FACTS}
    )
    person.set_unusable_password()
    _check(person)
    with transaction.atomic():
        _insert(person)
        act = record.log(
            MACHINE, "opened", person, by=by, at=at, holder=holder, place_id=organisation.place_id,
            after={"username": username, "name": person.name, "organisation": organisation.name},
        )  # fmt: skip
        notify(
            "account_opened", administrators(Duty.ADMIN_SECURITY, at, but=by), at=at, dedupe=f"act:{act.pk}",
            params={"name": person.name, "organisation": organisation.name, "by": by.user.name},
            url=reverse("organizations:person", args=[person.public_id]),
        )  # fmt: skip
    return person


def administrators(duty: Duty, at: datetime, *, but: Actor | None = None) -> list[User]:
    """Whoever holds this administrator's duty now, but for the acting person."""
    offices = Assignment.objects.filter(in_force(at), duty=duty)
    found = holders(duty, offices.values_list("organisation", flat=True), at)
    return [person for person in found if but is None or person.pk != but.user.pk]


def update_person(
    person: User, facts: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None = None
) -> User:
    """Change what is known of the person. Raises NotAllowed, RuleBroken, StaleVersion."""
    holder = policies.need(policies.account_right(by, person.organisation))
    with transaction.atomic():
        row = record.locked(person, version)
        changes = record.change(row, {name: value for name, value in facts.items() if name in FACTS})
        _check(row)
        if changes:
            row.version += 1
            row.save()
            if "phone" in changes:  # the log says that it changed, not the number
                changes["phone"] = ["…", "…"]
            record.log(
                MACHINE, "changed", row, by=by, at=at, holder=holder, place_id=row.organisation.place_id,
                changes=changes,
            )  # fmt: skip
    return row


def close_account(
    person: User,
    reason: str,
    successor: User | None = None,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Hand over what lies with the person, end duties, delegations and sessions, close the account.

    Raises RuleBroken (field "successor") while something is open and nobody takes it.
    """
    holder = policies.need(policies.account_right(by, person.organisation))
    if by.user.pk == person.pk:
        raise RuleBroken(_("Nobody closes his own account; another administrator has to."))
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        keep_administrators(person, at)
        row = record.locked(person, version)
        if not row.is_active and row.suspended_at is None:
            raise WrongState(_("This account is closed already."))
        handovers.hand_over(row, successor, by=by, at=at, reason=reason.strip(), closing=True)
        ended = end_duties(row, by=by, at=at, reason=reason.strip(), holder=holder)
        before = row.is_active
        row.is_active, row.closed_at, row.suspended_at, row.version = False, at, None, row.version + 1
        row.set_unusable_password()
        row.save()
        end_sign_in(row, at)
        record.log(
            MACHINE, "closed", row, by=by, at=at, holder=holder, reason=reason.strip(),
            place_id=row.organisation.place_id, successor=successor.name if successor else "",
            duties_ended=ended, changes={"is_active": [before, False]},
        )  # fmt: skip


def keep_administrators(person: User, at: datetime) -> None:
    """Refuse when the person is the last of the three kinds of administrators that he is one of."""
    for duty in _not_ended(person, at).filter(duty__in=ADMIN_DUTIES).values_list("duty", flat=True):
        duties.keep_one_administrator(person, duty, at)


def end_duties(person: User, *, by: Actor, at: datetime, reason: str, holder: Held) -> list[str]:
    """End every delegation and duty of someone who leaves; the names of the duties, for the record."""
    delegations.end_all_of(person, by=by, at=at, reason=reason, holder=holder)
    ended = list(
        _not_ended(person, at).select_for_update(of=("self",)).select_related("organisation", "user")
    )
    for held in ended:
        duties.end(held, by=by, at=at, reason=reason, holder=holder)
    return [str(Duty(held.duty).label) for held in ended]


def _not_ended(person: User, at: datetime) -> QuerySet[Assignment]:
    return Assignment.objects.filter(user=person, revoked_at__isnull=True).exclude(valid_to__lte=at)


def end_sign_in(person: User, at: datetime) -> None:
    """Sessions and open links for a password hold no longer."""
    from ningde_projects.signin.models import Because, ResetLink
    from ningde_projects.signin.services.sessions import end_sessions

    end_sessions(person, at=at, because=Because.GONE)
    ResetLink.objects.filter(user=person, used_at__isnull=True, withdrawn_at__isnull=True).update(
        withdrawn_at=at
    )


def _check_name(username: str) -> None:
    try:
        username_validator(username)
    except ValidationError as wrong:
        raise RuleBroken(wrong.messages[0], field="username") from wrong


def _check(person: User) -> None:
    if not person.name.strip():
        raise RuleBroken(_("Please fill in the name."), field="name")
    if wrong := rules.phone_error(person.phone):
        raise RuleBroken(wrong, field="phone")


def _insert(person: User) -> None:
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        if "username" in str(error):
            raise RuleBroken(
                _("This account name is taken (closed accounts count); choose another."), field="username"
            ) from error
        raise
