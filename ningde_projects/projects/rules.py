"""Checks and arithmetic of the register on plain values (settled points 9, 11)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from difflib import SequenceMatcher
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext
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
    [
        "000000",
        "350000",
        "350900",
        "350901",
        "350902",
        *(f"3509{n}" for n in (21, 22, 23, 24, 25, 26, 81, 82)),
    ]
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


# ---- names much alike --------------------------------------------------------------------------------

_BRACKETS = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_PHASE = re.compile(r"[一二三四五六七八九十]+期|第[一二三四五六七八九十\d]+标段|[a-z]\d+标段|\d+[#号]")
_FILLER = re.compile(r"建设项目|建设工程|工程项目|项目|工程|建设|宁德市|福建省?|中国|[\s·、，,.\-—“”\"]")
ALIKE = 0.82


def name_key(name: str) -> str:
    """What is particular in a project's name: without width, case, filler words and brackets."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return _FILLER.sub("", _BRACKETS.sub("", folded)) or folded


def phase_of(name: str) -> str:
    """'二期', '7#' and the like: phases and berths of one undertaking are different projects."""
    return "".join(_PHASE.findall(unicodedata.normalize("NFKC", name).casefold()))


def name_pairs(name: str) -> set[str]:
    """The pairs of neighbouring characters of a name's key; a single character stands for itself."""
    key = name_key(name)
    return {key[i : i + 2] for i in range(len(key) - 1)} or {key}


def names_alike(one: str, other: str) -> bool:
    """Much alike, and not merely two phases of the same."""
    if phase_of(one) != phase_of(other):
        return False
    a, b = name_key(one), name_key(other)
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) >= 5 and shorter in longer:
        return True
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE


# ---- questions that do not block ------------------------------------------------------------------------------

#: Below this a project is not counted in the statistics at all (facts.md §5.4), 万元.
SMALLEST_TOTAL = Decimal(500)
#: Nothing in the city is of this size: such a sum was meant in yuan, 万元.
LARGEST_TOTAL = Decimal(10_000_000)


@dataclass(frozen=True)
class Question:
    """Asked once, in words; confirmed it stands. `field` is the input that it is about."""

    field: str
    text: str


def total_questions(total: Decimal | None, before: Decimal | None, slip_factor: Decimal) -> list[Question]:
    """Is the total investment (万元) a slip of 亿元 and 万元?"""
    if total is None:
        return []
    found = []
    if 0 < total < SMALLEST_TOTAL:
        found.append(
            gettext(
                "The total investment of {total} is small. If {total} hundred million yuan is meant, write {more}."
            ).format(total=_plain(total), more=_plain(total * 10_000))
        )
    if total >= LARGEST_TOTAL:
        found.append(
            gettext(
                "The total investment would be {total} hundred million yuan. Was it written in yuan?"
            ).format(total=_plain(total / 10_000))
        )
    if before and total and max(before / total, total / before) >= slip_factor:
        found.append(
            gettext("It was {before} and would be {total}: has the unit been mistaken?").format(
                before=_plain(before), total=_plain(total)
            )
        )
    return [Question("total_investment", text) for text in found]


def plan_questions(plan: Decimal | None, total: Decimal | None) -> list[Question]:
    """A year's plan above the total investment is remarkable, both 万元."""
    if plan is None or total is None or plan <= total:
        return []
    text = gettext("The plan of the year, {plan}, is above the total investment, {total}.")
    return [Question("investment", text.format(plan=_plain(plan), total=_plain(total)))]


def _plain(amount: Decimal) -> str:
    text = f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
    return text.rstrip("0").rstrip(".")


# ---- what stops -----------------------------------------------------------------------------------------------


def span_error(start_year: int | None, end_year: int | None) -> str | Promise:
    if start_year and end_year and start_year > end_year:
        return _("The last year lies before the first year.")
    return ""


def nodes_error(planned_start: date | None, planned_completion: date | None) -> str | Promise:
    if planned_start and planned_completion and planned_completion < planned_start:
        return _("Completion is planned before the start of works.")
    return ""


#: Ranks of User.rank, lowest first; what stands further right may do what is asked of those before it.
_RANKS = ("", "staff", "township", "county", "county_head")


def rank_error(post: str, rank: str) -> str | Promise:
    """M3.1–M3.3: leaders are of county division rank, direct persons of township section rank or above."""
    level = _RANKS.index(rank) if rank in _RANKS else 0
    if post == "county_leader" and level < 3:
        return _(
            "Measure 3: the responsible leader of the county side is a county-level leader; "
            "the rank of this person is lower or not stated."
        )
    if post == "industry_leader" and level < 3:
        return _(
            "Measure 3: the responsible leader of the industry side is of county division rank; "
            "the rank of this person is lower or not stated."
        )
    if post == "soe_leader" and level < 3:
        return _(
            "Measure 3: a municipal-level key project owned by a municipal state-owned enterprise must have a leader "
            "of county division rank responsible; the rank of this person is lower or not stated."
        )
    if post in ("county_direct", "industry_direct", "soe_direct") and level < 2:
        return _(
            "Measure 3: a direct responsible person is of township section rank or above; "
            "the rank of this person is lower or not stated."
        )
    return ""
