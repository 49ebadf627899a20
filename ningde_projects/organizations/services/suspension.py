"""Accounts that nobody uses are suspended, and reopened with a reason (security.md, Controls: 90 days)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.notices.services import notify
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from .. import policies
from ..actor import Actor, SystemActor, in_force
from ..duties import ADMIN_DUTIES, Duty
from ..models import Assignment, User
from ..rules import UNUSED_DAYS
from . import accounts, record


def unused(at: datetime) -> QuerySet[User]:
    """Open accounts whose last use lies 90 days back or more."""
    limit = Value(at - timedelta(days=UNUSED_DAYS))
    return User.objects.filter(LessThanOrEqual(_last_use(), limit), is_active=True)


def _last_use() -> Greatest:
    """An account never used counts from its opening, one that was reopened from that day; NULL is passed over."""
    return Greatest("created_at", "last_login", "password_changed_at", "reopened_at")


def _used_at(rows: QuerySet[User]) -> dict[int, datetime]:
    return dict(rows.values_list("pk", _last_use()))


def suspend_unused(at: datetime) -> int:
    """Suspend them all in one statement, each with its act; answers how many. Their duties stay as they were.

    What is due follows from the instants alone, so a lost night is made up by the next one and a second run
    finds nothing. Of each kind of administrator one stays: nobody else could reopen the others.
    """
    with transaction.atomic():
        spared = _last_administrators(at)
        # Who is just signing in holds his row, and is not unused.
        locked = unused(at).select_for_update(of=("self",), skip_locked=True).exclude(pk__in=spared)
        rows = list(locked.select_related("organisation").order_by("pk"))
        if not rows:
            return 0
        due = User.objects.filter(pk__in=[row.pk for row in rows])
        used = _used_at(due)
        due.update(is_active=False, suspended_at=at, version=F("version") + 1)
        for row in rows:
            record.log(
                accounts.MACHINE, "suspended", row, by=SystemActor(at), at=at, place_id=row.organisation.place_id,
                last_used=used[row.pk].isoformat(), changes={"is_active": [True, False]},
            )  # fmt: skip
        notify(
            "accounts_suspended", accounts.administrators(Duty.ADMIN_SYSTEM, at), at=at,
            dedupe=f"suspended:{at.isoformat()}", params={"n": len(rows), "days": UNUSED_DAYS},
            url=f"{reverse('organizations:people')}?state=suspended",
        )  # fmt: skip
    return len(rows)


def _last_administrators(at: datetime) -> list[int]:
    """Of each kind whose holders are all unused, the one who was there last.

    Locks the holders' rows, as whoever ends such a duty does.
    """
    idle = _used_at(unused(at).filter(assignments__duty__in=ADMIN_DUTIES))
    spared = []
    for duty in sorted(ADMIN_DUTIES):
        holders = Assignment.objects.select_for_update(of=("self",)).filter(
            in_force(at), duty=duty, user__is_active=True
        )
        people = [held.user_id for held in holders.order_by("pk")]
        if people and all(person in idle for person in people):
            spared.append(max(people, key=lambda person: (idle[person], person)))
    return spared


def reopen_account(person: User, reason: str, *, by: Actor, at: datetime, version: int | None = None) -> User:
    """Let a suspended account be used again, with the duties it still has; the 90 days begin anew.

    A closed account stays closed. Raises NotAllowed, RuleBroken, WrongState, StaleVersion.
    """
    holder = policies.need(policies.account_right(by, person.organisation))
    if not (reason := reason.strip()):
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        row = record.locked(person, version)
        if row.suspended_at is None:
            raise WrongState(_("This account is not suspended; a closed one is not opened again."))
        if not row.organisation.is_active:
            raise WrongState(_("This organisation is closed; reopen it first."))
        row.is_active, row.suspended_at, row.reopened_at, row.version = True, None, at, row.version + 1
        row.save()
        record.log(
            accounts.MACHINE, "reopened", row, by=by, at=at, holder=holder, reason=reason,
            place_id=row.organisation.place_id, changes={"is_active": [False, True]},
        )  # fmt: skip
    return row
