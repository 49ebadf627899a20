"""Checks of a 3+N case on plain values (M2.1, M2.2). Sums are 万元, areas 亩."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from ningde_projects.periods.month import local_date, midnight
from ningde_projects.shell.formats import money


class FundSource(models.TextChoices):
    """Where the money comes from (facts.md §2.4)."""

    BUDGET = "budget", pgettext_lazy("fund source", "Central and provincial budget")
    SPECIAL_BOND = "special_bond", pgettext_lazy("fund source", "Special bonds")
    GENERAL_BOND = "general_bond", pgettext_lazy("fund source", "General bonds")
    FISCAL = "fiscal", pgettext_lazy("fund source", "Local finance")
    LOAN = "loan", pgettext_lazy("fund source", "Bank loans")
    OWN = "own", pgettext_lazy("fund source", "Owner's own funds")
    SOCIAL = "social", pgettext_lazy("fund source", "Private capital")


#: Days before the last on which an office is reminded of its opinion [ours].
REMINDER_DAYS = (3, 1, 0)

FACTS = (
    "body", "land_mu", "forest_mu", "sea_mu", "siting", "financing", "financing_note", "questions", "supplement",
)  # fmt: skip


def total_of(financing: Iterable[tuple[str, Decimal]]) -> Decimal:
    return sum((amount for _kind, amount in financing), Decimal(0))


def missing(facts: Mapping[str, Any], *, is_supplement: bool) -> dict[str, list[str]]:
    """M2.2: a case settles the implementing body, land, forest and sea, and the financing."""
    errors: dict[str, list[str]] = {}
    for field, words in (
        ("body", _("Name the implementing body.")),
        ("siting", _("Write where it stands and what land, forest or sea it needs; if none, say so.")),
        ("questions", _("Write what the consultation has to settle.")),
    ):
        if not str(facts.get(field) or "").strip():
            errors[field] = [words]
    financing: Sequence[tuple[str, Decimal]] = facts.get("financing") or ()
    if total_of(financing) <= 0:
        errors["financing"] = [_("Name at least one source of funds with its amount in 10,000 yuan.")]
    for field in ("land_mu", "forest_mu", "sea_mu"):
        if (area := facts.get(field)) is not None and area < 0:
            errors[field] = [_("An area cannot be negative.")]
    if is_supplement and not str(facts.get("supplement") or "").strip():
        errors["supplement"] = [_("Write what has been supplemented, point by point.")]
    return errors


def doubts(facts: Mapping[str, Any], total_investment: Decimal | None, slip: Decimal) -> list[str]:
    """Sums `slip` times apart look like a slip of 万元 and 亿元: asked about once, never blocked."""
    total = total_of(facts.get("financing") or ())
    if not total_investment or not total:
        return []
    if total >= total_investment * slip or total * slip <= total_investment:
        return [
            _(
                "The sources come to {total} (10,000 yuan), the total investment on record is {investment}. "
                "Is the unit right?"
            ).format(total=money(total), investment=money(total_investment))
        ]
    return []


def due_instant(last_day: date) -> datetime:
    """The first instant that is too late: 24:00 of the day."""
    return midnight(last_day + timedelta(days=1))


def last_day_of(due_at: datetime) -> date:
    return local_date(due_at - timedelta(microseconds=1))


def day_after(at: datetime, days: int) -> date:
    return local_date(at) + timedelta(days=days)


def reminder_due(due_at: datetime, reminded: int | None, at: datetime) -> int | None:
    """Which reminder speaks now: days before the last day, -1 once it is past; None when nothing is to be said."""
    if at >= due_at:
        return None if reminded == -1 else -1
    left = (last_day_of(due_at) - local_date(at)).days
    reached = [days for days in REMINDER_DAYS if left <= days]
    if not reached:
        return None
    speaks = min(reached)
    return speaks if reminded is None or reminded > speaks else None
