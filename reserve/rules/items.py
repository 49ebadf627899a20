"""M1.4: what a preliminary item says of itself must fit together; when an approval lapses."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _


def months_later(day: date, months: int) -> date:
    """The last day of a validity of so many months; the end of a shorter month stands for its missing days."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def valid_until(approved_on: date | None, validity_months: int | None) -> date | None:
    """What the catalogue gives; a date that is typed wins."""
    if approved_on is None or not validity_months:
        return None
    return months_later(approved_on, validity_months) - timedelta(days=1)


def item_errors(values: Mapping[str, Any], today: date) -> dict[str, list[str]]:
    """By field; the order of items is not judged, they run beside each other."""
    errors: dict[str, list[str]] = {}
    approved_on, until = values.get("approved_on"), values.get("valid_until")
    if values.get("state") == "approved":
        if not values.get("document_no"):
            errors["document_no"] = [
                _("An approved item has a document number: office, year and number as on the paper.")
            ]
        if approved_on is None:
            errors["approved_on"] = [_("Give the day of the approval.")]
    if approved_on and approved_on > today:
        errors["approved_on"] = [_("The day of the approval lies in the future; put it into “planned for”.")]
    if approved_on and until and until < approved_on:
        errors["valid_until"] = [
            _("It would lapse before it was approved: {day} or later.").format(day=approved_on)
        ]
    return errors


def is_lapsed(state: str, until: date | None, today: date) -> bool:
    return state == "approved" and until is not None and until < today
