"""Thresholds and categories with their validity, as the settings pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise

from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.projects.models import Threshold
from ningde_projects.projects.rules import DEFAULT_THRESHOLDS, THRESHOLD_TITLES
from ningde_projects.projects.services.thresholds import earliest_month

from ..models import Category


@dataclass(frozen=True)
class ThresholdRow:
    """One figure: what holds for the month being reported, what is to come, and what was."""

    key: str
    title: str | Promise
    value: Decimal
    since: Threshold | None
    to_come: list[Threshold]
    past: list[Threshold]
    default: Decimal


def threshold_rows(at: datetime) -> list[ThresholdRow]:
    """Every threshold, also those that nobody has changed yet; one query."""
    month = reporting_month(at)
    versions: dict[str, list[Threshold]] = {}
    for version in Threshold.objects.order_by("valid_from"):
        versions.setdefault(version.key, []).append(version)
    rows = []
    for key, title in THRESHOLD_TITLES.items():
        known = versions.get(key, [])
        begun = [v for v in known if v.valid_from <= month]
        current = begun[-1] if begun else None
        rows.append(
            ThresholdRow(
                key, title, current.value if current else DEFAULT_THRESHOLDS[key], current,
                [v for v in known if v.valid_from > month], list(reversed(begun[:-1])), DEFAULT_THRESHOLDS[key],
            )
        )  # fmt: skip
    return rows


def withdrawable(version: Threshold, at: datetime) -> bool:
    """No month has been judged by it yet."""
    return version.valid_from >= earliest_month(at)


@dataclass(frozen=True)
class CategoryRow:
    category: Category
    #: "now", "later" or "over" for the month being reported; "ending" while its last month is known.
    state: str
    #: The newest of its code: the one that can be followed by a new version.
    is_newest: bool


def category_rows(at: datetime) -> list[CategoryRow]:
    """All versions, each code's together with the newest first; the codes in use go first (one query)."""
    month = reporting_month(at)
    versions: dict[str, list[Category]] = {}
    for category in Category.objects.select_related("factor_department").order_by("-valid_from"):
        versions.setdefault(category.code, []).append(category)
    order = ("now", "ending", "later", "over")
    codes = sorted(
        versions.values(),
        key=lambda rows: (min(order.index(_state(row, month)) for row in rows), rows[0].order, rows[0].code),
    )
    return [CategoryRow(row, _state(row, month), row is rows[0]) for rows in codes for row in rows]


def _state(category: Category, month: Month) -> str:
    if category.valid_from > month:
        return "later"
    if category.valid_to and category.valid_to < month:
        return "over"
    return "ending" if category.valid_to else "now"
