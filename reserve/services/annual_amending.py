"""A proposal for the annual list put right by the office that made it, until the commission has decided on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, Refusal, StaleVersion, WrongState

from ..models import AnnualItem
from ..workflow.annual import BatchStatus, ItemStatus
from .annual import PROPOSERS, Proposal, check_proposal, whole_of


def right_of(item: AnnualItem, actor: Actor) -> Held | NotAllowed:
    """The office that proposed, with the duty by which it proposes."""
    duty = PROPOSERS.get(OrgKind(item.office.kind))
    held = actor.as_holder(duty, [item.office_id]) if duty else None
    return held or NotAllowed(_("Only {office} changes its proposal.").format(office=item.office_text))


def refusal(item: AnnualItem, actor: Actor) -> Refusal | None:
    """Why this person may not change it now, or None."""
    right = right_of(item, actor)
    if isinstance(right, NotAllowed):
        return right
    if item.batch.status != BatchStatus.OPEN:
        return WrongState(_("This batch takes no proposals any more."))
    if item.status != ItemStatus.PROPOSED:
        return WrongState(_("The commission has decided on this proposal; withdraw it and propose anew."))
    return None


def amend(item: AnnualItem, proposal: Proposal, *, by: Actor, at: datetime, version: int | None) -> bool:
    """Change what is proposed; False when nothing differs."""
    with transaction.atomic():
        locked = AnnualItem.objects.select_for_update(of=("self",)).select_related(
            "batch", "office", "project"
        )
        item.refresh_from_db(from_queryset=locked)
        if refused := refusal(item, by):
            raise refused
        if version is not None and version != item.version:
            raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
        check_proposal(item.batch, item.project, proposal)
        changes = _apply(item, proposal)
        if not changes:
            return False
        item.version += 1
        item.save()
        right = right_of(item, by)
        record("annual_item", "amend", by=by, at=at, obj=item, holder=right if isinstance(right, Held) else None,
               data={"changes": changes}, project_id=item.project_id, place_id=item.project.place_id)  # fmt: skip
    return True


def _apply(item: AnnualItem, proposal: Proposal) -> dict[str, list[str]]:
    """Sets what is new; answers field → [before, after]."""
    facts: dict[str, Any] = {
        "stage": proposal.stage, "investment": whole_of(proposal),
        "part_plans": {str(pk): f"{amount:.2f}" for pk, amount in proposal.parts.items()},
        "goal": proposal.goal.strip(), "grounds": proposal.grounds.strip(),
    }  # fmt: skip
    changes = {}
    for name, value in facts.items():
        before = getattr(item, name)
        if before != value:
            setattr(item, name, value)
            changes[name] = [
                str(before if before is not None else ""),
                str(value if value is not None else ""),
            ]
    return changes
