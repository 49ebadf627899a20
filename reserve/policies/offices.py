"""Which kinds of people the pages of measure 2 speak to."""

from __future__ import annotations

from typing import Any

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation

#: (duty, kind of office): who drafts an opinion, who signs it.
_HANDLES = frozenset(
    {
        (Duty.HANDLE, OrgKind.MUNICIPAL_DEPARTMENT),
        (Duty.HANDLE, OrgKind.COMMISSION),
        (Duty.HANDLE, OrgKind.COUNTY_DEPARTMENT),
        (Duty.REVIEW, OrgKind.COUNTY_BUREAU),
    }
)
_SIGNS = frozenset(
    {
        (Duty.SIGN, OrgKind.MUNICIPAL_DEPARTMENT),
        (Duty.SIGN, OrgKind.COMMISSION),
        (Duty.SIGN, OrgKind.COUNTY_DEPARTMENT),
        (Duty.REVIEW, OrgKind.COUNTY_BUREAU),
    }
)


def _offices(actor: Any, pairs: frozenset[tuple[Duty, OrgKind]]) -> frozenset[int]:
    return frozenset(h.organisation.pk for h in actor.held if (h.duty, h.organisation.kind) in pairs)


def handling_offices(actor: Any) -> frozenset[int]:
    return _offices(actor, _HANDLES)


def signing_offices(actor: Any) -> frozenset[int]:
    return _offices(actor, _SIGNS)


def asked_offices_of(actor: Any) -> frozenset[int]:
    """Offices whose opinion this person drafts or signs."""
    return handling_offices(actor) | signing_offices(actor)


def conveners_of(actor: Any) -> list[Organisation]:
    """The commission for a dispatcher, the county bureau for a reviewer."""
    pairs = {(Duty.DISPATCH, OrgKind.COMMISSION), (Duty.REVIEW, OrgKind.COUNTY_BUREAU)}
    found = {h.organisation.pk: h.organisation for h in actor.held if (h.duty, h.organisation.kind) in pairs}
    return list(found.values())


def is_convener(actor: Any) -> bool:
    return bool(conveners_of(actor))


def is_asked(actor: Any) -> bool:
    """A department's people; of the conveners only those with a desk of their own for opinions."""
    return bool(asked_offices_of(actor))


def files(actor: Any) -> bool:
    """Departments and owners file cases."""
    return any(
        (
            h.duty == Duty.HANDLE
            and h.organisation.kind in (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COUNTY_DEPARTMENT)
        )
        or (h.duty == Duty.HANDLE and h.organisation.kind == OrgKind.COMMISSION)
        or (h.duty == Duty.REPORT and h.organisation.kind == OrgKind.OWNER)
        for h in actor.held
    )


def approves(actor: Any) -> bool:
    kinds = (OrgKind.MUNICIPAL_GOVERNMENT, OrgKind.COUNTY_GOVERNMENT)
    return any(h.duty == Duty.APPROVE and h.organisation.kind in kinds for h in actor.held)


def approving_offices(actor: Actor) -> frozenset[int]:
    return actor.offices(Duty.APPROVE)


def reads_cases(actor: Any) -> bool:
    """Everyone with a part in measure 2."""
    watching = {Duty.VIEW, Duty.APPROVE, Duty.LEAD, Duty.SIGN, Duty.SCORE, Duty.DIRECT}
    kinds = set(OrgKind) - {OrgKind.PARTICIPANT, OrgKind.OVERSIGHT, OrgKind.MEDIA}
    return is_convener(actor) or is_asked(actor) or files(actor) or any(
        h.duty in watching and h.organisation.kind in kinds for h in actor.held
    )  # fmt: skip
