"""Handing over what lies with a person; the sheet is the act itself, so that nobody alters it afterwards (point 15)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.notices.services import notify
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import RuleBroken

from .. import handover, policies
from ..actor import Actor, Held, in_force
from ..duties import ADMIN_DUTIES, Duty
from ..models import Assignment, Delegation, Organisation, User
from . import record

MACHINE = "handover"


def hand_over(
    leaver: User,
    successor: User | None,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    closing: bool = False,
    moving: Organisation | None = None,
) -> Act | None:
    """Give everything that lies with `leaver` to `successor`; None when nothing did.

    `closing` and `moving` (to which office): with the end of the account, or with the leaver's transfer.
    The leaver himself may, and whoever may close the account. Raises NotAllowed, RuleBroken.
    """
    holder = None
    if by.user.pk != leaver.pk:
        holder = policies.need(policies.account_right(by, leaver.organisation))
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        groups = handover.open_items(leaver, at)
        number = sum(len(group.lines) for group in groups)
        if not number:
            if closing or moving:
                return None
            raise RuleBroken(_("Nothing lies with this person that could be handed over."))
        if successor is None:
            raise RuleBroken(
                _("{n} matters lie with {name}; choose who takes them over.").format(
                    n=number, name=leaver.name
                ),
                field="successor",
            )
        _check(leaver, successor)
        handover.move_all(leaver, successor, by, at)
        act = record.log(
            MACHINE, "handed_over", leaver, by=by, at=at, holder=holder, reason=reason.strip(),
            place_id=leaver.organisation.place_id, text=f"{leaver.name} → {successor.name}",
            **_sheet(leaver, successor, groups, at, closing=closing, moving=moving),
        )  # fmt: skip
        url = reverse("organizations:handover_sheet", args=[act.public_id])
        params = {"name": leaver.name, "n": number}
        notify("handed_over", [successor], at=at, dedupe=f"act:{act.pk}", params=params, url=url)
    return act


def hand_over_posts(
    leaver: User,
    successor: User,
    posts: Sequence[handover.OpenItem],
    subjects: Collection[int],
    *,
    by: Actor,
    at: datetime,
    holder: Held | None,
    reason: str,
) -> Act:
    """Someone follows in certain posts: what lies open in these subjects goes with them, and the sheet says so.

    The posts themselves have been filled by the caller, in whose transaction this runs.
    """
    groups = [
        handover.Group("posts", _("Posts handed over"), posts),
        *handover.open_items_about(leaver, subjects, at),
    ]
    handover.move_about(leaver, successor, subjects, by, at)
    sheet = _sheet(leaver, successor, groups, at) | {"duties": [], "delegations": []}
    return record.log(
        MACHINE, "handed_over", leaver, by=by, at=at, holder=holder, reason=reason,
        place_id=leaver.organisation.place_id, text=f"{leaver.name} → {successor.name}", **sheet,
    )  # fmt: skip


def _check(leaver: User, successor: User) -> None:
    if successor.pk == leaver.pk:
        raise RuleBroken(_("Choose another person than the one who leaves."), field="successor")
    if not successor.is_active:
        raise RuleBroken(_("This account is closed; choose another person."), field="successor")
    if successor.organisation_id != leaver.organisation_id:
        raise RuleBroken(
            _("The successor has to belong to {name}.").format(name=leaver.organisation.name),
            field="successor",
        )


def _sheet(
    leaver: User,
    successor: User,
    groups: Sequence[handover.Group],
    at: datetime,
    *,
    closing: bool = False,
    moving: Organisation | None = None,
) -> dict[str, object]:
    """The sheet with every name as it is now."""
    held = Assignment.objects.filter(in_force(at), user=leaver).select_related("organisation")
    running = Delegation.objects.filter(
        Q(principal=leaver) | Q(delegate=leaver), revoked_at__isnull=True, valid_to__gt=at
    ).select_related("principal", "delegate")
    return {
        "leaver": _who(leaver),
        "successor": _who(successor),
        "successor_id": successor.pk,
        "office_id": leaver.organisation_id,
        "closing": closing,
        **({"moving": moving.name} if moving else {}),
        "groups": [
            {"title": str(g.title), "rows": [{"title": i.title, "detail": i.detail} for i in g.lines]}
            for g in groups
        ],
        "duties": [f"{Duty(row.duty).label} · {row.organisation.name}" for row in held],
        "delegations": [f"{r.principal.name} → {r.delegate.name} · {Duty(r.duty).label}" for r in running],
    }


def _who(user: User) -> dict[str, str]:
    return {
        "name": user.name,
        "organisation": user.organisation.name,
        "section": user.section,
        "title": user.title,
    }


def sheets_visible_to(actor: Actor) -> Q:
    """Sheets name projects and problems: for the two people, and their office's people with a duty in the work.

    Their office is that of the day of the sheet: colleagues in the office to which someone moves later do not
    read what he handed over in the one before.

    Administrators see that a hand-over took place, not what was in it.
    """
    mine = Q(machine=MACHINE) & (Q(object_id=actor.user.pk) | Q(data__successor_id=actor.user.pk))
    if actor.duties - ADMIN_DUTIES and not actor.is_administrator:
        mine |= Q(machine=MACHINE, data__office_id=actor.user.organisation_id)
    return mine


def sheets(actor: Actor) -> list[Act]:
    return list(Act.objects.filter(sheets_visible_to(actor)).order_by("-id")[:20])
