"""Thresholds and categories with their validity, as the settings pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise

from ningde_projects.periods.month import reporting_month
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


def category_rows(at: datetime) -> list[CategoryRow]:
    """All categories, those in use first (one query)."""
    month = reporting_month(at)
    rows = []
    for category in Category.objects.select_related("factor_department").order_by("order", "code"):
        if category.valid_from > month:
            state = "later"
        elif category.valid_to and category.valid_to < month:
            state = "over"
        else:
            state = "ending" if category.valid_to else "now"
        rows.append(CategoryRow(category, state))
    order = ("now", "ending", "later", "over")
    return sorted(rows, key=lambda row: order.index(row.state))
