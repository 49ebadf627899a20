"""Checks and arithmetic of the register on plain values (settled points 9, 11)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ningde_projects.periods.month import Month

_TENTH = Decimal("0.1")


class Light(Enum):
    """Shape, colour and word of DESIGN.md §4; the value is the template tag's code."""

    GREEN = "g"
    AMBER = "y"
    RED = "r"
    NONE = "n"


def schedule_percent(month: Month) -> Decimal:
    """序时进度 in percent: months / 12, linear (settled point 9)."""
    return Decimal(month.number) * 100 / 12


def completion_percent(year_cumulative: Decimal | None, annual_plan: Decimal | None) -> Decimal | None:
    """Completion of the annual plan in percent; None when either is not stated or the plan is zero."""
    if year_cumulative is None or not annual_plan:
        return None
    return year_cumulative * 100 / annual_plan


def points_ahead(percent: Decimal, month: Month) -> Decimal:
    """Percentage points ahead of schedule, one decimal; negative = behind."""
    return (percent - schedule_percent(month)).quantize(_TENTH, ROUND_HALF_UP)


def light_of(percent: Decimal | None, month: Month, amber_points: Decimal) -> Light:
    """Green on or ahead of schedule, amber up to `amber_points` behind, red beyond (settled point 9)."""
    if percent is None:
        return Light.NONE
    ahead = percent - schedule_percent(month)
    if ahead >= 0:
        return Light.GREEN
    return Light.AMBER if ahead >= -amber_points else Light.RED


_CODE = re.compile(r"^(\d{4})-(\d{6})-(\d{2})-(\d{2})-(\d{6})$", re.ASCII)
_REGIONS = frozenset(
    ["000000", "350000", "350900", "350901", "350902", "350921", "350922", "350923", "350924", "350925", "350926", "350981", "350982"]
)


@dataclass(frozen=True)
class CodeReading:
    """`error` stops; `warnings` are shown and do not (settled point 11)."""

    error: str | Promise = ""
    warnings: tuple[str | Promise, ...] = ()


def read_project_code(code: str) -> CodeReading:
    """Check the shape of a national project code; oddities are warnings, the check digit is not judged."""
    found = _CODE.match(code)
    if not found:
        return CodeReading(
            error=_(
                "A project code is written 2403-350902-04-01-123456: 4, 6, 2, 2 and 6 digits with hyphens."
            )
        )
    period, region = found.group(1), found.group(2)
    warnings: list[str | Promise] = []
    is_old_year = 2013 <= int(period) <= 2020
    if not is_old_year and not 1 <= int(period[2:]) <= 12:
        warnings.append(
            _("The first four digits are neither year and month (since 2020-11) nor a year before.")
        )
    if region not in _REGIONS:
        warnings.append(_("The region in the code is not Ningde, Fujian or the State."))
    return CodeReading(warnings=tuple(warnings))


#: What a new installation judges by; the commission's own rows are dated and win.
DEFAULT_THRESHOLDS: dict[str, Decimal] = {
    "amber_points": Decimal(10),
    "similarity_percent": Decimal(85),
    "slip_factor": Decimal(100),
    "drop_percent": Decimal(30),
    "statistics_gap_percent": Decimal(20),
    "days_amber": Decimal(60),
    "days_red": Decimal(90),
    "on_time_target": Decimal(95),
}
THRESHOLD_TITLES: dict[str, str | Promise] = {
    "amber_points": _("Amber up to this many points behind schedule"),
    "similarity_percent": _("Progress text as similar to last month as this is questioned (%)"),
    "slip_factor": _("A figure this many times last month's is questioned as a slip of unit"),
    "drop_percent": _("A fall of the month's investment by this much is remarked (%)"),
    "statistics_gap_percent": _("Difference to the statistics platform that is remarked (%)"),
    "days_amber": _("Days open shown amber"),
    "days_red": _("Days open shown red"),
    "on_time_target": _("Target of on-time reporting (%)"),
}
