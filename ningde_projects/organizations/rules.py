"""Checks of duties, delegations and names on plain values (settled points 14, 15)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .duties import ADMIN_DUTIES, DUTIES_OF_KIND, Duty, OrgKind

#: Longest time for which one person acts for another.
DELEGATION_DAYS = 90
#: How far ahead a delegation may be entered.
DELEGATION_AHEAD_DAYS = 180
#: An account that nobody has used for so long is suspended (security.md, Controls; security-details.md B17).
UNUSED_DAYS = 90
#: Kinds of which a place has one: reports go through them.
CHAIN_KINDS = frozenset(
    {OrgKind.MUNICIPAL_GOVERNMENT, OrgKind.COMMISSION, OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_BUREAU}
)
MUNICIPAL_KINDS = frozenset(
    {
        OrgKind.MUNICIPAL_GOVERNMENT,
        OrgKind.COMMISSION,
        OrgKind.MUNICIPAL_DEPARTMENT,
        OrgKind.OVERSIGHT,
        OrgKind.MEDIA,
    }
)
COUNTY_KINDS = frozenset({OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT})

Text = str | Promise
_CREDIT_CODE = re.compile(r"^[0-9A-HJ-NPQRTUWXY]{18}$", re.ASCII)
_PHONE = re.compile(r"^(1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?)$", re.ASCII)


def duty_error(duty: str, kind: str) -> Text:
    """Why this duty does not belong to an office of this kind; "" when it does."""
    allowed = DUTIES_OF_KIND.get(kind, frozenset())
    if duty in allowed:
        return ""
    names = "、".join(str(Duty(d).label) for d in Duty if d in allowed)
    return _("An office of the kind “{kind}” has no duty “{duty}”. It has: {names}.").format(
        kind=OrgKind(kind).label, duty=Duty(duty).label, names=names
    )


def separation_error(duty: str, held: Collection[str], *, acts_for_others: bool = False) -> Text:
    """An administrator holds this one duty and nothing else (security.md, Controls)."""
    admin = [d for d in held if d in ADMIN_DUTIES]
    if duty in ADMIN_DUTIES:
        others = [d for d in held if d != duty]
        if others:
            return _(
                "An administrator holds no other duty, and this person holds: {names}. Revoke those first, or "
                "choose another person."
            ).format(names=_names(others))
        if acts_for_others:
            return _("This person acts for others; an administrator may not. End those delegations first.")
        return ""
    if admin:
        return _(
            "This person is {name}; an administrator holds no other duty. Revoke that first, or choose another "
            "person."
        ).format(name=_names(admin))
    return ""


def _names(duties: Collection[str]) -> str:
    return "、".join(str(Duty(d).label) for d in Duty if d in duties)


def span_error(first: date, last: date, today: date) -> tuple[str, Text]:
    """(field, reason) when the days of a delegation are wrong; both days count."""
    if first < today:
        return "first_day", _("A delegation cannot begin in the past; today is the first possible day.")
    if first > today + timedelta(days=DELEGATION_AHEAD_DAYS):
        return "first_day", _("At most {n} days ahead.").format(n=DELEGATION_AHEAD_DAYS)
    if last < first:
        return "last_day", _("The last day lies before the first one.")
    if last > first + timedelta(days=DELEGATION_DAYS - 1):
        return "last_day", _("At most {n} days, so until {day} at the latest; renew it afterwards.").format(
            n=DELEGATION_DAYS, day=first + timedelta(days=DELEGATION_DAYS - 1)
        )
    return "", ""


def place_error(kind: str, *, is_municipal: bool) -> Text:
    """Offices of the city are at the municipal level, those of the counties in a county; owners anywhere."""
    if kind in MUNICIPAL_KINDS and not is_municipal:
        return gettext_lazy("An office of this kind belongs to the municipal level.")
    if kind in COUNTY_KINDS and is_municipal:
        return gettext_lazy("An office of this kind belongs to a county; choose which.")
    return ""


def credit_code_error(code: str) -> Text:
    if not code or _CREDIT_CODE.match(code):
        return ""
    return gettext_lazy(
        "A unified social credit code has 18 figures and capital letters (without I, O, S, V, Z)."
    )


def phone_error(number: str) -> Text:
    if not number or _PHONE.match(number):
        return ""
    return gettext_lazy("Write a mobile number of 11 figures, or a landline such as 0593-2822222.")


def was_over(valid_to: datetime | None, at: datetime) -> bool:
    return valid_to is not None and valid_to <= at
