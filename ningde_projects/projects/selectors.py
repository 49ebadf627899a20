"""Reads of the register that other rooms share."""

from __future__ import annotations

from decimal import Decimal

from ningde_projects.periods.month import Month

from .models import Threshold
from .rules import DEFAULT_THRESHOLDS


class Thresholds:
    """All thresholds in force for one month, read once (one query)."""

    def __init__(self, month: Month) -> None:
        self._values = dict(DEFAULT_THRESHOLDS)
        for row in Threshold.objects.filter(valid_from__lte=month).order_by("valid_from"):
            self._values[row.key] = row.value

    def __getitem__(self, key: str) -> Decimal:
        return self._values[key]
