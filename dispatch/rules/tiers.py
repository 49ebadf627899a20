"""At which of the three levels a matter is proposed to be coordinated (M8.2, facts.md §6.4). Plain values, no ORM.

The level that the county or the owner asks for; one level more when the same problem has gone unresolved for two
monthly cycles; at least the departments when land, forest, sea or island use needs the province, and for what no
county manages. The commission may always decide otherwise, with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

COUNTY, DEPARTMENT, LEADER = "county", "department", "leader"
LEVELS = (COUNTY, DEPARTMENT, LEADER)
#: After so many monthly cycles without a solution a matter goes one level up.
CYCLES = 2
#: Land and forest use, sea and island use: their approval may lie with the province.
PROVINCIAL_CATEGORIES = frozenset({"03", "04"})
PROVINCE = "省"

ASKED, UNRESOLVED, NEEDS_PROVINCE, MUNICIPAL, CARRIED = (
    "asked",
    "unresolved",
    "province",
    "municipal",
    "carried",
)


@dataclass(frozen=True)
class Matter:
    """What one problem says about its level."""

    asked: str
    #: Monthly cycles since it was first reported.
    cycles: int
    category: str
    text: str

    @property
    def is_unresolved(self) -> bool:
        return self.cycles >= CYCLES

    @property
    def needs_province(self) -> bool:
        return self.category in PROVINCIAL_CATEGORIES and PROVINCE in self.text


@dataclass(frozen=True)
class Proposal:
    """The level, and by which of the rules."""

    tier: str
    why: tuple[str, ...]
    cycles: int = 0


def one_up(tier: str) -> str:
    return LEVELS[min(LEVELS.index(tier) + 1, len(LEVELS) - 1)]


def higher(one: str, other: str) -> str:
    return max(one, other, key=LEVELS.index)


def is_higher(one: str, other: str) -> bool:
    return LEVELS.index(one) > LEVELS.index(other)


def propose(matters: Iterable[Matter], *, is_municipal: bool = False) -> Proposal:
    """The highest level that any of the problems calls for."""
    found = list(matters)
    tier, why = COUNTY, []
    asked = max((m.asked for m in found), key=LEVELS.index, default=COUNTY)
    if asked != COUNTY:
        tier, why = asked, [ASKED]
    for matter in found:
        if matter.is_unresolved and is_higher(up := one_up(matter.asked), tier):
            tier = up
            why.append(UNRESOLVED)
    if any(m.is_unresolved and one_up(m.asked) == tier for m in found) and UNRESOLVED not in why:
        why.append(UNRESOLVED)
    if any(m.needs_province for m in found):
        tier = higher(tier, DEPARTMENT)
        why.append(NEEDS_PROVINCE)
    if is_municipal and tier == COUNTY:
        tier = DEPARTMENT
        why.append(MUNICIPAL)
    return Proposal(tier, tuple(dict.fromkeys(why)), max((m.cycles for m in found), default=0))


def propose_for_carried(tier: str, months: int, *, is_done: bool) -> Proposal:
    """An item that has stood on the list for two cycles goes one level up, unless it awaits verification."""
    if is_done or months < CYCLES or tier == LEADER:
        return Proposal(tier, (), months)
    return Proposal(one_up(tier), (CARRIED,), months)


def proposes_rise(proposed: str, tier: str) -> bool:
    return is_higher(proposed, tier)


def may_be_drawn(asked: str, cycles: int) -> bool:
    """Whether a problem comes on the list although its project does not lag: (c) of M8.2."""
    return asked in (DEPARTMENT, LEADER) and cycles >= CYCLES
