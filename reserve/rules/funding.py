"""Checks of preliminary funds on plain values (M2.3). Sums are 万元."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from ningde_projects.shell.formats import money

LARGEST = Decimal("99999999.99")
_CENT = Decimal("0.01")


def amount_error(amount: Decimal | None) -> str:
    """M2.3: a sum of 万元 with at most two decimals, above nought."""
    if amount is None or not amount.is_finite():
        return _("Write the amount in 10,000 yuan.")
    if amount <= 0:
        return _("The amount has to be above 0.")
    if amount > LARGEST:
        return _("The amount is too large; the unit is 10,000 yuan.")
    if amount != amount.quantize(_CENT):
        return _("At most two decimals, in 10,000 yuan.")
    return ""


def request_doubt(
    amount: Decimal, already: Decimal, total_investment: Decimal | None, limits: tuple[Decimal, Decimal]
) -> str:
    """M2.3: what looks like a slip of units, or too much for preliminary work; asked about once.

    `limits`: the share of the total investment in per cent, and the sum where no total is known.
    """
    share, unusual = limits
    together = amount + already
    if total_investment:
        if together <= total_investment * share / 100:
            return ""
        return _(
            "{amount} (10,000 yuan) of preliminary funds are more than {share}% of the total investment of "
            "{investment}. Is the unit right?"
        ).format(amount=money(together), share=money(share), investment=money(total_investment))
    if together <= unusual:
        return ""
    return _("{amount} (10,000 yuan) are unusually much for preliminary work. Is the unit right?").format(
        amount=money(together)
    )


def approved_error(approved: Decimal | None, requested: Decimal) -> str:
    """M2.3: between 0 (not granted) and what was requested."""
    if approved is None or not approved.is_finite():
        return _("Write the approved amount; 0 means not granted.")
    if approved < 0:
        return _("The amount cannot be negative.")
    if approved > requested:
        return _("No more than the {amount} requested.").format(amount=money(requested))
    if approved != approved.quantize(_CENT):
        return _("At most two decimals, in 10,000 yuan.")
    return ""


def payment_error(amount: Decimal | None, left: Decimal) -> str:
    """M2.3: never above what is approved and not yet paid."""
    if wrong := amount_error(amount):
        return wrong
    if amount is not None and amount > left:
        return _("Of the approved amount {left} (10,000 yuan) are left; no more can be paid.").format(
            left=money(left)
        )
    return ""


def day_error(paid_on: date | None, approved_on: date | None, today: date) -> str:
    if paid_on is None:
        return _("Write the day of payment as 2026-10-18.")
    if paid_on > today:
        return _("The day of payment lies in the future.")
    if approved_on and paid_on < approved_on:
        return _("The payment cannot lie before the approval of {day}.").format(day=approved_on)
    return ""
