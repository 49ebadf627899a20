"""Setting up, renewing and taking away the second factor."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import User
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken

from .. import factors
from ..acts import note
from ..models import Because
from ..rules import needs_second_factor
from .sessions import end_sessions
from .signing import FACTOR_MISSING

#: In the session: the secret that the person is about to set up, encrypted.
WAITING = "factor_waiting"


def waiting_secret(request: HttpRequest) -> str:
    """The secret shown on the page; the same until it is set up, so that a mistyped code costs no new scan."""
    if WAITING not in request.session:
        request.session[WAITING] = factors.new_secret()
    return factors.readable(request.session[WAITING])


@transaction.atomic
def enrol(request: HttpRequest, code: str, at: datetime) -> list[str]:
    """Take the shown secret into use after a first code; answers the recovery codes. Raises RuleBroken."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    step = factors.matching_step(waiting_secret(request), factors.normalised(code), at)
    if step is None:
        raise RuleBroken(
            _("This code does not fit. Check the clock of your phone and type the code shown now."),
            field="code",
        )
    codes = factors.keep(actor.user, request.session.pop(WAITING), at, step=step)
    request.session.pop(FACTOR_MISSING, None)
    _renew(request, actor, at)
    note("factor_enrolled", by=actor, at=at, user=actor.user)
    return codes


@transaction.atomic
def renew_recovery_codes(request: HttpRequest, at: datetime) -> list[str]:
    """New recovery codes; the old ones are void. Raises RuleBroken without a second factor."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not factors.has_factor(actor.user):
        raise RuleBroken(_("Set up the second factor first."))
    codes = factors.new_recovery_codes(actor.user)
    note("recovery_codes_issued", by=actor, at=at, user=actor.user)
    return codes


@transaction.atomic
def remove(request: HttpRequest, at: datetime) -> None:
    """Do without it again. Raises NotAllowed where the duties ask for it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if needs_second_factor(actor):
        raise NotAllowed(_("Your duties ask for a second factor; it can be renewed, not removed."))
    factors.forget(actor.user)
    _renew(request, actor, at)
    note("factor_removed", by=actor, at=at, user=actor.user)


@transaction.atomic
def reset_factor(user: User, *, by: Actor, at: datetime) -> int:
    """For a lost telephone: the security administrator takes the factor away, and all sessions end.

    Not the system administrator's, who issues links for passwords: no single person can take over an account.
    """
    if not by.has(Duty.ADMIN_SECURITY):
        raise NotAllowed(_("Only the security administrator may do this."))
    if by.user.pk == user.pk:
        raise NotAllowed(_("Another security administrator has to do this for you."))
    gone = factors.forget(user)
    end_sessions(user, at=at, because=Because.FACTOR)
    note("factor_removed", by=by, at=at, user=user)
    return gone


def _renew(request: HttpRequest, actor: Actor, at: datetime) -> None:
    """A new key for this session, and an end to the others (B11, B13)."""
    request.session.cycle_key()
    request.session.save()
    end_sessions(actor.user, at=at, because=Because.FACTOR, keep=request.session.session_key)
