"""Who keeps offices, accounts, duties and delegations. Each answer is the right itself, or the reason why not.

Three separated administrators (security.md): the system administrator keeps offices and accounts, the security
administrator duties and visibility, the audit administrator reads. A county bureau opens the accounts of its own
place's owners.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from ningde_projects.workflow.refusals import NotAllowed

from .actor import Actor, Held
from .duties import ADMIN_DUTIES, Duty, OrgKind
from .models import Organisation, User

Right = Held | NotAllowed

#: Who reads the register of offices and accounts.
READERS = frozenset({*ADMIN_DUTIES, Duty.DISPATCH})


def need(right: Right) -> Held:
    """The right, or its refusal raised."""
    if isinstance(right, NotAllowed):
        raise right
    return right


def bureau_places(actor: Actor) -> frozenset[int]:
    """Places whose owners' accounts this person opens, as a reviewer of the county bureau."""
    return frozenset(
        h.organisation.place_id
        for h in actor.held_of(Duty.REVIEW)
        if h.organisation.kind == OrgKind.COUNTY_BUREAU
    )


def _bureau(actor: Actor, place_id: int | None) -> Held | None:
    """The holding as a reviewer of a county bureau (of this place); one's own before a delegated one."""
    for held in sorted(actor.held_of(Duty.REVIEW), key=lambda h: h.principal is not None):
        office = held.organisation
        if office.kind == OrgKind.COUNTY_BUREAU and place_id in (None, office.place_id):
            return held
    return None


def reading_refusal(actor: Actor) -> str:
    """Why this person has no list of offices and accounts; "" for those who keep or need it."""
    if actor.duties & READERS or _bureau(actor, None):
        return ""
    return _(
        "Offices and accounts are open to the administrators, the commission and, for its own place, the county "
        "bureau. Your own account is under “My account”."
    )


def organisation_right(actor: Actor, kind: str = OrgKind.OWNER, place_id: int | None = None) -> Right:
    """Enter, change, rename or close an organisation of this kind in this place (None: in any place at all)."""
    held = actor.as_holder(Duty.ADMIN_SYSTEM)
    if held is None and kind == OrgKind.OWNER:
        held = _bureau(actor, place_id)
    return held or NotAllowed(
        _("Offices are kept by the system administrator; a county bureau keeps the owners of its own place.")
    )


def account_right(actor: Actor, organisation: Organisation) -> Right:
    """Open, change or close accounts of this organisation."""
    held = actor.as_holder(Duty.ADMIN_SYSTEM)
    if held is None and organisation.kind == OrgKind.OWNER:
        held = _bureau(actor, organisation.place_id)
    return held or NotAllowed(
        _(
            "Accounts are kept by the system administrator; a county bureau keeps those of the owners of its "
            "own place."
        )
    )


def link_right(actor: Actor, person: User) -> Right:
    """Issue the link with which a person sets a password.

    A bureau only gives the first one: with a later link it could file in the owner's name and accept it itself.
    """
    held = actor.as_holder(Duty.ADMIN_SYSTEM)
    if held is None and not person.has_usable_password():
        first = account_right(actor, person.organisation)
        held = first if isinstance(first, Held) else None
    return held or NotAllowed(
        _(
            "Only the system administrator issues links for a new password; a county bureau issues the first one "
            "of an owner of its own place."
        )
    )


def duty_right(actor: Actor, person: User | None = None) -> Right:
    """Grant and revoke duties; never one's own."""
    held = actor.as_holder(Duty.ADMIN_SECURITY)
    if held is None:
        return NotAllowed(_("Only the security administrator grants and revokes duties."))
    if person is not None and person.pk == actor.user.pk:
        return NotAllowed(_("Another security administrator has to decide about your own duties."))
    return held


def duties_reading_refusal(actor: Actor) -> str:
    """Why this person does not read who holds what."""
    if actor.duties & ADMIN_DUTIES:
        return ""
    return _("Who holds which duty is open to the administrators. Your own duties are under “My account”.")


def delegation_right(actor: Actor, principal: User) -> Held | None | NotAllowed:
    """Let someone act for `principal`, or end it: he himself (None), or the security administrator."""
    if principal.pk == actor.user.pk:
        return None
    held = actor.as_holder(Duty.ADMIN_SECURITY)
    return held or NotAllowed(_("Only the person acted for and the security administrator may do this."))


def sees_phone(actor: Actor, person: User) -> bool:
    """Personal numbers stay masked but for those who keep the account (security.md, Data)."""
    return person.pk == actor.user.pk or isinstance(account_right(actor, person.organisation), Held)
