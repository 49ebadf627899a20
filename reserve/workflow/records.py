"""A project's way into the pool and out of it (M1.2, M1.4). No ORM, no clock."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, Transition, row


class PoolStatus(models.TextChoices):
    """The pool's own word for a project; `Project.stage` follows it in the same transaction."""

    APPLYING = "applying", _("Under application")
    POOLED = "pooled", _("In the pool")
    EXITED = "exited", _("Left the pool")
    MERGED = "merged", _("Merged into another")


_KEEPERS = (
    ("owner", Duty.REPORT),
    ("bureau", Duty.REVIEW),
    ("department", Duty.HANDLE),
    ("city", Duty.DISPATCH),
)
_DECIDERS = (("bureau", Duty.REVIEW), ("city", Duty.DISPATCH))
_PROPOSALS = ("propose_exit_owner", "propose_exit_department")


def _decided(
    verb: str, source: str, target: str | None, label: object, **more: object
) -> tuple[Transition, ...]:
    """One row for each that decides: the bureau in its county, the commission everywhere."""
    return tuple(
        row(f"{verb}_{who}", source, target, duty, label, "M1.4", office=who, reason_required=True, **more)  # type: ignore[arg-type]
        for who, duty in _DECIDERS
    )


POOL = Machine(
    "reserve_record",
    _("Reserve project"),
    PoolStatus,
    PoolStatus.APPLYING,
    (
        row("enter", [PoolStatus.APPLYING, PoolStatus.EXITED], PoolStatus.POOLED, None,
            pgettext_lazy("reserve", "Entered the pool"), "M1.2", effect="enter_pool"),
        *(
            row(f"confirm_{who}", PoolStatus.POOLED, None, duty, pgettext_lazy("reserve", "Confirm that it still holds"),
                "M1.4", office=who, reason_required=True, effect="note_still_true")
            for who, duty in _KEEPERS
        ),
        *(
            row(f"propose_exit_{who}", PoolStatus.POOLED, None, duty, pgettext_lazy("reserve", "Propose the exit"),
                "M1.4", office=who, reason_required=True, guards=("is_in_pool_stage", "category_is_named"),
                effect="note_proposal", notifies=("reserve_exit_proposed",))
            for who, duty in _KEEPERS if who in ("owner", "department")
        ),
        *_decided("exit", PoolStatus.POOLED, PoolStatus.EXITED, pgettext_lazy("reserve", "Take out of the pool"),
                  guards=("is_in_pool_stage", "list_allows_exit", "category_is_named"), effect="leave_pool",
                  notifies=("reserve_exited",), not_by=_PROPOSALS),
        *_decided("keep", PoolStatus.POOLED, None, pgettext_lazy("reserve", "Keep in the pool"),
                  guards=("exit_is_proposed",), effect="drop_proposal", notifies=("reserve_kept",),
                  not_by=_PROPOSALS),
        *_decided("restore", PoolStatus.EXITED, PoolStatus.POOLED, pgettext_lazy("reserve", "Bring back into the pool"),
                  effect="come_back", notifies=("reserve_restored",)),
        row("merge", [PoolStatus.APPLYING, PoolStatus.POOLED, PoolStatus.EXITED], PoolStatus.MERGED, Duty.DISPATCH,
            pgettext_lazy("reserve", "Merge into another record"), "M1.2", office="city", reason_required=True,
            guards=("records_can_merge",), effect="move_into_other", notifies=("reserve_merged",)),
    ),
)  # fmt: skip
