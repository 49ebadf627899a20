"""Categories of problems by month: versions of one code follow one another (point 10)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from ningde_projects.periods.month import Month, reporting_month

from ..models import Category


def in_force(month: Month) -> QuerySet[Category]:
    """What a problem can be filed under in the month: at most one version of each code."""
    return Category.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=month), valid_from__lte=month)


def named_in(month: Month) -> list[Category]:
    """One version of every code ever used, in the order of the list: that of the month, else the one nearest to it.

    For reading, not for choosing: a living problem may be of a category that has ended.
    """
    found: dict[str, Category] = {}
    for version in Category.objects.order_by("valid_from"):
        if version.code not in found or version.valid_from <= month:
            found[version.code] = version
    return sorted(found.values(), key=lambda c: (c.order, c.code))


def names_now(at: datetime) -> dict[str, str]:
    """Code → name as it is called today, for filters."""
    return {category.code: category.name for category in named_in(reporting_month(at))}
