"""Checks and arithmetic of the monthly report on plain values (measures 5 and 6). Money is 万元."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ningde_projects.periods.month import Month
from ningde_projects.projects.rules import completion_percent, points_ahead

ZERO = Decimal(0)


class Weight(Enum):
    """A failure blocks filing and accepting; a warning is shown to owner and reviewer and does not."""

    PASS = "pass"  # noqa: S105  (not a password)
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Remark:
    """The outcome of one check: the sum written out, the field, and the right value when there is one."""

    weight: Weight
    field: str
    text: str
    right_value: Decimal | None = None


@dataclass(frozen=True)
class Basis:
    """What was reported before: the latest filed report of the same project (or part) before the month."""

    month: Month | None = None
    month_investment: Decimal | None = None
    year_cumulative: Decimal | None = None
    total_cumulative: Decimal | None = None
    progress: str = ""

    def covers(self, month: Month) -> bool:
        """The month before was filed, so cumulative figures can be computed exactly."""
        return self.month is not None and self.month == month.previous

    def year_base(self, month: Month) -> Decimal:
        """What the year had reached before the month; a new year starts at zero."""
        if self.month is None or self.month.year != month.year:
            return ZERO
        return self.year_cumulative or ZERO


@dataclass(frozen=True)
class Limits:
    """The thresholds in force for the month (dated data)."""

    similarity_percent: Decimal
    slip_factor: Decimal
    drop_percent: Decimal
    statistics_gap_percent: Decimal


@dataclass(frozen=True)
class Entry:
    """The figures and texts of one report, typed values already parsed."""

    month_investment: Decimal | None
    year_cumulative: Decimal | None
    total_cumulative: Decimal | None
    progress: str
    is_nil: bool = False
    nil_answer: str = ""
    statistics_cumulative: Decimal | None = None


@dataclass(frozen=True)
class Circumstances:
    """What the report is judged against."""

    month: Month
    basis: Basis
    limits: Limits
    annual_plan: Decimal | None = None
    total_investment: Decimal | None = None
    #: Names of plan nodes that should have been reached by the end of the month and were not.
    overdue_nodes: Sequence[str] = field(default_factory=tuple)


def expected_year(entry_month: Decimal, c: Circumstances) -> Decimal:
    return c.basis.year_base(c.month) + entry_month


def year_is_computed(c: Circumstances) -> bool:
    """The year's figure follows exactly from what was filed before: in January, and when last month was filed."""
    return c.month.number == 1 or (c.basis.covers(c.month) and c.basis.year_cumulative is not None)


def expected_total(entry_month: Decimal, c: Circumstances) -> Decimal | None:
    if c.basis.total_cumulative is None:
        return None
    return c.basis.total_cumulative + entry_month


def figure(value: Decimal) -> str:
    """12,345 or 12,345.5 — as it is written in sums."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def month_name(month: Month) -> str:
    """10月, as figures are labelled (DESIGN.md §1.4)."""
    return pgettext("month by number", "month %(n)s") % {"n": month.number}


def check_entry(entry: Entry, c: Circumstances) -> list[Remark]:
    """Every check of a report, passes included, in the order in which the reviewer reads them (M5.1,
    M5.4)."""
    remarks: list[Remark] = []
    remarks += _check_year(entry, c)
    remarks += _check_total(entry, c)
    remarks += _check_size(entry, c)
    remarks += _check_fall(entry, c)
    remarks += _check_progress(entry, c)
    remarks += _check_statistics(entry, c)
    remarks += _check_nil(entry, c)
    return remarks


def _sum_remark(
    field_name: str, label: str, value: Decimal, base: Decimal, month: Decimal, c: Circumstances
) -> Remark:
    right = base + month
    previous = month_name(c.month.previous)
    if value == right:
        text = _("%(label)s %(value)s = %(previous)s %(base)s + %(current)s %(month)s") % {
            "label": label, "value": figure(value), "previous": previous, "base": figure(base),
            "current": month_name(c.month), "month": figure(month),
        }  # fmt: skip
        return Remark(Weight.PASS, field_name, text)
    text = _(
        "%(label)s should be %(right)s (%(previous)s %(base)s + %(current)s %(month)s), not %(value)s"
    ) % {
        "label": label, "right": figure(right), "base": figure(base), "previous": previous,
        "month": figure(month), "current": month_name(c.month), "value": figure(value),
    }  # fmt: skip
    return Remark(Weight.FAIL, field_name, text, right)


def _least_remark(field_name: str, label: str, value: Decimal, least: Decimal) -> Remark:
    if value >= least:
        return Remark(Weight.PASS, field_name, _("%(label)s %(value)s is not below %(least)s") % {
            "label": label, "value": figure(value), "least": figure(least)})  # fmt: skip
    text = _("%(label)s may not fall: it was %(least)s with this month's figure, now %(value)s") % {
        "label": label, "least": figure(least), "value": figure(value),
    }  # fmt: skip
    return Remark(Weight.FAIL, field_name, text, least)


def _check_year(entry: Entry, c: Circumstances) -> list[Remark]:
    if entry.month_investment is None or entry.year_cumulative is None:
        return []
    label = _("The year's cumulative figure")
    base = c.basis.year_base(c.month)
    if year_is_computed(c):
        return [_sum_remark("year_cumulative", label, entry.year_cumulative, base, entry.month_investment, c)]
    return [_least_remark("year_cumulative", label, entry.year_cumulative, base + entry.month_investment)]


def _check_total(entry: Entry, c: Circumstances) -> list[Remark]:
    if entry.month_investment is None or entry.total_cumulative is None:
        return []
    label = _("The cumulative figure since start")
    base = c.basis.total_cumulative
    if base is not None and c.basis.covers(c.month):
        remarks = [
            _sum_remark("total_cumulative", label, entry.total_cumulative, base, entry.month_investment, c)
        ]
    else:
        least = max((base or ZERO) + entry.month_investment, entry.year_cumulative or ZERO)
        remarks = [_least_remark("total_cumulative", label, entry.total_cumulative, least)]
    if c.total_investment and entry.total_cumulative > c.total_investment:
        text = _(
            "The cumulative figure %(value)s is above the total investment %(total)s. Is the total still right?"
        )
        remarks.append(Remark(Weight.WARN, "total_cumulative", text % {
            "value": figure(entry.total_cumulative), "total": figure(c.total_investment)}))  # fmt: skip
    return remarks


def _check_size(entry: Entry, c: Circumstances) -> list[Remark]:
    """A slip of 万元 and 亿元, or of 元, is questioned, not blocked."""
    value, before = entry.month_investment, c.basis.month_investment
    if not value:
        return []
    too_large = bool(before) and before is not None and value >= before * c.limits.slip_factor
    if not too_large and c.annual_plan:
        too_large = value > c.annual_plan * 2
    if too_large:
        text = _("A month's investment of %(value)s (10,000 yuan) is %(times)s. Is it perhaps in yuan?")
        against = (
            _("%(n)s times last month's figure") % {"n": figure((value / before).quantize(Decimal(1)))}
            if before
            else _("more than twice the plan of the whole year")
        )
        return [Remark(Weight.WARN, "month_investment", text % {"value": figure(value), "times": against})]
    if before and value * c.limits.slip_factor <= before:
        text = _(
            "%(value)s is less than a hundredth of last month's %(before)s. Is it perhaps in 100 million yuan?"
        )
        return [
            Remark(Weight.WARN, "month_investment", text % {"value": figure(value), "before": figure(before)})
        ]
    return []


def _check_fall(entry: Entry, c: Circumstances) -> list[Remark]:
    value, before = entry.month_investment, c.basis.month_investment
    if value is None or not before or not c.basis.covers(c.month):
        return []
    change = (value - before) * 100 / before
    if -change >= c.limits.drop_percent:
        text = _(
            "The month's investment is down by %(percent)s%% on %(previous)s; say why in the physical progress"
        )
        return [Remark(Weight.WARN, "month_investment", text % {
            "percent": f"{-change:.1f}", "previous": month_name(c.month.previous)})]  # fmt: skip
    return []


_EMPTY_WORDS = ("正常推进", "有序推进", "按计划推进", "稳步推进", "进展顺利")


def similarity(now: str, before: str) -> int:
    """How alike two progress texts are, in percent."""
    return round(SequenceMatcher(None, now, before, autojunk=False).ratio() * 100)


def _check_progress(entry: Entry, c: Circumstances) -> list[Remark]:
    text = entry.progress.strip()
    if not text:
        return []
    if len(text) <= 30 and any(word in text for word in _EMPTY_WORDS):
        return [Remark(Weight.WARN, "progress", _("The physical progress names no place, quantity or share"))]
    if c.basis.progress and len(text) <= 4000:
        percent = similarity(text, c.basis.progress[:4000])
        if percent >= c.limits.similarity_percent:
            return [Remark(Weight.WARN, "progress",
            _("The physical progress is %(percent)s%% like last month's") % {
                "percent": percent})]  # fmt: skip
        return [Remark(Weight.PASS, "progress",
        _("The physical progress is %(percent)s%% like last month's") % {
            "percent": percent})]  # fmt: skip
    return []


def _check_statistics(entry: Entry, c: Circumstances) -> list[Remark]:
    ours, theirs = entry.year_cumulative, entry.statistics_cumulative
    if ours is None or theirs is None or not ours:
        return []
    gap = abs(ours - theirs)
    if gap * 100 / ours >= c.limits.statistics_gap_percent:
        text = _("The statistics platform's %(theirs)s differs by %(gap)s; give the reason")
        return [
            Remark(
                Weight.WARN, "statistics_cumulative", text % {"theirs": figure(theirs), "gap": figure(gap)}
            )
        ]
    return []


def nil_question(entry: Entry, c: Circumstances) -> str:
    """The one polite question put to a nil report (settled point 4); empty when there is nothing to ask."""
    reasons: list[str] = []
    if c.overdue_nodes:
        reasons.append(
            ngettext(
                "the node “%(names)s” is overdue", "the nodes “%(names)s” are overdue", len(c.overdue_nodes)
            )
            % {"names": "、".join(c.overdue_nodes)}
        )
    percent = completion_percent(entry.year_cumulative, c.annual_plan)
    if percent is not None and points_ahead(percent, c.month) < 0:
        reasons.append(
            _("progress is %(points)s points behind schedule") % {"points": -points_ahead(percent, c.month)}
        )
    if not reasons:
        return ""
    return _("You report no problem, yet %(reasons)s. What is the reason?") % {
        "reasons": _(" and ").join(reasons)
    }


def _check_nil(entry: Entry, c: Circumstances) -> list[Remark]:
    if not entry.is_nil:
        return []
    question = nil_question(entry, c)
    if question and not entry.nil_answer.strip():
        return [Remark(Weight.FAIL, "nil_answer", question)]
    if question:
        return [Remark(Weight.WARN, "nil_answer", _("Nil report with an answer to the question asked"))]
    return []


def failures(remarks: Sequence[Remark]) -> list[Remark]:
    return [r for r in remarks if r.weight is Weight.FAIL]


def occurred_on_error(day: date, month: Month) -> str:
    """When a problem may have begun: not after the month it is reported in, not in another century."""
    if day > month.next.last_day:
        return _("The problem cannot have begun after %(day)s.") % {"day": month.next.last_day}
    if day.year < 2000:
        return _("Write the year with four digits; before 2000 is not plausible.")
    return ""


def contradictions(
    *, county_level: str, county_department: str, asked: Sequence[str], results: Sequence[tuple[str, str]],
    owner_says_open: bool,
) -> list[str]:  # fmt: skip
    """Where the two channels of M6 say different things about one problem in one month."""
    found: list[str] = []
    if county_level == "department" and county_department and asked and county_department not in asked:
        found.append(
            _("The county asks %(county)s, but the problem was passed to %(asked)s.")
            % {"county": county_department, "asked": "、".join(asked)}
        )
    if county_level == "county" and asked:
        found.append(
            _("The county settles it itself, yet the problem was passed to %(asked)s.")
            % {"asked": "、".join(asked)}
        )
    for department, result in results:
        if result == "solved" and owner_says_open:
            found.append(
                _("%(department)s calls it solved; the owner has not confirmed it.")
                % {"department": department}
            )
        if result == "not_ours":
            found.append(_("%(department)s says it is not its duty.") % {"department": department})
        if result == "escalate" and county_level and county_level != "leader":
            found.append(
                _("%(department)s proposes the city's leaders, the county does not.")
                % {"department": department}
            )
    return found
