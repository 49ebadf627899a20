"""Figures of judgement as dated data (settled points 9, 10): a new version from a month on, never an old one altered."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import Month
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import Threshold
from ..rules import DEFAULT_THRESHOLDS, THRESHOLD_TITLES

MACHINE = "threshold"
#: Lowest and highest value that makes sense; days and factors have no natural end.
BOUNDS: dict[str, tuple[Decimal, Decimal]] = {
    "amber_points": (Decimal(0), Decimal(100)),
    "similarity_percent": (Decimal(50), Decimal(100)),
    "slip_factor": (Decimal(2), Decimal(100000)),
    "drop_percent": (Decimal(0), Decimal(100)),
    "statistics_gap_percent": (Decimal(0), Decimal(100)),
    "days_amber": (Decimal(1), Decimal(1000)),
    "days_red": (Decimal(1), Decimal(1000)),
    "on_time_target": (Decimal(0), Decimal(100)),
}


def register(key: str, default: Decimal, low: Decimal, high: Decimal, title: str | Promise) -> None:
    """A later room's own figure of judgement; it is set and dated like the others."""
    if key in DEFAULT_THRESHOLDS:
        raise ValueError(f"threshold {key} is registered twice")
    DEFAULT_THRESHOLDS[key], THRESHOLD_TITLES[key], BOUNDS[key] = default, title, (low, high)


def setting_right(actor: Actor) -> Held | NotAllowed:
    held = actor.as_holder(Duty.DISPATCH)
    return held or NotAllowed(_("Only the commission sets the rules by which figures are judged."))


def earliest_month(at: datetime) -> Month:
    """The first month that a new rule can begin with: the one not yet reported. Older ones keep their rules."""
    return Month.at(at)


def add_version(
    key: str, value: Decimal, valid_from: Month, reason: str, *, by: Actor, at: datetime
) -> Threshold:
    """A threshold's new value from a reporting month on. Raises NotAllowed, RuleBroken, WrongState."""
    holder = _held(by)
    _check(key, value, valid_from, reason, at)
    before = value_in(key, valid_from)
    try:
        with transaction.atomic():
            row = Threshold.objects.create(key=key, value=value, valid_from=valid_from, reason=reason.strip())
            record(
                MACHINE, "versioned", by=by, at=at, obj=row, holder=holder, reason=reason.strip(),
                text=str(THRESHOLD_TITLES[key]),
                data={"key": key, "before": str(before), "after": str(value), "valid_from": str(valid_from)},
            )  # fmt: skip
    except IntegrityError as error:
        raise RuleBroken(
            _("A value from {month} on exists already; withdraw it first, or choose a later month.").format(
                month=valid_from
            ),
            field="valid_from",
        ) from error
    return row


def withdraw_version(row: Threshold, reason: str, *, by: Actor, at: datetime) -> None:
    """Take back a version that no month has been judged by yet."""
    holder = _held(by)
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        found = Threshold.objects.select_for_update().filter(pk=row.pk).first()
        if found is None:
            raise WrongState(_("This version has been withdrawn already."))
        if found.valid_from < earliest_month(at):
            raise WrongState(_("Months have been judged by this version; add a new one instead."))
        record(
            MACHINE, "withdrawn", by=by, at=at, obj=found, holder=holder, reason=reason.strip(),
            text=str(THRESHOLD_TITLES.get(found.key, found.key)),
            data={"key": found.key, "before": str(found.value),
                  "after": str(value_in(found.key, found.valid_from.previous)), "valid_from": str(found.valid_from)},
        )  # fmt: skip
        found.delete()


def value_in(key: str, month: Month) -> Decimal:
    """What holds for a month."""
    row = Threshold.objects.filter(key=key, valid_from__lte=month).order_by("-valid_from").first()
    return row.value if row else DEFAULT_THRESHOLDS[key]


def _held(by: Actor) -> Held:
    right = setting_right(by)
    if isinstance(right, NotAllowed):
        raise right
    return right


def _check(key: str, value: Decimal, valid_from: Month, reason: str, at: datetime) -> None:
    if key not in DEFAULT_THRESHOLDS:
        raise RuleBroken(_("There is no such threshold."), field="key")
    low, high = BOUNDS[key]
    if not low <= value <= high:
        raise RuleBroken(_("Between {low} and {high}.").format(low=low, high=high), field="value")
    if valid_from < earliest_month(at):
        raise RuleBroken(
            _("Not before {month}: months that are being reported or are over keep their rules.").format(
                month=earliest_month(at)
            ),
            field="valid_from",
        )
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    if key == "days_red" and value <= value_in("days_amber", valid_from):
        raise RuleBroken(
            _("Red has to come after amber ({n} days).").format(n=value_in("days_amber", valid_from)),
            field="value",
        )
    if key == "days_amber" and value >= value_in("days_red", valid_from):
        raise RuleBroken(
            _("Amber has to come before red ({n} days).").format(n=value_in("days_red", valid_from)),
            field="value",
        )
    if value == value_in(key, valid_from):
        raise RuleBroken(_("This value holds for that month already."), field="value")
