"""Reads of the register that other rooms share."""

from __future__ import annotations

from decimal import Decimal

from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import Month

from .models import Project, Threshold
from .rules import DEFAULT_THRESHOLDS, names_alike

#: Round sums are common; the same uneven one twice is remarkable (万元).
_ROUND = Decimal(5000)


class Thresholds:
    """All thresholds in force for one month, read once (one query)."""

    def __init__(self, month: Month) -> None:
        self._values = dict(DEFAULT_THRESHOLDS)
        for row in Threshold.objects.filter(valid_from__lte=month).order_by("valid_from"):
            self._values[row.key] = row.value

    def __getitem__(self, key: str) -> Decimal:
        return self._values[key]


class NameBook:
    """Names and totals of one place's projects, for warning of a project entered twice (one query)."""

    def __init__(self, place: Place, *, leaving_out: int | None = None) -> None:
        rows = Project.objects.filter(place=place).exclude(pk=leaving_out)
        self._rows: list[tuple[str, Decimal | None]] = list(rows.values_list("name", "total_investment"))

    def has(self, name: str) -> bool:
        return any(other == name for other, _total in self._rows)

    def add(self, project: Project) -> None:
        self._rows.append((project.name, project.total_investment))

    def alike(self, name: str, total: Decimal | None = None) -> list[str]:
        """Names much like this one, and those with the very same sum above 10,000 (万元) of another name."""
        return [
            other
            for other, sum_ in self._rows
            if other != name
            and (
                names_alike(name, other)
                or (total is not None and sum_ == total and total % _ROUND and total >= 10_000)
            )
        ]
